/* What a run with --fix or --diff does beside its reports: the diffs, what went wrong, and the figures of the summary.
 */
#ifndef CLI_FIXES_H
#define CLI_FIXES_H

#include "check/lint.h"
#include "cli/options.h"

struct fixes {
    struct arena *arena;
    const struct options *options;
    bool color;       /* of the diffs */
    bool terminal;    /* shows the diffs */
    struct map again; /* folder of a chart that came, or comes, again -> struct map: its files that were changed */
    struct map moves; /* "from\nto" -> struct report_move */
    struct VEC(struct report_unfixed) unfixed;
    struct VEC(struct str) changed; /* folders of the charts that were changed */
    uint32_t done;                  /* charts */
    struct report_fixes figures;
    bool named;      /* of `mv`: a chart has to do with the old place */
    struct str near; /* of `mv`: a path that may be meant; empty for none */
    bool failed;     /* a file could not be written, or a promise would have been broken */
    bool unwritten;  /* a diff could not be printed */
};

/* Begins; nothing was fixed by then. */
void fixes_begin(struct fixes *fixes, struct arena *a, const struct options *options);

/* Takes what was done to one chart into account, and prints its diff where one was asked for. */
void fixes_chart(struct fixes *fixes, const struct chart_paths *paths, const struct lint_result *result);

/* The same for a manifest of a mesh's overlays: its fixes (they are all unsafe) are written or shown as the options
 * say. The findings that are written are taken out of `file`. */
void fixes_manifest(struct fixes *fixes, struct lint_file *file);

/* Says on standard error what was changed until a signal came; `total` is the number of charts. */
void fixes_interrupted(const struct fixes *fixes, uint32_t total);

/* The figures, for the summary; they live as long as `fixes`. */
const struct report_fixes *fixes_figures(struct fixes *fixes);

#endif
