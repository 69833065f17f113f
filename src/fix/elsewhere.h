/* Where else the old place of a value that has moved is named: in the values of a chart around, in files that the user
 * names, in comments. Such places are told, and left as they are. */
#ifndef FIX_ELSEWHERE_H
#define FIX_ELSEWHERE_H

#include "check/finder.h"

/* A value has moved. */
struct elsewhere_move {
    struct str from, to; /* dotted */
};

struct elsewhere_moves VEC(struct elsewhere_move);

/* Looks into the values file f->source. With `below` its values are looked at below the key of that name; without, at
 * the top, below each key at the top, and where its text names an old path with dots. A file that is no YAML is looked
 * at as a text. */
void elsewhere_search(struct finder *f, struct str below, const struct elsewhere_moves *moves);

/* Looks into the comments of f->source, a file of the chart itself. */
void elsewhere_search_comments(struct finder *f, const struct elsewhere_moves *moves);

#endif
