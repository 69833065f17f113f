#include "render/local.h"

#include "base/path.h"

/* Charts that depend on each other in a circle come to an end here. */
#define DEPTH_MOST 8

static bool is_there(const struct helm_chart *chart, struct str name) {
    for (uint32_t i = 0; i < chart->subcharts.len; i++)
        if (str_eq(chart->subcharts.items[i]->name, name)) return true;
    return false;
}

/* The chart in the dependency's repository, or NULL. */
static struct helm_chart *load(struct go_env *env, const struct helm_chart *chart,
                               const struct helm_dependency *dependency, struct str within) {
    struct str prefix = STR("file://");
    struct error error;
    if (!str_starts(dependency->repository, prefix)) return NULL;
    struct str path = str_slice(dependency->repository, prefix.len, dependency->repository.len);
    path = path_join(env->arena, chart->path, arena_str(env->arena, path));
    if (!path_is_below(path_real(env->arena, path), within)) return NULL;
    struct helm_chart *found = helm_chart_load(env, path, NULL, &error);
    return found && str_eq(found->name, dependency->name) ? found : NULL;
}

static void add(struct go_env *env, struct helm_chart *chart, struct str within, uint32_t depth) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        struct helm_dependency *dependency = chart->dependencies.items[i];
        if (!is_there(chart, dependency->name)) {
            struct helm_chart *sub = depth < DEPTH_MOST ? load(env, chart, dependency, within) : NULL;
            if (!sub) continue;
            sub->parent = chart;
            vec_push(env->arena, &chart->subcharts, sub);
            add(env, sub, within, depth + 1);
        }
        chart->dependencies.items[kept++] = dependency;
    }
    chart->dependencies.len = kept;
}

void local_dependencies_add(struct go_env *env, struct helm_chart *chart, struct str within) {
    add(env, chart, within, 0);
}
