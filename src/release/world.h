/* What is known of all charts of a run, found when somebody asks for the first time: a run in which nothing moves pays
 * nothing. May be asked from several threads at once. */
#ifndef RELEASE_WORLD_H
#define RELEASE_WORLD_H

#include "release/release.h"

struct release_world;

/* An empty one; ended by release_world_end. `operands` are the paths that the run is about (NUL behind each); they must
 * live as long as the world. */
struct release_world *release_world_new(struct arena *a, const struct str *operands, uint32_t operand_count);
void release_world_end(struct release_world *world);

/* Tells of a chart (its folder as the user gave it) that there is no folder and no link in it, hidden ones aside. To be
 * called before anything is asked, by one thread. */
void release_world_add_flat(struct release_world *world, struct str folder);

/* What the Chart.yaml in `folder` says, where the world has read it already, with `folder` in its path; else NULL. In
 * the arena. */
const struct chart *release_world_known(struct release_world *world, struct arena *a, struct str folder);

/* Whether the chart in `folder` (absolute, links resolved) is one that the run was asked to look at. */
bool release_world_is_asked(const struct release_world *world, struct str folder);

/* The graph of the repository around `folder` (release_root), made at the first call. It lasts as long as the world. */
const struct release_graph *release_world_graph(struct release_world *world, struct str folder);

/* The chart in `folder` (as the user gave it, NUL behind it), or NULL; *graph becomes that of the repository around it,
 * as above. */
const struct release_chart *release_world_chart(struct release_world *world, struct str folder,
                                                const struct release_graph **graph);

/* The names that the templates of one chart use: Helm knows one define of a name for a whole release. */
struct release_names {
    struct map defines;        /* name -> something */
    struct map strings;        /* every string that is written out: what may be called is among them, unless: */
    struct map fields;         /* every name behind a dot */
    struct map define_fields;  /* the same of what stands in defines, */
    struct map define_strings; /* which other charts of the release may call with their values */
    bool define_whole;
    bool computed;  /* the name of a template is put together, or comes from a value */
    bool whole;     /* a chain ends in `.Values`: all values may be read */
    bool unread;    /* a template could not be read or parsed: nothing is known */
    bool subcharts; /* `.Subcharts` is read */
};

/* Those of the chart's own templates, and of the packed charts in its charts/. Lasts as long as the world. */
const struct release_names *release_world_names(struct release_world *world, const struct release_chart *chart);

/* The path of a link that leads to the file at `path` (absolute, links resolved), or to a folder around it: others read
 * it too. Empty for none. A link in a charts/ folder is a relation, and one below the folder `own` is no other's. */
struct str release_linked_from(const struct release_graph *graph, struct str path, struct str own);

/* A values file of a chart. */
struct release_layer {
    struct source source; /* its text; the path is as the graph has it */
    struct value values;
    bool unread; /* it cannot be read or parsed: nothing is known */
};

struct release_layers VEC(struct release_layer);

/* The chart's values.yaml, then its overlays, as they stand now: other charts of a run may change them. In the arena.
 */
void release_layers_read(struct arena *a, const struct release_chart *chart, struct release_layers *layers);

#endif
