/* Findings in the templates that charts share: one that several charts have is reported once. */
#ifndef CLI_DEDUP_H
#define CLI_DEDUP_H

#include "check/lint.h"

struct dedup {
    struct arena *arena;
    struct map findings; /* "path\nid start message" */
};

/* Drops the findings in files outside of the chart's folder that an earlier chart had too. */
void dedup_drop(struct dedup *dedup, const struct chart_paths *paths, struct lint_result *result);

#endif
