/* Rules of the user, from files. */
#ifndef RULE_FILES_H
#define RULE_FILES_H

#include "rule/rule.h"

struct rule_documents VEC(const struct document *);

/* Reads each file once, whoever names it. */
struct rule_files {
    struct map by_path;             /* absolute path -> struct document */
    const struct file_texts *texts; /* in place of files; may be NULL */
};

/* Adds the rules of the file at `path`, or of the files *.yaml, *.yml and *.json in the folder at `path`, to `set`, and
 * appends the documents that hold them to `documents`. False where one cannot be read or is broken: then `problems` has
 * grown. */
bool rule_files_add(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                    struct rule_documents *documents, struct problems *problems);

#endif
