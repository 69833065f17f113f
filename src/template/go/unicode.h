/* Classes and cases of characters, as Go's packages unicode and strconv have them. */
#ifndef TEMPLATE_GO_UNICODE_H
#define TEMPLATE_GO_UNICODE_H

#include "base/buf.h"

bool go_is_print(uint32_t code); /* strconv.IsPrint */
bool go_is_letter(uint32_t code);
bool go_is_number(uint32_t code);
bool go_is_digit(uint32_t code);
bool go_is_punct(uint32_t code);
bool go_is_upper(uint32_t code);
bool go_is_lower(uint32_t code);
bool go_is_title(uint32_t code);
bool go_is_space(uint32_t code);
uint32_t go_to_upper(uint32_t code);
uint32_t go_to_lower(uint32_t code);
uint32_t go_to_title(uint32_t code);

/* Adds a character in UTF-8; what is none (a surrogate, above U+10FFFF) becomes U+FFFD. */
void go_add_rune(struct buf *out, uint32_t code);

bool go_is_utf8(struct str s);

/* strings.TrimSpace. */
struct str go_trim_space(struct str s);

/* Adds `s` as strconv.Quote writes it, between `quote`s; `ascii`: as QuoteToASCII. */
void go_quote(struct buf *out, struct str s, char quote, bool ascii);
/* strconv.CanBackquote: `s` may stand between backquotes. */
bool go_can_backquote(struct str s);
/* Adds a character as strconv.QuoteRune writes it. */
void go_quote_rune(struct buf *out, uint32_t code, bool ascii);

#endif
