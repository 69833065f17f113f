#include "value/change.h"

#include "base/map.h"
#include "value/pointer.h"

/* The changes below one key of a map, all `depth` keys down. */
struct group {
    struct value_change *items;
    uint32_t count;
};

static struct value change_below(struct arena *a, const struct value *root, struct group group, uint32_t depth);

/* What becomes of `old` (NULL: nothing stands there), to which all changes of the group lead. */
static struct value change_value(struct arena *a, const struct value *old, struct group group, uint32_t depth) {
    if (group.items[0].count == depth) return group.items[group.count - 1].value;
    return change_below(a, old, group, depth);
}

/* Sorts the changes by their keys at `depth`: those of one key stand together, in their order, and the keys in the
 * order of their first ones. `ends` gets where each key's changes end; gives the number of keys. */
static uint32_t gather(struct arena *a, struct group group, uint32_t depth, uint32_t *ends) {
    uint32_t *of = arena_array(a, uint32_t, group.count); /* the number of each one's key */
    struct value_change *sorted = arena_array(a, struct value_change, group.count);
    struct map keys = {NULL, 0, 0, NULL, 0};
    for (uint32_t i = 0; i < group.count; i++) {
        struct str key = group.items[i].keys[depth];
        uint32_t *end = map_get(&keys, key);
        if (!end) map_put(a, &keys, key, end = &ends[keys.len]);
        of[i] = (uint32_t)(end - ends);
    }
    for (uint32_t k = 0; k < keys.len; k++) ends[k] = 0;
    for (uint32_t i = 0; i < group.count; i++) ends[of[i]]++;
    for (uint32_t k = 0, start = 0; k < keys.len; k++) {
        uint32_t count = ends[k];
        ends[k] = start;
        start += count;
    }
    for (uint32_t i = 0; i < group.count; i++) sorted[ends[of[i]]++] = group.items[i];
    memcpy(group.items, sorted, sizeof *sorted * group.count);
    return keys.len;
}

static struct value change_map(struct arena *a, const struct value *root, struct group group, uint32_t depth) {
    bool found, map = root && root->kind == VALUE_MAP;
    struct value out = map ? value_map_copy(a, root, group.count) : value_map_new(a, group.count);
    uint32_t *ends = arena_array(a, uint32_t, group.count), count = gather(a, group, depth, ends);
    for (uint32_t k = 0, start = 0; k < count; start = ends[k++]) {
        struct group below = {group.items + start, ends[k] - start};
        struct member *member = value_map_put(&out, below.items[0].keys[depth], &found);
        member->value = change_value(a, found ? &member->value : NULL, below, depth + 1);
    }
    return out;
}

/* Whether all changes lead to items that the list has. */
static bool has_items(const struct value *list, struct group group, uint32_t depth) {
    for (uint32_t i = 0; i < group.count; i++) {
        uint32_t index;
        if (!pointer_index(group.items[i].keys[depth], &index) || index >= list->list.len) return false;
    }
    return true;
}

static struct value change_list(struct arena *a, const struct value *root, struct group group, uint32_t depth) {
    struct value out = *root;
    uint32_t *ends = arena_array(a, uint32_t, group.count), count = gather(a, group, depth, ends), index;
    out.list.items = arena_alloc_raw(a, sizeof *out.list.items * (root->list.len + 1));
    memcpy(out.list.items, root->list.items, sizeof *out.list.items * root->list.len);
    for (uint32_t k = 0, start = 0; k < count; start = ends[k++]) {
        struct group below = {group.items + start, ends[k] - start};
        if (pointer_index(below.items[0].keys[depth], &index))
            out.list.items[index] = change_value(a, &root->list.items[index], below, depth + 1);
    }
    out.node = 0; /* it is no longer what stands there */
    out.span = (struct span){0, 0};
    return out;
}

static struct value change_below(struct arena *a, const struct value *root, struct group group, uint32_t depth) {
    bool list = root && root->kind == VALUE_LIST && has_items(root, group, depth);
    return (list ? change_list : change_map)(a, root, group, depth);
}

struct value value_with(struct arena *a, const struct value *root, const struct value_change *changes, uint32_t count) {
    struct value_change *items = arena_array(a, struct value_change, count + 1);
    if (count == 0) return *root;
    memcpy(items, changes, sizeof *items * count);
    return change_below(a, root, (struct group){items, count}, 0);
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
