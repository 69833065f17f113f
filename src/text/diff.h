/* What edits change in a text, as a unified diff that `patch -p1` and `git apply` take. */
#ifndef TEXT_DIFF_H
#define TEXT_DIFF_H

#include "base/buf.h"
#include "text/edit.h"

struct diff_file {
    struct str path;           /* relative to the folder in which the diff is to be applied, or absolute */
    struct str text;           /* before */
    const struct edits *edits; /* settled (edits_settle) */
};

/* Adds the diff of one file as `git diff` prints it, with three lines around a change and without the line `diff --git`
 * and the name of a section behind `@@`. `color` gives it git's colours (without those for white space). Where the
 * edits change no byte, nothing is added and the result is false. What it needs in between is in the arena of `out`. */
bool diff_unified(struct buf *out, const struct diff_file *file, bool color);

#endif
