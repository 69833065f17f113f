/* What one chart has to say: its values, which comments stand at them, what its templates make. */
#ifndef INFER_FACTS_H
#define INFER_FACTS_H

#include "chart/chart.h"
#include "chart/discover.h"
#include "chart/templates.h"
#include "infer/field.h"
#include "infer/named_keys.h"
#include "yaml/slab.h"

struct facts {
    struct str skipped; /* why nothing is learned from the chart; empty where something is */
    struct str folder;
    struct chart chart;
    struct source source;
    struct tree tree;
    struct slabs slabs; /* of a chart that is read closely */
    bool closely;
    struct value values;
    struct chart_names overlay_keys; /* keys at the top of its overlays that its values lack */
    struct chart_names parts;        /* keys at the top below which the values of its subcharts stand */
    struct str role;                 /* what its templates make: "Deployment, Service"; "" where they make nothing */
    struct field_uses fields;
    bool has_names;   /* the templates could be read, and name these keys */
    struct map names; /* see named_keys.h */
};

/* How a chart is read. */
struct facts_request {
    const struct chart_paths *paths;
    bool closely; /* with its comments, and with what its templates print once all that is off by default is on */
    struct str boundary; /* the folder (absolute, without links) inside of which its dependencies may lie */
};

/* Reads a chart. Everything lives in the arena; `facts` must not move. Writes nothing, shares nothing. */
void facts_read(struct arena *a, const struct facts_request *request, struct facts *facts);

#endif
