/* A new draft over a standard that was drafted before: what a person has added to that one stays. */
#ifndef INFER_KEEP_H
#define INFER_KEEP_H

#include "value/value.h"

/* `draft` as it follows on `old`: keys in the order of `old`, with what a draft never says (constraints, confirmed old
 * places, properties of a person's own), and with the evidence of `old` where that is all that is new. */
struct value keep_over(struct arena *a, const struct value *old, const struct value *draft);

#endif
