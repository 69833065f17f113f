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
