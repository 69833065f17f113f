/* Glushkov's construction: each literal or class of the pattern is a position, and the set of positions that may have
 * matched the last character is a word of bits. The sets that can come up become the states of a table, so that a
 * search is one look-up a character. */
#include "schema/automaton.h"

#include "base/utf8.h"

#define POSITIONS 64
#define NESTING 16
#define STATES 128
#define CLASSES 64
#define DEAD 255 /* nothing can match any more */

/* Characters as the automaton sees them: ASCII, and three kinds beyond it: white space, the two line separators (white
 * space too, which `.` leaves out) and all others. */
enum { SYMBOL_OTHER = 128, SYMBOL_SPACE, SYMBOL_SEPARATOR, SYMBOLS };

struct automaton {
    bool anchored; /* begins with ^ */
    bool ends;     /* ends with $ */
    bool nullable;
    uint8_t classes; /* kinds of symbols that no position tells apart */
    uint8_t class_of[SYMBOLS];
    bool accepts[STATES];
    uint8_t *next; /* state * classes + class; state 0 is the start */
};

/* The positions and what follows what. */
struct positions {
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
    uint64_t bits[3];
};

struct builder {
    struct positions *p;
    struct str in;
    size_t at;
    unsigned count; /* of positions */
    unsigned depth;
    bool anchored, ends;
    bool failed; /* not a simple pattern */
};

static bool set_has(const struct symbol_set *set, unsigned symbol) {
    return set->bits[symbol / 64] >> (symbol % 64) & 1;
}

static void set_add(struct symbol_set *set, unsigned low, unsigned high) {
    for (unsigned c = low; c <= high; c++) set->bits[c / 64] |= (uint64_t)1 << (c % 64);
}

static void set_join(struct symbol_set *set, const struct symbol_set *other) {
    for (int i = 0; i < 3; i++) set->bits[i] |= other->bits[i];
}

static void set_invert(struct symbol_set *set) {
    for (int i = 0; i < 3; i++) set->bits[i] = ~set->bits[i];
}

static int peek(const struct builder *b) {
    return b->at < b->in.len ? (unsigned char)b->in.ptr[b->at] : -1;
}

static struct fragment fail(struct builder *b) {
    b->failed = true;
    return (struct fragment){0, 0, true};
}

static struct fragment add_position(struct builder *b, const struct symbol_set *set) {
    if (b->count == POSITIONS) return fail(b);
    uint64_t bit = (uint64_t)1 << b->count++;
    for (unsigned c = 0; c < SYMBOLS; c++)
        if (set_has(set, c)) b->p->by_symbol[c] |= bit;
    return (struct fragment){bit, bit, false};
}

static void link_positions(struct builder *b, uint64_t from, uint64_t to) {
    for (; from; from &= from - 1) b->p->follow[__builtin_ctzll(from)] |= to;
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
    struct symbol_set class = {{0, 0, 0}};
    int kind = c | 32;
    if (kind == 'd' || kind == 'w') set_add(&class, '0', '9');
    else if (kind != 's') return false;
    if (kind == 'w') set_add(&class, 'a', 'z'), set_add(&class, 'A', 'Z'), set_add(&class, '_', '_');
    if (kind == 's') set_add(&class, 9, 13), set_add(&class, ' ', ' '), set_add(&class, SYMBOL_SPACE, SYMBOL_SEPARATOR);
    if (c < 'a') set_invert(&class);
    set_join(set, &class);
    return true;
}

/* A class; `at` stands behind its `[`. */
static struct fragment read_class(struct builder *b) {
    struct symbol_set set = {{0, 0, 0}};
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
    struct symbol_set set = {{0, 0, 0}};
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
        set_add(&set, SYMBOL_SEPARATOR, SYMBOL_SEPARATOR);
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
        bool last = b->at + 1 == b->in.len || b->in.ptr[b->at + 1] == '|';
        if (c == '$' && b->depth == 0 && last) break;
        struct fragment term = read_term(b);
        all = join(b, all, term);
    }
    return all;
}

static struct fragment either(struct fragment a, struct fragment b) {
    return (struct fragment){a.first | b.first, a.last | b.last, a.nullable || b.nullable};
}

/* The inside of a group. */
static struct fragment read_choice(struct builder *b) {
    struct fragment all = read_sequence(b);
    while (!b->failed && peek(b) == '|') {
        b->at++;
        all = either(all, read_sequence(b));
    }
    return all;
}

static bool take(struct builder *b, char c) {
    if (peek(b) != c) return false;
    b->at++;
    return true;
}

/* The whole pattern: its alternatives must be anchored in the same way. */
static struct fragment read_pattern(struct builder *b) {
    struct fragment all = {0, 0, false};
    bool first = true;
    do {
        bool anchored = take(b, '^');
        struct fragment next = read_sequence(b);
        bool ends = take(b, '$');
        if (!first && (anchored != b->anchored || ends != b->ends)) return fail(b);
        b->anchored = anchored;
        b->ends = ends;
        all = first ? next : either(all, next);
        first = false;
    } while (!b->failed && take(b, '|'));
    return all;
}

/* Gives symbols that the same positions take the same class; returns how many classes there are. */
static unsigned find_classes(const struct positions *p, uint8_t *class_of, uint64_t *masks) {
    unsigned count = 0;
    for (unsigned symbol = 0; symbol < SYMBOLS; symbol++) {
        unsigned class = 0;
        while (class < count && masks[class] != p->by_symbol[symbol]) class ++;
        if (class == count) masks[count++] = p->by_symbol[symbol];
        class_of[symbol] = (uint8_t) class;
    }
    return count;
}

/* The state of the set `set`, a new one where it has none; DEAD where there are too many. */
static unsigned state_of(uint64_t *sets, unsigned *count, uint64_t set) {
    unsigned state = 1;
    while (state < *count && sets[state] != set) state++;
    if (state < *count) return state;
    if (*count == STATES) return DEAD;
    sets[(*count)++] = set;
    return state;
}

/* Fills the table of `m`, which has room for all states; false where there would be too many. */
static bool fill_table(struct automaton *m, const struct positions *p, const uint64_t *masks, unsigned *states) {
    uint64_t sets[STATES] = {0};
    *states = 1;
    for (unsigned state = 0; state < *states; state++) {
        uint64_t next = state == 0 || !m->anchored ? p->first : 0;
        for (uint64_t set = sets[state]; set; set &= set - 1) next |= p->follow[__builtin_ctzll(set)];
        for (unsigned class = 0; class < m->classes; class ++) {
            uint64_t set = next & masks[class];
            uint8_t *entry = &m->next[state * m->classes + class];
            if (!set && m->anchored) {
                *entry = DEAD;
                continue;
            }
            *entry = (uint8_t)state_of(sets, states, set);
            if (*entry == DEAD) return false;
            m->accepts[*entry] = (set & p->last) != 0;
        }
    }
    return true;
}

const struct automaton *automaton_compile(struct arena *a, struct str pattern) {
    struct positions positions = {0};
    struct builder b = {&positions, pattern, 0, 0, 0, false, false, false};
    uint64_t masks[SYMBOLS];
    unsigned states;

    struct fragment all = read_pattern(&b);
    if (b.failed || b.at != pattern.len) return NULL;
    positions.first = all.first;
    positions.last = all.last;
    struct automaton built = {.anchored = b.anchored, .ends = b.ends, .nullable = all.nullable};
    unsigned classes = find_classes(&positions, built.class_of, masks);
    if (classes > CLASSES) return NULL;
    built.classes = (uint8_t)classes;
    uint8_t table[STATES * CLASSES];
    built.next = table;
    if (!fill_table(&built, &positions, masks, &states)) return NULL;
    struct automaton *automaton = arena_alloc_raw(a, sizeof *automaton);
    *automaton = built;
    automaton->next = arena_alloc_raw(a, (size_t)states * classes);
    memcpy(automaton->next, table, (size_t)states * classes);
    return automaton;
}

/* The symbol at `*at`, which moves behind it. */
static unsigned next_symbol(struct str text, size_t *at) {
    unsigned char c = (unsigned char)text.ptr[*at];
    uint32_t code;
    if (c < 128) {
        ++*at;
        return c;
    }
    *at += utf8_next(text, *at, &code);
    if (code == 0x2028 || code == 0x2029) return SYMBOL_SEPARATOR;
    bool space = code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
                 code == 0x205F || code == 0x3000 || code == 0xFEFF;
    return space ? SYMBOL_SPACE : SYMBOL_OTHER;
}

bool automaton_search(const struct automaton *m, struct str text) {
    unsigned state = 0;
    if (m->nullable && (!m->ends || !m->anchored || text.len == 0)) return true;
    for (size_t at = 0; at < text.len;) {
        state = m->next[state * m->classes + m->class_of[next_symbol(text, &at)]];
        if (state == DEAD) return false;
        if (!m->ends && m->accepts[state]) return true;
    }
    return m->ends && m->accepts[state];
}
