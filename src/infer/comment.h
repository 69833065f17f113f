/* What the comments of a values file say of its keys. */
#ifndef INFER_COMMENT_H
#define INFER_COMMENT_H

#include "yaml/slab.h"

/* The words of the comment directly above the entry whose value is `node`, else of the one at the end of its line, in
 * one line; empty where there is none, or where it holds nothing but a rule or a key that is commented out. */
struct str comment_of(struct arena *a, const struct tree *tree, const struct slabs *slabs, const struct node *node);

#endif
