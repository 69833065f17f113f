/* What is known of all charts of a run, found when somebody asks for the first time: a run in which nothing moves pays
 * nothing. May be asked from several threads at once. */
#ifndef RELEASE_WORLD_H
#define RELEASE_WORLD_H

#include "release/bind.h"
#include "release/mention.h"

struct release_world;

/* An empty one; ended by release_world_end. `operands` are the paths that the run is about (NUL behind each); they must
 * live as long as the world. */
struct release_world *release_world_new(struct arena *a, const struct str *operands, uint32_t operand_count);
void release_world_end(struct release_world *world);

/* Tells of a chart (its folder as the user gave it) that there is no folder and no link in it, hidden ones aside. To be
 * called before anything is asked, by one thread. */
void release_world_add_flat(struct release_world *world, struct str folder);

/* Tells of values that the configuration binds to the chart in `folder` (as the user gave it); also to be called before
 * anything is asked. */
void release_world_bind(struct release_world *world, struct str folder, const struct release_binding *binding);

/* Tells that dependencies by URL on the chart in `folder` are built from it; the same. */
void release_world_add_local(struct release_world *world, struct str folder);
bool release_world_is_local(const struct release_world *world, const struct release_chart *chart);

/* Tells of a chart (its folder as the user gave it) that the run is about; the same. With `covers` the run is about a
 * folder of charts, and GitOps objects around it are looked for from the start. */
void release_world_add_chart(struct release_world *world, struct str folder);
void release_world_cover(struct release_world *world);

/* Adds what is bound to the chart in `folder` (as the user gave it, NUL behind it). GitOps objects are looked for where
 * something would move, or the run covers them; then what is bound to nobody knows which chart is added too. Lasts as
 * long as the world. */
void release_world_bindings(struct release_world *world, struct arena *a, struct str folder, bool moves,
                            struct release_bindings *list);

/* Whether the values, which are bound to the chart in `folder`, are bound to others too. */
bool release_world_is_shared(struct release_world *world, struct str folder, const struct release_binding *binding);

/* Texts around the chart in `folder` that name values by dotted paths in which one of the keys `firsts` stands; found
 * once for each `key`, which is to be the same for the same keys. NULL where it lies in no graph. */
const struct mentions *release_world_mentions(struct release_world *world, struct str folder, const struct map *firsts,
                                              struct str key);

/* Calls `each` with what cannot be resolved of the GitOps objects that were looked for. */
void release_world_unbound(struct release_world *world, void (*each)(void *data, const struct release_unbound *unbound),
                           void *data);

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

/* Values of a chart: a file, or a part of one. */
struct release_layer {
    struct source source;                /* its text, of which only the part counts; the path is as the graph has it */
    struct str file;                     /* the text of the file */
    struct span within;                  /* the part of it */
    struct value values;                 /* of the part */
    const struct release_binding *bound; /* NULL for the chart's own files */
    bool unread;                         /* it cannot be read or parsed: nothing is known */
    bool is_loose;                       /* the values are known, but not where they stand: they are never written */
    struct str why;                      /* of a part, then: one clause; may be empty */
};

struct release_layers VEC(struct release_layer);

/* The chart's values.yaml, then its overlays, as they stand now: other charts of a run may change them. In the arena.
 */
void release_layers_read(struct arena *a, const struct release_chart *chart, struct release_layers *layers);

/* Adds those that are bound to it. What is no mapping of values (a manifest in the chart's folder, say) is left out. */
void release_layers_bound(struct arena *a, const struct release_bindings *bindings, struct release_layers *layers);

/* Reads the part of `text` that `binding` means into the layer, whose path is set. */
void release_layer_read(struct arena *a, const struct release_binding *binding, struct str text,
                        struct release_layer *layer);

#endif
