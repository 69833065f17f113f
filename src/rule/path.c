#include "rule/path.h"

#include "base/ascii.h"

static bool is_plain(char c) {
    return ascii_is_alnum(c) || c == '_' || c == '-' || c == '/' || (c & 0x80);
}

/* Reads `["key"]`, whose key holds no quotes; *at stands on the bracket. */
static bool read_quoted(struct str text, uint32_t *at, struct str *key) {
    struct str rest = str_slice(text, *at, text.len);
    if (!str_starts(rest, STR("[\""))) return false;
    size_t end = str_find(rest, STR("\"]"));
    if (end == rest.len || end <= 2) return false;
    *key = str_slice(rest, 2, end);
    *at += (uint32_t)end + 2;
    return true;
}

/* Reads a key or `*`. */
static bool read_plain(struct str text, uint32_t *at, struct str *key) {
    uint32_t start = *at;
    if (start < text.len && text.ptr[start] == '*') {
        (*at)++;
        *key = (struct str){NULL, 0};
        return true;
    }
    while (*at < text.len && is_plain(text.ptr[*at])) (*at)++;
    *key = str_slice(text, start, *at);
    return *at > start;
}

bool rule_path_parse(struct arena *a, struct str text, struct rule_path *path, uint32_t *at) {
    struct VEC(struct str) keys = {NULL, 0, 0};
    struct str key;
    for (*at = 0; *at < text.len;) {
        bool bracket = text.ptr[*at] == '[';
        if (!bracket && keys.len > 0 && text.ptr[*at] != '.') return false;
        if (!bracket && keys.len > 0) (*at)++;
        if (!(bracket ? read_quoted(text, at, &key) : read_plain(text, at, &key))) return false;
        vec_push(a, &keys, key);
    }
    *path = (struct rule_path){keys.items, keys.len};
    return true;
}

bool rule_path_is_wild(const struct rule_path *path) {
    for (uint32_t i = 0; i < path->count; i++)
        if (!path->keys[i].ptr) return true;
    return false;
}

struct str rule_path_text(struct arena *a, const struct str *keys, uint32_t count) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < count; i++) {
        bool plain = keys[i].len > 0;
        for (size_t j = 0; j < keys[i].len; j++) plain = plain && is_plain(keys[i].ptr[j]);
        if (keys[i].ptr && !plain) {
            buf_addf(&out, "[\"%.*s\"]", STR_ARG(keys[i]));
            continue;
        }
        if (i > 0) buf_add_char(&out, '.');
        buf_add(&out, keys[i].ptr ? keys[i] : STR("*"));
    }
    return buf_str(&out);
}
