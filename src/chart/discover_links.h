/* Folders behind symbolic links: each real folder is looked at once, by whatever name, those that need no link first.
 */
#ifndef CHART_DISCOVER_LINKS_H
#define CHART_DISCOVER_LINKS_H

#include "base/map.h"
#include "base/vec.h"

struct discover_links {
    struct VEC(struct str) waiting; /* paths of links to folders, as shown */
    struct VEC(struct str) visited; /* paths of folders */
    uint32_t known;                 /* how many of them are in `real` */
    struct map real;                /* by device and inode */
};

/* A folder is looked at. */
void discover_links_visit(struct arena *a, struct discover_links *links, struct str folder);
/* A link leads to a folder. */
void discover_links_wait(struct arena *a, struct discover_links *links, struct str path);
/* The next link that leads to a folder that was not looked at yet; false where none is left. */
bool discover_links_next(struct arena *a, struct discover_links *links, struct str *path);

#endif
