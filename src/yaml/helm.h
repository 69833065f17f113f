/* A source tree's values as Helm sees them: sigs.k8s.io/yaml over go-yaml v2 (YAML 1.1 with its own ideas), then
 * JSON, all numbers as 64-bit floats. Measured on the real Helm; the tests compare. */
#ifndef YAML_HELM_H
#define YAML_HELM_H

#include "value/value.h"
#include "yaml/tree.h"

/* The values of `tree` into `*out` (a map; an empty one for a text without a document), with merge keys and aliases
 * resolved, and everything worth telling on the way into `issues`. `value.node` and `value.span` lead back to the
 * tree; an alias' value has the alias' span, what is below it the anchor's. false where Helm would refuse the text:
 * then `out` is an empty map and the last issue is a YAML_REFUSED. */
bool helm_values(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues);

/* The same, without a look at where Helm 4 reads the text differently (versions.c). */
bool helm_first_values(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues);

/* The value of the first document, of whatever kind; null where there is none. */
bool helm_first_document(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues);

struct helm_documents VEC(struct value);

/* The same for a text of several documents, as Kubernetes' manifests are: the values of each, without those that are
 * empty. false where one of them would be refused: then the last issue says which. */
bool helm_documents(struct arena *a, const struct tree *tree, struct helm_documents *documents,
                    struct yaml_issues *issues);

/* What Helm makes of `node` alone, in a tree without aliases; false where it refuses. */
bool helm_value(struct arena *a, const struct tree *tree, const struct node *node, struct value *out);

/* The string that Helm makes of a map's `key` (`on` becomes "true") into `*out`; false where it takes none such. */
bool helm_key(struct arena *a, const struct tree *tree, const struct node *key, struct str *out);

/* Whether the scalar `node` is a boolean to Helm, but a string to YAML 1.2: yes, off, n. */
bool helm_is_own_boolean(const struct node *node);

/* Whether `key` is the `<<` of a merge. */
bool helm_is_merge(const struct node *key);

#endif
