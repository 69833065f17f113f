/* A text with its tree and its slabs, which follow when the text is edited.
 *
 * Only what an edit reaches is read again: the text falls into stretches, each from the line of one entry of the root
 * mapping (or of a mapping right inside of it) to that of the next, and a stretch without an edit keeps its nodes,
 * moved to where it stands now. A text that does not fall into such stretches, or has aliases, is read as a whole.
 * Either way the outcome is what tree_parse and slab_lines give for the new text, but for `odd` and the flags of the
 * tree, which may still tell of the old one. */
#ifndef YAML_DOCUMENT_H
#define YAML_DOCUMENT_H

#include "text/edit.h"
#include "yaml/slab.h"

struct document {
    struct source source;
    struct tree tree; /* of `source` */
    struct slabs slabs;
    struct arena lists[2]; /* what is by node or by line, of this text and, by turns, of the one before it */
    unsigned turn;
};

/* Begins with what `tree` holds, which stays as it is: document_follow changes nodes of its own. Texts and nodes live in
 * the arena `a`; document_close ends the rest. */
void document_open(struct arena *a, const struct tree *tree, struct document *document);

/* Makes `document` what it is after `edits`, which are settled. false where the new text is not YAML; then it is as
 * before. */
bool document_follow(struct arena *a, struct document *document, const struct edits *edits);

/* Frees what does not live in the arena: all that is by node or by line. */
void document_close(struct document *document);

#endif
