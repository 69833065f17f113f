/* Texts that are YAML 1.2, but that Helm's parser (YAML 1.1, go-yaml v2) refuses or divides otherwise. */
#ifndef YAML_DIALECT_H
#define YAML_DIALECT_H

#include "yaml/tree.h"

/* Adds an issue for what Helm's parser takes differently; false, with a YAML_REFUSED as the last one, where it fails.
 */
bool dialect_check(struct arena *a, const struct tree *tree, struct yaml_issues *issues);

/* Whether an invisible character (a no-break space, a zero-width one) stands in `span`: then `issue` names it. */
bool dialect_find_invisible(struct arena *a, struct str text, struct span span, struct yaml_issue *issue);

#endif
