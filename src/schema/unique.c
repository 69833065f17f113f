/* uniqueItems. */
#include <stdlib.h>

#include "schema/validate.h"

/* Lists up to this length are compared pair by pair. */
#define SMALL_LIST 16

static uint32_t mix(uint32_t hash, uint32_t more) {
    return (hash ^ more) * 16777619u;
}

static uint32_t hash_number(double number) {
    uint64_t bits;
    if (number == 0) number = 0; /* -0.0 equals 0.0 */
    memcpy(&bits, &number, sizeof bits);
    return mix(mix(7, (uint32_t)bits), (uint32_t)(bits >> 32));
}

/* Equal values have equal hashes; the order of keys does not count. */
static uint32_t hash_value(const struct value *v) {
    uint32_t hash = 2166136261u;
    switch (v->kind) {
    case VALUE_NULL: return 1;
    case VALUE_BOOL: return v->boolean ? 3 : 2;
    case VALUE_INT:
    case VALUE_FLOAT: return hash_number(value_number(v));
    case VALUE_STRING: return str_hash(v->string);
    case VALUE_LIST:
        for (uint32_t i = 0; i < v->list.len; i++) hash = mix(hash, hash_value(&v->list.items[i]));
        return hash;
    case VALUE_MAP:
        for (uint32_t i = 0; i < v->map.len; i++)
            hash += mix(v->map.members[i].hash, hash_value(&v->map.members[i].value));
        return hash;
    }
    return hash;
}

static bool find_by_pairs(const struct value *list, uint32_t *first, uint32_t *second) {
    for (*second = 1; *second < list->list.len; ++*second)
        for (*first = 0; *first < *second; ++*first)
            if (value_equal(&list->list.items[*first], &list->list.items[*second])) return true;
    return false;
}

bool unique_find_equal(const struct value *list, uint32_t *first, uint32_t *second) {
    uint32_t len = list->list.len, slots = 64;
    bool found = false;
    if (len <= SMALL_LIST) return find_by_pairs(list, first, second);

    while (slots < len * 2) slots *= 2;
    struct {
        uint32_t hash, item; /* item: index + 1 */
    } *table = calloc(slots, sizeof *table);
    if (!table) base_panic("out of memory");
    for (uint32_t i = 0; i < len && !found; i++) {
        uint32_t hash = hash_value(&list->list.items[i]);
        uint32_t slot = mix(hash, hash >> 15) & (slots - 1);
        for (; table[slot].item && !found; slot = (slot + 1) & (slots - 1)) {
            *first = table[slot].item - 1;
            *second = i;
            found = table[slot].hash == hash && value_equal(&list->list.items[*first], &list->list.items[i]);
        }
        table[slot].hash = hash;
        table[slot].item = i + 1;
    }
    free(table);
    return found;
}
