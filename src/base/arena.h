/* A region of memory that is freed as a whole. Nearly everything that a run makes lives in one: what is
 * made for a chart goes when the chart is done, what is made for the run goes at its end. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena_block;

/* Zero-initialise it ({0}). Not safe to share between threads. */
struct arena {
    struct arena_block *first; /* blocks in use order; kept by arena_reset for the next use */
    struct arena_block *current;
};

/* Gives `size` bytes, aligned for any type and set to zero, valid until the arena is reset or freed.
 * Never returns NULL: out of memory ends the program with a message. */
void *arena_alloc(struct arena *a, size_t size);

/* The same, not set to zero: for bytes that the caller fills at once. */
void *arena_alloc_raw(struct arena *a, size_t size);

/* Makes the block at `ptr` (`old_size` bytes, from this arena) `new_size` bytes long: in place where it is the
 * newest, else by copying. `ptr` may be NULL with `old_size` 0. The added bytes are not set. */
void *arena_grow(struct arena *a, void *ptr, size_t old_size, size_t new_size);

/* Copies `s` into the arena, with a NUL behind it (not counted in its length). */
struct str arena_str(struct arena *a, struct str s);

/* printf into the arena; the result has a NUL behind it. */
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* A place in an arena to which arena_release goes back. */
struct arena_mark {
    struct arena_block *block; /* NULL: the arena was empty */
    size_t used;
};

struct arena_mark arena_mark(const struct arena *a);

/* Forgets what was given out since `mark` was made, and keeps its memory for the next use. */
void arena_release(struct arena *a, struct arena_mark mark);

/* Forgets everything in it, and keeps up to `ARENA_KEEP` bytes of its blocks for the next use. */
void arena_reset(struct arena *a);

/* Gives all of its memory back; `a` is empty and usable afterwards. */
void arena_free(struct arena *a);

#define ARENA_KEEP ((size_t)4 << 20)

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (size_t)(count)))

/* Out of memory and broken invariants: says where and aborts. */
_Noreturn void base_panic(const char *what);

#endif
