/* Lines that two texts have in common, and what differs between them. */
#ifndef TEXT_DIFF_MATCH_H
#define TEXT_DIFF_MATCH_H

#include "base/vec.h"

/* Lines with their line ends; the last one may have none. */
struct diff_lines {
    struct str text;
    uint32_t *starts; /* offsets, with the text's length behind the last */
    uint32_t len;
};

/* A range of lines of the old text and what stands there in the new one. Either may be empty, not both. */
struct diff_change {
    uint32_t old_start, old_end;
    uint32_t new_start, new_end;
};

struct diff_changes VEC(struct diff_change);

static inline struct str diff_line(const struct diff_lines *lines, uint32_t index) {
    uint32_t start = lines->starts[index];
    return (struct str){lines->text.ptr + start, lines->starts[index + 1] - start};
}

/* Adds what differs within `region`, in order. A change that begins where the last one of `changes` ends becomes a part
 * of that one. Time is linear in the region's lines but for a logarithm, memory linear; so the changes are not always
 * the fewest possible. */
void diff_match(struct arena *a, const struct diff_lines *old, const struct diff_lines *new, struct diff_change region,
                struct diff_changes *changes);

#endif
