/* One pass over the pattern, which checks what RE2's parser checks and writes PCRE2's syntax. Nothing is handed on as
 * it stands: characters that are no letters and digits become \x{..}, classes are written out as ranges, anchors as
 * lookaround that means the same without options. So only the order of alternatives and what repetition does is left
 * to PCRE2, where both are leftmost-first. */
#include "base/utf8.h"
#include "base/vec.h"
#include "template/go/regex.h"
#include "template/go/unicode.h"

#define REPEAT_MAX 1000
#define DEPTH_MAX 500
#define MAX_RUNE 0x10FFFF

enum { FOLD = 1, MULTI_LINE = 2, DOT_NEWLINE = 4, UNGREEDY = 8 };

/* Whether what was read so far can match nothing: the alternative at hand, and one of those before it. */
struct emptiness {
    bool alternative, before;
};

struct group {
    unsigned flags;   /* to return to at its end */
    uint32_t repeats; /* the largest product of nested counts in it */
    struct emptiness empty;
    bool captures; /* it is a group with a number, or there is one in it */
};

struct re2 {
    struct arena *arena;
    struct go_regex_syntax *syntax;
    struct str in;
    size_t at;
    struct buf out;
    unsigned flags;
    bool item;             /* what stands before can be repeated */
    size_t repeat;         /* where the repetition right before began; SIZE_MAX: there is none */
    uint32_t item_repeats; /* of the item before */
    struct VEC(struct group) groups;
    uint32_t repeats; /* of the innermost group */
    struct emptiness empty;
    bool captures;      /* of the innermost group */
    bool item_empty;    /* the item before can match nothing */
    bool item_captures; /* it holds a group with a number */
    bool before_item;   /* what stands before it in its alternative can match nothing */
};

static bool refuse(struct re2 *r, const char *what, struct str where) {
    r->syntax->error = arena_printf(r->arena, "error parsing regexp: %s: `%.*s`", what, STR_ARG(where));
    return false;
}

static bool refuse_from(struct re2 *r, const char *what, size_t from) {
    return refuse(r, what, str_slice(r->in, from, r->at));
}

static bool next_rune(struct re2 *r, uint32_t *code) {
    size_t len = utf8_next(r->in, r->at, code);
    if (len == 1 && *code == UTF8_REPLACEMENT) return refuse(r, "invalid UTF-8", str_slice(r->in, r->at, r->in.len));
    r->at += len;
    return true;
}

static bool at_end(const struct re2 *r) {
    return r->at >= r->in.len;
}

static bool next_is(const struct re2 *r, char c) {
    return r->at < r->in.len && r->in.ptr[r->at] == c;
}

static bool is_alnum(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add_rune(struct re2 *r, uint32_t code) {
    if (is_alnum(code)) buf_add_char(&r->out, (char)code);
    else buf_addf(&r->out, "\\x{%x}", code);
}

/* An atom was written, which matches one character, or nothing (`empty`). */
static void end_atom(struct re2 *r, bool empty) {
    r->item = true;
    r->item_repeats = 1;
    r->item_empty = empty;
    r->item_captures = false;
    r->before_item = r->empty.alternative;
    if (!empty) r->empty.alternative = false;
}

static void end_item(struct re2 *r) {
    end_atom(r, false);
}

static void add_literal(struct re2 *r, uint32_t code) {
    add_rune(r, code);
    end_item(r);
}

static int hex_value(uint32_t c) {
    if (c >= '0' && c <= '9') return (int)c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

/* \x41 or \x{41}; `at` stands behind the x. */
static bool read_hex(struct re2 *r, size_t start, uint32_t *code) {
    uint32_t c, value = 0, digits = 0;
    if (at_end(r)) return refuse_from(r, "invalid escape sequence", start);
    if (!next_rune(r, &c)) return false;
    if (c != '{') {
        int high = hex_value(c);
        if (at_end(r)) return refuse_from(r, "invalid escape sequence", start);
        if (!next_rune(r, &c)) return false;
        int low = hex_value(c);
        if (high < 0 || low < 0) return refuse_from(r, "invalid escape sequence", start);
        *code = (uint32_t)(high * 16 + low);
        return true;
    }
    for (;; digits++) {
        if (at_end(r)) return refuse_from(r, "invalid escape sequence", start);
        if (!next_rune(r, &c)) return false;
        if (c == '}') break;
        int digit = hex_value(c);
        if (digit < 0 || (value = value * 16 + (uint32_t)digit) > MAX_RUNE)
            return refuse_from(r, "invalid escape sequence", start);
    }
    *code = value;
    return digits > 0 || refuse_from(r, "invalid escape sequence", start);
}

/* An escape that stands for one character; `at` stands at the backslash. */
static bool read_escape(struct re2 *r, uint32_t *code) {
    static const char names[] = "a\af\fn\nr\rt\tv\v";
    size_t start = r->at++;
    uint32_t c;
    if (at_end(r)) return refuse(r, "trailing backslash at end of expression", STR(""));
    if (!next_rune(r, &c)) return false;
    if (c >= '1' && c <= '7' && (at_end(r) || r->in.ptr[r->at] < '0' || r->in.ptr[r->at] > '7'))
        return refuse_from(r, "invalid escape sequence", start);
    if (c >= '0' && c <= '7') {
        *code = c - '0';
        for (int i = 1; i < 3 && !at_end(r) && r->in.ptr[r->at] >= '0' && r->in.ptr[r->at] <= '7'; i++)
            *code = *code * 8 + (uint32_t)(r->in.ptr[r->at++] - '0');
        return true;
    }
    if (c == 'x') return read_hex(r, start, code);
    for (size_t i = 0; i < sizeof names - 1; i += 2) {
        if ((unsigned char)names[i] != c) continue;
        *code = (unsigned char)names[i + 1];
        return true;
    }
    if (c >= 0x80 || is_alnum(c)) return refuse_from(r, "invalid escape sequence", start);
    *code = c;
    return true;
}

struct named_class {
    const char *name;
    uint8_t ranges[10]; /* pairs, ended by 0, 0 */
};

static const struct named_class PERL[] = {
    {"d", {'0', '9'}},
    {"s", {'\t', '\n', '\f', '\r', ' ', ' '}},
    {"w", {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}},
    {NULL, {0}},
};

static const struct named_class POSIX[] = {
    {"alnum", {'0', '9', 'A', 'Z', 'a', 'z'}},
    {"alpha", {'A', 'Z', 'a', 'z'}},
    {"ascii", {0, 0x7F}},
    {"blank", {'\t', '\t', ' ', ' '}},
    {"cntrl", {0, 0x1F, 0x7F, 0x7F}},
    {"digit", {'0', '9'}},
    {"graph", {'!', '~'}},
    {"lower", {'a', 'z'}},
    {"print", {' ', '~'}},
    {"punct", {'!', '/', ':', '@', '[', '`', '{', '~'}},
    {"space", {'\t', '\r', ' ', ' '}},
    {"upper", {'A', 'Z'}},
    {"word", {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}},
    {"xdigit", {'0', '9', 'A', 'F', 'a', 'f'}},
    {NULL, {0}},
};

static const struct named_class *find_class(const struct named_class *classes, struct str name) {
    for (; classes->name; classes++)
        if (str_eq(name, str_from(classes->name))) return classes;
    return NULL;
}

static void add_range(struct re2 *r, uint32_t from, uint32_t to) {
    if (from <= to) buf_addf(&r->out, "\\x{%x}-\\x{%x}", from, to);
}

/* The ranges of a class, or all others. */
static void add_class(struct re2 *r, const struct named_class *class, bool negated) {
    uint32_t next = 0;
    for (const uint8_t *range = class->ranges; range[1] != 0; range += 2) {
        if (!negated) add_range(r, range[0], range[1]);
        else if (range[0] > 0) add_range(r, next, range[0] - 1u);
        next = range[1] + 1u;
    }
    if (!negated) return;
    if (next <= 0xD7FF) add_range(r, next, 0xD7FF);
    add_range(r, 0xE000, MAX_RUNE);
}

/* \d, \W...; false where none stands there. */
static bool try_perl_class(struct re2 *r) {
    if (!next_is(r, '\\') || r->at + 1 >= r->in.len) return false;
    char c = r->in.ptr[r->at + 1], lower = (char)(c | 0x20);
    const struct named_class *class = find_class(PERL, (struct str){&lower, 1});
    if (!class || !is_alnum((unsigned char)c)) return false;
    r->at += 2;
    add_class(r, class, c != lower);
    return true;
}

enum tried { NOTHING, DONE, REFUSED };

/* \pL, \p{Greek}, \P{^Lu}. */
static enum tried try_property(struct re2 *r) {
    size_t start = r->at;
    uint32_t code;
    if (!next_is(r, '\\') || start + 1 >= r->in.len || (r->in.ptr[start + 1] | 0x20) != 'p') return NOTHING;
    bool negated = r->in.ptr[start + 1] == 'P';
    r->at += 2;
    if (at_end(r)) return refuse(r, "invalid character class range", str_slice(r->in, start, r->at)), REFUSED;
    if (!next_rune(r, &code)) return REFUSED;
    struct str name = str_slice(r->in, start + 2, r->at);
    if (code == '{') {
        size_t end = str_find_char(str_slice(r->in, start, r->in.len), '}') + start;
        if (end >= r->in.len) return refuse(r, "invalid character class range", str_slice(r->in, start, end)), REFUSED;
        name = str_slice(r->in, start + 3, end);
        r->at = end + 1;
    }
    if (name.len && name.ptr[0] == '^') {
        negated = !negated;
        name = str_slice(name, 1, name.len);
    }
    bool letters = name.len > 0;
    for (size_t i = 0; i < name.len; i++)
        letters = letters && (is_alnum((unsigned char)name.ptr[i]) || name.ptr[i] == '_');
    if (!letters) return refuse_from(r, "invalid character class range", start), REFUSED;
    buf_addf(&r->out, "\\%c{%.*s}", negated ? 'P' : 'p', STR_ARG(name));
    return DONE;
}

/* [:alpha:] inside of a class. */
static enum tried try_posix_class(struct re2 *r) {
    struct str rest = str_slice(r->in, r->at, r->in.len);
    if (rest.len <= 2 || rest.ptr[0] != '[' || rest.ptr[1] != ':') return NOTHING;
    size_t end = str_find(str_slice(rest, 2, rest.len), STR(":]")) + 2;
    if (end >= rest.len) return NOTHING;
    struct str name = str_slice(rest, 2, end);
    bool negated = name.len && name.ptr[0] == '^';
    const struct named_class *class = find_class(POSIX, str_slice(name, negated, name.len));
    if (!class) return refuse(r, "invalid character class range", str_slice(rest, 0, end + 2)), REFUSED;
    r->at += end + 2;
    add_class(r, class, negated);
    return DONE;
}

static bool read_class_char(struct re2 *r, size_t class_start, uint32_t *code) {
    if (at_end(r)) return refuse(r, "missing closing ]", str_slice(r->in, class_start, r->in.len));
    return next_is(r, '\\') ? read_escape(r, code) : next_rune(r, code);
}

static bool read_class_range(struct re2 *r, size_t class_start) {
    size_t start = r->at;
    uint32_t low, high;
    if (!read_class_char(r, class_start, &low)) return false;
    high = low;
    if (r->at + 1 < r->in.len && next_is(r, '-') && r->in.ptr[r->at + 1] != ']') {
        r->at++;
        if (!read_class_char(r, class_start, &high)) return false;
        if (high < low) return refuse_from(r, "invalid character class range", start);
    }
    add_range(r, low, high);
    return true;
}

static bool read_class(struct re2 *r) {
    size_t start = r->at++;
    buf_add_char(&r->out, '[');
    if (next_is(r, '^')) {
        buf_add_char(&r->out, '^');
        r->at++;
    }
    for (bool first = true; first || !next_is(r, ']'); first = false) {
        enum tried posix = try_posix_class(r);
        if (posix == REFUSED) return false;
        if (posix == DONE) continue;
        enum tried property = try_property(r);
        if (property == REFUSED) return false;
        if (property == DONE || try_perl_class(r)) continue;
        if (!read_class_range(r, start)) return false;
    }
    r->at++;
    buf_add_char(&r->out, ']');
    end_item(r);
    return true;
}

static bool open_group(struct re2 *r, const char *text, bool captures) {
    if (r->groups.len >= DEPTH_MAX) return refuse(r, "expression nests too deeply", r->in);
    vec_push(r->arena, &r->groups, (struct group){r->flags, r->repeats, r->empty, r->captures});
    r->repeats = 1;
    r->empty = (struct emptiness){true, false};
    r->captures = captures;
    r->item = false;
    buf_add(&r->out, str_from(text));
    return true;
}

static bool close_group(struct re2 *r) {
    if (r->groups.len == 0) return refuse(r, "unexpected )", r->in);
    struct group outer = r->groups.items[--r->groups.len];
    uint32_t inner = r->repeats;
    r->flags = outer.flags;
    r->repeats = outer.repeats > inner ? outer.repeats : inner;
    buf_add_char(&r->out, ')');
    r->at++;
    bool empty = r->empty.alternative || r->empty.before, captures = r->captures;
    r->empty = outer.empty;
    r->captures = outer.captures || captures;
    end_atom(r, empty);
    r->item_repeats = inner;
    r->item_captures = captures;
    return true;
}

/* (?P<name> or (?<name>, at the parenthesis. */
static bool read_named_group(struct re2 *r, size_t name_start) {
    size_t start = r->at;
    size_t end = str_find_char(str_slice(r->in, start, r->in.len), '>') + start;
    if (end >= r->in.len) return refuse(r, "invalid named capture", str_slice(r->in, start, end));
    struct str name = str_slice(r->in, start + name_start, end);
    bool valid = name.len > 0;
    for (size_t i = 0; i < name.len; i++) valid = valid && (is_alnum((unsigned char)name.ptr[i]) || name.ptr[i] == '_');
    if (!valid) return refuse(r, "invalid named capture", str_slice(r->in, start, end + 1));
    vec_push(r->arena, &r->syntax->names, name);
    r->at = end + 1;
    return open_group(r, "(", true);
}

static void set_fold(struct re2 *r, unsigned flags) {
    if ((flags ^ r->flags) & FOLD) buf_add(&r->out, flags & FOLD ? STR("(?i)") : STR("(?-i)"));
    r->flags = flags;
}

/* (?i), (?i-s:, (?: at the parenthesis. */
static bool read_flags(struct re2 *r) {
    size_t start = r->at;
    unsigned flags = r->flags;
    bool negative = false, any = false;
    uint32_t c;
    for (r->at += 2; !at_end(r);) {
        if (!next_rune(r, &c)) return false;
        unsigned flag = c == 'i' ? FOLD : c == 'm' ? MULTI_LINE : c == 's' ? DOT_NEWLINE : c == 'U' ? UNGREEDY : 0;
        if (flag) {
            flags = negative ? flags & ~flag : flags | flag;
            any = true;
        } else if (c == '-' && !negative) {
            negative = true;
            any = false;
        } else if ((c == ':' || c == ')') && (!negative || any)) {
            if (c == ':' && !open_group(r, "(?:", false)) return false;
            set_fold(r, flags);
            return true;
        } else {
            break;
        }
    }
    return refuse_from(r, "invalid or unsupported Perl syntax", start);
}

static bool read_group(struct re2 *r) {
    struct str rest = str_slice(r->in, r->at, r->in.len);
    if (rest.len >= 2 && rest.ptr[1] == '?') {
        if (rest.len > 4 && rest.ptr[2] == 'P' && rest.ptr[3] == '<') return read_named_group(r, 4);
        if (rest.len > 3 && rest.ptr[2] == '<') return read_named_group(r, 3);
        return read_flags(r);
    }
    vec_push(r->arena, &r->syntax->names, STR(""));
    r->at++;
    return open_group(r, "(", true);
}

/* A count without a leading zero; -1 where it is too large. */
static bool read_count(struct re2 *r, int *count) {
    size_t start = r->at;
    while (!at_end(r) && r->in.ptr[r->at] >= '0' && r->in.ptr[r->at] <= '9') r->at++;
    if (r->at == start || (r->at > start + 1 && r->in.ptr[start] == '0')) return false;
    *count = 0;
    for (size_t i = start; i < r->at; i++) {
        if (*count >= 100000000) {
            *count = -1;
            break;
        }
        *count = *count * 10 + (r->in.ptr[i] - '0');
    }
    return true;
}

/* {n}, {n,}, {n,m}; false (with `at` where it was) for anything else. *max is -1 for no limit. */
static bool read_counts(struct re2 *r, int *min, int *max) {
    size_t start = r->at++;
    bool ok = read_count(r, min);
    if (ok && next_is(r, ',')) {
        r->at++;
        *max = -1;
        if (!next_is(r, '}') && (ok = read_count(r, max)) && *max < 0) *min = -1;
    } else {
        *max = *min;
    }
    ok = ok && next_is(r, '}');
    r->at = ok ? r->at + 1 : start;
    return ok;
}

/* What a repetition of `text` does to the item before, from `start` on. */
static bool end_repeat(struct re2 *r, size_t start, struct str text) {
    bool ungreedy = (r->flags & UNGREEDY) != 0;
    if (next_is(r, '?')) {
        ungreedy = !ungreedy;
        r->at++;
    }
    if (r->repeat != SIZE_MAX) return refuse_from(r, "invalid nested repetition operator", r->repeat);
    if (!r->item) return refuse_from(r, "missing argument to repetition operator", start);
    buf_add(&r->out, text);
    if (ungreedy) buf_add_char(&r->out, '?');
    r->repeat = start;
    /* Of a group that may match nothing, repeated, PCRE2 keeps the last time round, RE2 the last that matched. */
    if (r->item_empty && r->item_captures) r->syntax->unsure_groups = true;
    if (text.ptr[0] == '*' || text.ptr[0] == '?' || str_starts(text, STR("{0"))) {
        r->item_empty = true;
        r->empty.alternative = r->before_item;
    }
    return true;
}

static bool read_repeat(struct re2 *r) {
    size_t start = r->at;
    int min, max;
    if (!next_is(r, '{')) {
        r->at++;
        return end_repeat(r, start, str_slice(r->in, start, start + 1));
    }
    if (!read_counts(r, &min, &max)) {
        r->at++;
        r->repeat = SIZE_MAX;
        add_literal(r, '{');
        return true;
    }
    if (min < 0 || min > REPEAT_MAX || max > REPEAT_MAX || (max >= 0 && min > max))
        return refuse_from(r, "invalid repeat count", start);
    size_t end = r->at;
    if (!end_repeat(r, start, str_slice(r->in, start, end))) return false;
    uint32_t count = (uint32_t)(max < 0 ? min : max), inner = r->item_repeats;
    uint32_t product = max == 0 ? 0 : (count ? count : 1) * inner;
    if ((min >= 2 || max >= 2) && product > REPEAT_MAX) return refuse_from(r, "invalid repeat count", start);
    r->item_repeats = product;
    if (product > r->repeats) r->repeats = product;
    return true;
}

/* \Q...\E: all of it as it stands. */
static bool read_quoted(struct re2 *r) {
    size_t start = r->at + 2;
    size_t end = str_find(str_slice(r->in, start, r->in.len), STR("\\E")) + start;
    uint32_t code;
    for (r->at = start; r->at < end;) {
        if (!next_rune(r, &code)) return false;
        add_literal(r, code);
    }
    r->at = end + 2 < r->in.len ? end + 2 : r->in.len;
    return true;
}

static void add_anchor(struct re2 *r, const char *text, size_t len) {
    buf_add(&r->out, str_from(text));
    r->at += len;
    end_atom(r, true);
}

static bool read_backslash(struct re2 *r) {
    static const struct {
        char letter;
        const char *text;
    } anchors[] = {{'A', "(?:\\A)"}, {'b', "(?:\\b)"}, {'B', "(?:\\B)"}, {'z', "(?:\\z)"}};
    char c = r->at + 1 < r->in.len ? r->in.ptr[r->at + 1] : '\0';
    uint32_t code;
    for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++) {
        if (anchors[i].letter != c) continue;
        add_anchor(r, anchors[i].text, 2);
        return true;
    }
    if (c == 'C') return refuse(r, "invalid escape sequence", STR("\\C"));
    if (c == 'Q') return read_quoted(r);
    size_t before = r->out.len;
    enum tried property = try_property(r);
    if (property == REFUSED) return false;
    if (property == DONE) {
        end_item(r);
        return true;
    }
    buf_add_char(&r->out, '[');
    if (try_perl_class(r)) {
        buf_add_char(&r->out, ']');
        end_item(r);
        return true;
    }
    r->out.len = before;
    if (!read_escape(r, &code)) return false;
    add_literal(r, code);
    return true;
}

static bool read_one(struct re2 *r) {
    uint32_t code;
    bool lines = (r->flags & MULTI_LINE) != 0;
    switch (r->in.ptr[r->at]) {
    case '(': return read_group(r);
    case ')': return close_group(r);
    case '[': return read_class(r);
    case '\\': return read_backslash(r);
    case '^': add_anchor(r, lines ? "(?<![^\\n])" : "(?:\\A)", 1); return true;
    case '$': add_anchor(r, lines ? "(?![^\\n])" : "(?:\\z)", 1); return true;
    case '.':
        buf_add(&r->out, r->flags & DOT_NEWLINE ? STR("(?s:.)") : STR("[^\\n]"));
        r->at++;
        end_item(r);
        return true;
    case '|':
        r->at++;
        buf_add_char(&r->out, '|');
        r->empty = (struct emptiness){true, r->empty.before || r->empty.alternative};
        r->item = false;
        return true;
    default:
        if (!next_rune(r, &code)) return false;
        add_literal(r, code);
        return true;
    }
}

bool go_regex_translate(struct arena *a, struct str pattern, struct go_regex_syntax *syntax) {
    struct re2 r = {.arena = a, .syntax = syntax, .in = pattern, .out = buf_in(a), .repeat = SIZE_MAX, .repeats = 1};
    *syntax = (struct go_regex_syntax){0};
    while (!at_end(&r)) {
        char c = r.in.ptr[r.at];
        bool repeat = c == '*' || c == '+' || c == '?' || c == '{';
        if (!repeat) r.repeat = SIZE_MAX;
        if (repeat ? !read_repeat(&r) : !read_one(&r)) return false;
    }
    if (r.groups.len) return refuse(&r, "missing closing )", pattern);
    syntax->pattern = r.out.len ? buf_str(&r.out) : STR("");
    return true;
}
