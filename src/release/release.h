/* The room of releases: which charts of a repository are parts of which others, under which keys of their values, and
 * with which values Helm renders them. Helm renders a release, not a chart: a subchart's values stand in its parent's
 * files too, and its parent's templates read them. Who changes a chart asks here whom that reaches.
 *
 * A chart on its own is src/chart's; what to do about relations (hold a change back, make it along) is left to the
 * rooms above. */
#ifndef RELEASE_RELEASE_H
#define RELEASE_RELEASE_H

#include "base/map.h"
#include "base/vec.h"
#include "chart/chart.h"

/* Where a parent gets a subchart from. */
enum release_source {
    RELEASE_UNPACKED,   /* it lies in the parent's charts/, listed in Chart.yaml or not */
    RELEASE_FILE,       /* a `file://` repository, from which `helm dependency build` takes it */
    RELEASE_REPOSITORY, /* a repository by URL: the one chart here with its name and version is taken to be its source
                         */
};

struct release_chart;

/* `below` is a part of `above`, whose values for it stand at `key`. */
struct release_link {
    struct release_chart *above, *below;
    struct str key; /* the alias, or the chart's name */
    enum release_source source;
    /* The entry in the parent's list of dependencies; NULL where it is not listed. It points into `above`, and lasts as
     * long as the graph. */
    const struct chart_dependency *dependency;
    bool uncertain; /* which key or which chart Helm takes cannot be told: a version that may not match, a packed chart
                     * of the same name beside it */
};

struct release_links VEC(struct release_link *);

struct release_chart {
    struct str folder; /* absolute, links resolved */
    struct chart chart;
    struct release_links above;    /* those that it is a part of, in the order of their folders */
    struct release_links below;    /* its parts, in the order of charts/ and Chart.yaml */
    struct VEC(struct str) packed; /* file names of packed charts in its charts/, sorted */
};

struct release_strs VEC(struct str);

struct release_graph {
    struct str root;                           /* absolute, links resolved; nothing outside of it is known */
    struct VEC(struct release_chart *) charts; /* in the order of their folders */
    struct map by_folder;                      /* folder -> struct release_chart */
    struct map links; /* file or folder -> struct release_strs: the links in other folders that lead to it */
};

/* Finds all charts below `root` (NUL behind it), also those in charts/ folders and behind links to folders that lead to
 * places below `root`, and how they hang together. Reads each Chart.yaml once; each folder is visited once. What cannot
 * be read is left out. `flat` are folders that need not be looked into (see release_find_charts); NULL for none. Lives
 * in the arena; immutable afterwards. */
struct release_graph *release_graph_read(struct arena *a, struct str root, const struct map *flat);

/* The chart in `folder` (a path as the user gave it, NUL behind it), or NULL. */
const struct release_chart *release_chart_at(struct arena *a, const struct release_graph *graph, struct str folder);

/* A chart that sees the values of another one below `keys` of its own: its parent, the parent's parent, and so on. */
struct release_view {
    const struct release_chart *from;
    const struct str *keys; /* from the outermost */
    uint32_t key_count;
    const struct release_link *link; /* the innermost one, whose `below` is the chart */
    bool uncertain;                  /* any link on the way is */
    bool by_repository;              /* any link on the way is one by URL */
};

struct release_views {
    struct VEC(struct release_view) list; /* nearest ones first */
    bool more;                            /* there are more than RELEASE_VIEWS_MOST, or a circle: not all are here */
};

#define RELEASE_VIEWS_MOST 4096

/* All ancestors of `chart`, with each way that leads down from them. */
void release_views(struct arena *a, const struct release_chart *chart, struct release_views *views);

/* How far the relations of the chart in `folder` are looked for: the nearest folder at or above it that holds a `.git`;
 * else the one of `operands` (as the user gave them, NUL behind each) that it lies in; else the outermost chart in
 * whose charts/ it lies, or itself. Absolute, links resolved; empty where `folder` leads to nothing. */
struct str release_root(struct arena *a, struct str folder, const struct str *operands, uint32_t operand_count);

/* The same for the folder `start`, which lies in no repository; `start` and `operands` are absolute, with links
 * resolved, or empty. */
struct str release_root_outside(struct arena *a, struct str start, const struct str *operands, uint32_t operand_count);

#endif
