/* What `helm template` prints for a chart, without Helm. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "render/manifest.h"

struct render_strings VEC(struct str);

struct render_options {
    struct str chart; /* a folder or a packed chart; NUL behind it */
    struct root_options root;
    struct render_strings values; /* files, as -f takes them */
    struct render_strings set_json, set, set_string;
    struct render_strings show_only; /* only manifests of these templates: paths below the chart, with globs */
    bool include_crds, skip_tests, no_hooks;
    struct str
        local; /* dependencies that charts/ lacks come from this folder (local.h); empty: Helm refuses the chart */
    const struct render_input *in; /* NULL: all is as the disk has it */
};

/* How far a render came. */
enum render_stage {
    RENDER_LOAD,     /* the chart, a values file or an option cannot be read */
    RENDER_CHART,    /* it cannot be rendered as it lies there: a library, a dependency that is missing */
    RENDER_VALUES,   /* before templates: a dependency's values, the chart's schema */
    RENDER_CLUSTER,  /* the chart's kubeVersion */
    RENDER_TEMPLATE, /* a template does not parse, or fails */
    RENDER_OUTPUT,   /* what they print is no manifest */
    RENDER_DONE,
};

struct render_result {
    enum render_stage stage;
    struct str message;             /* why it ended there, in Helm's words as far as there are such */
    struct template_error template; /* of RENDER_TEMPLATE */
    const struct go_paths *at;      /* of RENDER_VALUES: the value that is wrong; NULL where that is not known */
    const struct helm_chart *chart; /* with the subcharts that are switched on; NULL where it came not to that */
    struct go_map *values;          /* what .Values was at first; NULL where it did not come to that */
    struct template_files files;    /* with their outputs */
    struct manifests manifests, hooks;
    struct manifest refused; /* of RENDER_OUTPUT */
    struct go_value text;    /* what is printed: a string, which may have holes */
};

/* Renders `options->chart` with the environment's Helm, memory and budget; an empty kube_version is Helm's own. False
 * where it ends before RENDER_DONE. */
bool render_chart(struct go_env *env, const struct render_options *options, struct render_result *result);

#endif
