/* Whether constants are well-formed, as Go's strconv has it. */
#include "base/utf8.h"
#include "template/syntax/lex.h"

/* More digits than these are more than any integer of Go has. */
#define DIGITS_MAX 20u

static bool are_digits(struct str text, size_t at, size_t count, char last, bool hex) {
    if (at + count > text.len) return false;
    for (size_t i = at; i < at + count; i++) {
        char c = text.ptr[i], letter = (char)(c | 0x20);
        if (!(c >= '0' && c <= last) && !(hex && letter >= 'a' && letter <= 'f')) return false;
    }
    return true;
}

static uint32_t hex_number(struct str text, size_t at, size_t count) {
    uint32_t number = 0;
    for (size_t i = at; i < at + count; i++) {
        char c = text.ptr[i];
        number = number << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return number;
}

/* How many bytes the escape at `at`, behind its backslash, takes; 0 where it is none. */
static size_t escape_size(struct str text, size_t at, char quote) {
    static const char plain[] = "abfnrtv\\", wide[] = "xuU";
    static const uint8_t sizes[] = {2, 4, 8};
    if (at >= text.len) return 0;
    char c = text.ptr[at];
    if (c == quote || (c && strchr(plain, c))) return 1;
    if (c >= '0' && c <= '7') return c <= '3' && are_digits(text, at, 3, '7', false) ? 3 : 0;
    const char *kind = c ? strchr(wide, c) : NULL;
    if (!kind || !are_digits(text, at + 1, sizes[kind - wide], '9', true)) return 0;
    uint32_t code = hex_number(text, at + 1, sizes[kind - wide]);
    if (c != 'x' && (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))) return 0;
    return 1 + (size_t)sizes[kind - wide];
}

/* Counts the characters between the quotes; false where an escape is none. */
static bool count_characters(struct str text, size_t *count) {
    *count = 0;
    for (size_t at = 1; at + 1 < text.len; ++*count) {
        uint32_t code;
        size_t size = text.ptr[at] == '\\' ? escape_size(text, at + 1, text.ptr[0]) : utf8_next(text, at, &code);
        if (size == 0) return false;
        at += size + (text.ptr[at] == '\\');
    }
    return true;
}

/* An integer is too large, or has a digit that no octal number has; what has a point, an exponent or a letter is left
 * to Go. */
static bool is_integer(struct str text) {
    size_t at = text.ptr[0] == '+' || text.ptr[0] == '-';
    bool octal = at + 1 < text.len && text.ptr[at] == '0';
    if (!are_digits(text, at, text.len - at, '9', false)) return true;
    return octal ? are_digits(text, at, text.len - at, '7', false) : text.len - at <= DIGITS_MAX;
}

bool template_is_constant(uint8_t kind, struct str text) {
    size_t count;
    if (kind == TEMPLATE_STRING) return count_characters(text, &count);
    if (kind == TEMPLATE_CHARACTER) return count_characters(text, &count) && count == 1;
    return kind != TEMPLATE_NUMBER || is_integer(text);
}
