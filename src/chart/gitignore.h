/* What .gitignore files exclude (the rules of gitignore(5)). */
#ifndef CHART_GITIGNORE_H
#define CHART_GITIGNORE_H

#include "base/arena.h"
#include "base/str.h"

/* The rules of one .gitignore file, and those of the folders above it. Immutable. */
struct gitignore;

/* Reads `folder`/.gitignore, on top of the rules that hold `above` (NULL for none). `folder` is absolute and
 * normalized. Gives `above` back where there is no such file. */
const struct gitignore *gitignore_read(struct arena *a, const struct gitignore *above, struct str folder);

/* The rules that hold in `folder` (absolute, normalized): of all folders from the one that holds `.git` down to it.
 * Only of `folder` itself where it lies in no git repository. */
const struct gitignore *gitignore_enter(struct arena *a, struct str folder);

/* Whether the file or folder at `path` (absolute, normalized) is excluded. */
bool gitignore_excludes(const struct gitignore *rules, struct str path, bool is_folder);

#endif
