/* A chart's values against its templates: what a template asks for that is not there, and what is there that none asks
 * for. */
#ifndef CHECK_TEMPLATES_H
#define CHECK_TEMPLATES_H

#include "base/error.h"
#include "chart/chart.h"
#include "check/reporter.h"

/* A template with what is found in it. */
struct template_report {
    struct source source;
    struct findings findings;
    bool unreadable;
};

struct template_reports VEC(struct template_report *);

/* The help of a failure that a chart around the one that is checked may keep from happening. */
#define TEMPLATES_SET_AROUND STR("the chart around this one may set the value")

struct tmpl_memo;
struct mesh_prints;
struct value_path;

struct templates_subject {
    struct str folder;
    const struct chart *chart;
    const struct value *values; /* of its values.yaml */
    const struct str *overlays; /* paths of files whose values may be laid over them */
    uint32_t overlay_count;
    const struct str *always; /* of these, files without which the chart is never installed */
    uint32_t always_count;
    bool exempt;                       /* the standard does not apply to it */
    const struct value_path **read_at; /* gets the root of the places that are read, NULL where they are not all
                                              known; may be NULL */
    /* Gives the text of a file. */
    bool (*read)(void *data, struct str path, struct str *text, struct error *error);
    void *data;
    struct mesh_prints
        *prints; /* gets what is printed, with names and a namespace as in the cluster; NULL: not wanted */
    const struct file_texts *buffers; /* lint_request.buffers */
    struct tmpl_memo *memo;           /* of templates that were parsed before, in the arena of the check; may be NULL */
};

/* Whether `check` is one of those of the values against the templates. */
bool templates_is_check(const struct checks *checks, const struct check *check);

/* Whether there is anything to look at, and anybody wants to know; `has_templates` tells whether the chart may have a
 * folder templates/. */
bool templates_wanted(const struct checks *checks, const struct settings *settings, bool has_templates);

/* Whether the chart in `folder` lies in charts/ of another one. */
bool templates_of_subchart(struct arena *a, struct str folder);

/* Marks as read below `root` what Helm itself reads of the values: conditions, tags, what others import, globals. */
void templates_mark_helm(struct arena *a, struct value_path *root, const struct chart *chart);

/* Checks the chart. What is found in values.yaml goes to `f`, which stands for it, and what is found in templates to
 * `reports`, one for each file that has any. */
void templates_check(struct reporter *f, const struct templates_subject *subject, struct template_reports *reports);

#endif
