#include <stdlib.h>

#include "template/eval/go_value.h"

/* Maps of up to this many members are searched one by one. */
#define SMALL 8

struct go_value go_map(struct go_env *env, const struct go_type *type, uint32_t room) {
    struct go_map *map = arena_new(env->arena, struct go_map);
    map->sorted = true;
    map->serial = ++env->serial;
    if (room > 0) {
        map->members = arena_alloc_raw(env->arena, sizeof *map->members * room);
        map->cap = room;
    }
    return (struct go_value){.type = type, .map = map};
}

static uint32_t slot_of(const struct go_map *map, struct str key, uint32_t hash) {
    uint32_t mask = map->slot_count - 1;
    uint32_t slot = hash & mask;
    while (map->slots[slot]) {
        const struct go_member *member = &map->members[map->slots[slot] - 1];
        if (member->hash == hash && str_eq(member->key, key)) break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* Fills the index anew from the members. */
static void fill_index(struct go_map *map) {
    memset(map->slots, 0, sizeof *map->slots * map->slot_count);
    for (uint32_t i = 0; i < map->len; i++) map->slots[slot_of(map, map->members[i].key, map->members[i].hash)] = i + 1;
}

static uint32_t find(const struct go_map *map, struct str key, uint32_t hash) {
    if (map->slots) {
        uint32_t index = map->slots[slot_of(map, key, hash)];
        return index ? index - 1 : map->len;
    }
    for (uint32_t i = 0; i < map->len; i++) {
        if (map->members[i].hash == hash && str_eq(map->members[i].key, key)) return i;
    }
    return map->len;
}

struct go_value *go_map_get(const struct go_map *map, struct str key) {
    if (map->len == 0) return NULL;
    uint32_t at = find(map, key, str_hash(key));
    return at < map->len ? &map->members[at].value : NULL;
}

static void grow(struct go_env *env, struct go_map *map) {
    uint32_t cap = map->cap ? map->cap * 2 : 4;
    map->members = arena_grow(env->arena, map->members, sizeof *map->members * map->cap, sizeof *map->members * cap);
    map->cap = cap;
}

void go_map_set(struct go_env *env, struct go_map *map, struct str key, struct go_value value) {
    uint32_t hash = str_hash(key);
    uint32_t at = find(map, key, hash);
    value = go_kept(value);
    if (env->unsure && map->serial <= env->unsure_from) value = go_hole_like(env, &GO_TYPE_HOLE, env->unsure);
    if (at < map->len) {
        map->members[at].value = value;
        return;
    }
    if (map->len == map->cap) grow(env, map);
    if (map->len > 0 && str_cmp(map->members[map->len - 1].key, key) > 0) map->sorted = false;
    map->members[map->len++] = (struct go_member){key, hash, value};
    env->serial++;
    if (map->len > SMALL && (!map->slots || map->slot_count < 2 * map->len)) {
        map->slot_count = map->slot_count ? map->slot_count * 2 : 64;
        while (map->slot_count < 2 * map->len) map->slot_count *= 2;
        map->slots = arena_array(env->arena, uint32_t, map->slot_count);
        fill_index(map);
    } else if (map->slots) {
        map->slots[slot_of(map, key, hash)] = map->len;
    }
}

void go_map_remove(struct go_env *env, struct go_map *map, struct str key) {
    uint32_t at = find(map, key, str_hash(key));
    if (at == map->len) return;
    if (env->unsure && map->serial <= env->unsure_from) {
        map->members[at].value = go_hole_like(env, &GO_TYPE_HOLE, env->unsure);
        return;
    }
    memmove(map->members + at, map->members + at + 1, sizeof *map->members * (map->len - at - 1));
    map->len--;
    if (map->slots) fill_index(map);
}

static int compare_members(const void *a, const void *b) {
    return str_cmp(((const struct go_member *)a)->key, ((const struct go_member *)b)->key);
}

void go_map_sort(struct go_map *map) {
    if (map->sorted) return;
    qsort(map->members, map->len, sizeof *map->members, compare_members);
    if (map->slots) fill_index(map);
    map->sorted = true;
}
