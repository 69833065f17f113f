/* Where the findings on what templates print go. Internal to the check of them. */
#ifndef CHECK_PRINTED_REPORT_H
#define CHECK_PRINTED_REPORT_H

#include "check/printed.h"
#include "check/unread.h"
#include "object/object.h"
#include "render/render.h"

struct printed {
    struct reporter *values; /* of values.yaml */
    const struct templates_subject *subject;
    struct template_reports all; /* made here or before: some may hold nothing */
    struct map files;            /* path -> its text */
    struct map sources;          /* path of a values file -> struct source */
    struct map seen;             /* what was told: rule and place */
    struct value_reads *reads;   /* what the runs read */
    struct tmpl_memo *memo;      /* of the templates */
    struct str kube_version;     /* that the templates run for; empty for Helm's own */
    uint8_t minor;               /* of it */
    struct str overlay;          /* the name of the one that lies over the values; empty for none */
};

/* Adds a finding on what the template at `site` does; NULL where the same was told before, or VL901 tells of the place.
 * `within` narrows the place, where it is not empty. The calls that led there, and the values `paths`, are related. */
struct finding *printed_add(struct printed *p, enum builtin_check check, const struct go_site *site, struct span within,
                            const struct go_paths *paths, struct str message);

/* Sets kube_version and minor. */
void printed_choose_version(struct printed *p);

/* Adds what is wrong with the objects in the manifests of a render. */
void printed_check_objects(struct printed *p, const struct manifests *manifests);

/* Adds what would fail in those parts of the chart's own templates that did not run. */
void printed_check_faults(struct printed *p);

/* Adds what templates read of the values and none of the runs, whose values are `values`, defines. */
void printed_check_missing(struct printed *p, const struct reads_found *found, struct go_map *const *values,
                           uint32_t count);

/* Where in a document that Helm refuses the fault is. */
struct object_origin printed_refused_at(struct arena *a, const struct go_value *text);

#endif
