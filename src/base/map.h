/* A hash map from strings to pointers, in an arena. Keys are not copied. Entries keep the order in which they
 * were put, which is what makes output the same in every run. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map_entry {
    struct str key;
    void *value;
    uint32_t hash;
};

struct map {
    struct map_entry *entries; /* in order of insertion */
    uint32_t len;
    uint32_t cap;
    uint32_t *slots; /* index + 1 into entries, 0 = free */
    uint32_t slot_count;
};

/* The value of `key`, or NULL. */
void *map_get(const struct map *m, struct str key);

/* Sets `key` to `value` (not NULL); returns the value that stood there before, or NULL. */
void *map_put(struct arena *a, struct map *m, struct str key, void *value);

#endif
