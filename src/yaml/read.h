/* From a text, or a file, to its values as Helm sees them in one call. */
#ifndef YAML_READ_H
#define YAML_READ_H

#include "base/error.h"
#include "yaml/helm.h"

/* Parses `source` into `tree` and resolves that into `values`; what is worth telling goes into `issues`. False where
 * there are no values: then the last issue says why, and `values` is an empty map. Where the text does not parse,
 * `tree->source` is NULL. Everything lives in the arena, but for `source`, which the tree points to. */
bool read_text_values(struct arena *a, const struct source *source, struct tree *tree, struct value *values,
                      struct yaml_issues *issues);

/* The values of `text`, for whoever does not ask where they stand or what is odd about them. */
bool read_plain_values(struct arena *a, struct str text, struct value *values);

/* The same for the file at `path`, of at most `max` bytes; false too where it cannot be read. */
bool read_file_values(struct arena *a, struct str path, size_t max, struct value *values);

#endif
