/* Why --fix leaves a finding: the planner's refusals, said in the findings that they are about. */
#ifndef RUN_EXPLAIN_H
#define RUN_EXPLAIN_H

#include "fix/fix.h"

struct explain_words {
    const char *label;
    bool places; /* the plan was about the texts that the findings are about; else its places are in texts to come */
};

/* Says in each finding of the values files in `result` that --fix does not remove (`fix` is not FIX_SAFE) why `fixed`
 * refused it: behind the label and a colon, as a second place where the reason has one that counts, else in its help.
 * Quotes files: comes before lint_mask_secrets. */
void explain_refusals(struct arena *a, const struct checks *checks, const struct fix_result *fixed,
                      const struct explain_words *words, struct lint_result *result);

#endif
