/* Recursive descent over lines. Whatever is not certain to mean the same in every reading of YAML 1.2 is given up: that
 * is the whole point, so each test here is stricter than the specification. */
#include "yaml/plain.h"

#include "base/ascii.h"
#include "base/buf.h"

/* Levels of collections; texts beyond it are left to the full parser. */
#define DEPTH_MAX 64
#define KEY_MAX 200

/* What bytes mean to the loops that most of a text goes through: one look at a byte that means nothing. */
enum {
    IN_NAME = 1,    /* of a key, or a plain scalar in a flow collection: a letter, a digit, `_`, `.`, `/`, `-` */
    ENDS_PLAIN = 2, /* may end a plain scalar, or is a space */
    ENDS_QUOTED = 4 /* may end a quoted string, or is an escape */
};

#define N IN_NAME
static const unsigned char MEANINGS[256] = {
    ['\n'] = ENDS_PLAIN | ENDS_QUOTED,
    ['\r'] = ENDS_PLAIN,
    [' '] = ENDS_PLAIN,
    [':'] = ENDS_PLAIN,
    ['#'] = ENDS_PLAIN,
    ['"'] = ENDS_QUOTED,
    ['\''] = ENDS_QUOTED,
    ['\\'] = ENDS_QUOTED,
    ['_'] = N,
    ['.'] = N,
    ['/'] = N,
    ['-'] = N,
    ['0'] = N,
    ['1'] = N,
    ['2'] = N,
    ['3'] = N,
    ['4'] = N,
    ['5'] = N,
    ['6'] = N,
    ['7'] = N,
    ['8'] = N,
    ['9'] = N,
    ['A'] = N,
    ['B'] = N,
    ['C'] = N,
    ['D'] = N,
    ['E'] = N,
    ['F'] = N,
    ['G'] = N,
    ['H'] = N,
    ['I'] = N,
    ['J'] = N,
    ['K'] = N,
    ['L'] = N,
    ['M'] = N,
    ['N'] = N,
    ['O'] = N,
    ['P'] = N,
    ['Q'] = N,
    ['R'] = N,
    ['S'] = N,
    ['T'] = N,
    ['U'] = N,
    ['V'] = N,
    ['W'] = N,
    ['X'] = N,
    ['Y'] = N,
    ['Z'] = N,
    ['a'] = N,
    ['b'] = N,
    ['c'] = N,
    ['d'] = N,
    ['e'] = N,
    ['f'] = N,
    ['g'] = N,
    ['h'] = N,
    ['i'] = N,
    ['j'] = N,
    ['k'] = N,
    ['l'] = N,
    ['m'] = N,
    ['n'] = N,
    ['o'] = N,
    ['p'] = N,
    ['q'] = N,
    ['r'] = N,
    ['s'] = N,
    ['t'] = N,
    ['u'] = N,
    ['v'] = N,
    ['w'] = N,
    ['x'] = N,
    ['y'] = N,
    ['z'] = N,
};
#undef N

static bool means(char c, unsigned char meaning) {
    return MEANINGS[(unsigned char)c] & meaning;
}

struct reader {
    struct build *build;
    const char *text;
    uint32_t len;
    uint32_t at;     /* first byte of the content that is to be read next; len at the end */
    uint32_t column; /* of `at` in its line */
    uint32_t depth;
};

static bool is_space_or_end(const struct reader *r, uint32_t at) {
    return at >= r->len || r->text[at] == ' ' || r->text[at] == '\n';
}

/* Moves to the first line from the start of a line at `at` on that holds content. */
static void next_content(struct reader *r, uint32_t at) {
    while (at < r->len) {
        uint32_t start = at;
        while (at < r->len && r->text[at] == ' ') at++;
        if (at < r->len && r->text[at] != '\n' && r->text[at] != '#') {
            r->at = at;
            r->column = at - start;
            return;
        }
        const char *end = at < r->len ? memchr(r->text + at, '\n', r->len - at) : NULL;
        at = end ? (uint32_t)(end - r->text) + 1 : r->len;
    }
    r->at = r->len;
    r->column = 0;
}

/* Behind a value at `at`: only white space and a comment may follow on its line. Moves to the next content. */
static bool end_line(struct reader *r, uint32_t at) {
    uint32_t start = at;
    while (at < r->len && r->text[at] == ' ') at++;
    if (at < r->len && r->text[at] != '\n' && !(r->text[at] == '#' && at > start)) return false;
    const char *end = at < r->len ? memchr(r->text + at, '\n', r->len - at) : NULL;
    next_content(r, end ? (uint32_t)(end - r->text) + 1 : r->len);
    return true;
}

/* A quoted string without escapes on one line, whose opening quote is at `at`; *end is behind its closing one. */
static bool quoted_end(const struct reader *r, uint32_t at, uint32_t *end) {
    char quote = r->text[at];
    for (uint32_t i = at + 1; i < r->len; i++) {
        if (!means(r->text[i], ENDS_QUOTED)) continue;
        if (r->text[i] == '\n' || (r->text[i] == '\\' && quote == '"')) return false;
        if (r->text[i] != quote) continue;
        *end = i + 1;
        return !(quote == '\'' && i + 1 < r->len && r->text[i + 1] == '\'');
    }
    return false;
}

static void add_quoted(struct reader *r, uint32_t start, uint32_t end) {
    enum node_style style = r->text[start] == '"' ? STYLE_DOUBLE : STYLE_SINGLE;
    build_scalar(r->build, style, NULL, (struct span){start, end}, str_slice(r->build->text, start + 1, end - 1));
}

/* The first byte of a plain scalar or key that can be nothing else. */
static bool starts_plain(const struct reader *r, uint32_t at) {
    char c = r->text[at];
    if (ascii_is_alnum(c) || c == '_' || c == '/' || c == '.' || c == '$' || c == '+' || c == '(' || c == '~' ||
        c == '^')
        return true;
    return c == '-' && at + 1 < r->len && (ascii_is_alnum(r->text[at + 1]) || r->text[at + 1] == '.');
}

/* A plain scalar on one line that starts at `at`; *end is behind its last byte. */
static bool plain_end(const struct reader *r, uint32_t at, uint32_t *end) {
    uint32_t i = at, last = at;
    for (; i < r->len; i++) {
        char c = r->text[i];
        if (!means(c, ENDS_PLAIN)) {
            last = i + 1;
            continue;
        }
        if (c == '\n') break;
        if (c == '\r') return false;
        if (c == ':' && is_space_or_end(r, i + 1)) return false;
        if (c == '#' && r->text[i - 1] == ' ') break;
        if (c != ' ') last = i + 1;
    }
    *end = last;
    return last > at;
}

static bool read_flow(struct reader *r, uint32_t *at);

/* A scalar or collection inside of a flow collection. */
static bool read_flow_value(struct reader *r, uint32_t *at) {
    uint32_t start = *at, end;
    if (start >= r->len) return false;
    char c = r->text[start];
    if (c == '[' || c == '{') return read_flow(r, at);
    if (c == '"' || c == '\'') {
        if (!quoted_end(r, start, &end)) return false;
        add_quoted(r, start, end);
    } else {
        if (!ascii_is_alnum(c) && c != '/' && c != '_') return false;
        for (end = start; end < r->len && (means(r->text[end], IN_NAME) || strchr("@+=", r->text[end]));) end++;
        build_scalar(r->build, STYLE_PLAIN, NULL, (struct span){start, end}, str_slice(r->build->text, start, end));
    }
    *at = end;
    return true;
}

static void skip_spaces(const struct reader *r, uint32_t *at) {
    while (*at < r->len && r->text[*at] == ' ') (*at)++;
}

/* A flow collection on one line whose bracket is at *at; *at becomes the place behind it. */
static bool read_flow(struct reader *r, uint32_t *at) {
    uint32_t start = *at;
    bool map = r->text[start] == '{';
    char close = map ? '}' : ']';
    if (++r->depth > DEPTH_MAX) return false;
    struct node *node =
        build_open(r->build, map ? NODE_MAP : NODE_LIST, STYLE_FLOW, NULL, (struct span){start, start + 1});
    ++*at;
    skip_spaces(r, at);
    while (*at < r->len && r->text[*at] != close) {
        if (map) {
            if (!(ascii_is_alnum(r->text[*at]) || r->text[*at] == '"' || r->text[*at] == '\'') ||
                !read_flow_value(r, at))
                return false;
            if (*at + 1 >= r->len || r->text[*at] != ':' || r->text[*at + 1] != ' ') return false;
            ++*at;
            skip_spaces(r, at);
        }
        if (!read_flow_value(r, at)) return false;
        skip_spaces(r, at);
        if (*at < r->len && r->text[*at] == close) break;
        if (*at + 1 >= r->len || r->text[*at] != ',' || r->text[*at + 1] != ' ') return false;
        ++*at;
        skip_spaces(r, at);
        if (*at < r->len && r->text[*at] == close) return false;
    }
    if (*at >= r->len) return false;
    node->span.end = ++*at;
    r->build->stack.len--;
    r->depth--;
    return true;
}

/* A literal block whose `|` is at `at`, in a collection at column `parent`: the header `|` or `|-` alone on its line,
 * and a first line that is not blank. */
static bool read_literal(struct reader *r, uint32_t at, uint32_t parent) {
    struct buf content = buf_in(r->build->arena);
    uint32_t start = at, indent = 0, last = at;
    bool strip = at + 1 < r->len && r->text[at + 1] == '-';
    at += strip ? 2 : 1;
    if (at >= r->len || r->text[at] != '\n') return false;
    size_t kept = 0; /* up to the last line that is not blank, its line end included */
    for (at++; at < r->len;) {
        const char *stop = memchr(r->text + at, '\n', r->len - at);
        if (!stop) return false;
        uint32_t end = (uint32_t)(stop - r->text), text = at;
        while (text < end && r->text[text] == ' ') text++;
        if (text < end && memchr(r->text + text, '\r', end - text)) return false;
        if (indent == 0) {
            if (text == end || text - at <= parent) return false;
            indent = text - at;
        }
        if (text < end && text - at < indent) {
            if (text - at > parent) return false;
            break;
        }
        if (text == end && end - at > indent) return false;
        if (text < end) {
            buf_add(&content, (struct str){r->text + at + indent, end - at - indent});
            last = end;
        }
        buf_add_char(&content, '\n');
        if (text < end) kept = content.len;
        at = end + 1;
    }
    if (indent == 0) return false;
    build_scalar(r->build, STYLE_LITERAL, NULL, (struct span){start, last}, (struct str){content.ptr, kept - strip});
    next_content(r, at);
    return true;
}

/* A value on the line of its key or dash, in a collection at column `parent`. */
static bool read_inline(struct reader *r, uint32_t at, uint32_t parent) {
    char c = r->text[at];
    uint32_t end = at;
    if (c == '|') {
        if (!read_literal(r, at, parent)) return false;
    } else {
        if (c == '"' || c == '\'') {
            if (!quoted_end(r, at, &end)) return false;
            add_quoted(r, at, end);
        } else if (c == '[' || c == '{') {
            if (!read_flow(r, &end)) return false;
        } else {
            if (!starts_plain(r, at) || !plain_end(r, at, &end)) return false;
            build_scalar(r->build, STYLE_PLAIN, NULL, (struct span){at, end}, str_slice(r->build->text, at, end));
        }
        if (!end_line(r, end)) return false;
    }
    /* A line that is indented below the collection would go on with the value, or be a mistake. */
    return r->at >= r->len || r->column <= parent;
}

static bool is_dash(const struct reader *r) {
    return r->at < r->len && r->text[r->at] == '-' && is_space_or_end(r, r->at + 1);
}

/* The end of a key at `at`, whose `:` stands there and is followed by white space. */
static bool key_end(const struct reader *r, uint32_t at, uint32_t *end) {
    char c = r->text[at];
    if (c == '"' || c == '\'') {
        if (!quoted_end(r, at, end) || *end == at + 2) return false;
    } else {
        if (!ascii_is_alnum(c) && c != '_') return false;
        uint32_t i = at;
        while (i < r->len && means(r->text[i], IN_NAME)) i++;
        *end = i;
    }
    return *end < r->len && r->text[*end] == ':' && is_space_or_end(r, *end + 1) && *end - at <= KEY_MAX;
}

static bool read_block(struct reader *r);
static bool read_list(struct reader *r);

/* The value behind the `:` at `colon`, of a key at column `column`. */
static bool read_value(struct reader *r, uint32_t colon, uint32_t column) {
    uint32_t at = colon + 1;
    skip_spaces(r, &at);
    if (at < r->len && r->text[at] != '\n' && !(r->text[at] == '#' && at > colon + 1))
        return read_inline(r, at, column);
    if (!end_line(r, colon + 1)) return false;
    if (r->at < r->len && r->column > column) return read_block(r) && (r->at >= r->len || r->column <= column);
    if (r->at < r->len && r->column == column && is_dash(r)) return read_list(r);
    build_scalar(r->build, STYLE_EMPTY, NULL, (struct span){colon + 1, colon + 1}, STR(""));
    return true;
}

/* Ends the collection at its last child. */
static void close_block(struct reader *r) {
    struct frame *frame = &r->build->stack.items[--r->build->stack.len];
    frame->node->span.end = frame->last->span.end;
    r->depth--;
}

static bool read_map(struct reader *r) {
    uint32_t column = r->column, end;
    if (++r->depth > DEPTH_MAX) return false;
    build_open(r->build, NODE_MAP, STYLE_BLOCK, NULL, (struct span){r->at, r->at});
    while (r->at < r->len && r->column == column && !is_dash(r)) {
        uint32_t at = r->at;
        if (!key_end(r, at, &end)) return false;
        if (r->text[at] == '"' || r->text[at] == '\'') add_quoted(r, at, end);
        else build_scalar(r->build, STYLE_PLAIN, NULL, (struct span){at, end}, str_slice(r->build->text, at, end));
        if (!read_value(r, end, column)) return false;
    }
    close_block(r);
    return r->at >= r->len || r->column < column || is_dash(r);
}

static bool read_list(struct reader *r) {
    uint32_t column = r->column;
    if (++r->depth > DEPTH_MAX) return false;
    build_open(r->build, NODE_LIST, STYLE_BLOCK, NULL, (struct span){r->at, r->at});
    while (r->at < r->len && r->column == column && is_dash(r)) {
        uint32_t at = r->at + 1, end;
        skip_spaces(r, &at);
        if (at >= r->len || r->text[at] == '\n' || r->text[at] == '#') return false;
        r->column += at - r->at;
        r->at = at;
        bool ok = is_dash(r) || key_end(r, at, &end) ? read_block(r) : read_inline(r, at, column);
        if (!ok || (r->at < r->len && r->column > column)) return false;
    }
    close_block(r);
    return true;
}

static bool read_block(struct reader *r) {
    return is_dash(r) ? read_list(r) : read_map(r);
}

bool plain_read(struct build *b) {
    struct reader r = {.build = b, .text = b->text.ptr, .len = (uint32_t)b->text.len};
    next_content(&r, 0);
    if (r.column == 0 && str_starts(str_slice(b->text, r.at, r.len), STR("---\n"))) next_content(&r, r.at + 4);
    if (r.at >= r.len) return false;
    b->tree->document_count = 1;
    return read_block(&r) && r.at >= r.len;
}
