/* All folders that hold a Chart.yaml. */
#ifndef RELEASE_FIND_H
#define RELEASE_FIND_H

#include "base/map.h"
#include "base/vec.h"

struct found_chart {
    struct str folder;             /* absolute, links resolved; NUL behind it */
    struct VEC(struct str) packed; /* names of the files *.tgz in its charts/, sorted */
};

struct found_charts VEC(struct found_chart);

/* A link to a file or folder. */
struct found_link {
    struct str path; /* of the link; absolute */
    struct str to;   /* absolute, links resolved */
};

struct found_links VEC(struct found_link);

/* Adds the charts below `root`, which is absolute with its links resolved. Hidden folders and node_modules are left
 * out; a link to a folder is followed where it leads below `root`; each folder is visited once.
 * The links on the way go into `links`. Folders in `flat` are charts without any folder or link in them, hidden ones
 * aside: they are not looked into. */
void release_find_charts(struct arena *a, struct str root, const struct map *flat, struct found_charts *found,
                         struct found_links *links);

#endif
