/* One chart of a run with --fix or --diff: plans its fixes, writes them, and checks what is left. */
#ifndef RUN_REPAIR_H
#define RUN_REPAIR_H

#include "check/lint.h"
#include "fix/fix.h"

struct real_helm;

struct repair_options {
    bool unsafe;                     /* also what changes what templates print */
    bool write;                      /* else the files stay as they are */
    bool waits;                      /* what other charts hold back is to be tried again: see lint_result.again */
    bool check;                      /* tell what is left; else only what was done */
    const struct real_helm *helm;    /* that has to print the same before anything is written; NULL for none */
    const struct fix_rename *rename; /* only this move; NULL for what the standard asks for */
};

/* Everything in `result` lives in the arena; `result->fixed` tells what was done. Where writing fails, the files are as
 * they were, `result->failure` says why, and the check is that of the files as they are. */
void repair_chart(struct arena *a, const struct lint_request *request, const struct repair_options *options,
                  struct lint_result *result);

#endif
