/* Values against the schema: its violations as findings that a person can act on. */
#ifndef ENGINE_SHAPE_H
#define ENGINE_SHAPE_H

#include "engine/legacy.h"

/* Adds a finding for each violation. A missing block is one finding, small missing keys of one mapping are one together,
 * and what `legacy` already tells is not told again. With `overlay`, nothing is missing. What was found is
 * also left in `violations`, which must be empty. */
void shape_check(struct finder *f, const struct value *values, const struct legacy_state *legacy, bool overlay,
                 struct violations *violations);

#endif
