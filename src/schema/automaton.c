/* Glushkov's construction: each literal or class of the pattern is a position; a state is the set of positions that
 * may have matched the last character, as the bits of one word. */
#include "schema/automaton.h"

#include "base/arena.h"

#define POSITIONS 64
#define NESTING 16

/* Characters as the automaton sees them: ASCII, any other, and the two line separators that `.` leaves out. */
enum { SYMBOL_OTHER = 128, SYMBOL_SEPARATOR, SYMBOLS };

struct automaton {
    bool anchored; /* begins with ^ */
    bool ends;     /* ends with $ */
    bool nullable;
    uint64_t first, last;
    uint64_t follow[POSITIONS];
    uint64_t by_symbol[SYMBOLS]; /* positions that take the symbol */
};

/* A part of the pattern: what it may begin and end with. */
struct fragment {
    uint64_t first, last;
    bool nullable;
};

struct symbol_set {
    uint64_t ascii[2];
    bool other, separator;
};

struct builder {
    struct automaton *automaton;
    struct str in;
    size_t at;
    unsigned positions;
    unsigned depth;
    bool failed; /* not a simple pattern */
};

static bool set_has(const struct symbol_set *set, unsigned symbol) {
    return symbol < 128 && (set->ascii[symbol / 64] >> (symbol % 64) & 1);
}

static void set_add(struct symbol_set *set, unsigned low, unsigned high) {
    for (unsigned c = low; c <= high; c++) set->ascii[c / 64] |= (uint64_t)1 << (c % 64);
}

static void set_invert(struct symbol_set *set) {
    set->ascii[0] = ~set->ascii[0];
    set->ascii[1] = ~set->ascii[1];
    set->other = !set->other;
    set->separator = !set->separator;
}

static int peek(const struct builder *b) {
    return b->at < b->in.len ? (unsigned char)b->in.ptr[b->at] : -1;
}

static struct fragment fail(struct builder *b) {
    b->failed = true;
    return (struct fragment){0, 0, true};
}

static struct fragment add_position(struct builder *b, const struct symbol_set *set) {
    struct automaton *m = b->automaton;
    if (b->positions == POSITIONS) return fail(b);
    uint64_t bit = (uint64_t)1 << b->positions++;
    for (unsigned c = 0; c < 128; c++)
        if (set_has(set, c)) m->by_symbol[c] |= bit;
    if (set->other) m->by_symbol[SYMBOL_OTHER] |= bit;
    if (set->separator) m->by_symbol[SYMBOL_SEPARATOR] |= bit;
    return (struct fragment){bit, bit, false};
}

static void link_positions(struct builder *b, uint64_t from, uint64_t to) {
    for (; from; from &= from - 1) b->automaton->follow[__builtin_ctzll(from)] |= to;
}

static struct fragment join(struct builder *b, struct fragment left, struct fragment right) {
    link_positions(b, left.last, right.first);
    struct fragment both = {left.first, right.last, left.nullable && right.nullable};
    if (left.nullable) both.first |= right.first;
    if (right.nullable) both.last |= left.last;
    return both;
}

/* The escape behind a `\`, which `at` stands behind; false where it is none of the simple ones. */
static bool read_escape(struct builder *b, struct symbol_set *set) {
    int c = peek(b);
    bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    if (c < 0 || c >= 128 || (c >= '0' && c <= '9')) return false;
    b->at++;
    if (!letter) {
        set_add(set, (unsigned)c, (unsigned)c);
        return true;
    }
    struct symbol_set class = {{0, 0}, false, false};
    if ((c | 32) == 'd' || (c | 32) == 'w') set_add(&class, '0', '9');
    if ((c | 32) == 'w') set_add(&class, 'a', 'z'), set_add(&class, 'A', 'Z'), set_add(&class, '_', '_');
    if (!set_has(&class, '0')) return false;
    if (c < 'a') set_invert(&class);
    set->ascii[0] |= class.ascii[0];
    set->ascii[1] |= class.ascii[1];
    set->other |= class.other;
    set->separator |= class.separator;
    return true;
}

/* A class; `at` stands behind its `[`. */
static struct fragment read_class(struct builder *b) {
    struct symbol_set set = {{0, 0}, false, false};
    bool negated = peek(b) == '^';
    if (negated) b->at++;
    for (int c = peek(b); c != ']'; c = peek(b)) {
        if (c < 0 || c >= 128) return fail(b);
        b->at++;
        if (c == '\\') {
            c = peek(b);
            if ((c | 32) >= 'a' && (c | 32) <= 'z') {
                if (!read_escape(b, &set) || peek(b) == '-') return fail(b);
                continue;
            }
            if (c < 0 || c >= 128 || (c >= '0' && c <= '9')) return fail(b);
            b->at++;
        }
        int high = c;
        if (peek(b) == '-' && b->at + 1 < b->in.len && b->in.ptr[b->at + 1] != ']') {
            b->at++;
            high = peek(b);
            if (high < c || high >= 128 || high == '\\' || high == '[') return fail(b);
            b->at++;
        }
        set_add(&set, (unsigned)c, (unsigned)high);
    }
    b->at++;
    if (negated) set_invert(&set);
    return add_position(b, &set);
}

static struct fragment read_choice(struct builder *b);

static struct fragment read_group(struct builder *b) {
    if (++b->depth > NESTING) return fail(b);
    if (peek(b) == '?') {
        if (!str_starts(str_slice(b->in, b->at, b->in.len), STR("?:"))) return fail(b);
        b->at += 2;
    }
    struct fragment inner = read_choice(b);
    if (peek(b) != ')') return fail(b);
    b->at++;
    b->depth--;
    return inner;
}

static struct fragment read_atom(struct builder *b) {
    struct symbol_set set = {{0, 0}, false, false};
    int c = peek(b);
    b->at++;
    switch (c) {
    case '(': return read_group(b);
    case '[': return read_class(b);
    case '\\':
        if (!read_escape(b, &set)) return fail(b);
        return add_position(b, &set);
    case '.':
        set_add(&set, '\n', '\n');
        set_add(&set, '\r', '\r');
        set.separator = true;
        set_invert(&set);
        return add_position(b, &set);
    case '^':
    case '$':
    case '*':
    case '+':
    case '?':
    case '{':
    case '}':
    case ']': return fail(b);
    default: break;
    }
    if (c < 0 || c >= 128) return fail(b);
    set_add(&set, (unsigned)c, (unsigned)c);
    return add_position(b, &set);
}

static bool read_count(struct builder *b, unsigned *count) {
    size_t start = b->at;
    *count = 0;
    for (; peek(b) >= '0' && peek(b) <= '9' && b->at < start + 4; b->at++)
        *count = *count * 10 + (unsigned)(peek(b) - '0');
    return b->at > start;
}

/* {m}, {m,} or {m,n}; `at` stands behind the `{`. `*most` is 0 for no end. */
static bool read_bounds(struct builder *b, unsigned *least, unsigned *most) {
    if (!read_count(b, least)) return false;
    *most = *least;
    if (peek(b) == ',') {
        b->at++;
        if (peek(b) == '}') *most = 0;
        else if (!read_count(b, most) || *most < *least || *most == 0) return false;
    } else if (*least == 0) {
        return false;
    }
    if (peek(b) != '}') return false;
    b->at++;
    return true;
}

/* An atom `least` to `most` times: copies of it, the optional ones nested so that few positions are alive at once. */
static struct fragment repeat(struct builder *b, size_t atom, struct fragment one, unsigned least, unsigned most) {
    size_t behind = b->at;
    struct fragment copies[POSITIONS];
    unsigned count = most ? most : least ? least : 1;
    if (count > POSITIONS) return fail(b);
    copies[0] = one;
    for (unsigned i = 1; i < count && !b->failed; i++) {
        b->at = atom;
        copies[i] = read_atom(b);
    }
    b->at = behind;
    if (b->failed) return one;
    struct fragment all = copies[count - 1];
    if (most == 0) link_positions(b, all.last, all.first);
    if (count > least) all.nullable = true;
    for (unsigned i = count - 1; i-- > 0;) {
        all = join(b, copies[i], all);
        if (i >= least) all.nullable = true;
    }
    return all;
}

static struct fragment read_term(struct builder *b) {
    size_t atom = b->at;
    struct fragment one = read_atom(b);
    unsigned least, most;
    if (b->failed) return one;
    int c = peek(b);
    if (c != '*' && c != '+' && c != '?' && c != '{') return one;
    b->at++;
    if (c == '{') {
        if (!read_bounds(b, &least, &most)) return fail(b);
    } else {
        least = c == '+';
        most = c == '?';
    }
    if (peek(b) == '?') b->at++; /* lazy: the same matches */
    c = peek(b);
    if (c == '*' || c == '+' || c == '?' || c == '{') return fail(b);
    return repeat(b, atom, one, least, most);
}

static struct fragment read_sequence(struct builder *b) {
    struct fragment all = {0, 0, true};
    while (!b->failed) {
        int c = peek(b);
        if (c < 0 || c == '|' || c == ')') break;
        if (c == '$' && b->depth == 0 && b->at + 1 == b->in.len) break;
        struct fragment term = read_term(b);
        all = join(b, all, term);
    }
    return all;
}

static struct fragment read_choice(struct builder *b) {
    struct fragment all = read_sequence(b);
    while (!b->failed && peek(b) == '|') {
        if (b->depth == 0 && b->automaton->anchored) return fail(b); /* `^a|b` anchors the first only */
        b->at++;
        struct fragment next = read_sequence(b);
        all = (struct fragment){all.first | next.first, all.last | next.last, all.nullable || next.nullable};
        if (b->depth == 0 && peek(b) == '$') return fail(b);
    }
    return all;
}

const struct automaton *automaton_compile(struct arena *a, struct str pattern) {
    struct automaton built = {0};
    struct builder b = {&built, pattern, 0, 0, 0, false};

    if (peek(&b) == '^') {
        built.anchored = true;
        b.at++;
    }
    struct fragment all = read_choice(&b);
    if (b.failed) return NULL;
    if (peek(&b) == '$') {
        built.ends = true;
        b.at++;
    }
    if (b.at != pattern.len) return NULL;
    built.first = all.first;
    built.last = all.last;
    built.nullable = all.nullable;
    struct automaton *automaton = arena_alloc_raw(a, sizeof *automaton);
    *automaton = built;
    return automaton;
}

/* The symbol at `*at`, which moves behind it. */
static unsigned next_symbol(struct str text, size_t *at) {
    unsigned char c = (unsigned char)text.ptr[(*at)++];
    if (c < 128) return c;
    size_t start = *at - 1;
    while (*at < text.len && ((unsigned char)text.ptr[*at] & 0xC0) == 0x80) (*at)++;
    struct str character = str_slice(text, start, *at);
    bool separator = str_eq(character, STR("\xE2\x80\xA8")) || str_eq(character, STR("\xE2\x80\xA9"));
    return separator ? SYMBOL_SEPARATOR : SYMBOL_OTHER;
}

bool automaton_search(const struct automaton *m, struct str text) {
    uint64_t state = 0;
    if (m->nullable && (!m->ends || !m->anchored || text.len == 0)) return true;
    for (size_t at = 0; at < text.len;) {
        uint64_t next = at == 0 || !m->anchored ? m->first : 0;
        for (; state; state &= state - 1) next |= m->follow[__builtin_ctzll(state)];
        state = next & m->by_symbol[next_symbol(text, &at)];
        if (!m->ends && (state & m->last)) return true;
        if (!state && m->anchored) return false;
    }
    return m->ends && (state & m->last);
}
