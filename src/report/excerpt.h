/* The line of a text that a finding is about, with its place marked. */
#ifndef REPORT_EXCERPT_H
#define REPORT_EXCERPT_H

#include "report/display.h"

/* Adds the first line of `span` with its number, and below it carets under the span. A line that is wider than
 * `width` columns (number included) is cut around the span. */
void excerpt_add(struct buf *out, const struct source *source, struct span span, unsigned width,
                 const struct palette *palette, enum severity severity);

/* How many columns stand before the rule (`|`) of an excerpt. */
size_t excerpt_margin(const struct source *source, struct span span);

#endif
