/* Values that no template reads, and values that templates read and no file defines. */
#ifndef CHECK_UNREAD_H
#define CHECK_UNREAD_H

#include "check/templates.h"
#include "template/eval/reads.h"

/* What is known of what a chart's templates read. A value that one of the two calls unread is. */
struct reads_found {
    const struct value_path *named; /* by the analysis for any values; NULL where not all is known */
    const struct value_reads *run; /* by running the templates with values.yaml and each overlay; NULL: they were not */
};

/* Adds what no template reads of the values of `subject`, whose file `f` stands for. */
void unread_check(struct reporter *f, const struct templates_subject *subject, const struct reads_found *found);

/* The same for an overlay, the file of `f`, that holds `values`; `defaults` is what values.yaml holds. */
void unread_check_overlay(struct reporter *f, const struct reads_found *found, const struct value *values,
                          const struct value *defaults);

/* The key that templates read, and the values around `path` (dotted) do not hold, whose name is nearest to that of
 * `path`; empty for none. */
struct str unread_nearest(struct arena *a, const struct reads_found *found, const struct value *values,
                          struct str path);

/* The key in `values` that no template reads whose name is nearest to the missing one at `path`, or NULL. */
const struct member *unread_meant(struct arena *a, const struct reads_found *found, const struct value *values,
                                  struct str path);

/* Lets reads that fail for want of a value (VL901, in `reports`) name the key of `values` that may be meant. */
void unread_name_failures(struct reporter *f, struct template_reports *reports, const struct reads_found *found,
                          const struct value *values);

#endif
