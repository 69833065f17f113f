/* memchr and memcmp for C libraries whose own take one byte at a time (musl's and zig's), linked in place of them.
 *
 * Reading YAML is mostly these two on short pieces: the end of a line, a key against a name. So eight bytes are taken
 * at a time, as a word, and a rest of less than eight with one more word that overlaps the one before. In such a word
 * the bytes equal to `c` are found without a branch for each: after an exclusive or with eight copies of `c` they are
 * zero, and (x - 0x01..01) & ~x & 0x80..80 has the high bit of the lowest zero byte set, and of none below it. The
 * lowest byte is the first one: meson.build takes the file on little-endian machines only.
 *
 * The file is compiled with -fno-builtin: a compiler would take the loops for what they are, and call the function
 * itself. */
#include "base/memory_search.h"

#include <stdint.h>

#define WORD sizeof(uint64_t)
#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

typedef uint64_t __attribute__((may_alias, aligned(1))) word;
typedef uint32_t __attribute__((may_alias, aligned(1))) half;

static inline uint64_t word_at(const unsigned char *p) {
    return *(const word *)p;
}

static inline uint64_t zero_bytes(uint64_t x) {
    return (x - ONES) & ~x & HIGHS;
}

static inline size_t first_byte(uint64_t marks) {
    return (size_t)__builtin_ctzll(marks) / 8;
}

void *memchr(const void *bytes, int c, size_t len) {
    const unsigned char *p = bytes;
    const uint64_t pattern = ONES * (unsigned char)c;
    size_t i = 0;
    for (; len - i >= WORD; i += WORD) {
        uint64_t marks = zero_bytes(word_at(p + i) ^ pattern);
        if (marks) return (void *)(uintptr_t)(p + i + first_byte(marks));
    }
    for (; i < len; i++)
        if (p[i] == (unsigned char)c) return (void *)(uintptr_t)(p + i);
    return NULL;
}

static inline int word_order(uint64_t left, uint64_t right) {
    return __builtin_bswap64(left) < __builtin_bswap64(right) ? -1 : 1;
}

/* The order of less than WORD bytes. */
static inline int short_order(const unsigned char *l, const unsigned char *r, size_t len) {
    size_t i = 0;
    if (len >= WORD / 2) {
        uint32_t left = *(const half *)l, right = *(const half *)r;
        if (left != right) return word_order(left, right);
        i = WORD / 2;
    }
    for (; i < len; i++)
        if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
    return 0;
}

int memcmp(const void *left, const void *right, size_t len) {
    const unsigned char *l = left, *r = right;
    if (len < WORD) return short_order(l, r, len);
    for (size_t i = 0; i + WORD <= len; i += WORD)
        if (word_at(l + i) != word_at(r + i)) return word_order(word_at(l + i), word_at(r + i));
    l += len - WORD;
    r += len - WORD;
    return word_at(l) == word_at(r) ? 0 : word_order(word_at(l), word_at(r));
}

int bcmp(const void *left, const void *right, size_t len) {
    return memcmp(left, right, len);
}
