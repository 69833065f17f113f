/* Macros: has, all, exists, exists_one, map, filter, their forms with two variables, and cel.bind. */
#ifndef CEL_MACRO_H
#define CEL_MACRO_H

#include "cel/parser.h"

/* The node that the call `node` stands for: itself where it is no macro; NULL with an error where it is one that is
 * written wrong. */
struct cel_node *macro_expand(struct parser *p, struct cel_node *node);

#endif
