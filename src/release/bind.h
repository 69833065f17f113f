/* Values of a chart that stand neither in its folder nor in those of charts around it: files that the configuration
 * names, and objects of GitOps tools. */
#ifndef RELEASE_BIND_H
#define RELEASE_BIND_H

#include "base/map.h"
#include "base/vec.h"
#include "release/part.h"
#include "release/release.h"

struct release_binding {
    struct str path; /* of the file: absolute, links resolved; NUL behind it */
    struct part_place place;
    const struct str *keys; /* in the part: below which the chart's values stand */
    uint32_t key_count;
    struct str shown;   /* what holds them, for messages: "the HelmRelease apps/orders"; empty for a file of values */
    struct str blocker; /* why they are never written, one clause; empty where they may be */
    struct str sets;    /* in place of all that: the dotted path of the one value that is set there */
    struct span span;   /* of what the file says about it, where there is no part to look at */
    bool always;        /* the chart is never installed without them */
    bool is_unknown;    /* there are values, but which cannot be told: no value of the chart may move */
};

struct release_bindings VEC(struct release_binding);

/* Something that binds values to a chart, and cannot be resolved. */
struct release_unbound {
    struct str path; /* as above */
    struct span span;
    struct str message, help;
};

struct release_bound {
    struct map charts;                 /* folder -> struct release_bindings */
    struct release_bindings everybody; /* those of which nobody can tell whose they are */
    struct map holders;                /* what identifies values -> struct release_holder */
    struct VEC(struct release_unbound) unbound;
};

/* Who gets the values. */
struct release_holder {
    struct str folder;
    bool several;
};

/* Adds a binding of the chart in `folder` (absolute, links resolved), once. */
void release_bind(struct arena *a, struct release_bound *bound, struct str folder,
                  const struct release_binding *binding);

/* Whether the values are bound to several charts. */
bool release_is_shared(struct arena *a, const struct release_bound *bound, const struct release_binding *binding);

/* Finds the files below `root` (absolute, links resolved), outside of charts, that may hold objects of Argo CD or Flux,
 * or are helmfiles. Folders in `charts` are charts and not looked into. */
void release_find_objects(struct arena *a, struct str root, const struct map *charts, struct release_strs *files);

/* Adds what the objects in `files` bind. */
void release_bind_objects(struct arena *a, const struct release_graph *graph, const struct release_strs *files,
                          struct release_bound *bound);

/* The same for YAML in the chart's own folder that is no overlay by its name. */
void release_bind_own(struct arena *a, const struct release_chart *chart, struct release_bindings *list);

#endif
