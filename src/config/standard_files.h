/* The files that a standard is made of: the one that the user names, and those that its `$ref`s lead to. Their texts
 * have one range of offsets, each file behind the one before it, so that the span of a value tells its file too. */
#ifndef CONFIG_STANDARD_FILES_H
#define CONFIG_STANDARD_FILES_H

#include "rule/document.h"

struct standard_file {
    struct document document; /* the spans of its values count from `start` on */
    struct str path;          /* absolute, or one of the names in place of a path (config/standard.h) */
    struct str uri;           /* by which references find it */
    uint32_t start;
};

struct standard_files {
    struct arena *arena;
    struct problems *problems;
    const struct file_texts *texts; /* in place of files; may be NULL */
    struct str boundary;            /* nothing outside of this folder is read */
    struct VEC(struct standard_file *) list;
    struct str why; /* why the last reference could not be followed; empty where problems tell it */
};

/* Opens the standard at `path`: a file, STANDARD_BUILTIN or STANDARD_EMPTY (config/standard.h). Files that it refers to
 * are read inside of its repository, or where there is none, of the folder `around`; `texts` (may be NULL) stand in
 * place of files. NULL where it cannot be read: then
 * `problems` has grown. */
struct standard_file *standard_files_open(struct standard_files *files, struct arena *a, const struct file_texts *texts,
                                          struct str path, struct str around, struct problems *problems);

/* The document at `uri`, for struct schema_options. `data` is the struct standard_files. */
const struct value *standard_files_resolve(void *data, struct str uri);

/* The document of the built-in standard where it is among the files, else NULL. */
const struct value *standard_files_builtin(const struct standard_files *files);

/* The file whose text `span` lies in. */
const struct standard_file *standard_files_of(const struct standard_files *files, struct span span);

/* Adds a problem at `span`, in the file that it lies in. */
void standard_files_problem(const struct standard_files *files, struct problems *problems, struct span span,
                            struct str message, struct str help);

/* The span of the bytes `part` of the string `value`. */
struct span standard_files_place(const struct standard_files *files, const struct value *value, struct span part);

/* "FILE:LINE:COLUMN" of `span`. */
struct str standard_files_position(const struct standard_files *files, struct span span);

#endif
