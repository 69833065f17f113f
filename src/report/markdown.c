#include "report/markdown.h"

#include <string.h>

#include "report/display.h"

void markdown_add(struct buf *out, struct str s) {
    for (size_t at = 0, plain = 0; at <= s.len; at++) {
        char c = at < s.len ? s.ptr[at] : '\0';
        bool escape = c && strchr("\\`*_[]<>&|~$#@!", c);
        if (at < s.len && !escape) continue;
        clean_add(out, str_slice(s, plain, at));
        if (escape) buf_addf(out, "&#%u;", (unsigned)c);
        plain = at + 1;
    }
}

void markdown_add_message(struct buf *out, struct str s) {
    while (s.len) {
        size_t open = str_find_char(s, '`');
        size_t close = open + 1 < s.len ? open + 1 + str_find_char(str_slice(s, open + 1, s.len), '`') : s.len;
        if (close >= s.len) break;
        markdown_add(out, str_slice(s, 0, open));
        buf_add(out, STR("<code>"));
        markdown_add(out, str_slice(s, open + 1, close));
        buf_add(out, STR("</code>"));
        s = str_slice(s, close + 1, s.len);
    }
    markdown_add(out, s);
}

void markdown_add_rule(struct buf *out, const struct report_options *options, const struct check *check) {
    if (!options->docs || !strstr(options->docs, "://")) {
        buf_add(out, check->id);
        return;
    }
    buf_addf(out, "[%.*s](", STR_ARG(check->id));
    display_url(out, options, check);
    buf_add_char(out, ')');
}
