#include "template/eval/fn_help.h"

struct str fn_strval(struct go_call *call, const struct go_value *v, const struct go_hole **hole) {
    if (go_kind(v) == GO_STRING && !v->runs) return v->text;
    struct go_text text = go_text_in(call->env);
    fn_add_strval(&text, v);
    struct go_value s = go_text_value(&text);
    if (!*hole) *hole = fn_hole(call, &s);
    return s.text.ptr ? s.text : STR("");
}

const struct go_hole *fn_stretch_at(const struct go_value *v, size_t at, size_t *end) {
    size_t from = 0;
    *end = v->text.len;
    for (uint32_t i = 0; v->runs && i < v->runs->count; i++) {
        const struct go_run *run = &v->runs->items[i];
        if (at < run->end && run->hole) {
            *end = run->end < v->text.len ? run->end : v->text.len;
            return run->hole;
        }
        from = run->end;
        bool hole_next = i + 1 < v->runs->count && v->runs->items[i + 1].hole;
        if (at < from && hole_next) {
            *end = from;
            return NULL;
        }
    }
    return NULL;
}

uint32_t fn_length(const struct go_value *list) {
    return list->type == &GO_TYPE_BYTES ? (uint32_t)list->text.len : list->list.len;
}

struct go_value fn_item(const struct go_value *list, uint32_t index) {
    if (list->type == &GO_TYPE_BYTES)
        return (struct go_value){.type = &GO_TYPE_UINT8, .natural = (unsigned char)list->text.ptr[index]};
    return list->list.items[index];
}

struct go_value *fn_items(struct go_call *call, uint32_t len) {
    return arena_array(call->env->arena, struct go_value, len ? len : 1);
}

struct go_value fn_strings(struct go_call *call, const struct go_value *v) {
    bool list = go_kind(v) == GO_SLICE;
    uint32_t len = list ? fn_length(v) : go_is_nil(v) ? 0 : 1, kept = 0;
    if (v->type == &GO_TYPE_STRINGS) return *v;
    if (go_kind(v) == GO_HOLE) return go_hole_like(call->env, &GO_TYPE_HOLE, v->hole);
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < len; i++) {
        struct go_value item = list ? fn_item(v, i) : *v;
        if (go_is_nil(&item)) continue;
        if (go_kind(&item) == GO_HOLE && item.hole->type == &GO_TYPE_HOLE) /* nil, perhaps */
            return go_hole_like(call->env, &GO_TYPE_HOLE, item.hole);
        struct go_text text = go_text_in(call->env);
        fn_add_strval(&text, &item);
        items[kept++] = go_text_value(&text);
    }
    return go_list(&GO_TYPE_STRINGS, items, kept);
}

const char *fn_kind_name(const struct go_value *v) {
    switch (go_kind(v)) {
    case GO_NIL:
    case GO_NIL_KEPT: return "invalid";
    case GO_BOOL: return "bool";
    case GO_STRING: return "string";
    case GO_SLICE: return "slice";
    case GO_MAP: return "map";
    case GO_STRUCT: return v->type->pointer ? "ptr" : "struct";
    case GO_FUNC: return "func";
    case GO_INT: return v->type->named ? "int64" : v->type->name.ptr;
    case GO_UINT:
    case GO_FLOAT: return v->type->name.ptr;
    case GO_HOLE: break;
    }
    return "interface";
}

#define DEPTH_MAX 1000

static int deep_equal(const struct go_value *a, const struct go_value *b, int depth);

static int equal_lists(const struct go_value *a, const struct go_value *b, int depth) {
    int equal = 1;
    if (a->type == &GO_TYPE_BYTES) return str_eq(a->text, b->text);
    if (a->list.len != b->list.len || !a->list.items != !b->list.items) return 0;
    for (uint32_t i = 0; i < a->list.len; i++) {
        int same = deep_equal(&a->list.items[i], &b->list.items[i], depth + 1);
        if (same == 0) return 0;
        if (same < 0) equal = -1;
    }
    return equal;
}

static int equal_maps(const struct go_map *a, const struct go_map *b, int depth) {
    int equal = a->open || b->open ? -1 : 1;
    if (a == b) return 1;
    if (equal > 0 && a->len != b->len) return 0;
    for (uint32_t i = 0; i < a->len; i++) {
        const struct go_value *other = go_map_get(b, a->members[i].key);
        int same = other ? deep_equal(&a->members[i].value, other, depth + 1) : b->open ? -1 : 0;
        if (same == 0) return 0;
        if (same < 0) equal = -1;
    }
    return equal;
}

static int equal_structs(const struct go_value *a, const struct go_value *b, int depth) {
    int equal = 1;
    if (a->object.fields == b->object.fields && a->object.data == b->object.data) return 1;
    if (a->type->field_count == 0) return -1;
    for (uint32_t i = 0; i < a->type->field_count; i++) {
        int same = deep_equal(&a->object.fields[i], &b->object.fields[i], depth + 1);
        if (same == 0) return 0;
        if (same < 0) equal = -1;
    }
    return equal;
}

/* Strings with holes are equal only where nothing is unknown; a known part that differs is not looked for. */
static int equal_texts(const struct go_value *a, const struct go_value *b) {
    if (go_known(a) && go_known(b)) return str_eq(a->text, b->text);
    int64_t x = go_text_length(a), y = go_text_length(b);
    return x >= 0 && y >= 0 && x != y ? 0 : -1;
}

static int deep_equal(const struct go_value *a, const struct go_value *b, int depth) {
    if (depth > DEPTH_MAX) return -1;
    if (go_kind(a) == GO_HOLE || go_kind(b) == GO_HOLE) return -1;
    if (go_is_nil(a) || go_is_nil(b)) return go_is_nil(a) && go_is_nil(b);
    if (a->type != b->type) return 0;
    switch (go_kind(a)) {
    case GO_BOOL: return a->boolean == b->boolean;
    case GO_INT: return a->integer == b->integer;
    case GO_UINT: return a->natural == b->natural;
    case GO_FLOAT: return a->real == b->real;
    case GO_STRING: return equal_texts(a, b);
    case GO_SLICE: return equal_lists(a, b, depth);
    case GO_MAP: return equal_maps(a->map, b->map, depth);
    case GO_STRUCT: return equal_structs(a, b, depth);
    default: return 0;
    }
}

int fn_deep_equal(const struct go_value *a, const struct go_value *b) {
    return deep_equal(a, b, 0);
}
