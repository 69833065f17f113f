/* Where a part of a string stands in the text that the string was read from. */
#ifndef RULE_PLACE_H
#define RULE_PLACE_H

#include "text/problem.h"
#include "value/value.h"

/* The span in `text` of the bytes `part` of the string `value`, which was read from there as a YAML scalar of any style
 * or as a JSON string. */
struct span place_of(struct str text, const struct value *value, struct span part);

#endif
