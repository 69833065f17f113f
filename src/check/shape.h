/* Values against the schema: its violations as findings that a person can act on. */
#ifndef CHECK_SHAPE_H
#define CHECK_SHAPE_H

#include "chart/templates.h"
#include "check/legacy.h"

/* Adds a finding for each violation. A missing block is one finding, small missing keys of one mapping are one
 * together, and what `legacy` already tells is not told again. With `overlay`, nothing is missing. The keys `global`,
 * `tags` and `parts`, those of subcharts, are never unknown. What was found is also left in `violations`, which must be
 * empty. */
void shape_check(struct reporter *f, struct regex_work *work, const struct value *values,
                 const struct legacy_state *legacy, bool overlay, const struct chart_names *parts,
                 struct violations *violations);

/* Adds a finding for each key that is missing though its condition (`when` in the schema) asks for it, given the slots
 * of enum rule_variable. A condition on values that do not fit the schema is not asked. */
void shape_check_when(struct reporter *f, const struct value *values, const struct cel_value *slots,
                      const struct violations *violations);

/* Names the standard in the help of the findings from the one at `first` on, where charts have several. */
void shape_name_standard(struct reporter *f, uint32_t first);

#endif
