#include "value/value.h"

#include <math.h>

/* Maps up to this size are searched one by one. */
#define SMALL_MAP 8

struct value value_from_number(double number) {
    struct value v = {.kind = VALUE_FLOAT, .real = number};
    bool whole = number >= -9223372036854775808.0 && number < 9223372036854775808.0 && floor(number) == number;
    if (whole) {
        v.kind = VALUE_INT;
        v.integer = (int64_t)number;
    }
    return v;
}

struct value value_from_string(struct str s) {
    return (struct value){.kind = VALUE_STRING, .string = s};
}

static uint32_t *map_slots(const struct value_map *map) {
    return (uint32_t *)(void *)(map->members + map->len);
}

/* The slot where `key` is or would be; the index is at most half full. */
static uint32_t map_slot(const struct value_map *map, struct str key, uint32_t hash) {
    const uint32_t *slots = map_slots(map);
    uint32_t mask = map->slot_count - 1, slot = hash & mask;
    while (slots[slot]) {
        const struct member *member = &map->members[slots[slot] - 1];
        if (member->hash == hash && str_eq(member->key, key)) break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

struct value value_from_members(struct arena *a, const struct member *members, uint32_t len) {
    struct value_map map = {NULL, len, 0};
    if (len > SMALL_MAP)
        for (map.slot_count = 16; map.slot_count < len * 2;) map.slot_count *= 2;
    size_t size = sizeof(struct member) * len;
    map.members = arena_alloc_raw(a, size + sizeof(uint32_t) * map.slot_count);
    if (len) memcpy(map.members, members, size);
    for (uint32_t i = 0; i < len; i++) map.members[i].hash = str_hash(map.members[i].key);
    if (map.slot_count) {
        uint32_t *slots = map_slots(&map);
        memset(slots, 0, sizeof(uint32_t) * map.slot_count);
        for (uint32_t i = 0; i < len; i++) {
            uint32_t slot = map_slot(&map, map.members[i].key, map.members[i].hash);
            slots[slot] = i + 1;
        }
    }
    return (struct value){.kind = VALUE_MAP, .map = map};
}

struct value value_from_items(struct arena *a, const struct value *items, uint32_t len) {
    struct value v = {.kind = VALUE_LIST, .list = {NULL, len}};
    v.list.items = arena_alloc_raw(a, sizeof(struct value) * len);
    if (len) memcpy(v.list.items, items, sizeof(struct value) * len);
    return v;
}

const struct member *value_member(const struct value *map, struct str key) {
    if (!map || map->kind != VALUE_MAP || map->map.len == 0) return NULL;
    uint32_t hash = str_hash(key);
    if (map->map.slot_count) {
        uint32_t index = map_slots(&map->map)[map_slot(&map->map, key, hash)];
        return index ? &map->map.members[index - 1] : NULL;
    }
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        if (member->hash == hash && str_eq(member->key, key)) return member;
    }
    return NULL;
}

const struct value *value_get(const struct value *map, struct str key) {
    const struct member *member = value_member(map, key);
    return member ? &member->value : NULL;
}

const struct value *value_path(const struct value *root, const struct str *keys, size_t count) {
    for (size_t i = 0; i < count && root; i++) root = value_get(root, keys[i]);
    return root;
}

static bool maps_equal(const struct value *a, const struct value *b) {
    if (a->map.len != b->map.len) return false;
    for (uint32_t i = 0; i < a->map.len; i++) {
        const struct value *other = value_get(b, a->map.members[i].key);
        if (!other || !value_equal(&a->map.members[i].value, other)) return false;
    }
    return true;
}

static bool lists_equal(const struct value *a, const struct value *b) {
    if (a->list.len != b->list.len) return false;
    for (uint32_t i = 0; i < a->list.len; i++)
        if (!value_equal(&a->list.items[i], &b->list.items[i])) return false;
    return true;
}

bool value_equal(const struct value *a, const struct value *b) {
    if (a->kind != b->kind) return value_is_number(a) && value_is_number(b) && value_number(a) == value_number(b);
    switch (a->kind) {
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->boolean == b->boolean;
    case VALUE_INT: return a->integer == b->integer;
    case VALUE_FLOAT: return a->real == b->real;
    case VALUE_STRING: return str_eq(a->string, b->string);
    case VALUE_LIST: return lists_equal(a, b);
    case VALUE_MAP: return maps_equal(a, b);
    }
    return false;
}

struct str value_kind_name(const struct value *v) {
    static const struct str names[] = {
        [VALUE_NULL] = STR_INIT("null"),     [VALUE_BOOL] = STR_INIT("boolean"),  [VALUE_INT] = STR_INIT("integer"),
        [VALUE_FLOAT] = STR_INIT("number"),  [VALUE_STRING] = STR_INIT("string"), [VALUE_LIST] = STR_INIT("array"),
        [VALUE_MAP] = STR_INIT("object"),
    };
    return names[v->kind];
}
