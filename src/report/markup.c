#include "report/markup.h"

#include <stdint.h>

#include "base/clean.h"

/* What would be read as an element, an entity or the end of an attribute. */
#define SPECIAL "&<>\"'"

/* A bit for each byte that is to be escaped; all of them are ASCII. */
struct set {
    uint64_t bits[2];
};

static bool has(const struct set *set, char c) {
    return (unsigned char)c < 128 && (set->bits[c >> 6] >> (c & 63) & 1);
}

/* Where what may be copied as it is ends: printable ASCII but for `#`, which may begin a command (base/clean.h). */
static size_t plain_until(struct str s, size_t at, const struct set *special) {
    while (at < s.len && s.ptr[at] >= 0x20 && s.ptr[at] < 0x7F && s.ptr[at] != '#' && !has(special, s.ptr[at])) at++;
    return at;
}

void markup_add_plain(struct buf *out, struct str s, const char *special) {
    struct set set = {{0, 0}};
    for (; *special; special++) set.bits[*special >> 6] |= (uint64_t)1 << (*special & 63);
    for (size_t at = 0; at < s.len;) {
        size_t end = plain_until(s, at, &set);
        buf_add(out, str_slice(s, at, end));
        for (at = end; end < s.len && !has(&set, s.ptr[end]);) end++;
        clean_add(out, str_slice(s, at, end));
        if (end < s.len) buf_addf(out, "&#%u;", (unsigned)s.ptr[end]);
        at = end + 1;
    }
}

void markup_add_code(struct buf *out, struct str s, const char *special) {
    for (;;) {
        size_t open = str_find_char(s, '`');
        struct str rest = str_slice(s, open < s.len ? open + 1 : s.len, s.len);
        size_t close = str_find_char(rest, '`');
        if (close == rest.len) break;
        markup_add_plain(out, str_slice(s, 0, open), special);
        buf_add(out, STR("<code>"));
        markup_add_plain(out, str_slice(rest, 0, close), special);
        buf_add(out, STR("</code>"));
        s = str_slice(rest, close + 1, rest.len);
    }
    markup_add_plain(out, s, special);
}

void markup_add(struct buf *out, struct str s) {
    markup_add_plain(out, s, SPECIAL);
}

void markup_add_message(struct buf *out, struct str s) {
    markup_add_code(out, s, SPECIAL);
}
