/* Writes the comments that suppress.h reads. */
#ifndef CHECK_IGNORE_COMMENT_H
#define CHECK_IGNORE_COMMENT_H

#include "check/reporter.h"
#include "text/edit.h"

/* A finding that a comment is to suppress. */
struct ignore_wish {
    struct str id; /* of its rule */
    struct span span;
};

struct ignore_wishes VEC(struct ignore_wish);

/* The text of `tree` with a comment for each wish, and `reason` (one line; may be empty) in it: at the end of the
 * finding's line where none stands there, else above the entry that the finding is in; at the top for one on the file
 * as a whole. Wishes with one place share a comment. Edits come in the order of the text. */
struct edits suppress_with_comments(struct arena *a, const struct tree *tree, const struct ignore_wishes *wishes,
                                    struct str reason);

#endif
