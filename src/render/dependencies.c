#include "render/dependencies.h"

#include "chart/parts.h"
#include "render/coalesce.h"
#include "render/version.h"

bool dependencies_present(const struct helm_chart *chart, struct error *error) {
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct helm_dependency *dependency = chart->dependencies.items[i];
        bool found = false;
        for (uint32_t s = 0; s < chart->subcharts.len && !found; s++)
            found = str_eq(chart->subcharts.items[s]->name, dependency->name);
        if (found) continue;
        error_set(error, 0, "found in Chart.yaml, but missing in charts/ directory: %.*s", STR_ARG(dependency->name));
        return false;
    }
    return true;
}

static bool fits(struct go_env *env, const struct helm_dependency *dependency, const struct helm_chart *sub) {
    return str_eq(sub->name, dependency->name) && version_meets(env, dependency->version, sub->version);
}

/* A copy of `chart` with copies of all that lies below it. */
static struct helm_chart *copy_deep(struct go_env *env, const struct helm_chart *chart, struct helm_chart *parent) {
    struct arena *a = env->arena;
    struct helm_chart *copy = arena_new(a, struct helm_chart);
    *copy = *chart;
    copy->parent = parent;
    copy->subcharts.items = NULL;
    copy->subcharts.len = copy->subcharts.cap = 0;
    for (uint32_t i = 0; i < chart->subcharts.len; i++)
        vec_push(a, &copy->subcharts, copy_deep(env, chart->subcharts.items[i], copy));
    copy->dependencies.items = NULL;
    copy->dependencies.len = copy->dependencies.cap = 0;
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        struct helm_dependency *dependency = arena_new(a, struct helm_dependency);
        *dependency = *chart->dependencies.items[i];
        vec_push(a, &copy->dependencies, dependency);
    }
    return copy;
}

/* A chart that stands for one dependency. Helm 3 copies the chart alone: what lies below it, and its list of
 * dependencies, is that of all copies. (So a chart below an alias keeps its path, and of two aliases of one chart the
 * second meets what became of the first one's dependencies.) */
static struct helm_chart *copy_chart(struct go_env *env, const struct helm_chart *chart, struct helm_chart *parent) {
    if (env->helm == 4) return copy_deep(env, chart, parent);
    struct helm_chart *copy = arena_new(env->arena, struct helm_chart);
    *copy = *chart;
    return copy;
}

/* Values tell the places that they have under the names that charts have now. */
static void place_values(struct go_env *env, struct helm_chart *chart) {
    if (chart->values) chart->values = helm_values_move(env, chart->values, helm_values_prefix(env->arena, chart));
    for (uint32_t i = 0; i < chart->subcharts.len; i++) place_values(env, chart->subcharts.items[i]);
}

/* The subcharts as Chart.yaml asks for them: those that it does not name, then one for each dependency. */
static void name_subcharts(struct go_env *env, struct helm_chart *chart) {
    struct helm_chart named = {0};
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        struct helm_chart *sub = chart->subcharts.items[i];
        bool listed = false;
        for (uint32_t d = 0; d < chart->dependencies.len && !listed; d++)
            listed = fits(env, chart->dependencies.items[d], sub);
        if (!listed) vec_push(env->arena, &named.subcharts, sub);
    }
    for (uint32_t d = 0; d < chart->dependencies.len; d++) {
        struct helm_dependency *dependency = chart->dependencies.items[d];
        for (uint32_t i = 0; i < chart->subcharts.len; i++) {
            if (!fits(env, dependency, chart->subcharts.items[i])) continue;
            struct helm_chart *sub = copy_chart(env, chart->subcharts.items[i], chart);
            if (dependency->alias.len) sub->name = dependency->alias;
            vec_push(env->arena, &named.subcharts, sub);
            break;
        }
        if (dependency->alias.len) dependency->name = dependency->alias;
        dependency->enabled = true;
    }
    chart->subcharts.items = named.subcharts.items;
    chart->subcharts.len = named.subcharts.len;
    chart->subcharts.cap = named.subcharts.cap;
    for (uint32_t i = 0; i < chart->subcharts.len; i++) chart->subcharts.items[i]->parent = chart;
    for (uint32_t i = 0; i < chart->subcharts.len && env->trace; i++) place_values(env, chart->subcharts.items[i]);
}

static void switch_by_tags(struct helm_dependency *dependency, const struct go_map *tags) {
    bool on = false, off = false;
    for (uint32_t i = 0; i < dependency->tags.len; i++) {
        const struct go_value *tag = go_map_get(tags, dependency->tags.items[i]);
        if (!tag || go_kind(tag) != GO_BOOL) continue;
        if (tag->boolean) on = true;
        else off = true;
    }
    dependency->enabled = on || !off;
}

/* The first of the condition's paths that holds a boolean decides. */
static void switch_by_condition(struct go_env *env, struct helm_dependency *dependency, struct go_map *values,
                                struct str prefix) {
    struct str rest = str_trim(dependency->condition), path;
    while (parts_next_condition(&rest, &path)) {
        struct str whole = arena_printf(env->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(path));
        const struct go_value *value = values_scalar(values, whole);
        if (!value || go_kind(value) != GO_BOOL) continue;
        dependency->enabled = value->boolean;
        return;
    }
}

static bool is_off(const struct helm_chart *chart, struct str name) {
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct helm_dependency *dependency = chart->dependencies.items[i];
        if (!dependency->enabled && str_eq(dependency->name, name)) return true;
    }
    return false;
}

static void drop_off(struct arena *a, struct helm_chart *chart) {
    struct helm_chart kept = {0};
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        if (!is_off(chart, chart->subcharts.items[i]->name)) vec_push(a, &kept.subcharts, chart->subcharts.items[i]);
    }
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        if (!is_off(chart, chart->dependencies.items[i]->name))
            vec_push(a, &kept.dependencies, chart->dependencies.items[i]);
    }
    memcpy(&chart->declared, &chart->dependencies, sizeof chart->declared);
    memcpy(&chart->subcharts, &kept.subcharts, sizeof chart->subcharts);
    memcpy(&chart->dependencies, &kept.dependencies, sizeof chart->dependencies);
}

static bool process_enabled(struct go_env *env, struct helm_chart *chart, struct go_map *given, struct str prefix,
                            struct error *error) {
    if (!chart->has_dependencies) return true;
    name_subcharts(env, chart);
    struct go_map *values = coalesce_values(env, chart, given, false, error);
    if (!values) return false;
    const struct go_value *tags = go_map_get(values, PARTS_TAGS);
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        struct helm_dependency *dependency = chart->dependencies.items[i];
        if (tags && go_kind(tags) == GO_MAP) switch_by_tags(dependency, tags->map);
        switch_by_condition(env, dependency, values, prefix);
    }
    drop_off(env->arena, chart);
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        struct helm_chart *sub = chart->subcharts.items[i];
        struct str below = arena_printf(env->arena, "%.*s%.*s.", STR_ARG(prefix), STR_ARG(sub->name));
        if (!process_enabled(env, sub, values, below, error)) return false;
    }
    return true;
}

/* ---- import-values ---- */

/* `map` below the keys of `path`. */
static struct go_map *map_at(struct go_env *env, struct str path, struct go_map *map) {
    if (str_eq(path, STR("."))) return map;
    for (;;) {
        size_t dot = str_rfind_char(path, '.');
        struct str key = dot < path.len ? str_slice(path, dot + 1, path.len) : path;
        struct go_value inner = {.type = &GO_TYPE_MAP, .map = map};
        map = go_map(env, &GO_TYPE_MAP, 1).map;
        go_map_set(env, map, key, inner);
        if (dot == path.len) return map;
        path = str_slice(path, 0, dot);
    }
}

static struct go_map *import_item(struct go_env *env, const struct helm_dependency *dependency,
                                  const struct value *item, struct go_map *values, struct go_map *imported) {
    struct parts_import import;
    if (!parts_read_import(env->arena, item, &import)) return imported;
    struct str path = arena_printf(env->arena, "%.*s.%.*s", STR_ARG(dependency->name), STR_ARG(import.from));
    struct go_map *table = values_table(values, path);
    return table ? coalesce_tables(env, imported, map_at(env, import.to, table), true) : imported;
}

static bool import_values(struct go_env *env, struct helm_chart *chart, struct error *error) {
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        if (!import_values(env, chart->subcharts.items[i], error)) return false;
    }
    if (!chart->has_dependencies || chart->dependencies.len == 0) return true;
    struct go_map *values = coalesce_values(env, chart, go_map(env, &GO_TYPE_MAP, 0).map, true, error);
    if (!values) return false;
    struct go_map *imported = go_map(env, &GO_TYPE_MAP, 0).map;
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        struct helm_dependency *dependency = chart->dependencies.items[i];
        const struct value *list = dependency->imported ? NULL : dependency->import_values;
        dependency->imported = true;
        for (uint32_t k = 0; list && k < list->list.len; k++)
            imported = import_item(env, dependency, &list->list.items[k], values, imported);
    }
    chart->values = coalesce_tables(env, copy_map_deeply(env, values), imported, true);
    return true;
}

bool dependencies_process(struct go_env *env, struct helm_chart *chart, struct go_map *given, struct error *error) {
    return process_enabled(env, chart, given, STR(""), error) && import_values(env, chart, error);
}
