/* What --fix would do to one file, in HTML; secrets are masked. */
#ifndef REPORT_HTML_DIFF_H
#define REPORT_HTML_DIFF_H

#include "base/buf.h"
#include "base/map.h"
#include "report/report.h"

struct html_diff {
    struct arena *arena;
    const struct source *source;
    struct str text;         /* of the source, without secrets, at equal length */
    struct edits edits;      /* the same */
    struct str after;        /* the text with the edits */
    struct map blocks;       /* dotted path -> struct str, the key's lines in the text */
    struct map blocks_after; /* the same for the text after the edits */
};

/* Begins with a file that has fixes; all of it lives in the arena. */
struct html_diff html_diff_begin(struct arena *a, const struct report_file *file);

/* Adds what --fix does about the finding: what changes in its lines, and the keys that it misses. Nothing where that is
 * too much for one finding. */
void html_diff_add_part(struct buf *out, const struct html_diff *diff, const struct finding *finding);

/* Adds all changes of the file, to be opened. */
void html_diff_add_all(struct buf *out, const struct html_diff *diff);

#endif
