#include "report/fingerprint.h"

#include <inttypes.h>

struct fingerprint_count {
    unsigned count;
};

/* FNV-1a. */
static uint64_t hash_add(uint64_t hash, struct str s) {
    for (size_t i = 0; i < s.len; i++) hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
    return (hash ^ 0xFF) * UINT64_C(0x100000001b3);
}

static struct str hash_all(struct arena *a, const struct str *parts, size_t count) {
    uint64_t first = UINT64_C(0xcbf29ce484222325), second = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < count; i++) {
        first = hash_add(first, parts[i]);
        second = hash_add(second ^ first, parts[i]);
    }
    return arena_printf(a, "%016" PRIx64 "%016" PRIx64, first, second);
}

void fingerprints_begin(struct fingerprints *fingerprints) {
    arena_reset(&fingerprints->arena);
    fingerprints->seen = (struct map){NULL, 0, 0, NULL, 0};
}

struct str fingerprints_next(struct fingerprints *fingerprints, struct str path, const struct finding *finding) {
    struct arena *a = &fingerprints->arena;
    const struct str parts[] = {path, finding->check->id, finding->path, finding->message};
    struct str hash = hash_all(a, parts, sizeof parts / sizeof *parts);
    struct fingerprint_count *seen = map_get(&fingerprints->seen, hash);
    if (!seen) map_put(a, &fingerprints->seen, hash, seen = arena_new(a, struct fingerprint_count));
    if (seen->count++ == 0) return hash;
    const struct str numbered[] = {hash, arena_printf(a, "%u", seen->count)};
    return hash_all(a, numbered, 2);
}

void fingerprints_free(struct fingerprints *fingerprints) {
    arena_free(&fingerprints->arena);
}
