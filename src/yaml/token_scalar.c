#include "base/ascii.h"
#include "base/utf8.h"
#include "yaml/token.h"

static void push_scalar(struct tokens *t, enum node_style style, struct span span, struct str text) {
    vec_push(t->arena, &t->list,
             (struct token){.kind = TOKEN_SCALAR, .style = (uint8_t)style, .span = span, .text = text});
}

/* Lines of a scalar that are put together. */
struct folded {
    struct buf text;
    struct buf breaks;  /* behind the first one */
    struct str leading; /* the first line break since the last text: "\n", or U+2028 or U+2029 itself */
};

static struct folded folded_in(struct arena *a) {
    return (struct folded){.text = buf_in(a), .breaks = buf_in(a), .leading = STR("")};
}

/* Moves past the line break here; returns what it counts as. */
static struct str read_break(struct tokens *t) {
    uint32_t len = token_break(t, t->mark.at), start = t->mark.at;
    token_skip_line(t, len);
    return len == 3 ? str_slice(t->text, start, start + 3) : STR("\n");
}

/* Adds what the line breaks since the last text become: one is a space. */
static void add_fold(struct folded *f) {
    bool plain = f->leading.len == 1;
    if (!plain) buf_add(&f->text, f->leading);
    if (plain && f->breaks.len == 0) buf_add_char(&f->text, ' ');
    else buf_add(&f->text, buf_str(&f->breaks));
    f->breaks.len = 0;
    f->leading = STR("");
}

/* A plain scalar is made of its lines, each from `start` to the end of its last word. */
static bool ends_plain(const struct tokens *t) {
    char c = token_here(t);
    if (c == ':' && token_is_space(t, t->mark.at + 1)) return true;
    return t->flow > 0 && c && strchr(",?[]{}", c);
}

/* Moves past white space and line breaks; false where a tab stands in the indentation. */
static bool skip_between(struct tokens *t, struct folded *f, bool *new_line) {
    for (;;) {
        char c = token_here(t);
        if (token_is_blank(c)) {
            if (*new_line && c == '\t' && (int32_t)t->mark.column <= t->indent)
                return token_refuse(t, (struct span){t->mark.at, t->mark.at + 1},
                                    STR("tabs are not allowed here; use spaces"), STR("replace the tab with spaces"));
            token_skip(t);
        } else if (token_break(t, t->mark.at)) {
            struct str line_break = read_break(t);
            if (*new_line) buf_add(&f->breaks, line_break);
            else f->leading = line_break;
            *new_line = true;
        } else {
            return true;
        }
    }
}

bool token_plain(struct tokens *t) {
    struct folded f = folded_in(t->arena);
    uint32_t first = t->mark.at, start = first, end = first;
    bool new_line = false;
    for (;;) {
        if (token_is_document_mark(t, '-') || token_is_document_mark(t, '.') || token_here(t) == '#') break;
        while (!token_is_space(t, t->mark.at) && !ends_plain(t)) {
            if (new_line) {
                buf_add(&f.text, str_slice(t->text, start, end));
                add_fold(&f);
                start = t->mark.at;
                new_line = false;
            }
            token_skip(t);
            end = t->mark.at;
        }
        if (token_is_end(t, t->mark.at) || !token_is_space(t, t->mark.at)) break;
        if (!skip_between(t, &f, &new_line)) return false;
        if (t->flow == 0 && (int32_t)t->mark.column <= t->indent) break;
    }
    struct str text = str_slice(t->text, start, end);
    if (f.text.len) {
        buf_add(&f.text, text);
        text = buf_str(&f.text);
    }
    push_scalar(t, STYLE_PLAIN, (struct span){first, end}, text);
    if (new_line) t->key_allowed = true;
    return true;
}

static const struct {
    char letter;
    uint8_t digits;
    uint16_t code;
} ESCAPES[] = {
    {'0', 0, 0},    {'a', 0, 7},    {'b', 0, 8},      {'t', 0, 9},      {'\t', 0, 9},  {'n', 0, 10},    {'v', 0, 11},
    {'f', 0, 12},   {'r', 0, 13},   {'e', 0, 27},     {' ', 0, ' '},    {'"', 0, '"'}, {'\'', 0, '\''}, {'\\', 0, '\\'},
    {'N', 0, 0x85}, {'_', 0, 0xA0}, {'L', 0, 0x2028}, {'P', 0, 0x2029}, {'x', 2, 0},   {'u', 4, 0},     {'U', 8, 0},
};

/* The escape here, which begins with a backslash and is not one of a line break. */
static bool read_escape(struct tokens *t, struct buf *out) {
    uint32_t start = t->mark.at, code = 0;
    size_t i = 0;
    char letter = token_byte(t, start + 1);
    while (i < sizeof ESCAPES / sizeof *ESCAPES && ESCAPES[i].letter != letter) i++;
    if (i == sizeof ESCAPES / sizeof *ESCAPES || token_is_end(t, start + 1)) {
        uint32_t end = start + 2 < t->text.len ? start + 2 : (uint32_t)t->text.len;
        return token_refuse(
            t, (struct span){start, end},
            arena_printf(t->arena, "Helm does not know the escape `%.*s`", (int)(end - start), t->text.ptr + start),
            letter == '/' ? STR("write `/`") : STR("double the backslash, or use single quotes"));
    }
    token_skip(t);
    token_skip(t);
    code = ESCAPES[i].code;
    for (int digit = 0; digit < ESCAPES[i].digits; digit++) {
        if (!ascii_is_hex(token_here(t)))
            return token_refuse(
                t, (struct span){start, start + 2},
                arena_printf(t->arena, "the escape `\\%c` needs %d hexadecimal digits", letter, ESCAPES[i].digits),
                STR("double the backslash, or use single quotes"));
        code = code << 4 | (uint32_t)ascii_hex_value(token_here(t));
        token_skip(t);
    }
    if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
        return token_refuse(t, (struct span){start, t->mark.at}, STR("this escape is not a Unicode character"),
                            STR("write the character itself"));
    utf8_add(out, code);
    return true;
}

/* The words up to white space, a line break or the closing quote. *new_line becomes whether a `\` ended the line. */
static bool read_quoted_words(struct tokens *t, char quote, struct buf *out, bool *new_line) {
    *new_line = false;
    while (!token_is_space(t, t->mark.at)) {
        char c = token_here(t);
        uint32_t at = t->mark.at;
        if (c == quote && quote == '\'' && token_byte(t, at + 1) == '\'') {
            buf_add_char(out, c);
            token_skip(t);
            token_skip(t);
        } else if (c == quote) {
            return true;
        } else if (c == '\\' && quote == '"') {
            uint32_t len = token_break(t, at + 1);
            if (len == 0) {
                if (!read_escape(t, out)) return false;
                continue;
            }
            token_skip(t);
            token_skip_line(t, len);
            *new_line = true;
            return true;
        } else {
            token_skip(t);
            buf_add(out, str_slice(t->text, at, t->mark.at));
        }
    }
    return true;
}

static bool refuse_open_quote(struct tokens *t, uint32_t start) {
    return token_refuse(t, (struct span){start, start + 1}, STR("this quote is never closed"),
                        STR("add the closing quote, or escape a quote inside"));
}

/* The short cut for a quoted text on one line that stands for itself. */
static bool read_simple_quoted(struct tokens *t, char quote) {
    uint32_t start = t->mark.at, at = start + 1, characters = 2;
    for (; at < t->text.len && t->text.ptr[at] != quote; at++) {
        unsigned char c = (unsigned char)t->text.ptr[at];
        if (c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2 || (c == '\\' && quote == '"')) return false;
        characters += !utf8_is_continuation((char)c);
    }
    if (at >= t->text.len || (quote == '\'' && token_byte(t, at + 1) == '\'')) return false;
    t->mark.at = at + 1;
    t->mark.index += characters;
    t->mark.column += characters;
    push_scalar(t, quote == '"' ? STYLE_DOUBLE : STYLE_SINGLE, (struct span){start, at + 1},
                str_slice(t->text, start + 1, at));
    return true;
}

bool token_quoted(struct tokens *t) {
    struct folded f = folded_in(t->arena);
    uint32_t start = t->mark.at;
    char quote = token_here(t);
    bool new_line;
    if (read_simple_quoted(t, quote)) return true;
    token_skip(t);
    for (;;) {
        if (token_is_document_mark(t, '-') || token_is_document_mark(t, '.') || token_is_end(t, t->mark.at))
            return refuse_open_quote(t, start);
        if (!read_quoted_words(t, quote, &f.text, &new_line)) return false;
        if (token_here(t) == quote) break;
        uint32_t blanks = t->mark.at;
        bool escaped = new_line;
        while (token_is_blank(token_here(t)) || token_break(t, t->mark.at)) {
            if (token_is_blank(token_here(t))) {
                token_skip(t);
                continue;
            }
            struct str line_break = read_break(t);
            if (new_line) buf_add(&f.breaks, line_break);
            else f.leading = line_break;
            new_line = true;
        }
        if (!new_line) {
            buf_add(&f.text, str_slice(t->text, blanks, t->mark.at));
        } else if (escaped) {
            buf_add(&f.text, buf_str(&f.breaks));
            f.breaks.len = 0;
        } else {
            add_fold(&f);
        }
    }
    token_skip(t);
    push_scalar(t, quote == '"' ? STYLE_DOUBLE : STYLE_SINGLE, (struct span){start, t->mark.at},
                f.text.len ? buf_str(&f.text) : STR(""));
    return true;
}

/* A block scalar's header. */
struct header {
    int chomping;  /* -1: no line end is kept, 1: all are */
    int increment; /* the indentation that is given; 0 for none */
};

static bool read_header(struct tokens *t, struct header *header) {
    uint32_t start = t->mark.at;
    *header = (struct header){0, 0};
    token_skip(t);
    for (int i = 0; i < 2; i++) {
        char c = token_here(t);
        if ((c == '+' || c == '-') && header->chomping == 0) {
            header->chomping = c == '+' ? 1 : -1;
        } else if (c >= '0' && c <= '9' && header->increment == 0) {
            if (c == '0')
                return token_refuse(t, (struct span){t->mark.at, t->mark.at + 1},
                                    STR("a block text cannot be indented by 0"), STR("delete the digit"));
            header->increment = c - '0';
        } else {
            break;
        }
        token_skip(t);
    }
    token_skip_blanks(t);
    if (token_here(t) == '#') token_skip_rest(t);
    uint32_t len = token_break(t, t->mark.at);
    if (!len && !token_is_end(t, t->mark.at))
        return token_refuse(t, (struct span){start, start + 1}, STR("unexpected text after `|` or `>`"),
                            STR("put the text on the next lines, or quote it"));
    if (len) token_skip_line(t, len);
    return true;
}

/* Moves past blank lines and the indentation of the next one; the line breaks go into `breaks`. An `indent` of 0
 * becomes what the first line of text has. */
static bool read_indentation(struct tokens *t, uint32_t *indent, struct buf *breaks) {
    uint32_t most = 0;
    for (;;) {
        while ((*indent == 0 || t->mark.column < *indent) && token_here(t) == ' ') token_skip(t);
        if (t->mark.column > most) most = t->mark.column;
        if ((*indent == 0 || t->mark.column < *indent) && token_here(t) == '\t')
            return token_refuse(t, (struct span){t->mark.at, t->mark.at + 1},
                                STR("Helm takes no tab as the indentation of a block text"),
                                STR("replace the tab with spaces, or give the indentation in the header, as in `|2`"));
        if (!token_break(t, t->mark.at)) break;
        buf_add(breaks, read_break(t));
    }
    if (*indent == 0) {
        uint32_t least = t->indent < 0 ? 1 : (uint32_t)t->indent + 1;
        *indent = most < least ? least : most;
    }
    return true;
}

/* From the header at `start` to the end of the last line before `end` that is not blank; the header's indicators alone
 * where there is none from `content` on. */
static struct span block_span(const struct tokens *t, uint32_t start, uint32_t content, uint32_t end) {
    uint32_t last = end, header = start + 1;
    while (header < t->text.len && strchr("+-0123456789", t->text.ptr[header])) header++;
    while (last > content && strchr(" \t\r\n", t->text.ptr[last - 1])) last--;
    if (last <= content) return (struct span){start, header};
    while (last < end && t->text.ptr[last] != '\n') last++;
    if (t->text.ptr[last - 1] == '\r') last--;
    return (struct span){start, last};
}

bool token_block_scalar(struct tokens *t) {
    struct folded f = folded_in(t->arena);
    uint32_t start = t->mark.at, indent = 0;
    bool literal = token_here(t) == '|', after_blank = false;
    struct header header;
    if (!read_header(t, &header)) return false;
    uint32_t content = t->mark.at, end = content;
    if (header.increment) indent = (uint32_t)(t->indent < 0 ? header.increment : t->indent + header.increment);
    if (!read_indentation(t, &indent, &f.breaks)) return false;
    while (t->mark.column == indent && !token_is_end(t, t->mark.at)) {
        bool blank = token_is_blank(token_here(t));
        if (!literal && !after_blank && !blank && f.leading.len == 1) {
            if (f.breaks.len == 0) buf_add_char(&f.text, ' ');
        } else {
            buf_add(&f.text, f.leading);
        }
        buf_add(&f.text, buf_str(&f.breaks));
        f.breaks.len = 0;
        after_blank = blank;
        uint32_t line = t->mark.at;
        token_skip_rest(t);
        buf_add(&f.text, str_slice(t->text, line, t->mark.at));
        end = t->mark.at;
        f.leading = token_is_end(t, t->mark.at) ? STR("") : read_break(t);
        if (!read_indentation(t, &indent, &f.breaks)) return false;
    }
    if (header.chomping != -1) buf_add(&f.text, f.leading);
    if (header.chomping == 1) buf_add(&f.text, buf_str(&f.breaks));
    push_scalar(t, literal ? STYLE_LITERAL : STYLE_FOLDED, block_span(t, start, content, end),
                f.text.len ? buf_str(&f.text) : STR(""));
    return true;
}
