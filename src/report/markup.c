#include "report/markup.h"

#include <string.h>

#include "base/clean.h"

void markup_add(struct buf *out, struct str s) {
    for (size_t at = 0, plain = 0; at <= s.len; at++) {
        char c = at < s.len ? s.ptr[at] : '\0';
        bool escape = c && strchr("&<>\"'", c);
        if (at < s.len && !escape) continue;
        clean_add(out, str_slice(s, plain, at));
        if (escape) buf_addf(out, "&#%u;", (unsigned)c);
        plain = at + 1;
    }
}

void markup_add_message(struct buf *out, struct str s) {
    for (;;) {
        size_t open = str_find_char(s, '`');
        struct str rest = str_slice(s, open < s.len ? open + 1 : s.len, s.len);
        size_t close = str_find_char(rest, '`');
        if (close == rest.len) break;
        markup_add(out, str_slice(s, 0, open));
        buf_add(out, STR("<code>"));
        markup_add(out, str_slice(rest, 0, close));
        buf_add(out, STR("</code>"));
        s = str_slice(rest, close + 1, rest.len);
    }
    markup_add(out, s);
}
