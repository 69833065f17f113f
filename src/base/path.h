/* Paths as text, with `/` between their parts, and the glob patterns that match them. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* `folder/name`; just `name` where `folder` is empty or ".", or `name` is absolute; just `folder` where `name` is
 * empty. NUL behind it. */
struct str path_join(struct arena *a, struct str folder, struct str name);

/* The part before the last `/` ("." where there is none, "/" for a name at the root), and the part behind it. */
struct str path_folder(struct str path);
struct str path_name(struct str path);

/* Without `.`, empty and `..` parts, as far as text alone can tell: `./a//b/../c` gives `a/c`. "." for nothing left. */
struct str path_normalize(struct arena *a, struct str path);

/* `path` made absolute with the current folder, then normalized. */
struct str path_absolute(struct arena *a, struct str path);

/* `path` (NUL behind it) made absolute with all of its links resolved; empty where it leads to nothing. */
struct str path_real(struct arena *a, struct str path);

/* Whether `path` is `folder` or lies below it; both absolute and normalized. */
bool path_is_below(struct str path, struct str folder);

/* `path` (absolute, normalized) as seen from `folder` (the same); unchanged where it does not lie below it. */
struct str path_relative(struct str path, struct str folder);

/* The way from `folder` to `path` (both absolute, normalized), with `..` where it leads up: "." for the folder itself.
 */
struct str path_between(struct arena *a, struct str folder, struct str path);

/* Whether all of `path` matches a glob as in .gitignore: `*` and `?` stop at `/`, `**` does not, `[a-z]`, `[!a]`,
 * and `\` takes the next character as it is. */
bool path_match(struct str pattern, struct str path);

#endif
