#include "value/change.h"

/* The changes below one key of a map, all `depth` keys down. */
struct group {
    struct value_change *items;
    uint32_t count;
};

static struct value change_map(struct arena *a, const struct value *root, struct group group, uint32_t depth);

/* What becomes of `old` (NULL: nothing stands there), to which all changes of the group lead. */
static struct value change_value(struct arena *a, const struct value *old, struct group group, uint32_t depth) {
    if (group.items[0].count == depth) return group.items[0].value;
    return change_map(a, old, group, depth);
}

/* Brings the changes whose key at `depth` is that of the first to the front; gives how many they are. */
static uint32_t gather(struct group group, uint32_t depth) {
    uint32_t same = 1;
    for (uint32_t i = 1; i < group.count; i++) {
        if (!str_eq(group.items[i].keys[depth], group.items[0].keys[depth])) continue;
        struct value_change change = group.items[i];
        memmove(group.items + same + 1, group.items + same, sizeof change * (i - same));
        group.items[same++] = change;
    }
    return same;
}

static struct value change_map(struct arena *a, const struct value *root, struct group group, uint32_t depth) {
    bool found, map = root && root->kind == VALUE_MAP;
    struct value out = map ? value_map_copy(a, root, group.count) : value_map_new(a, group.count);
    while (group.count) {
        struct group below = {group.items, gather(group, depth)};
        struct member *member = value_map_put(&out, below.items[0].keys[depth], &found);
        member->value = change_value(a, found ? &member->value : NULL, below, depth + 1);
        group = (struct group){group.items + below.count, group.count - below.count};
    }
    return out;
}

struct value value_with(struct arena *a, const struct value *root, const struct value_change *changes, uint32_t count) {
    struct value_change *items = arena_array(a, struct value_change, count + 1);
    if (count == 0) return *root;
    memcpy(items, changes, sizeof *items * count);
    return change_map(a, root, (struct group){items, count}, 0);
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
