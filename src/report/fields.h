/* Findings and the summary as JSON objects, the same in every JSON format; docs/output.md describes them. */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include "base/buf.h"
#include "report/report.h"

/* Adds the members of the object of a finding, without braces. */
void fields_add_finding(struct buf *out, const struct report_options *options, const struct report_file *file,
                        const struct finding *finding);

/* Adds the members of the object of the summary, without braces. */
void fields_add_summary(struct buf *out, const struct report_summary *summary);

#endif
