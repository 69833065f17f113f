/* The files that a glob pattern means. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

struct glob_files VEC(struct str);

/* Appends the regular files that match `pattern` (as in path_match, seen from the current folder or absolute), each
 * once, sorted; hidden files and folders match no pattern. A pattern that is the path of a file means that file. */
void glob_find(struct arena *a, struct str pattern, struct glob_files *files);

#endif
