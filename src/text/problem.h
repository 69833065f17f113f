/* Why the program cannot do what it was asked to: a broken configuration, schema or rule, with its place. Not about
 * values files; those get findings. */
#ifndef TEXT_PROBLEM_H
#define TEXT_PROBLEM_H

#include "base/buf.h"
#include "base/vec.h"
#include "text/source.h"

struct problem {
    const struct source *source; /* NULL where it is about no text */
    struct span span;
    struct str message; /* without a final full stop */
    struct str help;    /* may be empty */
};

struct problems VEC(struct problem);

/* Adds one; `source` may be NULL. */
void problem_add(struct arena *a, struct problems *problems, const struct source *source, struct span span,
                 struct str message, struct str help);

/* "FILE:LINE:COLUMN: MESSAGE; HELP", as it is shown behind "valuelint: error: "; a NUL behind it. */
struct str problem_text(struct arena *a, const struct problem *problem);

#endif
