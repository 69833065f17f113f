/* A standard of several files as one document: references into other files lead into its `definitions`. */
#ifndef CONFIG_BUNDLE_H
#define CONFIG_BUNDLE_H

#include "config/standard.h"

struct bundle {
    struct arena *arena;
    const struct standard *standard;
    struct map places; /* address of a value -> the struct step to it; empty for a standard of one file */
    struct str *names; /* by file: its name in `definitions` */
    enum bundle_state { BUNDLE_UNUSED, BUNDLE_NEEDED, BUNDLE_DONE } * states; /* by file */
};

void bundle_init(struct bundle *bundle, struct arena *a, const struct standard *standard);

/* Whether `schema` stands in the file that the user names. */
bool bundle_is_first(const struct bundle *bundle, const struct value *schema);

/* The document that the `$ref` of `schema` leads to, where that is all of another file; else NULL. */
const struct value *bundle_whole(const struct bundle *bundle, const struct value *schema);

/* The text of the `$ref` of `schema` in the bundle; from then on it needs the file that it leads into. */
struct str bundle_reference(struct bundle *bundle, const struct value *schema);

/* A file that the bundle needs, and its name in `definitions`; NULL where all were had. */
const struct value *bundle_next(struct bundle *bundle, struct str *name);

#endif
