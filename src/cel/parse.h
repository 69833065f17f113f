/* Text to tree, macros included. */
#ifndef CEL_PARSE_H
#define CEL_PARSE_H

#include "cel/ast.h"

/* The tree of `text`, in the arena; NULL with `error` set where it is no CEL. */
struct cel_node *cel_parse(struct arena *a, struct str text, struct cel_error *error);

#endif
