#include "value/change.h"

struct value value_with(struct arena *a, const struct value *root, const struct str *keys, uint32_t count,
                        const struct value *value) {
    bool found, map = root && root->kind == VALUE_MAP;
    if (count == 0) return *value;
    struct value out = value_map_new(a, (map ? root->map.len : 0) + 1);
    if (map) out.node = root->node, out.span = root->span;
    for (uint32_t i = 0; map && i < root->map.len; i++) {
        struct member *copy = value_map_put(&out, root->map.members[i].key, &found);
        copy->key_span = root->map.members[i].key_span;
        copy->value = root->map.members[i].value;
    }
    const struct value *below = map ? value_get(root, keys[0]) : NULL;
    struct value changed = value_with(a, below, keys + 1, count - 1, value);
    value_map_put(&out, keys[0], &found)->value = changed;
    return out;
}

struct value value_overlay(struct arena *a, const struct value *base, const struct value *over) {
    bool found;
    if (base->kind != VALUE_MAP || over->kind != VALUE_MAP) return *over;
    struct value out = value_map_new(a, base->map.len + over->map.len);
    for (uint32_t i = 0; i < base->map.len; i++) {
        const struct member *member = &base->map.members[i];
        const struct value *on_top = value_get(over, member->key);
        if (on_top && on_top->kind == VALUE_NULL) continue;
        value_map_put(&out, member->key, &found)->value =
            on_top ? value_overlay(a, &member->value, on_top) : member->value;
    }
    for (uint32_t i = 0; i < over->map.len; i++) {
        const struct member *member = &over->map.members[i];
        if (!value_get(base, member->key) && member->value.kind != VALUE_NULL)
            value_map_put(&out, member->key, &found)->value = member->value;
    }
    return out;
}
