/* A source tree's values as Helm sees them: sigs.k8s.io/yaml over go-yaml v2 (YAML 1.1 with its own ideas), then
 * JSON, all numbers as float64. Measured on the real Helm; the tests compare. */
#ifndef YAML_HELM_H
#define YAML_HELM_H

#include "value/value.h"
#include "yaml/tree.h"

/* What go-yaml v2 makes of a plain scalar's text. */
struct value helm_resolve(struct str text);

/* What YAML 1.2's core schema makes of a plain scalar's text. */
struct value yaml12_resolve(struct str text);

/* The values of `tree` into `*out` (a map; an empty one for a text without a document), with merge keys and aliases
 * resolved, and everything worth telling on the way into `issues`. `value.node` and `value.span` lead back to the
 * tree; an alias' value has the alias' span. false where Helm would refuse the text: then `out` is an empty map and
 * one of the issues is a YAML_REFUSED. */
bool helm_values(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues);

#endif
