#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/steps.h"

/* Under AddressSanitizer each piece is followed by a poisoned gap, and freed pieces are poisoned, so that an
 * overflow inside the arena is seen as one. */
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP 16
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP 0
#endif

#define ALIGN 16
/* Of a block, with its header. The first one is small: an arena for a single task seldom needs more, and an allocator
 * keeps pieces of that size for their next use, while zig's asks the system for one of 32 KB or more each time anew. */
#define BLOCK_MIN ((size_t)24 << 10)
#define BLOCK_MAX ((size_t)1 << 20)

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes behind this header */
    size_t used;
    size_t last; /* where the newest piece starts, for arena_grow */
};

#define HEADER ((sizeof(struct arena_block) + ALIGN - 1) / ALIGN * ALIGN)

_Noreturn void base_panic(const char *what) {
    fprintf(stderr, "valuelint: internal error: %s\n", what);
    abort();
}

static char *block_bytes(struct arena_block *block) {
    return (char *)block + HEADER;
}

static struct arena_block *block_new(size_t size) {
    struct arena_block *block = malloc(HEADER + size);
    if (!block) base_panic("out of memory");
    block->next = NULL;
    block->size = size;
    block->used = 0;
    block->last = 0;
    POISON(block_bytes(block), size);
    return block;
}

/* Makes a block with room for `size` bytes the current one, reusing those that arena_reset kept. */
static struct arena_block *arena_next_block(struct arena *a, size_t size) {
    struct arena_block *current = a->current;
    size_t want = current ? (current->size + HEADER) * 2 - HEADER : BLOCK_MIN - HEADER;

    while (current && current->next) {
        current = current->next;
        if (current->size - current->used >= size) return a->current = current;
    }
    if (want > BLOCK_MAX - HEADER) want = BLOCK_MAX - HEADER;
    if (want < size) want = size;
    struct arena_block *block = block_new(want);
    if (current) current->next = block;
    else a->first = block;
    return a->current = block;
}

void *arena_alloc_raw(struct arena *a, size_t size) {
    if (size > SIZE_MAX / 4) base_panic("out of memory: an impossible size was asked for");
    size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN + GAP;
    struct arena_block *block = a->current;

    if (!block || block->size - block->used < rounded) block = arena_next_block(a, rounded);
    steps_add_bytes(rounded);
    char *piece = block_bytes(block) + block->used;
    block->last = block->used;
    block->used += rounded;
    UNPOISON(piece, size);
    return piece;
}

void *arena_alloc(struct arena *a, size_t size) {
    void *piece = arena_alloc_raw(a, size);
    return memset(piece, 0, size);
}

void *arena_grow(struct arena *a, void *ptr, size_t old_size, size_t new_size) {
    struct arena_block *block = a->current;

    if (new_size > SIZE_MAX / 4) base_panic("out of memory: an impossible size was asked for");
    if (ptr && new_size <= old_size) return ptr;
    if (ptr && block && (char *)ptr == block_bytes(block) + block->last) {
        size_t rounded = (new_size + ALIGN - 1) / ALIGN * ALIGN + GAP;
        if (block->size - block->last >= rounded) {
            block->used = block->last + rounded;
            UNPOISON(ptr, new_size);
            return ptr;
        }
    }
    void *piece = arena_alloc_raw(a, new_size);
    if (old_size) memcpy(piece, ptr, old_size);
    return piece;
}

struct str arena_str(struct arena *a, struct str s) {
    char *copy = arena_alloc_raw(a, s.len + 1);
    if (s.len) memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return (struct str){copy, s.len};
}

struct str arena_vprintf(struct arena *a, const char *format, va_list args) {
    char line[256]; /* most are no longer, and are formatted once */
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(line, sizeof line, format, again);
    va_end(again);
    if (len < 0) base_panic("a message could not be formatted");
    char *text = arena_alloc_raw(a, (size_t)len + 1);
    if ((size_t)len < sizeof line) memcpy(text, line, (size_t)len + 1);
    else vsnprintf(text, (size_t)len + 1, format, args);
    return (struct str){text, (size_t)len};
}

struct str arena_printf(struct arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct str text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}

struct arena_mark arena_mark(const struct arena *a) {
    return (struct arena_mark){a->current, a->current ? a->current->used : 0};
}

void arena_release(struct arena *a, struct arena_mark mark) {
    for (struct arena_block *block = mark.block ? mark.block->next : a->first; block; block = block->next) {
        block->used = block->last = 0;
        POISON(block_bytes(block), block->size);
    }
    a->current = mark.block ? mark.block : a->first;
    if (!mark.block) return;
    mark.block->used = mark.used;
    mark.block->last = mark.used; /* no piece there: arena_grow copies */
    POISON(block_bytes(mark.block) + mark.used, mark.block->size - mark.used);
}

void arena_reset(struct arena *a) {
    size_t kept = 0;
    struct arena_block **link = &a->first;

    while (*link) {
        struct arena_block *block = *link;
        if (kept + block->size > ARENA_KEEP && kept > 0) {
            *link = block->next;
            free(block);
            continue;
        }
        kept += block->size;
        block->used = 0;
        block->last = 0;
        POISON(block_bytes(block), block->size);
        link = &block->next;
    }
    a->current = a->first;
}

void arena_free(struct arena *a) {
    for (struct arena_block *block = a->first; block;) {
        struct arena_block *next = block->next;
        UNPOISON(block_bytes(block), block->size);
        free(block);
        block = next;
    }
    *a = (struct arena){NULL, NULL};
}
