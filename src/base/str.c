#include "base/str.h"

int str_cmp(struct str a, struct str b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    if (order != 0) return order;
    return (a.len > b.len) - (a.len < b.len);
}

size_t str_find_char(struct str s, char c) {
    const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return hit ? (size_t)(hit - s.ptr) : s.len;
}

size_t str_find(struct str s, struct str needle) {
    const char *hit;
    if (needle.len == 0) return 0;
    if (s.len < needle.len) return s.len;
    hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return hit ? (size_t)(hit - s.ptr) : s.len;
}

size_t str_rfind_char(struct str s, char c) {
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == c) return i - 1;
    return s.len;
}

static bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s) {
    while (s.len && is_white(s.ptr[0])) s = str_slice(s, 1, s.len);
    while (s.len && is_white(s.ptr[s.len - 1])) s.len--;
    return s;
}

bool str_take_char(struct str *s, char c) {
    if (s->len == 0 || s->ptr[0] != c) return false;
    *s = str_slice(*s, 1, s->len);
    return true;
}

bool str_split_next(struct str *rest, char separator, struct str *piece) {
    if (rest->ptr == NULL || (rest->len == 0)) return false;
    size_t at = str_find_char(*rest, separator);
    *piece = str_slice(*rest, 0, at);
    *rest = at == rest->len ? (struct str){NULL, 0} : str_slice(*rest, at + 1, rest->len);
    return true;
}

static uint64_t load(const char *bytes, size_t count) {
    uint64_t word = 0;
    memcpy(&word, bytes, count);
    return word;
}

/* Eight bytes at a time, mixed by multiplication; the last bytes are read together with some of those before them. */
uint32_t str_hash(struct str s) {
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t hash = s.len * factor, last = 0;
    if (s.len >= 8) {
        for (size_t i = 0; i + 8 < s.len; i += 8) {
            hash = (hash ^ load(s.ptr + i, 8)) * factor;
            hash ^= hash >> 32;
        }
        last = load(s.ptr + s.len - 8, 8);
    } else if (s.len >= 4) {
        last = load(s.ptr, 4) << 32 | load(s.ptr + s.len - 4, 4);
    } else if (s.len > 0) {
        last = (uint64_t)(unsigned char)s.ptr[0] << 16 | (uint64_t)(unsigned char)s.ptr[s.len / 2] << 8 |
               (unsigned char)s.ptr[s.len - 1];
    }
    hash = (hash ^ last) * factor;
    hash ^= hash >> 32;
    hash *= factor;
    uint32_t folded = (uint32_t)(hash >> 32);
    return folded ? folded : 1;
}
