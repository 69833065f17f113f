/* Values with a change: values are only read once they are made, so that a change gives new ones, which share what
 * stays the same with the old. */
#ifndef VALUE_CHANGE_H
#define VALUE_CHANGE_H

#include "value/value.h"

/* A value that comes to stand at a path. */
struct value_change {
    const struct str *keys;
    uint32_t count; /* at least one */
    struct value value;
};

/* `root` with `changes`, of which none lies below another; of several at one path the last one counts. Each comes in
 * place of what stands there, an item of a list too, else behind the last member. Maps that are missing on the way are
 * made; what is neither a map nor a list with that item on the way is replaced by one. */
struct value value_with(struct arena *a, const struct value *root, const struct value_change *changes, uint32_t count);

/* `base` with `over` on top, as Helm lays one values file over another: maps are merged key by key, a null takes a key
 * away, everything else replaces what stood there. */
struct value value_overlay(struct arena *a, const struct value *base, const struct value *over);

#endif
