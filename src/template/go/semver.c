/* The original is written with regular expressions; each token they find is also what a scan from the left finds, as
 * no token can be cut shorter in a way that lets the rest match. */
#include "template/go/semver.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/vec.h"
#include "template/go/number.h"
#include "template/go/unicode.h"

#define VERSION_MAX 256
#define CONSTRAINT_MAX 512
#define GROUPS_MAX 32

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static size_t skip_spaces(struct str s, size_t at) {
    while (at < s.len && is_space(s.ptr[at])) at++;
    return at;
}

static bool is_word(char c) {
    return ascii_is_alnum(c) || c == '-';
}

/* A part of a version's text: digits, or for a constraint also `x`, `*` and `|`. */
static bool is_segment_char(char c, bool wild) {
    return ascii_is_digit(c) || (wild && (c == '|' || c == 'x' || c == 'X' || c == '*'));
}

struct token {
    struct str whole, segments[3], pre, metadata; /* pre with its `-` */
};

static struct str take_segment(struct str s, size_t *at, bool wild) {
    size_t start = *at;
    while (*at < s.len && is_segment_char(s.ptr[*at], wild)) ++*at;
    return str_slice(s, start, *at);
}

/* Words with dots between them, behind `mark`; empty where none stand there. */
static struct str take_words(struct str s, size_t *at, char mark) {
    size_t start = *at, i = *at + 1;
    if (*at >= s.len || s.ptr[*at] != mark || i >= s.len || !is_word(s.ptr[i])) return STR("");
    for (;;) {
        while (i < s.len && is_word(s.ptr[i])) i++;
        if (i + 1 >= s.len || s.ptr[i] != '.' || !is_word(s.ptr[i + 1])) break;
        i++;
    }
    *at = i;
    return str_slice(s, start, i);
}

/* The version at `*at`, which may be followed by anything. */
static bool take_version(struct str s, size_t *at, bool wild, struct token *token) {
    size_t start = *at, i = start;
    *token = (struct token){0};
    if (i < s.len && s.ptr[i] == 'v') i++;
    token->segments[0] = take_segment(s, &i, wild);
    if (token->segments[0].len == 0) return false;
    for (int n = 1; n < 3 && i + 1 < s.len && s.ptr[i] == '.' && is_segment_char(s.ptr[i + 1], wild); n++) {
        i++;
        token->segments[n] = take_segment(s, &i, wild);
    }
    token->pre = take_words(s, &i, '-');
    token->metadata = take_words(s, &i, '+');
    token->whole = str_slice(s, start, i);
    *at = i;
    return true;
}

static bool parse_segment(struct arena *a, struct str s, uint64_t *number, struct str *error) {
    *number = 0;
    if (s.len == 0 || go_parse_uint(s, 10, number) == GO_PARSE_OK) return true;
    *error = arena_printf(a, "error parsing version segment: strconv.ParseUint: parsing \"%.*s\": value out of range",
                          STR_ARG(s));
    return false;
}

/* Numbers in a pre-release have no leading zero. */
static bool pre_is_valid(struct str pre) {
    struct str word;
    while (str_split_next(&pre, '.', &word)) {
        bool digits = true;
        for (size_t i = 0; i < word.len; i++) digits = digits && ascii_is_digit(word.ptr[i]);
        if (digits && word.len > 1 && word.ptr[0] == '0') return false;
    }
    return true;
}

bool go_version_parse(struct arena *a, struct str s, struct go_version *version, struct str *error) {
    struct token token;
    size_t at = 0;
    *version = (struct go_version){.original = s};
    *error = STR("");
    if (s.len > VERSION_MAX) *error = STR("version string is too long (max 256 bytes)");
    else if (!take_version(s, &at, false, &token) || at != s.len) *error = STR("invalid semantic version");
    if (error->len) return false;
    if (!parse_segment(a, token.segments[0], &version->major, error) ||
        !parse_segment(a, token.segments[1], &version->minor, error) ||
        !parse_segment(a, token.segments[2], &version->patch, error))
        return false;
    version->pre = str_slice(token.pre, 1, token.pre.len);
    version->metadata = str_slice(token.metadata, 1, token.metadata.len);
    if (!pre_is_valid(version->pre)) *error = STR("version segment starts with 0");
    return error->len == 0;
}

struct str go_version_text(struct arena *a, const struct go_version *v) {
    return arena_printf(a, "%llu.%llu.%llu%s%.*s%s%.*s", (unsigned long long)v->major, (unsigned long long)v->minor,
                        (unsigned long long)v->patch, v->pre.len ? "-" : "", STR_ARG(v->pre),
                        v->metadata.len ? "+" : "", STR_ARG(v->metadata));
}

static int compare_words(struct str a, struct str b) {
    uint64_t x, y;
    if (str_eq(a, b)) return 0;
    if (a.len == 0 || b.len == 0) return a.len ? 1 : -1;
    bool a_number = go_parse_uint(a, 10, &x) == GO_PARSE_OK, b_number = go_parse_uint(b, 10, &y) == GO_PARSE_OK;
    if (a_number != b_number) return a_number ? -1 : 1;
    return a_number ? (x > y ? 1 : -1) : str_cmp(a, b);
}

static int compare_pre(struct str a, struct str b) {
    struct str x, y;
    for (;;) {
        bool more_a = str_split_next(&a, '.', &x), more_b = str_split_next(&b, '.', &y);
        if (!more_a && !more_b) return 0;
        int order = compare_words(more_a ? x : STR(""), more_b ? y : STR(""));
        if (order) return order;
    }
}

int go_version_cmp(const struct go_version *a, const struct go_version *b) {
    if (a->major != b->major) return a->major < b->major ? -1 : 1;
    if (a->minor != b->minor) return a->minor < b->minor ? -1 : 1;
    if (a->patch != b->patch) return a->patch < b->patch ? -1 : 1;
    if (a->pre.len == 0 || b->pre.len == 0) return (a->pre.len == 0) - (b->pre.len == 0);
    return compare_pre(a->pre, b->pre);
}

enum relation { EQUAL, NOT_EQUAL, GREATER, LESS, GREATER_EQUAL, LESS_EQUAL, TILDE, CARET };

struct constraint {
    enum relation relation;
    struct go_version version;
    bool dirty, minor_dirty, patch_dirty; /* parts were left open */
};

struct constraints VEC(struct constraint);

static bool take_operator(struct str s, size_t *at, enum relation *relation) {
    static const struct {
        struct str text;
        enum relation relation;
    } operators[] = {{STR_INIT("!="), NOT_EQUAL},  {STR_INIT(">="), GREATER_EQUAL}, {STR_INIT("=>"), GREATER_EQUAL},
                     {STR_INIT("<="), LESS_EQUAL}, {STR_INIT("=<"), LESS_EQUAL},    {STR_INIT("~>"), TILDE},
                     {STR_INIT("="), EQUAL},       {STR_INIT(">"), GREATER},        {STR_INIT("<"), LESS},
                     {STR_INIT("~"), TILDE},       {STR_INIT("^"), CARET},          {STR_INIT(""), EQUAL}};
    size_t i = 0;
    while (!str_starts(str_slice(s, *at, s.len), operators[i].text)) i++;
    *at += operators[i].text.len;
    *relation = operators[i].relation;
    return true;
}

static bool is_wild(struct str segment) {
    return segment.len == 0 || (segment.len == 1 && strchr("xX*", segment.ptr[0]));
}

static bool make_constraint(struct arena *a, const struct token *token, struct constraint *c, struct str *error) {
    struct str text = token->whole;
    const struct str *part = token->segments;
    if (is_wild(part[0])) {
        c->dirty = true;
        text = arena_printf(a, "0.0.0%.*s", STR_ARG(token->pre));
    } else if (is_wild(part[1])) {
        c->dirty = c->minor_dirty = true;
        text = arena_printf(a, "%.*s.0.0%.*s", STR_ARG(part[0]), STR_ARG(token->pre));
    } else if (is_wild(part[2])) {
        c->dirty = c->patch_dirty = true;
        text = arena_printf(a, "%.*s.%.*s.0%.*s", STR_ARG(part[0]), STR_ARG(part[1]), STR_ARG(token->pre));
    }
    if (go_version_parse(a, text, &c->version, error)) return true;
    *error = STR("constraint parser error");
    return false;
}

/* One alternative: constraints with white space or a comma between two. */
static bool parse_group(struct arena *a, struct str s, struct constraints *list, struct str *error) {
    struct str improper = s;
    struct VEC(struct token) tokens = {0};
    struct VEC(enum relation) operators = {0};
    enum relation relation;
    struct token token;
    for (size_t at = skip_spaces(s, 0);;) {
        take_operator(s, &at, &relation);
        at = skip_spaces(s, at);
        if (!take_version(s, &at, true, &token)) goto improper;
        vec_push(a, &tokens, token);
        vec_push(a, &operators, relation);
        size_t behind = skip_spaces(s, at);
        if (behind == s.len) break;
        bool comma = s.ptr[behind] == ',';
        if (!comma && behind == at) goto improper;
        at = comma ? skip_spaces(s, behind + 1) : behind;
    }
    for (uint32_t i = 0; i < tokens.len; i++) {
        struct constraint c = {.relation = operators.items[i]};
        if (!make_constraint(a, &tokens.items[i], &c, error)) return false;
        vec_push(a, list, c);
    }
    return true;
improper:;
    struct buf text = buf_in(a);
    buf_add(&text, STR("improper constraint: "));
    go_quote(&text, improper, '"', false);
    *error = buf_str(&text);
    return false;
}

/* The first `a - b` in `s` from `at` on, white space around it included. */
static bool find_range(struct str s, size_t at, struct token *low, struct token *high, size_t *start, size_t *end) {
    for (; at < s.len; at++) {
        size_t i = skip_spaces(s, at), k;
        if (!take_version(s, &i, true, low)) continue;
        k = skip_spaces(s, i);
        if (k == i || k >= s.len || s.ptr[k] != '-') continue;
        i = k + 1;
        k = skip_spaces(s, i);
        if (k == i || !take_version(s, &k, true, high)) continue;
        *start = at;
        *end = skip_spaces(s, k);
        return true;
    }
    return false;
}

/* `a - b` becomes `>= a, <= b`. */
static struct str rewrite_ranges(struct arena *a, struct str s) {
    struct token low, high;
    size_t at = 0, start, end;
    struct str out = s;
    for (; find_range(s, at, &low, &high, &start, &end); at = end) {
        struct str found = str_slice(s, start, end);
        size_t place = str_find(out, found);
        if (place == out.len) continue;
        out = arena_printf(a, "%.*s>= %.*s, <= %.*s %.*s", STR_ARG(str_slice(out, 0, place)), STR_ARG(low.whole),
                           STR_ARG(high.whole), STR_ARG(str_slice(out, place + found.len, out.len)));
    }
    return out;
}

static bool check_tilde(const struct go_version *v, const struct constraint *c) {
    const struct go_version *w = &c->version;
    if (go_version_cmp(v, w) < 0) return false;
    if (w->major == 0 && w->minor == 0 && w->patch == 0 && !c->minor_dirty && !c->patch_dirty) return true;
    return v->major == w->major && (v->minor == w->minor || c->minor_dirty);
}

static bool check_caret(const struct go_version *v, const struct constraint *c) {
    const struct go_version *w = &c->version;
    if (go_version_cmp(v, w) < 0) return false;
    if (w->major > 0 || c->minor_dirty) return v->major == w->major;
    if (v->major > 0) return false;
    if (w->minor > 0 || c->patch_dirty) return v->minor == w->minor;
    return v->minor == 0 && v->patch == w->patch;
}

static bool check_not_equal(const struct go_version *v, const struct constraint *c) {
    const struct go_version *w = &c->version;
    if (c->dirty) {
        if (w->major != v->major) return true;
        if (w->minor != v->minor && !c->minor_dirty) return true;
        if (c->minor_dirty) return false;
        if (w->patch != v->patch && !c->patch_dirty) return true;
        if (c->patch_dirty) return (v->pre.len || w->pre.len) && compare_pre(v->pre, w->pre) != 0;
    }
    return go_version_cmp(v, w) != 0;
}

static bool check_greater(const struct go_version *v, const struct constraint *c) {
    const struct go_version *w = &c->version;
    if (!c->dirty) return go_version_cmp(v, w) > 0;
    if (v->major != w->major) return v->major > w->major;
    if (c->minor_dirty) return false;
    return c->patch_dirty ? v->minor > w->minor : go_version_cmp(v, w) > 0;
}

static bool check_less_equal(const struct go_version *v, const struct constraint *c) {
    const struct go_version *w = &c->version;
    if (!c->dirty) return go_version_cmp(v, w) <= 0;
    if (v->major > w->major) return false;
    return !(v->major == w->major && v->minor > w->minor && !c->minor_dirty);
}

static bool check(const struct go_version *v, const struct constraint *c) {
    switch (c->relation) {
    case EQUAL: return c->dirty ? check_tilde(v, c) : go_version_cmp(v, &c->version) == 0;
    case NOT_EQUAL: return check_not_equal(v, c);
    case GREATER: return check_greater(v, c);
    case LESS: return go_version_cmp(v, &c->version) < 0;
    case GREATER_EQUAL: return go_version_cmp(v, &c->version) >= 0;
    case LESS_EQUAL: return check_less_equal(v, c);
    case TILDE: return check_tilde(v, c);
    case CARET: return check_caret(v, c);
    }
    return false;
}

/* A pre-release meets a group only where a constraint of it names one. */
static bool check_group(const struct constraints *group, const struct go_version *v) {
    bool pre = v->pre.len == 0;
    for (uint32_t i = 0; i < group->len; i++) pre = pre || group->items[i].version.pre.len > 0;
    for (uint32_t i = 0; i < group->len; i++)
        if (!pre || !check(v, &group->items[i])) return false;
    return true;
}

bool go_version_check(struct arena *a, struct str constraint, const struct go_version *version, bool *met,
                      struct str *error) {
    size_t groups = 1;
    *met = false;
    if (constraint.len > CONSTRAINT_MAX) {
        *error = STR("constraint string is too long (max 512 bytes)");
        return false;
    }
    struct str s = rewrite_ranges(a, constraint);
    for (size_t at = str_find(s, STR("||")), from; at < s.len; groups++) {
        from = at + 2;
        at = str_find(str_slice(s, from, s.len), STR("||")) + from;
    }
    if (groups > GROUPS_MAX) {
        *error = STR("too many constraint groups (max 32)");
        return false;
    }
    for (size_t from = 0; groups--;) {
        struct constraints group = {0};
        size_t end = str_find(str_slice(s, from, s.len), STR("||")) + from;
        if (!parse_group(a, str_slice(s, from, end), &group, error)) return false;
        if (version && check_group(&group, version)) *met = true;
        from = end + 2;
    }
    return true;
}

bool go_constraint_parse(struct arena *a, struct str constraint, struct str *error) {
    bool met;
    return go_version_check(a, constraint, NULL, &met, error);
}
