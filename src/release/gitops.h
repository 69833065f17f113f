/* Objects that say which values a chart is installed with. */
#ifndef RELEASE_GITOPS_H
#define RELEASE_GITOPS_H

#include "release/bind.h"
#include "value/value.h"

/* A document of a file. */
struct gitops_object {
    struct str path;         /* of the file */
    struct str text;         /* of the file */
    uint32_t document;       /* number in the file */
    struct part_place inner; /* of a patch: the text in the document that holds it; else without keys */
    struct value values;     /* what it says */
    bool templated;          /* the file is */
};

/* Where the objects' readers put what they find. */
struct gitops_reader {
    struct arena *arena;
    const struct release_graph *graph;
    struct release_bound *bound;
    struct map installs; /* name of a HelmRelease -> struct gitops_installs */
    struct map by_name;  /* chart's name -> struct gitops_charts */
    struct map pinned;   /* name of a GitRepository of one revision -> something */
    struct VEC(struct gitops_object *) all;
    struct VEC(const struct gitops_object *) patches; /* HelmReleases that name no chart, and Kustomizations */
};

struct gitops_charts VEC(const struct release_chart *);

/* A HelmRelease of that name, and what it installs. */
struct gitops_install {
    struct str space; /* its namespace; empty where it has none */
    const struct release_chart *chart;
    struct str blocker;
};

struct gitops_installs VEC(struct gitops_install);

/* What an object says of one chart. */
struct gitops_release {
    const struct gitops_object *object;
    const struct release_chart *chart; /* NULL: which one cannot be told */
    struct str shown;                  /* "the HelmRelease apps/orders" */
    struct str blocker;                /* why values for it are not written; empty where they may be */
};

/* The string at `key` of a mapping; empty where there is none. */
struct str gitops_string(const struct value *map, struct str key);

/* "apps/orders" of an object. */
struct str gitops_name(struct arena *a, const struct value *object);

/* Whether the text cannot be known before some program has filled it in. */
bool gitops_is_open(struct str text);

/* The chart in the folder `path` below `base` (absolute), or NULL. */
const struct release_chart *gitops_chart_at(struct gitops_reader *r, struct str base, struct str path);

/* The charts of that name, which are nobody's copies; NULL for none. */
const struct gitops_charts *gitops_charts_named(struct gitops_reader *r, struct str name);

/* Binds the mapping, or with `is_text` the text, at `keys` of the object. */
void gitops_bind_part(struct gitops_reader *r, const struct gitops_release *release, const struct str *keys,
                      uint32_t key_count, bool is_text);
/* Binds the one value at the dotted path `sets`, which the object sets at `at`. */
void gitops_bind_value(struct gitops_reader *r, const struct gitops_release *release, struct str sets,
                       const struct value *at);
/* Binds the file at `path` (absolute), which `named` in the object names; what is not there is a finding, unless
 * `may_miss`. */
void gitops_bind_file(struct gitops_reader *r, const struct gitops_release *release, struct str path,
                      const struct value *named, bool may_miss);
/* Notes that the object has values for the chart of which nothing can be known: `why`, one clause. */
void gitops_bind_unknown(struct gitops_reader *r, const struct gitops_release *release, const char *why);
/* Notes what cannot be resolved. */
void gitops_unbound(struct gitops_reader *r, const struct gitops_object *object, const struct value *at,
                    struct str message, const char *help);

/* The readers. */
void gitops_read_argo(struct gitops_reader *r, const struct gitops_object *object);
void gitops_read_source(struct gitops_reader *r, const struct gitops_object *object);
void gitops_read_flux(struct gitops_reader *r, const struct gitops_object *object);
void gitops_read_flux_patches(struct gitops_reader *r);
void gitops_read_helmfile(struct gitops_reader *r, const struct gitops_object *object);

#endif
