/* What a template's dot holds at the top: .Values, .Chart, .Release, .Capabilities, .Files, .Subcharts. */
#ifndef RENDER_ROOT_H
#define RENDER_ROOT_H

#include "render/helm_chart.h"
#include "template/eval/program.h"

struct root_options {
    struct str release;
    struct str name_space;
    bool is_upgrade;
    struct str kube_version;        /* v1.37.0 */
    const struct str *api_versions; /* besides those that Helm knows */
    uint32_t api_version_count;
};

struct template_files VEC(struct template_file);

/* Makes the roots of `chart` and its subcharts with the coalesced `values`, and lists all template files with them. */
void root_build(struct go_env *env, const struct helm_chart *chart, struct go_map *values,
                const struct root_options *options, struct template_files *files);

/* The version of Kubernetes that `text` means, as --kube-version takes it (v1.29.0 for 1.29), and the one that a Helm
 * of this major version takes by itself. */
bool kube_version_parse(struct arena *a, struct str text, struct str *version);
struct str kube_version_default(uint8_t helm);

#endif
