/* Tests on single bytes of ASCII. They take an int, so that -1 may stand for the end of a text; a byte goes in as an
 * unsigned char. */
#ifndef BASE_CHAR_H
#define BASE_CHAR_H

#include <stdbool.h>

static inline bool char_is_digit(int c) {
    return c >= '0' && c <= '9';
}

static inline bool char_is_letter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Space, tab, CR, LF. */
static inline bool char_is_space(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of a hexadecimal digit, or -1. */
static inline int char_hex_value(int c) {
    if (char_is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static inline bool char_is_hex(int c) {
    return char_hex_value(c) >= 0;
}

#endif
