/* What becomes of a chart's dependencies before it is rendered (pkg/chartutil/dependencies.go of Helm). */
#ifndef RENDER_DEPENDENCIES_H
#define RENDER_DEPENDENCIES_H

#include "render/helm_chart.h"

/* Takes out the subcharts that are switched off with the values `given`, gives aliases their names and copies, and lets
 * charts import values. False with `error` set. */
bool dependencies_process(struct go_env *env, struct helm_chart *chart, struct go_map *given, struct error *error);

/* Whether all dependencies of Chart.yaml lie in charts/; else `error` names those that are missing. */
bool dependencies_present(const struct helm_chart *chart, struct error *error);

#endif
