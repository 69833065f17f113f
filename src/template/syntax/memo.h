/* Templates that were parsed before. The work on one chart goes through its templates again and again: a check, a plan
 * for what it found, the check of what the plan leads to. Most texts are the same each time. */
#ifndef TEMPLATE_SYNTAX_MEMO_H
#define TEMPLATE_SYNTAX_MEMO_H

#include "base/map.h"
#include "template/syntax/parse.h"

/* What tmpl_parse makes of a text; immutable, and so is what it points to. */
struct tmpl_parsed {
    struct tmpl_tree tree; /* not of a broken one */
    bool broken;
    struct tmpl_error error; /* of a broken one */
    const void *found;       /* what template/refs found in the tree, if it was asked; else NULL */
};

/* Lives as long as its arena, and is one thread's. */
struct tmpl_memo {
    struct arena *arena;
    struct map parsed; /* text -> struct tmpl_parsed */
    struct map proofs; /* what template/refs proved of lists of them; its own affair */
};

/* Parses `text`, unless a text of the same bytes was. `text` must live as long as the memo. */
struct tmpl_parsed *tmpl_memo_parse(struct tmpl_memo *memo, struct str text);

#endif
