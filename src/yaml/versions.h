/* Where Helm 3 and Helm 4 make different values of one file. */
#ifndef YAML_VERSIONS_H
#define YAML_VERSIONS_H

#include "yaml/helm.h"

/* Adds an issue (YAML_VERSIONS) where Helm 4 refuses a text, or reads other values from it than Helm 3, which are
 * `values`; nulls apart, and apart from what a YAML_DOCUMENTS says already. */
void versions_check(struct arena *a, const struct tree *tree, const struct value *values, struct yaml_issues *issues);

#endif
