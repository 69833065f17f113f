#include "value/value.h"

#include <math.h>

/* Maps up to this size are searched one by one. */
#define SMALL_MAP 8

/* Up to here each whole number has a float of its own; beyond, the digits of one are chosen when it is printed. */
#define EXACT_MAX 9007199254740992.0

struct value value_from_number(double number) {
    struct value v = {.kind = VALUE_FLOAT, .real = number};
    bool negative_zero = number == 0 && signbit(number);
    if (!negative_zero && fabs(number) <= EXACT_MAX && floor(number) == number) {
        v.kind = VALUE_INT;
        v.integer = (int64_t)number;
    }
    return v;
}

struct value value_from_string(struct str s) {
    return (struct value){.kind = VALUE_STRING, .string = s};
}

static uint32_t *map_slots(const struct value_map *map) {
    return (uint32_t *)(void *)map->members - map->slot_count;
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

static struct member *find_small(const struct value_map *map, struct str key, uint32_t hash) {
    for (uint32_t i = 0; i < map->len; i++)
        if (map->members[i].hash == hash && str_eq(map->members[i].key, key)) return &map->members[i];
    return NULL;
}

struct value value_map_new(struct arena *a, uint32_t cap) {
    struct value_map map = {NULL, 0, 0};
    if (cap > SMALL_MAP)
        for (map.slot_count = 16; map.slot_count < cap * 2;) map.slot_count *= 2;
    uint32_t *slots = arena_alloc_raw(a, sizeof(uint32_t) * map.slot_count + sizeof(struct member) * cap);
    memset(slots, 0, sizeof(uint32_t) * map.slot_count);
    map.members = (struct member *)(void *)(slots + map.slot_count);
    return (struct value){.kind = VALUE_MAP, .map = map};
}

struct member *value_map_put(struct value *v, struct str key, bool *found) {
    return value_map_put_hashed(v, key, str_hash(key), found);
}

struct member *value_map_put_hashed(struct value *v, struct str key, uint32_t hash, bool *found) {
    struct value_map *map = &v->map;
    uint32_t slot = 0;
    struct member *member = NULL;
    if (map->slot_count) {
        slot = map_slot(map, key, hash);
        if (map_slots(map)[slot]) member = &map->members[map_slots(map)[slot] - 1];
    } else {
        member = find_small(map, key, hash);
    }
    *found = member != NULL;
    if (member) return member;
    member = &map->members[map->len++];
    *member = (struct member){.key = key, .hash = hash};
    if (map->slot_count) map_slots(map)[slot] = map->len;
    return member;
}

struct value value_map_copy(struct arena *a, const struct value *map, uint32_t more) {
    struct value copy = value_map_new(a, map->map.len + more);
    copy.node = map->node;
    copy.span = map->span;
    if (map->map.len) memcpy(copy.map.members, map->map.members, sizeof(struct member) * map->map.len);
    copy.map.len = map->map.len;
    if (copy.map.slot_count && copy.map.slot_count == map->map.slot_count) {
        memcpy(map_slots(&copy.map), map_slots(&map->map), sizeof(uint32_t) * map->map.slot_count);
    } else if (copy.map.slot_count) {
        for (uint32_t i = 0; i < map->map.len; i++) {
            const struct member *member = &map->map.members[i];
            map_slots(&copy.map)[map_slot(&copy.map, member->key, member->hash)] = i + 1;
        }
    }
    return copy;
}

struct value value_from_items(struct arena *a, const struct value *items, uint32_t len) {
    struct value v = {.kind = VALUE_LIST, .list = {NULL, len}};
    v.list.items = arena_alloc_raw(a, sizeof(struct value) * len);
    if (len) memcpy(v.list.items, items, sizeof(struct value) * len);
    return v;
}

const struct member *value_member_hashed(const struct value *map, struct str key, uint32_t hash) {
    if (!map || map->kind != VALUE_MAP || map->map.len == 0) return NULL;
    if (map->map.slot_count) {
        uint32_t index = map_slots(&map->map)[map_slot(&map->map, key, hash)];
        return index ? &map->map.members[index - 1] : NULL;
    }
    return find_small(&map->map, key, hash);
}

const struct member *value_member(const struct value *map, struct str key) {
    if (!map || map->kind != VALUE_MAP || map->map.len == 0) return NULL;
    return value_member_hashed(map, key, str_hash(key));
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
        const struct member *member = &a->map.members[i], *other = &b->map.members[i];
        /* Mostly they stand at the same place. */
        if (member->hash != other->hash || !str_eq(member->key, other->key))
            other = value_member_hashed(b, member->key, member->hash);
        if (!other || !value_equal(&member->value, &other->value)) return false;
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
        [VALUE_NULL] = STR_INIT("null"),    [VALUE_BOOL] = STR_INIT("boolean"),  [VALUE_INT] = STR_INIT("integer"),
        [VALUE_FLOAT] = STR_INIT("number"), [VALUE_STRING] = STR_INIT("string"), [VALUE_LIST] = STR_INIT("array"),
        [VALUE_MAP] = STR_INIT("object"),
    };
    return names[v->kind];
}

const char *value_kind_words(const struct value *v) {
    if (!v) return "nothing";
    switch (v->kind) {
    case VALUE_NULL: return "null";
    case VALUE_BOOL: return "a boolean";
    case VALUE_STRING: return "a string";
    case VALUE_LIST: return "a list";
    case VALUE_MAP: return "a mapping";
    default: return "a number";
    }
}

static bool holds_null(const struct value *map) {
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct value *value = &map->map.members[i].value;
        if (value->kind == VALUE_NULL || (value->kind == VALUE_MAP && holds_null(value))) return true;
    }
    return false;
}

struct value value_without_nulls(struct arena *a, const struct value *map) {
    if (!holds_null(map)) return *map;
    struct value out = value_map_new(a, map->map.len);
    out.span = map->span;
    out.node = map->node;
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        bool found;
        if (member->value.kind == VALUE_NULL) continue;
        struct member *kept = value_map_put(&out, member->key, &found);
        *kept = *member;
        if (member->value.kind == VALUE_MAP) kept->value = value_without_nulls(a, &member->value);
    }
    return out;
}
