#include "yaml/scan.h"

#define BLOCK 64

static bool refuse(struct yaml_issue *issue, size_t at, size_t len, struct str message, struct str help) {
    *issue =
        (struct yaml_issue){.kind = YAML_UNREADABLE, .span = span_make(at, at + len), .message = message, .help = help};
    return false;
}

/* Whether a block of BLOCK bytes is all printable ASCII, tabs and line ends. Written so that compilers vectorize it. */
static bool block_is_plain(const unsigned char *bytes) {
    unsigned char odd = 0;
    for (int i = 0; i < BLOCK; i++) {
        unsigned char c = bytes[i];
        odd |= (unsigned char)(((c < 0x20) & (c != '\n') & (c != '\r') & (c != '\t')) | (c >= 0x7F));
    }
    return odd == 0;
}

/* Decodes the UTF-8 sequence at `s`; its length, or 0 where it is not well-formed (Unicode, table 3-7). */
static size_t utf8_decode(const unsigned char *s, size_t left, uint32_t *code) {
    static const struct {
        unsigned char low, high;   /* first byte */
        unsigned char low2, high2; /* second byte */
        unsigned char len;
    } forms[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
                 {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                 {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        size_t len = forms[f].len;
        if (s[0] < forms[f].low || s[0] > forms[f].high) continue;
        if (left < len || s[1] < forms[f].low2 || s[1] > forms[f].high2) return 0;
        *code = s[0] & (0x7Fu >> len);
        for (size_t i = 1; i < len; i++) {
            if ((s[i] & 0xC0) != 0x80) return 0;
            *code = *code << 6 | (s[i] & 0x3Fu);
        }
        return len;
    }
    return 0;
}

/* Checks one character that is not plain ASCII; *len becomes its length. */
static bool check_character(struct arena *a, struct str text, size_t at, size_t *len, struct scan *scan,
                            struct yaml_issue *issue) {
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    uint32_t code = s[0];
    *len = s[0] < 0x80 ? 1 : utf8_decode(s, text.len - at, &code);
    if (*len == 0)
        return refuse(issue, at, 1, arena_printf(a, "byte 0x%02X is not UTF-8", s[0]), STR("save the file as UTF-8"));
    if (code == 0)
        return refuse(issue, at, 1, STR("the file holds a NUL byte"), STR("save the file as plain UTF-8 text"));
    bool control =
        (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code >= 0x7F && code < 0xA0 && code != 0x85);
    if (control || code == 0xFEFF || code == 0xFFFE || code == 0xFFFF)
        return refuse(issue, at, *len, arena_printf(a, "the invisible character U+%04X is not allowed in YAML", code),
                      STR("delete the character, or write it as an escape in a double-quoted string"));
    if (code == 0x85 || code == 0x2028 || code == 0x2029) scan->has_break = true;
    return true;
}

/* libfyaml uses freed memory on some texts with an explicit key (`? `) and a tab (`? d:<TAB>-`). */
static bool find_explicit_key(struct str text, size_t *at) {
    bool may_start = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        char after = i + 1 < text.len ? text.ptr[i + 1] : '\n';
        if (c == '?' && may_start && (after == ' ' || after == '\t' || after == '\n' || after == '\r')) {
            *at = i;
            return true;
        }
        bool indicator = c == '-' || c == '?' || c == ':' || c == '[' || c == '{' || c == ',' || c == '\n';
        may_start = indicator || (may_start && (c == ' ' || c == '\t' || c == '\r'));
    }
    return false;
}

/* A lone CR counts as a line end in YAML, but editors and this program's reports count lines by LF. */
static bool find_lone_cr(struct str text, size_t *at) {
    const char *end = text.ptr + text.len;
    for (const char *p = text.ptr; p < end && (p = memchr(p, '\r', (size_t)(end - p))); p++) {
        if (p + 1 < end && p[1] == '\n') continue;
        *at = (size_t)(p - text.ptr);
        return true;
    }
    return false;
}

bool scan_text(struct arena *a, struct str text, struct scan *scan, struct yaml_issue *issue) {
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    size_t at = 0, bad;

    *scan = (struct scan){0, false, false};
    if (text.len > TEXT_MAX) return refuse(issue, 0, 0, STR("the file is too large to be a values file"), STR(""));
    if (text.len >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF)))
        return refuse(issue, 0, 0, STR("the file is UTF-16"), STR("save the file as UTF-8"));
    if (str_starts(text, STR("\xEF\xBB\xBF"))) at = 3;
    scan->body = (uint32_t)at;

    while (at < text.len) {
        if (text.len - at >= BLOCK && block_is_plain(bytes + at)) {
            at += BLOCK;
            continue;
        }
        size_t stop = at + BLOCK < text.len ? at + BLOCK : text.len;
        while (at < stop) {
            size_t len = 1;
            unsigned char c = bytes[at];
            bool plain = (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t' || c == '\r';
            if (!plain && !check_character(a, text, at, &len, scan, issue)) return false;
            at += len;
        }
    }
    if (text.len && find_lone_cr(text, &bad))
        return refuse(issue, bad, 1, STR("a carriage return stands without a line feed"),
                      STR("use LF or CRLF as line ends in the whole file"));
    scan->has_tab = text.len && memchr(text.ptr, '\t', text.len);
    if (scan->has_tab && find_explicit_key(text, &bad))
        return refuse(issue, bad, 1, STR("an explicit key (`? `) in a file with tabs cannot be read safely"),
                      STR("replace the tabs by spaces, or write the key as `key: value`"));
    return true;
}
