/* What is called fixable is fixed: the findings of a check are joined with what the planner would do about them.
 *
 * Checks mark a finding that looks fixable, since they know its kind. Whether it is depends on the whole chart: on its
 * templates, on its overlays, on the chart around it. So where something looks fixable, the fixes are planned, the
 * texts that they lead to are checked, and the findings that this check does not have any more are the fixable ones. A
 * chart without anything that looks fixable is not planned. */
#ifndef RUN_FIXABLE_H
#define RUN_FIXABLE_H

#include "check/lint.h"

/* Which fixes were made before the check. */
enum fixable_done { FIXABLE_NOTHING_DONE, FIXABLE_SAFE_DONE, FIXABLE_ALL_DONE };

/* Sets `fix` of each finding in `result`, which is what lint_chart gave for `request`: FIX_SAFE where --fix removes it,
 * FIX_UNSAFE where only --unsafe-fixes does; and says why it is not FIX_SAFE where the planner refused it. What was
 * done already is not planned again: a second run finds nothing. */
void fixable_mark(struct arena *a, const struct lint_request *request, enum fixable_done done,
                  struct lint_result *result);

#endif
