/* Functions of dictionaries. Maps are shared: set, unset and merge change them for all who hold them. */
#include "template/eval/fn_help.h"

static bool give_unknown(struct go_call *call, const struct go_type *type, const struct go_hole *hole) {
    return go_give(call, go_hole_like(call->env, type, hole));
}

/* The map argument `index`; an empty one for nil, NULL for a hole. */
static struct go_map *map_argument(struct go_call *call, uint32_t index) {
    const struct go_value *v = &call->args[index];
    if (go_kind(v) == GO_MAP) return v->map;
    if (go_kind(v) == GO_HOLE) return NULL;
    return go_map(call->env, &GO_TYPE_MAP, 0).map;
}

static bool fn_dict(struct go_call *call) {
    const struct go_hole *hole = NULL;
    struct go_value made = go_map(call->env, &GO_TYPE_MAP, (call->count + 1) / 2);
    for (uint32_t i = 0; i < call->count; i += 2) {
        struct str key = fn_strval(call, &call->args[i], &hole);
        if (hole) {
            made.map->open = true;
            made.map->hole = hole;
            hole = NULL;
            continue;
        }
        go_map_set(call->env, made.map, key, i + 1 < call->count ? call->args[i + 1] : go_string(STR("")));
    }
    return go_give(call, made);
}

static bool fn_get(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    const struct go_hole *hole = fn_hole(call, &call->args[1]);
    if (!map) hole = call->args[0].hole;
    struct go_value *found = hole ? NULL : go_map_get(map, fn_text(call, 1));
    if (!hole && !found && map->open) hole = map->hole;
    if (hole) return give_unknown(call, &GO_TYPE_HOLE, hole);
    return go_give(call, found ? *found : go_string(STR("")));
}

static bool fn_set(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    const struct go_hole *hole = fn_hole(call, &call->args[1]);
    if (!map) return give_unknown(call, &GO_TYPE_HOLE, call->args[0].hole);
    if (go_is_nil(&call->args[0]) || map->nil) return go_fail(call, "assignment to entry in nil map");
    if (hole) { /* some key, any one */
        for (uint32_t i = 0; i < map->len; i++) map->members[i].value = go_hole_like(call->env, &GO_TYPE_HOLE, hole);
        map->open = true;
        map->hole = hole;
    } else {
        go_map_set(call->env, map, fn_text(call, 1), call->args[2]);
    }
    return go_give(call, call->args[0]);
}

static bool fn_unset(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    if (!map) return give_unknown(call, &GO_TYPE_HOLE, call->args[0].hole);
    if (fn_hole(call, &call->args[1])) {
        const struct go_hole *hole = fn_hole(call, &call->args[1]);
        for (uint32_t i = 0; i < map->len; i++) map->members[i].value = go_hole_like(call->env, &GO_TYPE_HOLE, hole);
    } else if (!go_is_nil(&call->args[0])) {
        go_map_remove(call->env, map, fn_text(call, 1));
    }
    return go_give(call, call->args[0]);
}

static bool fn_has_key(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    const struct go_hole *hole = fn_hole(call, &call->args[1]);
    if (!map) hole = call->args[0].hole;
    struct go_value *found = hole ? NULL : go_map_get(map, fn_text(call, 1));
    if (!hole && !found && map->open) hole = map->hole;
    if (hole) return give_unknown(call, &GO_TYPE_BOOL, hole);
    return go_give(call, go_bool(found != NULL));
}

static bool fn_pluck(struct go_call *call) {
    struct go_value *items = fn_items(call, call->count);
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < call->count && !hole; i++) {
        struct go_map *map = map_argument(call, i);
        struct go_value *found = map ? go_map_get(map, fn_text(call, 0)) : NULL;
        if (!map) hole = call->args[i].hole;
        else if (found) items[kept++] = *found;
        else if (map->open) hole = map->hole;
    }
    if (hole) return give_unknown(call, &GO_TYPE_LIST, hole);
    return go_give(call, go_list(&GO_TYPE_LIST, items, kept));
}

/* Go gives the keys of a map in no order, different from call to call; ours is that of the bytes. */
static bool fn_keys(struct go_call *call) {
    uint32_t len = 0, at = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        struct go_map *map = map_argument(call, i);
        if (!map || map->open) return give_unknown(call, &GO_TYPE_STRINGS, map ? map->hole : call->args[i].hole);
        len += map->len;
    }
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < call->count; i++) {
        struct go_map *map = map_argument(call, i);
        go_map_sort(map);
        for (uint32_t k = 0; k < map->len; k++) items[at++] = go_string(map->members[k].key);
    }
    return go_give(call, go_list(&GO_TYPE_STRINGS, items, len));
}

static bool fn_values(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    if (!map || map->open) return give_unknown(call, &GO_TYPE_LIST, map ? map->hole : call->args[0].hole);
    struct go_value *items = fn_items(call, map->len);
    go_map_sort(map);
    for (uint32_t i = 0; i < map->len; i++) items[i] = map->members[i].value;
    return go_give(call, go_list(&GO_TYPE_LIST, items, map->len));
}

static const struct go_hole *hole_in_keys(struct go_call *call) {
    const struct go_hole *hole = NULL;
    for (uint32_t i = 1; i < call->count && !hole; i++) hole = fn_hole(call, &call->args[i]);
    return hole;
}

static bool fn_pick(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    const struct go_hole *hole = map ? hole_in_keys(call) : call->args[0].hole;
    struct go_value made = go_map(call->env, &GO_TYPE_MAP, call->count - 1);
    for (uint32_t i = 1; i < call->count && !hole; i++) {
        struct go_value *found = go_map_get(map, fn_text(call, i));
        if (found) go_map_set(call->env, made.map, fn_text(call, i), *found);
        else if (map->open) hole = map->hole;
    }
    return hole ? give_unknown(call, &GO_TYPE_MAP, hole) : go_give(call, made);
}

static bool fn_omit(struct go_call *call) {
    struct go_map *map = map_argument(call, 0);
    const struct go_hole *hole = map ? hole_in_keys(call) : call->args[0].hole;
    if (hole) return give_unknown(call, &GO_TYPE_MAP, hole);
    struct go_value made = go_map(call->env, &GO_TYPE_MAP, map->len);
    for (uint32_t i = 0; i < map->len; i++) {
        bool left_out = false;
        for (uint32_t k = 1; k < call->count && !left_out; k++)
            left_out = str_eq(map->members[i].key, fn_text(call, k));
        if (!left_out) go_map_set(call->env, made.map, map->members[i].key, map->members[i].value);
    }
    made.map->open = map->open;
    made.map->hole = map->hole;
    return go_give(call, made);
}

#define DEPTH_MAX 1000

/* Sets a member of `into`; what is not of its type (of a map of strings) is mergo's panic. */
static bool set_member(struct go_call *call, const struct go_value *into, struct str key, struct go_value value,
                       const struct go_type *from) {
    bool fits = into->type->elem != &GO_TYPE_STRING || from->elem == &GO_TYPE_STRING;
    if (!fits)
        return go_fail(call, "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string");
    go_map_set(call->env, into->map, key, value);
    return true;
}

static bool merge_maps(struct go_call *call, const struct go_value *into, const struct go_value *from, bool overwrite,
                       int depth);

/* Merges the member `key` of `from`, which is `value`. */
static bool merge_member(struct go_call *call, const struct go_value *into, const struct go_value *from, struct str key,
                         struct go_value value, bool overwrite, int depth) {
    const struct go_value *found = go_map_get(into->map, key);
    struct go_value old = found ? *found : go_nil(); /* the map may move */
    const struct go_hole *hole = go_kind(&value) == GO_HOLE ? value.hole : NULL;
    if (go_is_nil(&value)) return !overwrite || set_member(call, into, key, value, from->type);
    if (go_kind(&value) == GO_SLICE && found && into->type->elem == &GO_TYPE_STRING)
        return go_fail(call, "reflect: call of reflect.Value.IsNil on string Value");
    bool both_maps = found && go_kind(&value) == GO_MAP && go_kind(&old) == GO_MAP;
    if (both_maps && old.map != value.map && !merge_maps(call, &old, &value, overwrite, depth + 1)) return false;
    int full = found ? go_truth(&old) : 0;
    if ((both_maps || !overwrite) && full > 0) return true;
    if (!hole && !overwrite && full < 0) hole = go_find_hole(&old);
    return set_member(call, into, key, hole ? go_hole_like(call->env, &GO_TYPE_HOLE, hole) : value, from->type);
}

/* mergo's merge of `from` into `into`. A member that is nil is taken over only where it overwrites. Two maps are merged
 * in place; where that leaves the first one empty, it is replaced by the second itself, which is shared from then on.
 */
static bool merge_maps(struct go_call *call, const struct go_value *into, const struct go_value *from, bool overwrite,
                       int depth) {
    const struct go_map *map = from->map;
    uint32_t len = map->len; /* `into` may be the same map */
    if (depth > DEPTH_MAX) return go_fail(call, "the values hold themselves");
    for (uint32_t i = 0; i < len && i < map->len; i++)
        if (!merge_member(call, into, from, map->members[i].key, map->members[i].value, overwrite, depth)) return false;
    if (!map->open) return true;
    for (uint32_t i = 0; overwrite && i < into->map->len; i++)
        into->map->members[i].value = go_hole_like(call->env, &GO_TYPE_HOLE, map->hole);
    into->map->open = true;
    into->map->hole = map->hole;
    return true;
}

static bool merge(struct go_call *call, bool overwrite) {
    struct go_value into = call->args[0];
    if (go_kind(&into) == GO_HOLE) return give_unknown(call, &GO_TYPE_HOLE, into.hole);
    if (go_is_nil(&into) || into.map->nil) { /* a new one, unless there is nothing to merge either */
        into = go_map(call->env, &GO_TYPE_MAP, 0);
        into.map->nil = true;
        for (uint32_t i = 1; i < call->count; i++)
            if (go_kind(&call->args[i]) != GO_MAP || !call->args[i].map->nil) into.map->nil = false;
    }
    into.type = &GO_TYPE_MAP; /* whatever the name of the argument's type */
    for (uint32_t i = 1; i < call->count; i++) {
        struct go_value from = call->args[i];
        if (go_kind(&from) != GO_MAP) {
            const struct go_hole *hole = go_kind(&from) == GO_HOLE ? from.hole : NULL;
            from = go_map(call->env, &GO_TYPE_MAP, 0);
            from.map->open = hole != NULL;
            from.map->hole = hole;
        }
        if (!merge_maps(call, &into, &from, overwrite, 0)) return false;
    }
    return go_give(call, into);
}

static bool fn_merge(struct go_call *call) {
    return merge(call, false);
}

static bool fn_merge_overwrite(struct go_call *call) {
    return merge(call, true);
}

static bool copy(struct go_call *call, struct go_value *v, int depth) {
    if (depth > DEPTH_MAX) return go_fail(call, "the values hold themselves");
    if (go_kind(v) == GO_MAP) {
        struct go_value made = go_map(call->env, v->type, v->map->len);
        for (uint32_t i = 0; i < v->map->len; i++) {
            struct go_value value = v->map->members[i].value;
            if (!copy(call, &value, depth + 1)) return false;
            go_map_set(call->env, made.map, v->map->members[i].key, value);
        }
        made.map->nil = v->map->nil;
        made.map->open = v->map->open;
        made.map->hole = v->map->hole;
        made.runs = v->runs;
        *v = made;
    } else if (go_kind(v) == GO_SLICE && v->type != &GO_TYPE_BYTES && v->list.items) {
        struct go_value *items = fn_items(call, v->list.len);
        for (uint32_t i = 0; i < v->list.len; i++) {
            items[i] = v->list.items[i];
            if (!copy(call, &items[i], depth + 1)) return false;
        }
        v->list.items = items;
    } else if (go_kind(v) == GO_STRUCT && !v->type->fields) {
        /* What the copy cannot see into comes out empty, in ways of its own. */
        *v = go_hole_value(call->env, &GO_TYPE_HOLE, STR("deepCopy"), -1, -1);
    }
    return true;
}

static bool fn_deep_copy(struct go_call *call) {
    struct go_value copied = call->args[0];
    if (go_is_nil(&copied)) return go_fail(call, "reflect: call of reflect.Value.Type on zero Value");
    return copy(call, &copied, 0) && go_give(call, copied);
}

static bool fail_conversion(struct go_call *call, const struct go_value *v, const char *wanted) {
    if (go_is_nil(v)) return go_fail(call, "interface conversion: interface {} is nil, not %s", wanted);
    return go_fail(call, "interface conversion: interface {} is %.*s, not %s", STR_ARG(v->type->name), wanted);
}

static bool fn_dig(struct go_call *call) {
    if (call->count < 3) return go_fail(call, "dig needs at least three arguments");
    const struct go_value *at = &call->args[call->count - 1];
    uint32_t keys = call->count - 2;
    if (go_kind(at) == GO_HOLE) return give_unknown(call, &GO_TYPE_HOLE, at->hole);
    if (at->type != &GO_TYPE_MAP) return fail_conversion(call, at, "map[string]interface {}");
    for (uint32_t i = 0; i < keys; i++) {
        if (go_find_hole(&call->args[i])) return give_unknown(call, &GO_TYPE_HOLE, go_find_hole(&call->args[i]));
        if (call->args[i].type != &GO_TYPE_STRING) return fail_conversion(call, &call->args[i], "string");
    }
    for (uint32_t i = 0; i < keys; i++) {
        if (go_kind(at) == GO_HOLE) return give_unknown(call, &GO_TYPE_HOLE, at->hole);
        if (at->type != &GO_TYPE_MAP) return fail_conversion(call, at, "map[string]interface {}");
        const struct go_map *map = at->map;
        at = go_map_get(map, fn_text(call, i));
        if (!at && map->open) return give_unknown(call, &GO_TYPE_HOLE, map->hole);
        if (!at) return go_give(call, call->args[keys]);
    }
    return go_give(call, *at);
}

const struct go_function FN_DICT[] = {
    {"deepCopy", "a:a", fn_deep_copy, FN_HOLES},
    {"dict", "a*:m", fn_dict, FN_HOLES},
    {"dig", "a*:a", fn_dig, FN_HOLES},
    {"get", "ms:a", fn_get, FN_HOLES},
    {"hasKey", "ms:b", fn_has_key, FN_HOLES},
    {"keys", "m*:S", fn_keys, FN_HOLES},
    {"merge", "mm*:a", fn_merge, FN_HOLES},
    {"mergeOverwrite", "mm*:a", fn_merge_overwrite, FN_HOLES},
    {"mustDeepCopy", "a:a", fn_deep_copy, FN_HOLES},
    {"mustMerge", "mm*:a", fn_merge, FN_HOLES},
    {"mustMergeOverwrite", "mm*:a", fn_merge_overwrite, FN_HOLES},
    {"omit", "ms*:m", fn_omit, FN_HOLES},
    {"pick", "ms*:m", fn_pick, FN_HOLES},
    {"pluck", "sm*:l", fn_pluck, FN_HOLES},
    {"set", "msa:m", fn_set, FN_HOLES},
    {"unset", "ms:m", fn_unset, FN_HOLES},
    {"values", "m:l", fn_values, FN_HOLES},
    {0},
};
