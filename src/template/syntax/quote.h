/* String and character constants of Go. Internal to this room. */
#ifndef TEMPLATE_SYNTAX_QUOTE_H
#define TEMPLATE_SYNTAX_QUOTE_H

#include "base/str.h"

/* Reads the character at `at` of the constant `quoted`, which begins with its quote: one that is written out, or an
 * escape. `*end` is set behind it. False where Go refuses it. A byte of an escape (\x, octal) is given as that number.
 */
bool tmpl_unquote_character(struct str quoted, size_t at, size_t *end, uint32_t *code);

#endif
