#include "base/clean.h"

#include "base/ascii.h"
#include "base/utf8.h"

#define TAB STR("    ")
#define REPLACEMENT STR("\xEF\xBF\xBD")

bool clean_is_unsafe(uint32_t code) {
    if (code < 0x7F) return code < 0x20;
    return code < 0xA0 || code == 0x61C || code == 0x200E || code == 0x200F || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool clean_is_command(struct str s, size_t at) {
    if (at + 2 >= s.len || s.ptr[at] != '#' || s.ptr[at + 1] != '#') return false;
    for (at += 2; at < s.len && ascii_is_alpha(s.ptr[at]);) at++;
    return at < s.len && s.ptr[at] == '[';
}

/* White space as .NET knows it: a runner of GitHub trims a line before it looks. */
static bool is_space(uint32_t code) {
    return code == ' ' || (code >= 9 && code <= 13) || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x3000;
}

bool clean_begins_command(struct str s) {
    uint32_t code = 0;
    for (size_t at = 0; at < s.len;) {
        size_t len = utf8_next(s, at, &code);
        if (!is_space(code)) return code == ':' && at + 1 < s.len && s.ptr[at + 1] == ':';
        at += len;
    }
    return false;
}

void clean_add(struct buf *out, struct str s) {
    for (size_t at = 0; at < s.len;) {
        size_t plain = at;
        while (plain < s.len && s.ptr[plain] >= 0x20 && s.ptr[plain] < 0x7F && !clean_is_command(s, plain)) plain++;
        buf_add(out, str_slice(s, at, plain));
        at = plain;
        if (at == s.len) break;

        uint32_t code;
        size_t len = utf8_next(s, at, &code);
        if (code == '#') {
            buf_add_char(out, '#');
            buf_add(out, REPLACEMENT);
            len = 2;
        } else if (code == '\t') buf_add(out, TAB);
        else if (code == '\n') buf_add_char(out, ' ');
        else if (code == '\r' && at + 1 < s.len && s.ptr[at + 1] == '\n') {
            /* the line end's other half makes the space */
        } else if (clean_is_unsafe(code) || (code == UTF8_REPLACEMENT && len == 1)) buf_add(out, REPLACEMENT);
        else buf_add(out, str_slice(s, at, at + len));
        at += len;
    }
}

void clean_add_start(struct buf *out, struct str s) {
    if (clean_begins_command(s)) buf_add(out, STR("./"));
    clean_add(out, s);
}

void clean_add_lines(struct buf *out, struct str s) {
    for (size_t at = 0; at < s.len;) {
        size_t end = at + str_find_char(str_slice(s, at, s.len), '\n');
        clean_add_start(out, str_slice(s, at, end));
        if (end < s.len) buf_add_char(out, '\n');
        at = end + 1;
    }
}
