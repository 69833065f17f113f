/* Brings a chart's fixes to the disk, so that the chart renders at every moment: where templates change along with
 * values, first the values with both places, then the templates, then the values without the old places. */
#ifndef FIX_FIX_WRITE_H
#define FIX_FIX_WRITE_H

#include "base/error.h"
#include "fix/fix.h"

/* Whether all files that the plan relies on still hold what was read. */
bool fix_is_current(const struct fix_result *result);

/* Writes all files of `result`; those outside of `boundary` (see chart/boundary.h; empty: there is none) are refused,
 * and nothing is written then. The caller holds the locks of their folders. Each is written as a whole or not at all,
 * and only where it still holds what was read. False where one cannot be written: then what was written before it is
 * taken back as far as that can be done, and `error` says what happened. */
bool fix_write(const struct fix_result *result, struct str boundary, struct error *error);

#endif
