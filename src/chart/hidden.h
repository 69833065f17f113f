/* Values files that git tracks although a .gitignore excludes them: Helm goes on reading them, so leaving them out in
 * silence would hide them from the checks. */
#ifndef CHART_HIDDEN_H
#define CHART_HIDDEN_H

#include "base/map.h"
#include "base/vec.h"

struct hidden_paths VEC(struct str);

/* Adds the values files that git tracks and that are among the keys of `ignored` (absolute paths of files and folders),
 * or lie below one of them, to `list`: absolute, in the order of the index. `folder` (absolute) is where the search
 * began. None where there is no repository, or its index cannot be read. */
void hidden_find(struct arena *a, struct str folder, const struct map *ignored, struct hidden_paths *list);

#endif
