/* Texts of rules with `{expressions}` in them; `{{` and `}}` are braces. */
#ifndef RULE_TEXT_H
#define RULE_TEXT_H

#include "base/vec.h"
#include "cel/cel.h"

struct rule_piece {
    struct str text;
    bool expression;
    uint32_t start; /* of the text, in the whole */
};

struct rule_pieces VEC(struct rule_piece);

/* Splits `text`; where a brace has no partner, false with the place in `error`. */
bool rule_text_split(struct arena *a, struct str text, struct rule_pieces *pieces, struct cel_error *error);

#endif
