#include "yaml/scan.h"

#include "base/utf8.h"

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

/* Checks one character that is not plain ASCII; *len becomes its length. */
static bool check_character(struct arena *a, struct str text, size_t at, size_t *len, struct scan *scan,
                            struct yaml_issue *issue) {
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    uint32_t code;
    *len = utf8_next(text, at, &code);
    bool broken = code == UTF8_REPLACEMENT && *len == 1;
    if (broken)
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

bool scan_explicit_key(struct str text) {
    bool may_start = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        char after = i + 1 < text.len ? text.ptr[i + 1] : '\n';
        if (c == '?' && may_start && (after == ' ' || after == '\t' || after == '\n' || after == '\r')) return true;
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
    if (text.len > TEXT_MAX)
        return refuse(issue, 0, 0, STR("the file is too large to be a values file"), STR("check that it is one"));
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
        return refuse(issue, bad, 1, STR("carriage return without a line feed"),
                      STR("use LF or CRLF as line ends in the whole file"));
    scan->has_tab = text.len && memchr(text.ptr, '\t', text.len);
    return true;
}
