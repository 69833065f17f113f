/* A move that a person asks for: one value goes to another place, with everything that sets it or reads it. To plan it,
 * give it to fix_chart (fix_request.rename); nothing else is planned then. */
#ifndef FIX_FIX_RENAME_H
#define FIX_FIX_RENAME_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct fix_rename {
    const struct str *from, *to; /* keys */
    uint32_t from_count, to_count;
    struct str from_text, to_text; /* dotted */
};

/* Reads both paths, written as rules write them (`a.b`, `a["b.c/d"]`), into `rename`, which lives in the arena. False,
 * with one line in `error`, where one of them is no path of keys, or where a value cannot go from one to the other in
 * any file. */
bool fix_rename_parse(struct arena *a, struct str from, struct str to, struct fix_rename *rename, struct error *error);

#endif
