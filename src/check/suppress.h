/* Comments that switch findings off where they stand:
 *
 *     tag: latest  # valuelint: ignore[VL201] pinned by the pipeline
 *     # valuelint: ignore[VL101, unknown-key]     (on the line above a key: for all that is below the key)
 *     # valuelint: ignore-file[VL3]               (above the first key: for the whole file)
 *
 * Without brackets every finding is meant. */
#ifndef CHECK_SUPPRESS_H
#define CHECK_SUPPRESS_H

#include "check/reporter.h"

struct suppressions;

/* The comments of the tree's text that suppress; NULL where there are none. Adds a finding for each that cannot be
 * understood. */
struct suppressions *suppress_read(struct reporter *f);

/* Whether one of `suppressions` (may be NULL) is meant for a finding of `check` at `span`. */
bool suppress_holds_back(struct suppressions *suppressions, const struct check *check, struct span span);

/* Takes the findings out of f->findings that a comment of the tree's text suppresses, and adds one for each comment
 * that suppresses nothing or cannot be understood. Gives the number of findings taken out. */
uint32_t suppress_findings(struct reporter *f);

#endif
