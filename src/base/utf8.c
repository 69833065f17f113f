#include "base/utf8.h"

size_t utf8_next(struct str s, size_t at, uint32_t *code) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)s.ptr[at];
    *code = first;
    if (first < 0x80) return 1;

    size_t len = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    *code = UTF8_REPLACEMENT;
    if (first < 0xC2 || first > 0xF4 || len > s.len - at) return 1;
    uint32_t read = first & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if (!utf8_is_continuation(s.ptr[at + i])) return 1;
        read = read << 6 | ((unsigned char)s.ptr[at + i] & 0x3F);
    }
    if (read < smallest[len] || read > 0x10FFFF || (read >= 0xD800 && read <= 0xDFFF)) return 1;
    *code = read;
    return len;
}

size_t utf8_previous(struct str s, size_t at) {
    size_t start = at - 1;
    while (start > 0 && at - start < 4 && utf8_is_continuation(s.ptr[start])) start--;
    uint32_t code;
    return start + utf8_next(s, start, &code) == at ? start : at - 1;
}

size_t utf8_cut(struct str s, size_t max) {
    if (s.len <= max) return s.len;
    while (max > 0 && utf8_is_continuation(s.ptr[max])) max--;
    return max;
}

size_t utf8_len(struct str s, size_t at) {
    uint32_t code;
    return (unsigned char)s.ptr[at] < 0x80 ? 1 : utf8_next(s, at, &code);
}

void utf8_add(struct buf *out, uint32_t code) {
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    if (code < 0x80) {
        buf_add_char(out, (char)code);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    buf_add_char(out, (char)(leads[more] | code >> (6 * more)));
    while (more-- > 0) buf_add_char(out, (char)(0x80 | (code >> (6 * more) & 0x3F)));
}

size_t utf8_count(struct str s) {
    size_t count = 0;
    for (size_t at = 0; at < s.len; at += utf8_len(s, at)) count++;
    return count;
}

bool utf8_offset(struct str s, size_t index, size_t *offset) {
    size_t at = 0;
    for (; index > 0 && at < s.len; index--) at += utf8_len(s, at);
    *offset = at;
    return index == 0;
}

size_t utf8_valid_len(struct str s) {
    uint32_t code;
    for (size_t at = 0, len; at < s.len; at += len)
        if ((len = utf8_next(s, at, &code)) == 1 && code == UTF8_REPLACEMENT) return at;
    return s.len;
}
