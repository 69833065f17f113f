/* The two texts are walked side by side: the scalar as it is written, and the string that it stands for. They differ by
 * escapes in quotes, and by line ends and indentation, where the one has some white space and the other has some too.
 */
#include "rule/place.h"

struct walk {
    struct str raw;
    struct str string;
    size_t r, s; /* where we are in them */
    char quote;  /* `"`, `'`, or 0 */
};

static bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bytes that a `\` escape takes, and those that it makes. */
static void step_escape(struct walk *w) {
    char c = w->r + 1 < w->raw.len ? w->raw.ptr[w->r + 1] : '\0';
    unsigned digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code = 0;
    w->r += 2;
    for (unsigned i = 0; i < digits && w->r < w->raw.len; i++, w->r++) {
        char digit = w->raw.ptr[w->r];
        code = code << 4 | (uint32_t)(digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
    }
    if (c == '\n' || c == '\r') {
        while (w->r < w->raw.len && is_white(w->raw.ptr[w->r])) w->r++;
        return;
    }
    bool wide = c == 'N' || c == '_'; /* U+0085 and U+00A0 */
    w->s += c == 'L' || c == 'P'     ? 3
            : wide                   ? 2
            : !digits || code < 0x80 ? 1
            : code < 0x800           ? 2
            : code < 0x10000         ? 3
                                     : 4;
}

/* A line end that is escaped, and so stands for nothing. */
static bool is_joint(const struct walk *w) {
    struct str rest = str_slice(w->raw, w->r, w->raw.len);
    return w->quote == '"' && (str_starts(rest, STR("\\\n")) || str_starts(rest, STR("\\\r")));
}

/* White space with a line end in it stands for whatever white space the string has there. */
static void step_white(struct walk *w) {
    size_t end = w->r;
    bool breaks = false;
    for (; end < w->raw.len && is_white(w->raw.ptr[end]); end++) breaks = breaks || w->raw.ptr[end] == '\n';
    if (!breaks) {
        w->r++;
        w->s++;
        return;
    }
    w->r = end;
    while (w->s < w->string.len && is_white(w->string.ptr[w->s])) w->s++;
}

static void step(struct walk *w) {
    char c = w->raw.ptr[w->r];
    if (w->quote == '"' && c == '\\') {
        step_escape(w);
    } else if (is_white(c)) {
        step_white(w);
    } else {
        w->r += w->quote == '\'' && c == '\'' ? 2 : 1;
        w->s++;
    }
}

/* Behind the quote or the header of a block. */
static void skip_opening(struct walk *w) {
    char c = w->raw.len ? w->raw.ptr[0] : '\0';
    if (c == '"' || c == '\'') {
        w->quote = c;
        w->r = 1;
    } else if (c == '|' || c == '>') {
        w->r = str_find_char(w->raw, '\n');
        while (w->r < w->raw.len && is_white(w->raw.ptr[w->r])) w->r++;
        while (w->s < w->string.len && is_white(w->string.ptr[w->s])) w->s++;
    }
}

struct span place_of(struct str text, const struct value *value, struct span part) {
    struct walk w = {.raw = span_text(text, value->span), .string = value->string};
    skip_opening(&w);
    while (w.r < w.raw.len && w.s < part.start) step(&w);
    while (is_joint(&w)) step(&w);
    uint32_t start = value->span.start + (uint32_t)w.r;
    /* To the end of the part's last byte, not to the begin of what follows: white space may lie between. */
    while (w.r < w.raw.len && w.s + 1 < part.end) step(&w);
    if (w.r < w.raw.len && w.s < part.end && span_len(part)) step(&w);
    uint32_t end = value->span.start + (uint32_t)w.r;
    return (struct span){start, end > start ? end : start};
}
