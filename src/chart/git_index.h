/* Which files git tracks, from its index (gitformat-index(5)), without running git: what a repository's configuration
 * makes git run stays alone. */
#ifndef CHART_GIT_INDEX_H
#define CHART_GIT_INDEX_H

#include "base/arena.h"
#include "base/str.h"

/* Calls `tracked` with the path of each tracked file below `root`, the folder that holds `.git`. The path lives for the
 * call. False where there is no index, or it cannot be read: larger than 256 MiB, broken, or split in two files; then
 * some may have been called. */
bool git_index_read(struct arena *a, struct str root, void (*tracked)(void *data, struct str path), void *data);

#endif
