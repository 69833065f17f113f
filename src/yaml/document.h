/* A text with its tree and its slabs, which follow when the text is edited.
 *
 * Only what an edit reaches is read again: the text falls into stretches, each from the line of one entry of the root
 * mapping (or of a mapping right inside of it) to that of the next, and a stretch without an edit keeps its nodes,
 * moved to where it stands now. A text that does not fall into such stretches, or has aliases, is read as a whole.
 * Either way the outcome is what tree_parse and slab_lines give for the new text, but for the flags of the
 * tree, which may still tell of the old one. */
#ifndef YAML_DOCUMENT_H
#define YAML_DOCUMENT_H

#include "text/edit.h"
#include "yaml/slab.h"

/* Memory for a document's arrays. */
struct room {
    char *bytes;
    size_t size, used;
};

struct yaml_document {
    struct source source;
    struct tree tree; /* of `source` */
    struct slabs slabs;
    struct room room[2]; /* for what stands in it now, and for what comes next: they take turns */
};

/* Begins with what `tree` holds, which stays as it is: yaml_document_follow changes nodes of its own. */
void yaml_document_open(struct arena *a, const struct tree *tree, struct yaml_document *document);

/* Makes `document` what it is after `edits`, which are settled. false where the new text is not YAML; then it is as
 * before. */
bool yaml_document_follow(struct arena *a, struct yaml_document *document, const struct edits *edits);

#endif
