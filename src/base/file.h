/* Files, read and written as a whole. Paths are NUL-terminated. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Reads all of `path` ("-" is standard input) into the arena, with a NUL behind it that `text->len` does not
 * count. A file of more than `max` bytes is an error. On failure `text` is empty. */
bool file_read(struct arena *a, const char *path, size_t max, struct str *text, struct error *error);

enum file_kind { FILE_MISSING, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };

/* What stands at `path`, symbolic links followed. */
enum file_kind file_kind(const char *path);

#endif
