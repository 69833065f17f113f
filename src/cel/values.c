#include "cel/eval.h"
#include "value/json.h"

#include <math.h>

/* Maps up to this size are searched one by one. */
#define SMALL_MAP 8

const struct cel_type cel_types[CEL_KIND_COUNT] = {
    [CEL_ERROR] = {CEL_ERROR},       [CEL_NULL] = {CEL_NULL},         [CEL_BOOL] = {CEL_BOOL},
    [CEL_INT] = {CEL_INT},           [CEL_UINT] = {CEL_UINT},         [CEL_DOUBLE] = {CEL_DOUBLE},
    [CEL_STRING] = {CEL_STRING},     [CEL_BYTES] = {CEL_BYTES},       [CEL_LIST] = {CEL_LIST},
    [CEL_MAP] = {CEL_MAP},           [CEL_TYPE] = {CEL_TYPE},         [CEL_TIMESTAMP] = {CEL_TIMESTAMP},
    [CEL_DURATION] = {CEL_DURATION}, [CEL_QUANTITY] = {CEL_QUANTITY}, [CEL_URL] = {CEL_URL},
    [CEL_DYN] = {CEL_DYN},
};

struct str cel_kind_name(enum cel_kind kind) {
    static const struct str names[CEL_KIND_COUNT] = {
        [CEL_ERROR] = STR_INIT("error"),
        [CEL_NULL] = STR_INIT("null_type"),
        [CEL_BOOL] = STR_INIT("bool"),
        [CEL_INT] = STR_INIT("int"),
        [CEL_UINT] = STR_INIT("uint"),
        [CEL_DOUBLE] = STR_INIT("double"),
        [CEL_STRING] = STR_INIT("string"),
        [CEL_BYTES] = STR_INIT("bytes"),
        [CEL_LIST] = STR_INIT("list"),
        [CEL_MAP] = STR_INIT("map"),
        [CEL_TYPE] = STR_INIT("type"),
        [CEL_TIMESTAMP] = STR_INIT("google.protobuf.Timestamp"),
        [CEL_DURATION] = STR_INIT("google.protobuf.Duration"),
        [CEL_QUANTITY] = STR_INIT("kubernetes.Quantity"),
        [CEL_URL] = STR_INIT("kubernetes.URL"),
        [CEL_DYN] = STR_INIT("dyn"),
    };
    return names[kind];
}

void cel_value_wrap(const struct value *v, struct cel_value *out) {
    out->origin = v;
    switch (v->kind) {
    case VALUE_NULL: out->kind = CEL_NULL; return;
    case VALUE_BOOL:
        out->kind = CEL_BOOL;
        out->boolean = v->boolean;
        return;
    case VALUE_INT:
        out->kind = CEL_INT;
        out->integer = v->integer;
        return;
    case VALUE_FLOAT:
        out->kind = CEL_DOUBLE;
        out->real = v->real;
        return;
    case VALUE_STRING:
        out->kind = CEL_STRING;
        out->string = v->string;
        return;
    case VALUE_LIST: out->kind = CEL_LIST; return;
    case VALUE_MAP: out->kind = CEL_MAP; return;
    }
}

struct cel_value cel_from_value(const struct value *v) {
    struct cel_value out = {.kind = CEL_NULL};
    if (v) cel_value_wrap(v, &out);
    return out;
}

struct cel_value cel_from_string(struct str s) {
    return (struct cel_value){.kind = CEL_STRING, .string = s};
}

uint32_t list_len(const struct cel_value *list) {
    return list->origin ? list->origin->list.len : list->list.len;
}

void list_item(const struct cel_value *list, uint32_t index, struct cel_value *out) {
    if (list->origin) cel_value_wrap(&list->origin->list.items[index], out);
    else *out = list->list.items[index];
}

uint32_t cel_map_len(const struct cel_value *map) {
    return map->origin ? map->origin->map.len : map->map->len;
}

void cel_map_entry(const struct cel_value *map, uint32_t index, struct cel_value *key, struct cel_value *value) {
    if (map->origin) {
        const struct member *member = &map->origin->map.members[index];
        set_string(key, member->key);
        if (value) cel_value_wrap(&member->value, value);
    } else {
        *key = map->map->keys[index];
        if (value) *value = map->map->values[index];
    }
}

bool cel_map_is_key(const struct cel_value *key) {
    return key->kind == CEL_STRING || key->kind == CEL_INT || key->kind == CEL_UINT || key->kind == CEL_BOOL;
}

/* A key as it is compared: a number of any kind that is whole, in 128 bits so that int and uint both fit. */
static bool key_number(const struct cel_value *key, int128 *number) {
    if (key->kind == CEL_INT) *number = key->integer;
    else if (key->kind == CEL_UINT) *number = key->uinteger;
    else if (key->kind == CEL_DOUBLE && fabs(key->real) < 1e19 && floor(key->real) == key->real)
        *number = (int128)key->real;
    else return false;
    return true;
}

static bool key_hash(const struct cel_value *key, uint32_t *hash) {
    int128 number;
    if (key->kind == CEL_STRING) {
        *hash = str_hash(key->string);
    } else if (key->kind == CEL_BOOL) {
        *hash = key->boolean ? 3 : 2;
    } else if (key_number(key, &number)) {
        uint64_t low = (uint64_t)number * 0x9E3779B97F4A7C15u;
        *hash = (uint32_t)(low >> 32);
    } else {
        return false;
    }
    return true;
}

static bool keys_equal(const struct cel_value *a, const struct cel_value *b) {
    int128 x, y;
    if (a->kind == CEL_STRING) return b->kind == CEL_STRING && str_eq(a->string, b->string);
    if (a->kind == CEL_BOOL) return b->kind == CEL_BOOL && a->boolean == b->boolean;
    return key_number(a, &x) && key_number(b, &y) && x == y;
}

/* The index of `key`, or map->len. `slot` is where its index stands or would stand. */
static uint32_t map_index(const struct cel_map *map, const struct cel_value *key, uint32_t hash, uint32_t *slot) {
    if (map->slot_count == 0) {
        for (uint32_t i = 0; i < map->len; i++)
            if (keys_equal(&map->keys[i], key)) return i;
        return map->len;
    }
    for (*slot = hash & (map->slot_count - 1); map->slots[*slot]; *slot = (*slot + 1) & (map->slot_count - 1)) {
        uint32_t index = map->slots[*slot] - 1;
        if (keys_equal(&map->keys[index], key)) return index;
    }
    return map->len;
}

struct cel_map *cel_map_make(struct arena *a, uint32_t len) {
    struct cel_map *map = arena_new(a, struct cel_map);
    map->keys = arena_alloc_raw(a, sizeof(struct cel_value) * len);
    map->values = arena_alloc_raw(a, sizeof(struct cel_value) * len);
    if (len > SMALL_MAP) {
        for (map->slot_count = 32; map->slot_count < len * 2;) map->slot_count *= 2;
        map->slots = arena_array(a, uint32_t, map->slot_count);
    }
    return map;
}

bool cel_map_add(struct cel_map *map, const struct cel_value *key, const struct cel_value *value) {
    uint32_t hash = 0, slot = 0;
    if (!key_hash(key, &hash) || map_index(map, key, hash, &slot) < map->len) return false;
    map->keys[map->len] = *key;
    map->values[map->len] = *value;
    map->len++;
    if (map->slot_count) map->slots[slot] = map->len;
    return true;
}

bool cel_map_find_name(const struct cel_value *map, struct str name, uint32_t hash, struct cel_value *out) {
    if (map->origin) {
        const struct member *member = value_member_hashed(map->origin, name, hash);
        if (member && out) cel_value_wrap(&member->value, out);
        return member != NULL;
    }
    struct cel_value key = cel_from_string(name);
    uint32_t slot, index = map_index(map->map, &key, hash, &slot);
    if (index == map->map->len) return false;
    if (out) *out = map->map->values[index];
    return true;
}

bool cel_map_find(const struct cel_value *map, const struct cel_value *key, struct cel_value *out) {
    uint32_t hash, slot;
    if (!key_hash(key, &hash)) return false;
    if (key->kind == CEL_STRING) return cel_map_find_name(map, key->string, hash, out);
    if (map->origin) return false;
    uint32_t index = map_index(map->map, key, hash, &slot);
    if (index == map->map->len) return false;
    if (out) *out = map->map->values[index];
    return true;
}
