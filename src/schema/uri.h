/* URI references (RFC 3986), as far as `$id` and `$ref` need them. */
#ifndef SCHEMA_URI_H
#define SCHEMA_URI_H

#include "base/arena.h"
#include "base/str.h"

/* `reference` seen from the absolute `base` (RFC 3986, 5.2). The fragment stays in the result; `base` may be empty. */
struct str uri_resolve(struct arena *a, struct str base, struct str reference);

/* Cuts the fragment off: `*fragment` gets what stands behind the `#` (`ptr` NULL where there is none). */
struct str uri_split_fragment(struct str uri, struct str *fragment);

/* `s` with its %XX undone. */
struct str uri_unescape(struct arena *a, struct str s);

#endif
