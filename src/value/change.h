/* Values with a change: values are only read once they are made, so that a change gives new ones, which share what
 * stays the same with the old. */
#ifndef VALUE_CHANGE_H
#define VALUE_CHANGE_H

#include "value/value.h"

/* `root` with `value` at the path `keys[0..count)`: in place of what stands there, else as the last member. Maps that
 * are missing on the way are made; what is no map on the way is replaced by one. */
struct value value_with(struct arena *a, const struct value *root, const struct str *keys, uint32_t count,
                        const struct value *value);

/* `base` with `over` on top, as Helm lays one values file over another: maps are merged key by key, a null takes a key
 * away, everything else replaces what stood there. */
struct value value_overlay(struct arena *a, const struct value *base, const struct value *over);

#endif
