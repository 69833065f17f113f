/* Which template files a chart is rendered with. */
#ifndef CHART_TEMPLATES_H
#define CHART_TEMPLATES_H

#include "base/error.h"
#include "base/vec.h"

enum chart_template_kind {
    CHART_TEMPLATE_OWN,     /* the chart's own */
    CHART_TEMPLATE_SHARED,  /* the same, but a link leads out of the chart: others may use it too */
    CHART_TEMPLATE_LIBRARY, /* of a chart in charts/: only what it defines can be used here */
    CHART_TEMPLATE_PARENT,  /* of the chart that this one is a part of: the same, but it sees the values of this one */
};

struct chart_template {
    struct str path; /* joined from the folder; NUL behind it */
    enum chart_template_kind kind;
};

struct chart_templates VEC(struct chart_template);

struct chart_names VEC(struct str);

/* Adds all files below templates/ of the chart in `folder`, of the charts in its charts/, and, where it lies in the
 * charts/ of another chart, of that one; in the order of their paths. Hidden files are left out, as Helm does. False
 * where a folder that is there cannot be read: then `error` says which. */
bool chart_list_templates(struct arena *a, struct str folder, struct chart_templates *list, struct error *error);

/* The names of what lies in the charts/ of the chart in `folder`: folders of charts, packed ones, other files. None
 * where there is no such folder; false where it cannot be read. */
bool chart_list_subcharts(struct arena *a, struct str folder, struct chart_names *list);

/* Adds all files below `folder`, which charts share. The same. */
bool chart_list_shared(struct arena *a, struct str folder, struct chart_templates *list, struct error *error);

#endif
