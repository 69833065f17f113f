#include "schema/memo.h"

/* Room for the first entries: those of one values file. */
#define SLOTS_FIRST 512

struct schema_memo *schema_memo_new(struct arena *a) {
    struct schema_memo *memo = arena_new(a, struct schema_memo);
    memo->arena = a;
    return memo;
}

/* The slot of the pair; the table is at most half full. */
static struct memo_entry *find_slot(const struct schema_memo *memo, const struct schema_node *node,
                                    const struct value *v) {
    uintptr_t mixed = ((uintptr_t)node >> 4) * 31 + ((uintptr_t)v->map.members >> 3);
    uint32_t mask = memo->slot_count - 1, at = (uint32_t)(mixed ^ mixed >> 9) & mask;
    for (;; at = (at + 1) & mask) {
        struct memo_entry *entry = &memo->slots[at];
        bool same = entry->node == node && entry->members == v->map.members && entry->len == v->map.len;
        if (!entry->node || same) return entry;
    }
}

uint32_t memo_get(const struct schema_memo *memo, const struct schema_node *node, const struct value *v) {
    if (memo->slot_count == 0) return 0;
    const struct memo_entry *entry = find_slot(memo, node, v);
    return entry->node ? entry->steps : 0;
}

static void grow(struct schema_memo *memo) {
    const struct schema_memo before = *memo;
    memo->slot_count = before.slot_count ? before.slot_count * 2 : SLOTS_FIRST;
    memo->slots = arena_array(memo->arena, struct memo_entry, memo->slot_count);
    for (uint32_t i = 0; i < before.slot_count; i++) {
        const struct memo_entry *entry = &before.slots[i];
        const struct value map = {.kind = VALUE_MAP, .map = {entry->members, entry->len, 0}};
        if (entry->node) *find_slot(memo, entry->node, &map) = *entry;
    }
}

void memo_put(struct schema_memo *memo, const struct schema_node *node, const struct value *v, uint32_t steps) {
    if (memo->used * 2 >= memo->slot_count) grow(memo);
    struct memo_entry *entry = find_slot(memo, node, v);
    memo->used += entry->node == NULL;
    *entry = (struct memo_entry){node, v->map.members, v->map.len, steps};
}
