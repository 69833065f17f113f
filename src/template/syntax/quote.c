/* String constants as Go's strconv reads them: an escape stands for a character, but \x and octal ones for a byte;
 * bytes that are no UTF-8 become U+FFFD; raw strings lose their carriage returns. */
#include "template/syntax/quote.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "template/go/unicode.h"
#include "template/syntax/parse.h"

/* Reads `count` digits of base 8 or 16. */
static bool read_digits(struct str text, size_t at, size_t count, int base, uint32_t *number) {
    *number = 0;
    if (at + count > text.len) return false;
    for (size_t i = at; i < at + count; i++) {
        int digit = ascii_hex_value(text.ptr[i]);
        if (digit < 0 || digit >= base) return false;
        *number = *number * (uint32_t)base + (uint32_t)digit;
    }
    return true;
}

/* `at` stands behind the backslash. */
static bool read_escape(struct str quoted, size_t at, size_t *end, uint32_t *code) {
    static const char names[] = "abfnrtv\\", codes[] = "\a\b\f\n\r\t\v\\", wide[] = "xuU";
    static const uint8_t sizes[] = {2, 4, 8};
    char c = at < quoted.len ? quoted.ptr[at] : '\0';
    const char *name = c ? strchr(names, c) : NULL, *kind = c ? strchr(wide, c) : NULL;
    *end = at + 1;
    if (name || (c && c == quoted.ptr[0])) {
        *code = (unsigned char)(name ? codes[name - names] : c);
        return true;
    }
    if (c >= '0' && c <= '7') {
        *end = at + 3;
        return read_digits(quoted, at, 3, 8, code) && *code <= 0xFF;
    }
    if (!kind) return false;
    *end = at + 1 + sizes[kind - wide];
    if (!read_digits(quoted, at + 1, sizes[kind - wide], 16, code)) return false;
    return c == 'x' || (*code <= 0x10FFFF && (*code < 0xD800 || *code >= 0xE000));
}

bool tmpl_unquote_character(struct str quoted, size_t at, size_t *end, uint32_t *code) {
    if (at >= quoted.len || quoted.ptr[at] == quoted.ptr[0]) return false;
    if (quoted.ptr[at] == '\\') return read_escape(quoted, at + 1, end, code);
    *end = at + utf8_next(quoted, at, code);
    return quoted.ptr[at] != '\n';
}

/* A raw string, of which Go drops carriage returns. */
static struct str unquote_raw(struct arena *a, struct str inner) {
    struct buf b = buf_in(a);
    if (str_find_char(inner, '\r') == inner.len) return inner;
    for (size_t i = 0; i < inner.len; i++)
        if (inner.ptr[i] != '\r') buf_add_char(&b, inner.ptr[i]);
    return buf_str(&b);
}

static bool is_ascii(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80) return false;
    return true;
}

bool tmpl_unquote(struct arena *a, struct str quoted, struct str *content) {
    *content = (struct str){NULL, 0};
    if (quoted.len < 2) return false;
    struct str inner = str_slice(quoted, 1, quoted.len - 1);
    if (quoted.ptr[0] == '`') {
        *content = unquote_raw(a, inner);
        return true;
    }
    if (str_find_char(inner, '\\') == inner.len && is_ascii(inner)) {
        *content = inner;
        return true;
    }
    struct buf b = buf_in(a);
    for (size_t at = 1; at + 1 < quoted.len;) {
        size_t end;
        uint32_t code;
        if (!tmpl_unquote_character(quoted, at, &end, &code) || end >= quoted.len) return false;
        /* Only \x and octal escapes stand for a byte. */
        bool byte = quoted.ptr[at] == '\\' && (quoted.ptr[at + 1] | 0x20) != 'u';
        if (byte) buf_add_char(&b, (char)code);
        else go_add_rune(&b, code);
        at = end;
    }
    *content = buf_str(&b);
    return true;
}

struct str tmpl_quote(struct arena *a, struct str content) {
    struct buf b = buf_in(a);
    buf_add_char(&b, '"');
    for (size_t i = 0; i < content.len; i++) {
        unsigned char c = (unsigned char)content.ptr[i];
        if (c == '"' || c == '\\') buf_addf(&b, "\\%c", c);
        else if (c < ' ' || c == 0x7F) buf_addf(&b, "\\x%02x", c);
        else buf_add_char(&b, (char)c);
    }
    buf_add_char(&b, '"');
    return buf_str(&b);
}
