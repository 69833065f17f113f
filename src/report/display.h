/* Text for a person's terminal: how wide it is, and what must not reach it as it stands. */
#ifndef REPORT_DISPLAY_H
#define REPORT_DISPLAY_H

#include "base/buf.h"
#include "base/clean.h"
#include "report/report.h"

/* The columns that a printable character takes: 0 where it combines with the one before, 2 where it is wide. */
unsigned width_of(uint32_t code);

/* Reads the character at `at` as clean_add shows it: `*columns` that it takes; returns its bytes in `s`. */
size_t display_next(struct str s, size_t at, unsigned *columns);

/* Adds "path:line:column" of a place, cleaned as clean_add_start does. */
void display_place(struct buf *out, const struct source *source, struct span span);

/* The path as a CI wants it: from the root of the repository where that is known and holds it, else absolute where the
 * root is known, else as it is. The result may lie in the arena. */
struct str display_path(struct arena *a, const struct report_options *options, struct str path);

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
