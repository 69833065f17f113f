/* How a run went, in words: shared by the formats that a person reads. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "base/buf.h"
#include "report/report.h"

/* All findings of the run. */
uint32_t summary_total(const struct report_summary *summary);

/* Adds "Found 2 problems (1 error, 1 warning) in 11 charts." and what can be fixed, was suppressed or could not be
 * read; one line without a line end. */
void summary_add(struct buf *out, const struct report_summary *summary);

/* Adds what was fixed: where values moved to, what was refused, how many files changed; in lines. With `quiet` only the
 * last. Nothing where there was nothing to fix. */
void summary_add_fixes(struct buf *out, const struct report_summary *summary, bool quiet);

/* Adds the table of --statistics with an empty line behind it, and one before it with `leading`; nothing where there
 * are none. */
void summary_add_statistics(struct buf *out, const struct report_summary *summary, bool leading);

/* Adds what stands at the end of a report in lines: statistics (see there for `leading`), notes, the summary. With
 * `options->quiet` no notes, and no summary of a run without findings; with `verbose` a note for each file. */
void summary_add_all(struct buf *out, const struct report_summary *summary, const struct report_options *options,
                     bool leading);

#endif
