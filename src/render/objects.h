/* The typed objects of Helm that templates see: their types, fields and methods. */
#ifndef RENDER_OBJECTS_H
#define RENDER_OBJECTS_H

#include "render/root.h"

/* chartutil.Values, in Helm 4 common.Values: a map with methods. */
const struct go_type *root_values_type(const struct go_env *env);

/* .Files of a chart. */
struct go_value root_files(struct go_env *env, const struct helm_chart *chart);
/* .Chart: a struct in Helm 3, a map in Helm 4. */
struct go_value root_chart(struct go_env *env, const struct helm_chart *chart);
struct go_value root_capabilities(struct go_env *env, const struct root_options *options);

#endif
