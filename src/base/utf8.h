/* Characters of UTF-8 text. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

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

/* The bytes of the character at `at` (1 to 4), `at` < s.len. A byte that is no UTF-8 counts as one character. */
size_t utf8_len(struct str s, size_t at);

/* How many characters `s` has. */
size_t utf8_count(struct str s);

/* The byte offset of character `index`; s.len for index = count; false beyond that. */
bool utf8_offset(struct str s, size_t index, size_t *offset);

/* How many bytes of `s` come before the first that is no UTF-8: s.len where all is. */
size_t utf8_valid_len(struct str s);

/* Adds a code point. */
void utf8_add(struct buf *out, uint32_t code);

#endif
