/* What a chart's templates print with its values, and with each overlay: renders that end, and objects that Kubernetes
 * would refuse. All of it is preview: where no such rule is on, nothing is run. */
#ifndef CHECK_PRINTED_H
#define CHECK_PRINTED_H

#include "check/templates.h"
#include "check/unread.h"

/* Whether anybody wants to know. */
bool printed_wanted(const struct checks *checks, const struct settings *settings);

/* Runs the chart's templates. What is found in values.yaml goes to `f`, which stands for it; what is found elsewhere to
 * `reports`, which may hold reports on some of the files. Sets found->run where the templates came to their end. */
void printed_check(struct reporter *f, const struct templates_subject *subject, struct template_reports *reports,
                   struct reads_found *found);

/* Tells that the chart's templates are not run, since fixes are planned that are not in its files. */
void printed_unwritten(struct reporter *f);

#endif
