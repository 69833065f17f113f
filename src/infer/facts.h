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
    struct chart_names parts; /* keys at the top below which the values of its subcharts stand */
    struct str role;          /* what its templates make: "Deployment, Service"; "" where they make nothing */
    struct field_uses fields;
    bool has_names;   /* the templates could be read, and name these keys */
    struct map names; /* see named_keys.h */
};

/* Reads the chart of `paths`; `closely`: with its comments, and with what its templates print once all that is off by
 * default is on. Everything lives in the arena; `facts` must not move. Writes nothing, shares nothing. */
void facts_read(struct arena *a, const struct chart_paths *paths, bool closely, struct facts *facts);

#endif
