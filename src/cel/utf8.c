#include "cel/utf8.h"

size_t utf8_len(struct str s, size_t at) {
    uint32_t code;
    return (unsigned char)s.ptr[at] < 0x80 ? 1 : utf8_next(s, at, &code);
}

void utf8_add(struct buf *out, uint32_t code) {
    if (code < 0x80) {
        buf_add_char(out, (char)code);
    } else if (code < 0x800) {
        buf_add_char(out, (char)(0xC0 | code >> 6));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buf_add_char(out, (char)(0xE0 | code >> 12));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buf_add_char(out, (char)(0xF0 | code >> 18));
        buf_add_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
    }
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

bool utf8_valid(struct str s, size_t *at) {
    for (*at = 0; *at < s.len;) {
        uint32_t code;
        size_t len = utf8_next(s, *at, &code);
        if (code == UTF8_REPLACEMENT && len == 1) return false;
        *at += len;
    }
    return true;
}
