/* Text for a person's terminal: how wide it is, and what must not reach it as it stands. */
#ifndef REPORT_DISPLAY_H
#define REPORT_DISPLAY_H

#include "base/buf.h"
#include "report/report.h"

/* The columns that a printable character takes: 0 where it combines with the one before, 2 where it is wide. */
unsigned width_of(uint32_t code);

/* Reads the character at `at` as display_add shows it: `*columns` that it takes; returns its bytes in `s`. */
size_t display_next(struct str s, size_t at, unsigned *columns);

/* Adds `s` so that it can neither steer a terminal nor break the line: a line end becomes a space, a tab four, and
 * what is no UTF-8, a control character or turns the direction of writing becomes U+FFFD. */
void display_add(struct buf *out, struct str s);

/* Adds "path:line:column" of a place, cleaned as display_add does. */
void display_place(struct buf *out, const struct source *source, struct span span);

/* Adds the address of a check's page; nothing where there are no pages. */
void display_url(struct buf *out, const struct report_options *options, const struct check *check);

/* The sequences that colour a terminal, all of them empty where it is not to be coloured. */
struct palette {
    struct str severity[SEVERITY_COUNT];
    struct str strong;
    struct str quiet; /* line numbers and rules beside an excerpt */
    struct str help;
    struct str reset;
};

const struct palette *palette_for(bool color);

#endif
