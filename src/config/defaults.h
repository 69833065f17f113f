/* The defaults of a standard: what variables in them stand for, and whether they fit the properties that they are for.
 */
#ifndef CONFIG_DEFAULTS_H
#define CONFIG_DEFAULTS_H

#include "config/settings.h"

/* `value` with each `${name}` in its texts replaced by the member `name` of the map `variables`; one that is not there
 * stays as it is (see defaults_check). */
struct value defaults_expand(struct arena *a, const struct value *value, const struct value *variables);

/* The variables of `settings` for the chart of that name, as a map: with `chart` and `chart_snake`. `chart` has a NUL
 * behind it. */
struct value defaults_variables(struct arena *a, const struct settings *settings, struct str chart);

/* Checks the standard of `settings`: that variables in defaults and expressions are set, and that defaults, and what
 * properties derive from the defaults of others, fit their properties. Each thing that is wrong becomes a problem, once
 * for each key in `reported`. */
void defaults_check(struct arena *a, const struct settings *settings, struct map *reported, struct problems *problems);

#endif
