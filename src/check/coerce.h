/* What a scalar that the schema does not take was meant to be. */
#ifndef CHECK_COERCE_H
#define CHECK_COERCE_H

#include "schema/schema.h"
#include "text/finding.h"

struct coercion {
    const struct value *value; /* NULL where only a person knows */
    enum fixability fix;       /* safe where a template prints the same */
};

/* What the offending value of `violation` should be: a number or boolean where a string is wanted, the string that
 * templates print for it; `"3"` where a number is wanted, 3; `info` where INFO is one of the choices, that. */
struct coercion coerce_suggest(struct arena *a, const struct violation *violation);

#endif
