/* Examples of rules and standards, run. A mapping is laid over the standard's defaults for a chart (null takes a key
 * away), a text is a values.yaml of its own, a list holds a mapping for each of several charts. No file is read or
 * written for it. */
#ifndef CLI_EXAMPLE_H
#define CLI_EXAMPLE_H

#include "check/lint.h"

struct example {
    struct arena *arena;
    const struct checks *checks;
    const struct settings *settings;
};

/* What is found in the values `v` of an example. */
struct findings example_check(const struct example *example, const struct value *v);

/* The values of the example `v`, a mapping or a text, and what `--fix --unsafe-fixes` makes of it, as text; `refusal`
 * is why something was left, or empty. */
struct str example_text(const struct example *example, const struct value *v);
struct str example_fix(const struct example *example, const struct value *v, struct str *refusal);

/* Whether the two texts hold the same values. */
bool example_same(struct arena *a, struct str one, struct str other);

#endif
