/* Which names the templates of a chart use. */
#ifndef RELEASE_NAMES_H
#define RELEASE_NAMES_H

#include "release/world.h"

/* Finds the names in the chart's own templates and in the packed charts of its charts/. */
void names_read(struct arena *a, const struct release_chart *chart, struct release_names *names);

#endif
