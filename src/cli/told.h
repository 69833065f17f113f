/* Findings in the templates that charts share: what is so for all of these charts is told once. */
#ifndef CLI_TOLD_H
#define CLI_TOLD_H

#include "check/lint.h"

struct told {
    struct arena *arena;
    struct map findings; /* "path\nid start message" */
};

/* Takes away what was told of files outside of the chart's folder before. */
void told_take(struct told *told, const struct chart_paths *paths, struct lint_result *result);

#endif
