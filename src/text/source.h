/* A text with the name under which it is shown, and its lines. */
#ifndef TEXT_SOURCE_H
#define TEXT_SOURCE_H

#include "base/arena.h"
#include "base/span.h"

/* Bytes between two counts of characters. */
#define SOURCE_BLOCK 512

struct source {
    struct str path; /* as findings show it */
    struct str text;
    uint32_t *line_starts; /* offset of each line's first byte; NULL until source_lines was called */
    uint32_t line_count;   /* at least 1; the part behind the last line end counts, also when empty */
    const uint32_t
        *characters;         /* of a text with a long line: how many begin before each SOURCE_BLOCK bytes; else NULL */
    struct secrets *secrets; /* what reports must not show (text/secret.h); NULL until they were looked for */
};

struct position {
    uint32_t line;        /* from 1 */
    uint32_t column;      /* from 1, in characters (Unicode code points) */
    uint32_t byte_column; /* from 1, in bytes */
};

/* Finds the lines of `source`, once; a line ends at LF (a CR before it belongs to the line end). Needed before
 * the functions below. */
void source_lines(struct arena *a, struct source *source);

/* The line (from 0) in which `offset` lies. An offset at or behind the end lies in the last line. */
uint32_t source_line_of(const struct source *source, uint32_t offset);

/* Where `offset` lies, for a person. A byte order mark at the start takes no column. */
struct position source_position(const struct source *source, uint32_t offset);

/* The line (from 0) without its line end. */
struct str source_line(const struct source *source, uint32_t line);

#endif
