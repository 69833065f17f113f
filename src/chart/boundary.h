/* The folder outside of which nothing is written, and nothing that a found configuration names is read. */
#ifndef CHART_BOUNDARY_H
#define CHART_BOUNDARY_H

#include "base/arena.h"
#include "base/str.h"

/* The folder that holds `.git` (a folder, or a file as in a worktree), the nearest at or above `folder` (absolute,
 * normalized); empty where there is none. */
struct str boundary_repository(struct arena *a, struct str folder);

/* `path` (absolute or not) without links; as it is where nothing stands there. */
struct str boundary_real(struct arena *a, struct str path);

/* The boundary for work on `folder`: its repository; without one `configuration`, the folder of the configuration in
 * force (empty: there is none), where it lies around `folder`; else `folder` itself. Absolute, without links. */
struct str boundary_of(struct arena *a, struct str folder, struct str configuration);

/* Whether what stands at `path` lies in `boundary`, wherever links lead; of what is not there, the folder around it. */
bool boundary_holds(struct arena *a, struct str boundary, struct str path);

#endif
