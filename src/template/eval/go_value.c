#include "template/eval/go_value.h"

#define TYPE(variable, kind_, text) const struct go_type variable = {.kind = kind_, .name = STR_INIT(text)}
#define TYPE_OF(variable, kind_, text, element)                                                                        \
    const struct go_type variable = {.kind = kind_, .name = STR_INIT(text), .elem = element}

TYPE(GO_TYPE_NIL, GO_NIL, "<nil>");
TYPE(GO_TYPE_NIL_KEPT, GO_NIL_KEPT, "<nil>");
TYPE(GO_TYPE_BOOL, GO_BOOL, "bool");
TYPE(GO_TYPE_INT, GO_INT, "int");
TYPE(GO_TYPE_INT32, GO_INT, "int32");
TYPE(GO_TYPE_INT64, GO_INT, "int64");
TYPE(GO_TYPE_UINT, GO_UINT, "uint");
TYPE(GO_TYPE_UINT8, GO_UINT, "uint8");
TYPE(GO_TYPE_UINT32, GO_UINT, "uint32");
TYPE(GO_TYPE_UINT64, GO_UINT, "uint64");
TYPE(GO_TYPE_FLOAT64, GO_FLOAT, "float64");
TYPE(GO_TYPE_STRING, GO_STRING, "string");
TYPE_OF(GO_TYPE_BYTES, GO_SLICE, "[]uint8", &GO_TYPE_UINT8);
TYPE(GO_TYPE_LIST, GO_SLICE, "[]interface {}");
TYPE_OF(GO_TYPE_STRINGS, GO_SLICE, "[]string", &GO_TYPE_STRING);
TYPE_OF(GO_TYPE_INTS, GO_SLICE, "[]int", &GO_TYPE_INT);
TYPE_OF(GO_TYPE_LISTS, GO_SLICE, "[][]interface {}", &GO_TYPE_LIST);
TYPE_OF(GO_TYPE_MAPS, GO_SLICE, "[]map[string]interface {}", &GO_TYPE_MAP);
TYPE(GO_TYPE_MAP, GO_MAP, "map[string]interface {}");
TYPE_OF(GO_TYPE_STRING_MAP, GO_MAP, "map[string]string", &GO_TYPE_STRING);
TYPE(GO_TYPE_HOLE, GO_HOLE, "interface {}");

struct go_value go_nil(void) {
    return (struct go_value){.type = &GO_TYPE_NIL};
}

struct go_value go_bool(bool b) {
    return (struct go_value){.type = &GO_TYPE_BOOL, .boolean = b};
}

struct go_value go_int(int64_t i) {
    return (struct go_value){.type = &GO_TYPE_INT, .integer = i};
}

struct go_value go_int64(int64_t i) {
    return (struct go_value){.type = &GO_TYPE_INT64, .integer = i};
}

struct go_value go_uint64(uint64_t n) {
    return (struct go_value){.type = &GO_TYPE_UINT64, .natural = n};
}

struct go_value go_float(double d) {
    return (struct go_value){.type = &GO_TYPE_FLOAT64, .real = d};
}

struct go_value go_string(struct str s) {
    return (struct go_value){.type = &GO_TYPE_STRING, .text = s};
}

struct go_value go_bytes(struct str s) {
    return (struct go_value){.type = &GO_TYPE_BYTES, .text = s};
}

struct go_value go_list(const struct go_type *type, const struct go_value *items, uint32_t len) {
    return (struct go_value){.type = type, .list = {items, len}};
}

struct go_value go_kept(struct go_value v) {
    if (v.type->kind == GO_NIL) v.type = &GO_TYPE_NIL_KEPT;
    return v;
}

/* The first hole of a text's runs, or of a value that is one. */
static const struct go_hole *hole_of_runs(const struct go_runs *runs) {
    if (!runs) return NULL;
    for (uint32_t i = 0; i < runs->count; i++) {
        if (runs->items[i].hole) return runs->items[i].hole;
    }
    return NULL;
}

#define DEPTH_MAX 10000

static const struct go_hole *find_hole(const struct go_value *v, int depth) {
    const struct go_hole *found = NULL;
    if (depth > DEPTH_MAX) return NULL;
    switch (v->type->kind) {
    case GO_HOLE: return v->hole;
    case GO_STRING: return hole_of_runs(v->runs);
    case GO_SLICE:
        if (v->type == &GO_TYPE_BYTES) return hole_of_runs(v->runs);
        for (uint32_t i = 0; i < v->list.len && !found; i++) found = find_hole(&v->list.items[i], depth + 1);
        return found;
    case GO_MAP:
        if (v->map->open) return v->map->hole;
        for (uint32_t i = 0; i < v->map->len && !found; i++) found = find_hole(&v->map->members[i].value, depth + 1);
        return found;
    case GO_STRUCT:
        for (uint32_t i = 0; i < v->type->field_count && !found; i++)
            found = find_hole(&v->object.fields[i], depth + 1);
        return found;
    default: return NULL;
    }
}

const struct go_hole *go_find_hole(const struct go_value *v) {
    return find_hole(v, 0);
}

bool go_known(const struct go_value *v) {
    return !go_find_hole(v);
}

static int text_truth(const struct go_value *v) {
    if (v->text.len == 0 || !v->runs) return v->text.len > 0;
    int truth = 0;
    uint32_t from = 0;
    for (uint32_t i = 0; i < v->runs->count; i++) {
        const struct go_run *run = &v->runs->items[i];
        if (!run->hole) return 1;
        if (run->hole->truth == 1 || run->hole->length > 0) return 1;
        if (run->hole->truth < 0) truth = -1;
        from = run->end;
    }
    return from < v->text.len ? 1 : truth;
}

int go_truth(const struct go_value *v) {
    switch (v->type->kind) {
    case GO_NIL:
    case GO_NIL_KEPT: return 0;
    case GO_BOOL: return v->boolean;
    case GO_INT: return v->integer != 0;
    case GO_UINT: return v->natural != 0;
    case GO_FLOAT: return v->real != 0;
    case GO_STRING: return text_truth(v);
    case GO_SLICE: return v->type == &GO_TYPE_BYTES ? text_truth(v) : v->list.len > 0;
    case GO_MAP: return v->map->len > 0 ? 1 : v->map->open ? -1 : 0;
    case GO_STRUCT:
    case GO_FUNC: return 1;
    case GO_HOLE: return v->hole->truth;
    }
    return -1;
}

struct go_value go_hole_value(struct go_env *env, const struct go_type *type, struct str reason, int truth,
                              int64_t length) {
    struct go_hole *hole = arena_new(env->arena, struct go_hole);
    env->holes_made = true;
    *hole =
        (struct go_hole){reason, type, (int8_t)(length > 0 ? 1 : length == 0 ? 0 : truth), length, length >= 0, NULL};
    if (type != &GO_TYPE_STRING) return (struct go_value){.type = &GO_TYPE_HOLE, .hole = hole};
    struct go_text text = go_text_in(env);
    go_text_add_hole(&text, hole);
    return go_text_value(&text);
}

struct go_value go_hole_like(struct go_env *env, const struct go_type *type, const struct go_hole *from) {
    struct go_value made = go_hole_value(env, type, from->reason, -1, -1);
    return made;
}
