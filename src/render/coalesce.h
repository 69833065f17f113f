/* How Helm lays the values of charts over each other (pkg/chartutil/coalesce.go of Helm 3.22, pkg/chart/common/util of
 * 4.3, where they differ env->helm decides). */
#ifndef RENDER_COALESCE_H
#define RENDER_COALESCE_H

#include "render/helm_chart.h"

/* The values that `chart` is rendered with: `given` (not changed) over its own, and so on through its subcharts. With
 * `merge`, nulls stay: they are dealt with later. NULL with `error` set where a subchart's values are no map. */
struct go_map *coalesce_values(struct go_env *env, const struct helm_chart *chart, struct go_map *given, bool merge,
                               struct error *error);

/* Lays `over` over `under`; both may be changed, the result is `over`. */
struct go_map *coalesce_tables(struct go_env *env, struct go_map *over, struct go_map *under, bool merge);

/* A new map with the members of `a` and `b`; those of `b` win, maps are merged. Of several -f. */
struct go_map *merge_maps(struct go_env *env, struct go_map *a, struct go_map *b);

/* A copy that shares no map with `map`. */
struct go_map *copy_map_deeply(struct go_env *env, const struct go_map *map);

/* The map at the keys `path`, with dots between them; NULL where there is none. */
struct go_map *values_table(struct go_map *values, struct str path);

/* The value at `path` that is no map; NULL where there is none. */
const struct go_value *values_scalar(struct go_map *values, struct str path);

#endif
