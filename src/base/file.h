/* Files, read and written as a whole. Paths are NUL-terminated. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

/* No values file, manifest or template is read that is larger, in bytes. */
#define INPUT_MAX ((size_t)32 << 20)

/* Reads all of `path` ("-" is standard input) into the arena, with a NUL behind it that `text->len` does not
 * count. A file of more than `max` bytes is an error, and so is what is no regular file (a pipe, a device, a socket),
 * but for the streams that a shell names (`/dev/stdin`, `/dev/fd/3`). On failure `text` is empty. */
bool file_read(struct arena *a, const char *path, size_t max, struct str *text, struct error *error);

/* A text that stands in place of what a file holds: an editor's that is not saved. */
struct file_text {
    struct str path, text;
};

struct file_texts VEC(struct file_text);

/* The text in place of the file at `path`, or NULL; `texts` may be NULL. */
const struct str *file_text_at(const struct file_texts *texts, struct str path);

/* As file_read, unless one of `texts` (may be NULL) stands in place of the file. */
bool file_read_or(const struct file_texts *texts, struct arena *a, struct str path, size_t max, struct str *text,
                  struct error *error);

/* Puts `text` in place of what `path` holds: all of it or, on failure, nothing. It is written to a new file in the same
 * folder, which takes the old one's place once it is on the disk; the old one's permissions and extended attributes are
 * kept, and its owner where the system allows it. Its folder is locked meanwhile (base/folder_lock.h), so the caller
 * must not hold that lock. A symbolic link stays, and what it leads to is written; what is no regular file (a pipe, a
 * device) is written directly. False, with `error` set, where that fails: then no new file is left behind.
 *
 * Of a file with several hard links, the one at `path` gets the new text and the others keep the old one, as with git:
 * only a new file can be all or nothing. */
bool file_write(const char *path, struct str text, struct error *error);

/* What the names of the new files begin with. */
#define FILE_TEMPORARY ".valuelint-"

/* The same for a regular file that was read and held `expected`. One that has several hard links is refused. Where it
 * holds something else by now, it stays as it is and the error's code is ESTALE; where it is gone, it stays away. The
 * last look at it is right before the new file takes its place; what another program writes between these two is lost.
 */
bool file_replace(const char *path, struct str expected, struct str text, struct error *error);

/* The same with the folder locked, for a caller that holds no lock: what dead runs left there goes. */
bool file_rewrite(const char *path, struct str expected, struct str text, struct error *error);

/* Whether file_replace would be let in: there is a regular file that may be written, in a folder where new ones may be
 * made. Writes nothing. */
bool file_may_replace(const char *path, struct error *error);

enum file_kind { FILE_MISSING, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };

struct map;

/* A key that is the same for all names of what stands at `path`; empty where nothing does. */
struct str file_identity(struct arena *a, const char *path);

/* Whether what stands at `path` is there and was not seen before, by whatever name; it is then, in `seen`. */
bool file_visit(struct arena *a, struct map *seen, const char *path);

/* What stands at `path`, symbolic links followed. */
enum file_kind file_kind(const char *path);

/* Whether the file at `path` holds `text` and nothing else. False with `problem` 0 where it holds something else, else
 * with the errno value. */
bool file_holds(const char *path, struct str text, int *problem);

#endif
