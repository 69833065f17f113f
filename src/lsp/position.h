/* Places in a text as the protocol has them: a line from 0, and a character from 0 in UTF-16 code units. A line ends at
 * LF, CR LF, or CR. */
#ifndef LSP_POSITION_H
#define LSP_POSITION_H

#include "base/arena.h"
#include "base/span.h"
#include "lsp/emit.h"
#include "value/value.h"

struct lsp_lines {
    struct str text;
    uint32_t *starts; /* offset of each line's first byte */
    uint32_t count;   /* at least 1 */
    bool hides_mark;  /* a byte order mark at the start counts for nothing: editors do not show it */
};

struct lsp_position {
    uint32_t line, character;
};

/* Finds the lines of `text`. In the arena. */
struct lsp_lines lsp_lines_of(struct arena *a, struct str text, bool hides_mark);

/* Where the byte at `offset` stands; one behind the end stands at the end. */
struct lsp_position lsp_position_at(const struct lsp_lines *lines, uint32_t offset);

/* The offset of a position; one behind a line's end is that end, one behind the last line the text's end. */
uint32_t lsp_offset_at(const struct lsp_lines *lines, struct lsp_position position);

/* Reads `{"line": N, "character": N}`; false where it is none. */
bool lsp_position_read(const struct value *value, struct lsp_position *position);

/* Adds a `Range`. */
void lsp_put_range(struct emit *out, const char *key, const struct lsp_lines *lines, struct span span);

#endif
