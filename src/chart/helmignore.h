/* What a chart's .helmignore excludes: Helm loads the chart as if these files were not there. */
#ifndef CHART_HELMIGNORE_H
#define CHART_HELMIGNORE_H

#include "base/arena.h"
#include "base/str.h"

struct helmignore;

/* Reads the .helmignore of the chart in `folder`; NULL where it has none. */
const struct helmignore *helmignore_read(struct arena *a, struct str folder);

/* Whether the file at `path`, seen from the chart's folder, or a folder around it is excluded. `rules` may be NULL. */
bool helmignore_excludes(const struct helmignore *rules, struct str path);

#endif
