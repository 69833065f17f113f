/* Folders, made and removed. Paths are NUL-terminated. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Makes the folder at `path` and those above it that are missing; `*made` is the topmost new one, empty where all were
 * there. False, with `error` set, where that fails; what was made by then stays, and `*made` names it. */
bool folder_make(struct arena *a, struct str path, struct str *made, struct error *error);

/* Removes the folder at `path` and those above it up to `made`, as far as they are empty; nothing where `made` is
 * empty. */
void folder_remove(struct arena *a, struct str path, struct str made);

#endif
