/* Strings by their code points. Bytes that are no UTF-8 count as one character each, so that nothing here can fail. */
#ifndef CEL_UTF8_H
#define CEL_UTF8_H

#include "base/buf.h"
#include "base/utf8.h"

/* The bytes of the character at `at` (1 to 4), `at` < s.len. */
size_t utf8_len(struct str s, size_t at);

/* Adds a code point. */
void utf8_add(struct buf *out, uint32_t code);

/* How many characters `s` has. */
size_t utf8_count(struct str s);

/* The byte offset of character `index`; s.len for index = count; false beyond that. */
bool utf8_offset(struct str s, size_t index, size_t *offset);

/* Whether all of `s` is UTF-8; else `*at` is the first wrong byte. */
bool utf8_valid(struct str s, size_t *at);

#endif
