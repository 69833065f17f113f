#include "base/map.h"

/* The slot where `key` is or would be. There is always a free one: the table is at most half full. */
static uint32_t map_slot(const struct map *m, struct str key, uint32_t hash) {
    uint32_t mask = m->slot_count - 1;
    uint32_t slot = hash & mask;
    while (m->slots[slot]) {
        const struct map_entry *entry = &m->entries[m->slots[slot] - 1];
        if (entry->hash == hash && str_eq(entry->key, key)) break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

void *map_get(const struct map *m, struct str key) {
    if (m->len == 0) return NULL;
    uint32_t index = m->slots[map_slot(m, key, str_hash(key))];
    return index ? m->entries[index - 1].value : NULL;
}

static void map_grow(struct arena *a, struct map *m) {
    uint32_t cap = m->cap ? m->cap * 2 : 8;
    m->entries = arena_grow(a, m->entries, sizeof *m->entries * m->cap, sizeof *m->entries * cap);
    m->cap = cap;
    m->slot_count = cap * 2;
    m->slots = arena_array(a, uint32_t, m->slot_count);
    for (uint32_t i = 0; i < m->len; i++) m->slots[map_slot(m, m->entries[i].key, m->entries[i].hash)] = i + 1;
}

void *map_put(struct arena *a, struct map *m, struct str key, void *value) {
    if (m->len == m->cap) map_grow(a, m);
    uint32_t hash = str_hash(key);
    uint32_t slot = map_slot(m, key, hash);
    if (m->slots[slot]) {
        struct map_entry *entry = &m->entries[m->slots[slot] - 1];
        void *before = entry->value;
        entry->value = value;
        return before;
    }
    m->entries[m->len] = (struct map_entry){key, value, hash};
    m->slots[slot] = ++m->len;
    return NULL;
}
