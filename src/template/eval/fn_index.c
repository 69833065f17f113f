/* index and len, with Go's own errors. (`slice` is sprig's in Helm.) */
#include "template/eval/fn_table.h"

/* What stands at a place of a list or text, or the error. */
static bool index_arg(struct go_call *call, const struct go_value *index, size_t len, const char *kind, size_t *at) {
    int64_t x;
    if (go_kind(index) == GO_INT) x = index->integer;
    else if (go_kind(index) == GO_UINT) x = (int64_t)index->natural;
    else if (go_is_nil(index)) return go_fail(call, "cannot index slice/array with nil");
    else return go_fail(call, "cannot index slice/array with type %.*s", STR_ARG(index->type->name));
    if (x < 0 || (uint64_t)x > len) return go_fail(call, "index out of range: %lld", (long long)x);
    if ((uint64_t)x == len) return go_fail(call, "reflect: %s index out of range", kind);
    *at = (size_t)x;
    return true;
}

static struct go_value byte_at(struct str s, size_t at) {
    return (struct go_value){.type = &GO_TYPE_UINT8, .natural = (unsigned char)s.ptr[at]};
}

static bool index_list(struct go_call *call, struct go_value *item, const struct go_value *index) {
    size_t at = 0;
    bool bytes = go_kind(item) == GO_STRING || item->type->elem == &GO_TYPE_UINT8;
    if (bytes && !go_known(item)) {
        *item = go_hole_like(call->env, &GO_TYPE_HOLE, go_find_hole(item));
        return true;
    }
    const char *kind = go_kind(item) == GO_STRING ? "string" : "slice";
    if (!index_arg(call, index, bytes ? item->text.len : item->list.len, kind, &at)) return false;
    *item = bytes ? byte_at(item->text, at) : go_kept(item->list.items[at]);
    return true;
}

static bool index_map(struct go_call *call, struct go_value *item, const struct go_value *index) {
    if (go_is_nil(index)) return go_fail(call, "value is nil; should be of type string");
    if (go_kind(index) != GO_STRING)
        return go_fail(call, "value has type %.*s; should be string", STR_ARG(index->type->name));
    const struct go_value *found = go_map_get(item->map, index->text);
    const struct go_type *elem = item->type->elem;
    if (found) *item = *found;
    else if (item->map->open) *item = go_hole_like(call->env, &GO_TYPE_HOLE, item->map->hole);
    else if (!elem) *item = (struct go_value){.type = &GO_TYPE_NIL_KEPT};
    else if (elem->kind == GO_MAP) *item = go_map(call->env, elem, 0);
    else *item = (struct go_value){.type = elem};
    return true;
}

static bool fn_index(struct go_call *call) {
    struct go_value item = call->args[0];
    if (go_is_nil(&item)) return go_fail(call, "index of untyped nil");
    for (uint32_t i = 1; i < call->count; i++) {
        const struct go_value *index = &call->args[i];
        const struct go_hole *hole = go_kind(&item) == GO_HOLE ? item.hole : go_find_hole(index);
        if (hole) return go_give(call, go_hole_like(call->env, &GO_TYPE_HOLE, hole));
        bool fine;
        switch (go_kind(&item)) {
        case GO_NIL:
        case GO_NIL_KEPT: return go_fail(call, "index of nil pointer");
        case GO_STRING:
        case GO_SLICE: fine = index_list(call, &item, index); break;
        case GO_MAP: fine = index_map(call, &item, index); break;
        default: return go_fail(call, "can't index item of type %.*s", STR_ARG(item.type->name));
        }
        if (!fine) return false;
    }
    return go_give(call, item);
}

static bool fn_len(struct go_call *call) {
    const struct go_value *item = &call->args[0];
    int64_t length;
    switch (go_kind(item)) {
    case GO_NIL: return go_fail(call, "reflect: call of reflect.Value.Type on zero Value");
    case GO_NIL_KEPT: return go_fail(call, "len of nil pointer");
    case GO_STRING: length = go_text_length(item); break;
    case GO_SLICE: length = item->type->elem == &GO_TYPE_UINT8 ? go_text_length(item) : item->list.len; break;
    case GO_MAP: length = item->map->open ? -1 : (int64_t)item->map->len; break;
    case GO_HOLE: length = -1; break;
    default: return go_fail(call, "len of type %.*s", STR_ARG(item->type->name));
    }
    if (length < 0) return go_give(call, go_hole_like(call->env, &GO_TYPE_INT, go_find_hole(item)));
    return go_give(call, go_int(length));
}

const struct go_function FN_INDEX[] = {
    {"index", "vv*:v", fn_index, FN_HOLES},
    {"len", "v:i", fn_len, FN_HOLES},
    {0},
};
