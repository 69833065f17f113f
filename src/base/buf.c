#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

static char *buf_room(struct buf *b, size_t more) {
    if (b->cap - b->len < more) {
        size_t cap = b->cap ? b->cap * 2 : 64;
        while (cap - b->len < more) cap *= 2;
        b->ptr = arena_grow(b->arena, b->ptr, b->len, cap);
        b->cap = cap;
    }
    return b->ptr + b->len;
}

void buf_add(struct buf *b, struct str s) {
    if (s.len == 0) return;
    memcpy(buf_room(b, s.len), s.ptr, s.len);
    b->len += s.len;
}

void buf_add_char(struct buf *b, char c) {
    *buf_room(b, 1) = c;
    b->len++;
}

void buf_add_repeat(struct buf *b, char c, size_t count) {
    if (count == 0) return;
    memset(buf_room(b, count), c, count);
    b->len += count;
}

void buf_add_int(struct buf *b, int64_t number) {
    char digits[20]; /* those of 2^63, and a sign */
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) digits[--at] = '-';
    buf_add(b, (struct str){digits + at, sizeof digits - at});
}

void buf_addf(struct buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) base_panic("a message could not be formatted");
    vsnprintf(buf_room(b, (size_t)len + 1), (size_t)len + 1, format, again);
    va_end(again);
    b->len += (size_t)len;
}
