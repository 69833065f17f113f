/* Values that are a part of a YAML file: of one document of several, of a mapping in an object, or of a text in it
 * (`values: |`). Such a part is seen as a text of its own, which is the file's with blanks in place of all that is not
 * the part: what stands in it has the same offset, line and column in both, and edits of the one are edits of the
 * other. */
#ifndef RELEASE_PART_H
#define RELEASE_PART_H

#include "base/arena.h"
#include "base/span.h"

/* Where the part stands. */
struct part_place {
    uint32_t document;      /* number of the file's document, from 0 */
    const struct str *keys; /* from its root, items of lists by their numbers */
    uint32_t key_count;
    bool is_text; /* the values are a text there */
};

/* The part of `text` at `place`; *within becomes the bytes of it, all of the text where nothing is blanked. False where
 * it stands in a way that cannot be seen so (folded or quoted, an alias, no YAML), with *why one clause about it; where
 * nothing is there, `part` is all blank. In the arena, or `text` itself. */
bool part_read(struct arena *a, struct str text, const struct part_place *place, struct str *part, struct span *within,
               struct str *why);

/* The text that stands at `place`, in whatever way it is written; empty where there is none. */
struct str part_text(struct arena *a, struct str text, const struct part_place *place);

/* The number of documents in `text`. */
uint32_t part_count(struct str text);

/* Whether `text` is made into YAML by some other program first: it holds `{{`, `{%`, or `<NAME>` outside of comments.
 */
bool part_is_templated(struct str text);

/* Whether the text, which may be a template of YAML, seems to set the value at the path: by its lines alone, below
 * whatever else. *at becomes the place. */
bool part_seems_to_set(struct str text, const struct str *keys, uint32_t key_count, struct span *at);

#endif
