/* Changes of a text: spans of bytes and what takes their place. */
#ifndef TEXT_EDIT_H
#define TEXT_EDIT_H

#include "base/span.h"
#include "base/vec.h"

struct edit {
    struct span span; /* of the text before; empty for an insertion */
    struct str text;  /* what stands there afterwards; empty for a deletion */
};

/* In order, without overlaps and with text in between that stays. Made so by edits_settle. */
struct edits VEC(struct edit);

/* Sorts edits that were collected in any order and joins those that touch; at one place insertions keep the order in
 * which they were added. false where two overlap. */
bool edits_settle(struct arena *a, struct edits *edits);

/* The text after the edits. */
struct str edits_apply(struct arena *a, struct str text, const struct edits *edits);

/* The edits that turn edits_apply's result back into `text`, byte for byte. */
struct edits edits_invert(struct arena *a, struct str text, const struct edits *edits);

/* One list of edits for two steps: `first` applies to `text`, `second` to the result. */
struct edits edits_compose(struct arena *a, struct str text, const struct edits *first, const struct edits *second);

/* Where the byte at `offset` of the text after the edits stood before; for a new one, where it was put. */
uint32_t edits_origin(const struct edits *edits, uint32_t offset);

#endif
