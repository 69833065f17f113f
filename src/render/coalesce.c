#include "render/coalesce.h"

#include "chart/parts.h"

static bool is_table(const struct go_value *v) {
    return v && go_kind(v) == GO_MAP;
}

static struct go_value copy_deeply(struct go_env *env, const struct go_value *v) {
    struct go_value copy = *v;
    if (go_kind(v) == GO_MAP) {
        copy.map = copy_map_deeply(env, v->map);
    } else if (go_kind(v) == GO_SLICE && v->type->elem != &GO_TYPE_UINT8) {
        struct go_value *items = arena_alloc_raw(env->arena, sizeof *items * (v->list.len + 1));
        for (uint32_t i = 0; i < v->list.len; i++) items[i] = copy_deeply(env, &v->list.items[i]);
        copy.list.items = items;
    }
    return copy;
}

struct go_map *copy_map_deeply(struct go_env *env, const struct go_map *map) {
    if (!map) return go_map(env, &GO_TYPE_MAP, 0).map;
    struct go_map *copy = go_map(env, &GO_TYPE_MAP, map->len).map;
    for (uint32_t i = 0; i < map->len; i++)
        go_map_set(env, copy, map->members[i].key, copy_deeply(env, &map->members[i].value));
    return copy;
}

static struct go_map *copy_map(struct go_env *env, const struct go_map *map) {
    struct go_map *copy = go_map(env, &GO_TYPE_MAP, map->len).map;
    for (uint32_t i = 0; i < map->len; i++) go_map_set(env, copy, map->members[i].key, map->members[i].value);
    return copy;
}

struct go_map *merge_maps(struct go_env *env, struct go_map *a, struct go_map *b) {
    struct go_map *out = copy_map(env, a);
    for (uint32_t i = 0; i < b->len; i++) {
        struct go_member *member = &b->members[i];
        const struct go_value *old = go_map_get(out, member->key);
        struct go_value value = member->value;
        if (is_table(&value) && is_table(old)) value.map = merge_maps(env, old->map, value.map);
        go_map_set(env, out, member->key, value);
    }
    return out;
}

struct go_map *coalesce_tables(struct go_env *env, struct go_map *over, struct go_map *under, bool merge) {
    if (!under) return over;
    if (!over) return under;
    uint32_t count = under->len;
    for (uint32_t i = 0; i < count; i++) {
        struct go_member *member = &under->members[i];
        const struct go_value *value = go_map_get(over, member->key);
        if (!value) {
            go_map_set(env, over, member->key, member->value);
        } else if (go_is_nil(value)) {
            if (!merge && !go_is_nil(&member->value)) go_map_remove(env, over, member->key);
        } else if (is_table(&member->value) && is_table(value)) {
            coalesce_tables(env, value->map, member->value.map, merge);
        }
    }
    return over;
}

/* Takes the nulls out of a chart's defaults, at any depth: Helm 4. */
static void remove_nulls(struct go_env *env, struct go_map *map) {
    for (uint32_t i = map->len; i > 0; i--) {
        struct go_member *member = &map->members[i - 1];
        if (go_is_nil(&member->value)) go_map_remove(env, map, member->key);
        else if (is_table(&member->value)) remove_nulls(env, member->value.map);
    }
}

static bool has_subchart(const struct helm_chart *chart, struct str name) {
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        if (str_eq(chart->subcharts.items[i]->name, name)) return true;
    }
    return false;
}

/* A default that nobody gave: taken over as it is, but for nulls in Helm 4. */
static void take_default(struct go_env *env, struct go_map *given, const struct go_member *member, bool merge) {
    if (!merge && env->helm == 4) {
        if (go_is_nil(&member->value)) return;
        if (is_table(&member->value)) remove_nulls(env, member->value.map);
    }
    go_map_set(env, given, member->key, member->value);
}

static void lay_over_defaults(struct go_env *env, const struct helm_chart *chart, struct go_map *given, bool merge) {
    struct go_map *defaults = copy_map_deeply(env, chart->values);
    for (uint32_t i = 0; i < defaults->len; i++) {
        struct go_member *member = &defaults->members[i];
        const struct go_value *value = go_map_get(given, member->key);
        if (!value) {
            take_default(env, given, member, merge);
        } else if (go_is_nil(value)) {
            if (!merge) go_map_remove(env, given, member->key);
        } else if (is_table(value) && is_table(&member->value)) {
            bool keep = merge || has_subchart(chart, member->key);
            if (!keep && env->helm == 4) remove_nulls(env, member->value.map);
            coalesce_tables(env, value->map, member->value.map, keep);
        }
    }
}

/* The map under `global`, an empty one where there is none; NULL where something else stands there. */
static struct go_map *globals_of(struct go_env *env, struct go_map *values) {
    const struct go_value *found = go_map_get(values, PARTS_GLOBAL);
    if (!found) return go_map(env, &GO_TYPE_MAP, 0).map;
    return is_table(found) ? found->map : NULL;
}

/* Hands a chart's globals down to a subchart; those from above win. */
static void hand_down_globals(struct go_env *env, struct go_map *below, struct go_map *above) {
    struct go_map *to = globals_of(env, below), *from = to ? globals_of(env, above) : NULL;
    if (!from) return;
    for (uint32_t i = 0; i < from->len; i++) {
        struct go_member *member = &from->members[i];
        const struct go_value *old = go_map_get(to, member->key);
        struct go_value value = member->value;
        if (is_table(&value)) {
            if (old && !is_table(old)) continue;
            value.map = copy_map(env, value.map);
            if (old) coalesce_tables(env, value.map, old->map, true);
        } else if (is_table(old)) {
            continue;
        }
        go_map_set(env, to, member->key, value);
    }
    const struct go_value *kept = go_map_get(below, PARTS_GLOBAL);
    struct go_value global = kept ? *kept : (struct go_value){.type = &GO_TYPE_MAP};
    global.map = to;
    go_map_set(env, below, PARTS_GLOBAL, global);
}

static bool coalesce(struct go_env *env, const struct helm_chart *chart, struct go_map *values, bool merge,
                     struct error *error) {
    lay_over_defaults(env, chart, values, merge);
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        const struct helm_chart *sub = chart->subcharts.items[i];
        struct go_value *found = go_map_get(values, sub->name);
        if (!found) go_map_set(env, values, sub->name, go_map(env, &GO_TYPE_MAP, 0));
        found = go_map_get(values, sub->name);
        if (!is_table(found)) {
            error_set(error, 0, "type mismatch on %.*s: its values are no map", STR_ARG(sub->name));
            return false;
        }
        struct go_map *below = found->map;
        hand_down_globals(env, below, values);
        if (!coalesce(env, sub, below, merge, error)) return false;
    }
    return true;
}

struct go_map *coalesce_values(struct go_env *env, const struct helm_chart *chart, struct go_map *given, bool merge,
                               struct error *error) {
    struct go_map *values = copy_map_deeply(env, given);
    return coalesce(env, chart, values, merge, error) ? values : NULL;
}

struct go_map *values_table(struct go_map *values, struct str path) {
    struct str key;
    while (values && str_split_next(&path, '.', &key)) {
        const struct go_value *found = go_map_get(values, key);
        values = is_table(found) ? found->map : NULL;
    }
    return values;
}

const struct go_value *values_scalar(struct go_map *values, struct str path) {
    size_t dot = str_rfind_char(path, '.');
    struct str last = path;
    if (dot < path.len) {
        values = values_table(values, str_slice(path, 0, dot));
        last = str_slice(path, dot + 1, path.len);
    }
    const struct go_value *found = values ? go_map_get(values, last) : NULL;
    return found && !is_table(found) ? found : NULL;
}
