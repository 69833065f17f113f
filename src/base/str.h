/* A run of bytes with a length; it owns nothing and needs no NUL. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *ptr; /* may be NULL where len is 0 */
    size_t len;
};

/* A string literal as str. */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* The same for a static initialiser. */
#define STR_INIT(literal)                                                                                              \
    { (literal), sizeof(literal) - 1 }
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).len, ((s).len ? (s).ptr : "")

static inline struct str str_from(const char *nul_terminated) {
    return (struct str){nul_terminated, nul_terminated ? strlen(nul_terminated) : 0};
}

static inline bool str_eq(struct str a, struct str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_starts(struct str s, struct str prefix) {
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_ends(struct str s, struct str suffix) {
    return s.len >= suffix.len && (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* Cuts the byte `c` off the front of `s`; false where another stands there. */
bool str_take_char(struct str *s, char c);

/* The bytes [from, to); both are cut to the length of `s`. */
static inline struct str str_slice(struct str s, size_t from, size_t to) {
    if (to > s.len) to = s.len;
    if (from > to) from = to;
    return (struct str){s.ptr ? s.ptr + from : NULL, to - from};
}

/* Order of the bytes, the shorter first where one begins with the other: <0, 0, >0. */
int str_cmp(struct str a, struct str b);

/* The first place of `c` or of `needle` in `s`, or `s.len` where there is none. */
size_t str_find_char(struct str s, char c);
size_t str_find(struct str s, struct str needle);
/* The last place of `c`, or `s.len`. */
size_t str_rfind_char(struct str s, char c);

/* Without white space (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);

/* Takes what stands before the next `separator` off the front of `rest` into `piece`; false when `rest` is used
 * up. Start with the whole string; an empty string gives no piece. */
bool str_split_next(struct str *rest, char separator, struct str *piece);

/* A 32-bit hash, the same in every run on machines of one byte order; never 0. Not for what is kept or compared
 * elsewhere. */
uint32_t str_hash(struct str s);

#endif
