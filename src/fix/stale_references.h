/* Where else the old place of a value that has moved is named: in the values of a chart around, in files that the user
 * names, in comments. Such places are told, and left as they are. */
#ifndef FIX_STALE_REFERENCES_H
#define FIX_STALE_REFERENCES_H

#include "check/reporter.h"

/* A value has moved. */
struct stale_move {
    struct str from, to; /* dotted */
};

struct stale_moves VEC(struct stale_move);

/* Looks into the values file f->source. With `below` its values are looked at below the key of that name; without, at
 * the top, below each key at the top, and where its text names an old path with dots. A file that is no YAML is looked
 * at as a text. */
void stale_search(struct reporter *f, struct str below, const struct stale_moves *moves);

/* Looks into the comments of f->source, a file of the chart itself. */
void stale_search_comments(struct reporter *f, const struct stale_moves *moves);

#endif
