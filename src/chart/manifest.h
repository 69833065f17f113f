/* What Helm wants of a Chart.yaml before it loads the chart. */
#ifndef CHART_MANIFEST_H
#define CHART_MANIFEST_H

#include "value/value.h"
#include "yaml/issue.h"

/* Adds an issue (YAML_REFUSED) for each field of `document`, the values of a Chart.yaml, on which Helm fails. */
void chart_manifest_check(struct arena *a, const struct value *document, struct yaml_issues *issues);

#endif
