/* Brings a chart's fixes to the disk, so that the chart renders at every moment: where templates change along with
 * values, first the values with both places, then the templates, then the values without the old places. */
#ifndef FIX_FIX_WRITE_H
#define FIX_FIX_WRITE_H

#include "base/error.h"
#include "fix/fix.h"

/* Writes all files of `result`. Each is written as a whole or not at all, and only where it still holds what was read.
 * False where one cannot be written: then what was written before it is taken back as far as that can be done, and
 * `error` says what happened. */
bool fix_write(const struct fix_result *result, struct error *error);

#endif
