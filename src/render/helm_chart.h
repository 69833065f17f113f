/* A chart with all of its files and subcharts, as Helm loads it (pkg/chart/loader): folders and packed charts below
 * charts/, dependencies of Chart.yaml and requirements.yaml, default values. Everything lives in the environment's
 * arena. */
#ifndef RENDER_HELM_CHART_H
#define RENDER_HELM_CHART_H

#include "base/error.h"
#include "template/eval/go_value.h"
#include "value/value.h"

struct helm_file {
    struct str name; /* below the chart's folder: templates/a.yaml */
    struct str path; /* on the disk, or within a packed chart: for people */
    struct str text; /* without a byte order mark */
};

struct helm_files VEC(struct helm_file);

/* An entry of `dependencies`. */
struct helm_dependency {
    struct str name; /* the alias, once dependencies_process has run */
    struct str version, repository, condition, alias;
    struct VEC(struct str) tags;
    const struct value *import_values; /* a list, or NULL */
    bool imported;                     /* these were imported; Helm does not do it twice */
    bool enabled;
};

struct helm_chart {
    struct helm_chart *parent; /* NULL for the root */
    struct str name;           /* the alias, where it has one */
    struct str version, api_version, type, kube_version;
    struct str path;                                   /* of its folder, for people */
    struct value metadata;                             /* Chart.yaml as it is written */
    struct str metadata_text;                          /* the text of Chart.yaml */
    struct VEC(struct helm_dependency *) dependencies; /* of Chart.yaml; later those that are switched on */
    struct VEC(struct helm_dependency *) declared;     /* all of them, once dependencies_process has run */
    bool has_dependencies;                             /* Chart.yaml, or requirements.yaml, has such a list */
    struct VEC(struct helm_chart *) subcharts;         /* what lies in charts/; later what is switched on of it */
    struct go_map *values;                             /* its values.yaml; later with what it imports; NULL for none */
    struct str schema;                                 /* values.schema.json; empty where there is none */
    struct helm_files templates;
    struct helm_files files; /* what .Files sees */
};

struct helm_strings VEC(struct str);

/* What stands in place of, or besides, what the disk holds. */
struct render_input {
    /* Gives the text of a file by its path (normalized, NUL behind it); NULL: the disk does. */
    bool (*read)(void *data, struct str path, struct str *text, struct error *error);
    void *data;
    const struct value *own;     /* in place of the chart's values.yaml; or NULL */
    const struct value *overlay; /* over them, below all that is given otherwise; or NULL */
    struct helm_strings shared;  /* folders of templates that the chart is rendered with, besides its own */
};

/* The text of a file. */
bool render_input_read(struct go_env *env, const struct render_input *in, struct str path, size_t most,
                       struct str *text, struct error *error);

/* Loads the chart in the folder (or the packed chart) at `path`. NULL with `error` set where Helm refuses it. `in` may
 * be NULL. */
struct helm_chart *helm_chart_load(struct go_env *env, struct str path, const struct render_input *in,
                                   struct error *error);

/* "root/charts/sub": what stands before the names of its templates. */
struct str helm_chart_full_path(struct arena *a, const struct helm_chart *chart);

/* The values in a YAML text as Helm reads it (4: all documents, laid over each other), of the layer `layer` (NULL: they
 * come from nowhere). NULL with `error` set. */
struct go_map *helm_values_read(struct go_env *env, struct str text, const struct value_layer *layer,
                                struct error *error);

/* The path of the chart's values in those of the root: "sub.below"; empty for the root. */
struct str helm_values_prefix(struct arena *a, const struct helm_chart *chart);

/* A copy of `values` whose places are those of a layer with another prefix: for a chart under an alias. */
struct go_map *helm_values_move(struct go_env *env, struct go_map *values, struct str prefix);

/* A scalar of a YAML text where Helm wants a string: numbers and booleans become text; empty for anything else. */
struct str helm_text(struct arena *a, struct str source, const struct value *v);

/* `v` as a template sees it; its places are those of `layer`, below `path` (NULL: nobody asks). */
struct go_value helm_value_from(struct go_env *env, const struct value *v, const struct value_layer *layer,
                                const struct go_path *path);

#endif
