/* What Helm puts into a chart's values for its subcharts, where that can be told. */
#ifndef CHECK_SUBCHARTS_H
#define CHECK_SUBCHARTS_H

#include "check/templates.h"

/* The values that the subchart in charts/`name` has below the chart's key of its name: its own, with the chart's laid
 * over them. False where others may come in: conditions, tags, aliases, charts inside of it, no values.yaml. */
bool subcharts_values(struct arena *a, const struct templates_subject *subject, struct str name, struct value *values);

/* The values in the file at `path`; false where they cannot be had. */
bool subcharts_read(struct arena *a, const struct templates_subject *subject, struct str path, struct value *values);

#endif
