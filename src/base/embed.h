/* Files that were written into the binary at build time by scripts/embed.py. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/str.h"

struct embedded {
    struct str name; /* path below the folder that meson names; `ptr` is NULL in the entry behind the last one */
    struct str text; /* with a NUL behind it */
};

#endif
