/* The standard as a JSON Schema that Helm takes: what valuelint refuses as an error of shape, and nothing else. */
#ifndef CONFIG_EXPORT_H
#define CONFIG_EXPORT_H

#include "config/settings.h"

/* The schema of `settings` as text: the standard
 *
 * - without `x-valuelint`, and without defaults that hold a variable, so that it is the same for every chart;
 *
 * - open, since unknown keys are warnings to valuelint, which Helm does not have;
 *
 * - with keys required only where the mapping holds any, save for the values themselves, since `{}` is an answer, and
 *   without those that the configuration makes optional (save behind a `$ref`, whose schema may serve several places).
 *
 * What stands in `if`, `not`, `anyOf`, `oneOf`, `contains` and `propertyNames` is kept as it is, since it asks how a
 * value is rather than saying how it must be. Helm may thus refuse a value that fits none of several alternatives
 * because of an unknown key, where valuelint warns of the key. What only CEL can say (`when`) is not in the schema. */
struct str export_schema(struct arena *a, const struct settings *settings);

/* Whether `text` was made by export_schema, also by another version of it. */
bool export_is_own(struct arena *a, struct str text);

#endif
