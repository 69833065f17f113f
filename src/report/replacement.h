/* What a program can do about one finding on its own. */
#ifndef REPORT_REPLACEMENT_H
#define REPORT_REPLACEMENT_H

#include "report/report.h"

/* The edits of --fix inside of the finding's own text; none where the finding is no safe fix, where its fix reaches
 * beyond it (a move, a key that is added: half of it would do harm), or where a secret would show. */
struct edits replacement_of(struct arena *a, const struct report_file *file, const struct finding *finding);

#endif
