/* Characters of UTF-8 text. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* Stands for bytes that are no UTF-8. */
#define UTF8_REPLACEMENT 0xFFFDu

/* Reads the character at `at` (below `s.len`) into `*code` and returns how many bytes it takes. A byte that begins
 * no well-formed sequence (RFC 3629: no overlong form, no surrogate) is UTF8_REPLACEMENT, one byte long. */
size_t utf8_next(struct str s, size_t at, uint32_t *code);

/* Whether a byte goes on with a character that began before it. */
static inline bool utf8_is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* How many bytes of `s`, at most `max`, hold whole characters only. */
size_t utf8_cut(struct str s, size_t max);

/* Where the character before `at` (above 0) begins: the reverse of utf8_next in well-formed text. */
size_t utf8_previous(struct str s, size_t at);

#endif
