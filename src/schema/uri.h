/* URI references (RFC 3986): their parts, and what `$id` and `$ref` need. */
#ifndef SCHEMA_URI_H
#define SCHEMA_URI_H

#include "base/arena.h"
#include "base/str.h"

struct uri_parts {
    struct str scheme, authority, path, query, fragment; /* `ptr` NULL: not there (path: always there) */
};

/* The parts of any text, whatever characters they hold. */
struct uri_parts uri_split(struct str s);

/* `reference` seen from the absolute `base` (RFC 3986, 5.2). The fragment stays in the result; `base` may be empty. */
struct str uri_resolve(struct arena *a, struct str base, struct str reference);

/* Cuts the fragment off: `*fragment` gets what stands behind the `#` (`ptr` NULL where there is none). */
struct str uri_split_fragment(struct str uri, struct str *fragment);

/* `s` with its %XX undone. */
struct str uri_unescape(struct arena *a, struct str s);

#endif
