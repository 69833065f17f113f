/* Text that is built piece by piece, in an arena. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len;
    size_t cap;
};

static inline struct buf buf_in(struct arena *a) {
    return (struct buf){a, NULL, 0, 0};
}

void buf_add(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
/* `count` times the byte `c`. */
void buf_add_repeat(struct buf *b, char c, size_t count);
/* A number in decimal digits. */
void buf_add_int(struct buf *b, int64_t number);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was built so far; valid until the next addition or the end of the arena. */
static inline struct str buf_str(const struct buf *b) {
    return (struct str){b->ptr, b->len};
}

#endif
