#include "template/go/unicode.h"

#include "base/utf8.h"

struct range {
    uint32_t first, last;
    uint8_t stride;
};

#define ALTERNATES 0x110000

struct case_range {
    uint32_t first, last;
    int32_t delta[3];
};

enum { TO_UPPER, TO_LOWER, TO_TITLE };

#include "template/go/unicode_table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define IN(class, code) contains(class, COUNT(class), code)

static bool contains(const struct range *ranges, size_t count, uint32_t code) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code > ranges[middle].last) low = middle + 1;
        else if (code < ranges[middle].first) high = middle;
        else return (code - ranges[middle].first) % ranges[middle].stride == 0;
    }
    return false;
}

bool go_is_print(uint32_t code) {
    return IN(PRINT, code);
}

bool go_is_letter(uint32_t code) {
    return IN(LETTER, code);
}

bool go_is_number(uint32_t code) {
    return IN(NUMBER, code);
}

bool go_is_digit(uint32_t code) {
    return IN(DIGIT, code);
}

bool go_is_punct(uint32_t code) {
    return IN(PUNCT, code);
}

bool go_is_upper(uint32_t code) {
    return IN(UPPER, code);
}

bool go_is_lower(uint32_t code) {
    return IN(LOWER, code);
}

bool go_is_title(uint32_t code) {
    return IN(TITLE, code);
}

bool go_is_space(uint32_t code) {
    return (code >= 9 && code <= 13) || code == ' ' || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x3000;
}

static uint32_t to_case(uint32_t code, int which) {
    size_t low = 0, high = COUNT(CASES);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct case_range *range = &CASES[middle];
        if (code > range->last) low = middle + 1;
        else if (code < range->first) high = middle;
        else if (range->delta[which] == ALTERNATES) /* pairs, the upper one first */
            return range->first + (((code - range->first) & ~1u) | (which == TO_LOWER ? 1u : 0u));
        else return (uint32_t)((int32_t)code + range->delta[which]);
    }
    return code;
}

uint32_t go_to_upper(uint32_t code) {
    return to_case(code, TO_UPPER);
}

uint32_t go_to_lower(uint32_t code) {
    return to_case(code, TO_LOWER);
}

uint32_t go_to_title(uint32_t code) {
    return to_case(code, TO_TITLE);
}

static bool is_rune(uint32_t code) {
    return code < 0xD800 || (code > 0xDFFF && code <= 0x10FFFF);
}

void go_add_rune(struct buf *out, uint32_t code) {
    if (!is_rune(code)) code = UTF8_REPLACEMENT;
    utf8_add(out, code);
}

bool go_is_utf8(struct str s) {
    return utf8_valid_len(s) == s.len;
}

struct str go_trim_space(struct str s) {
    uint32_t code;
    size_t start = 0, end = s.len;
    while (start < end) {
        size_t len = utf8_next(s, start, &code);
        if (!go_is_space(code)) break;
        start += len;
    }
    while (end > start) {
        size_t before = utf8_previous(s, end);
        size_t len = utf8_next(s, before, &code);
        if (before + len != end || !go_is_space(code)) break;
        end = before;
    }
    return str_slice(s, start, end);
}

/* A character other than the quote and `\`, printable or not. */
static void add_escaped(struct buf *out, uint32_t code, bool ascii) {
    static const char letters[] = "abtnvfr"; /* for 7 to 13 */
    if (go_is_print(code) && (code < 0x80 || !ascii)) go_add_rune(out, code);
    else if (code >= 7 && code <= 13) buf_addf(out, "\\%c", letters[code - 7]);
    else if (code < ' ' || code == 0x7F) buf_addf(out, "\\x%02x", code);
    else if (code < 0x10000) buf_addf(out, "\\u%04x", code);
    else buf_addf(out, "\\U%08x", code);
}

void go_quote(struct buf *out, struct str s, char quote, bool ascii) {
    uint32_t code;
    buf_add_char(out, quote);
    for (size_t i = 0, len; i < s.len; i += len) {
        len = utf8_next(s, i, &code);
        if (len == 1 && code == UTF8_REPLACEMENT) buf_addf(out, "\\x%02x", (unsigned char)s.ptr[i]);
        else if (code == (unsigned char)quote || code == '\\') buf_addf(out, "\\%c", (char)code);
        else add_escaped(out, code, ascii);
    }
    buf_add_char(out, quote);
}

void go_quote_rune(struct buf *out, uint32_t code, bool ascii) {
    if (!is_rune(code)) code = UTF8_REPLACEMENT;
    buf_add_char(out, '\'');
    if (code == '\'' || code == '\\') buf_addf(out, "\\%c", (char)code);
    else add_escaped(out, code, ascii);
    buf_add_char(out, '\'');
}

bool go_can_backquote(struct str s) {
    uint32_t code;
    for (size_t i = 0, len; i < s.len; i += len) {
        len = utf8_next(s, i, &code);
        if (len > 1 && code == 0xFEFF) return false;
        if (len > 1) continue;
        if (code == UTF8_REPLACEMENT || (code < ' ' && code != '\t') || code == '`' || code == 0x7F) return false;
    }
    return true;
}
