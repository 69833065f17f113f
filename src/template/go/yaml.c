/* The emitter keeps what libyaml's does: the column, and whether the line holds nothing but indentation yet. All else
 * follows from the order of calls. Texts are analysed once; what the analysis finds decides between plain, single
 * quoted, double quoted and literal. Line breaks are CR, LF, U+0085, U+2028 and U+2029, of which only LF is written as
 * such. */
#include "template/go/yaml.h"

#include "base/utf8.h"
#include "template/go/unicode.h"

#define WIDTH 80
#define SIMPLE_KEY_MAX 128
#define NEXT_LINE 0x85
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct analysis {
    bool multiline, plain, single, block;
};

static bool is_break(uint32_t code) {
    return code == '\r' || code == '\n' || code == NEXT_LINE || code == 0x2028 || code == 0x2029;
}

static bool is_blank(uint32_t code) {
    return code == ' ' || code == '\t';
}

static bool is_printable(uint32_t code) {
    return code == '\n' || (code >= 0x20 && code <= 0x7E) || (code >= 0xA0 && code <= 0xFFFD && code != 0xFEFF);
}

static uint32_t char_at(struct str s, size_t at) {
    uint32_t code = 0;
    if (at < s.len) utf8_next(s, at, &code);
    return code;
}

/* Indicators at the first character and at others that forbid a plain text in a block. */
static bool is_indicator(size_t at, uint32_t code, bool after_white, bool before_white) {
    if (at == 0 && code && code < 0x80 && strchr("#,[]{}&*!|>'\"%@`", (int)code)) return true;
    if (at == 0 && (code == '?' || code == ':' || code == '-')) return before_white;
    return (code == ':' && before_white) || (code == '#' && after_white);
}

static struct analysis analyse(struct str s) {
    struct analysis found = {false, true, true, true};
    bool leading = false, trailing = false, trailing_space = false, break_space = false, space_break = false;
    bool indicators = str_starts(s, STR("---")) || str_starts(s, STR("...")), special = false;
    bool after_space = false, after_break = false, after_white = true;
    uint32_t code;

    if (s.len == 0) return (struct analysis){false, true, true, false};
    for (size_t i = 0, len; i < s.len; i += len) {
        len = utf8_next(s, i, &code);
        bool last = i + len >= s.len;
        if (is_indicator(i, code, after_white, last || is_blank(char_at(s, i + len)))) indicators = true;
        if (!is_printable(code)) special = true;
        bool space = code == ' ', line_break = is_break(code);
        if ((space || line_break) && i == 0) leading = true;
        if ((space || line_break) && last) trailing = true;
        if (space && last) trailing_space = true;
        if (space && after_break) break_space = true;
        if (line_break && after_space) space_break = true;
        if (line_break) found.multiline = true;
        after_space = space;
        after_break = line_break;
        after_white = is_blank(code) || line_break || code == 0;
    }
    if (leading || trailing || found.multiline || indicators) found.plain = false;
    if (trailing_space) found.block = false;
    if (break_space) found.plain = found.single = false;
    if (space_break || special) found.plain = found.single = found.block = false;
    return found;
}

static void put(struct go_yaml *y, char c) {
    buf_add_char(y->out, c);
    y->column++;
}

static void put_break(struct go_yaml *y) {
    buf_add_char(y->out, '\n');
    y->column = 0;
}

static void write_indent(struct go_yaml *y) {
    int indent = y->indent < 0 ? 0 : y->indent;
    if (!y->indention || y->column > indent || (y->column == indent && !y->whitespace)) put_break(y);
    while (y->column < indent) put(y, ' ');
    y->whitespace = y->indention = true;
}

static void write_indicator(struct go_yaml *y, const char *text, bool needs_space, bool is_space, bool is_indention) {
    if (needs_space && !y->whitespace) put(y, ' ');
    for (; *text; text++) put(y, *text);
    y->whitespace = is_space;
    y->indention = y->indention && is_indention;
}

/* Writes the character at `*at` and steps over it. */
static void write_char(struct go_yaml *y, struct str s, size_t *at) {
    uint32_t code;
    size_t len = utf8_next(s, *at, &code);
    buf_add(y->out, str_slice(s, *at, *at + len));
    y->column++;
    *at += len;
}

static void write_break(struct go_yaml *y, struct str s, size_t *at) {
    if (s.ptr[*at] == '\n') {
        put_break(y);
        ++*at;
    } else {
        write_char(y, s, at);
        y->column = 0;
    }
}

/* A plain or single quoted text: they fold alike, but that the quoted one keeps a space at either end. */
static void write_flow(struct go_yaml *y, struct str s, bool fold, bool quoted) {
    bool spaces = false, breaks = false;
    for (size_t i = 0; i < s.len;) {
        uint32_t code = char_at(s, i);
        if (code == ' ') {
            bool inner = !quoted || (i > 0 && i < s.len - 1);
            if (fold && !spaces && y->column > WIDTH && inner && char_at(s, i + 1) != ' ') {
                write_indent(y);
                i++;
            } else {
                write_char(y, s, &i);
            }
            spaces = true;
        } else if (is_break(code)) {
            if (!breaks && code == '\n') put_break(y);
            write_break(y, s, &i);
            y->indention = breaks = true;
        } else {
            if (breaks) write_indent(y);
            if (quoted && code == '\'') put(y, '\'');
            write_char(y, s, &i);
            y->indention = spaces = breaks = false;
        }
    }
}

static void write_escape(struct go_yaml *y, uint32_t code) {
    static const struct {
        uint32_t code;
        char letter;
    } named[] = {{0, '0'},     {7, 'a'},    {8, 'b'},    {9, 't'},      {'\n', 'n'},
                 {11, 'v'},    {12, 'f'},   {'\r', 'r'}, {0x1B, 'e'},   {'"', '"'},
                 {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
    put(y, '\\');
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (named[i].code != code) continue;
        put(y, named[i].letter);
        return;
    }
    int digits = code <= 0xFF ? 2 : code <= 0xFFFF ? 4 : 8;
    put(y, digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    while (digits--) put(y, "0123456789ABCDEF"[(code >> (4 * digits)) & 15]);
}

static void write_double_quoted(struct go_yaml *y, struct str s, bool fold) {
    bool spaces = false;
    /* libyaml looks for the mark at the text's start, whichever character it is at: then all are escaped. */
    bool marked = str_starts(s, STR(BYTE_ORDER_MARK));
    write_indicator(y, "\"", true, false, false);
    for (size_t i = 0; i < s.len;) {
        uint32_t code = char_at(s, i);
        if (marked || !is_printable(code) || is_break(code) || code == '"' || code == '\\') {
            uint32_t unused;
            write_escape(y, code);
            i += utf8_next(s, i, &unused);
            spaces = false;
        } else if (code == ' ') {
            if (fold && !spaces && y->column > WIDTH && i > 0 && i < s.len - 1) {
                write_indent(y);
                if (s.ptr[i + 1] == ' ') put(y, '\\');
                i++;
            } else {
                write_char(y, s, &i);
            }
            spaces = true;
        } else {
            write_char(y, s, &i);
            spaces = false;
        }
    }
    write_indicator(y, "\"", false, false, false);
    y->whitespace = y->indention = false;
}

/* The indicator of indentation and that of what becomes of the last line breaks. */
static void write_block_hints(struct go_yaml *y, struct str s) {
    uint32_t first = char_at(s, 0);
    if (first == ' ' || is_break(first)) write_indicator(y, "2", false, false, false);
    size_t last = utf8_previous(s, s.len);
    if (!is_break(char_at(s, last))) write_indicator(y, "-", false, false, false);
    else if (last == 0 || is_break(char_at(s, utf8_previous(s, last)))) write_indicator(y, "+", false, false, false);
}

static void write_literal(struct go_yaml *y, struct str s) {
    bool breaks = true;
    write_indicator(y, "|", true, false, false);
    write_block_hints(y, s);
    put_break(y);
    y->indention = y->whitespace = true;
    for (size_t i = 0; i < s.len;) {
        if (is_break(char_at(s, i))) {
            write_break(y, s, &i);
            y->indention = breaks = true;
        } else {
            if (breaks) write_indent(y);
            write_char(y, s, &i);
            y->indention = breaks = false;
        }
    }
}

static void write_plain(struct go_yaml *y, struct str s) {
    if (!y->whitespace) put(y, ' ');
    write_flow(y, s, !y->simple_key, false);
    y->whitespace = y->indention = false;
}

static void write_single_quoted(struct go_yaml *y, struct str s) {
    write_indicator(y, "'", true, false, false);
    write_flow(y, s, !y->simple_key, true);
    write_indicator(y, "'", false, false, false);
    y->whitespace = y->indention = false;
}

/* A scalar's further lines are indented two more than what it stands in. */
static int begin_scalar(struct go_yaml *y) {
    int outer = y->indent;
    y->indent = outer < 0 ? 2 : outer + 2;
    return outer;
}

void go_yaml_begin(struct go_yaml *y, struct buf *out) {
    *y = (struct go_yaml){.out = out, .indent = -1, .whitespace = true, .indention = true};
}

void go_yaml_end(struct go_yaml *y) {
    y->indent = -1;
    write_indent(y);
}

void go_yaml_plain(struct go_yaml *y, struct str text) {
    int outer = begin_scalar(y);
    write_plain(y, text);
    y->indent = outer;
}

void go_yaml_string(struct go_yaml *y, struct str s) {
    struct analysis found = analyse(s);
    int outer = begin_scalar(y);
    bool literal = s.len && memchr(s.ptr, '\n', s.len) != NULL;
    if (literal && found.block && !y->simple_key) write_literal(y, s);
    else if (literal || go_yaml_resolves(s)) write_double_quoted(y, s, !y->simple_key);
    else if (found.plain) write_plain(y, s);
    else if (found.single) write_single_quoted(y, s);
    else write_double_quoted(y, s, !y->simple_key);
    y->indent = outer;
}

void go_yaml_empty(struct go_yaml *y, struct str brackets) {
    char open[2] = {brackets.ptr[0], '\0'}, close[2] = {brackets.ptr[1], '\0'};
    write_indicator(y, open, true, true, false);
    write_indicator(y, close, false, false, false);
}

int go_yaml_list_begin(struct go_yaml *y) {
    int outer = y->indent;
    bool indentless = y->in_map && !y->indention;
    if (y->indent < 0) y->indent = 0;
    else if (!indentless) y->indent += 2;
    return outer;
}

int go_yaml_map_begin(struct go_yaml *y) {
    int outer = y->indent;
    y->indent = outer < 0 ? 0 : outer + 2;
    return outer;
}

void go_yaml_item(struct go_yaml *y) {
    write_indent(y);
    write_indicator(y, "-", true, false, true);
    y->in_map = y->simple_key = false;
}

void go_yaml_key(struct go_yaml *y, struct str key) {
    bool simple = key.len <= SIMPLE_KEY_MAX && !analyse(key).multiline;
    write_indent(y);
    if (!simple) write_indicator(y, "?", true, false, true);
    y->in_map = true;
    y->simple_key = simple;
    go_yaml_string(y, key);
    y->simple_key = false;
    y->simple_member = simple;
}

void go_yaml_value(struct go_yaml *y) {
    if (y->simple_member) {
        write_indicator(y, ":", false, false, false);
    } else {
        write_indent(y);
        write_indicator(y, ":", true, false, true);
    }
    y->in_map = true;
}

void go_yaml_collection_end(struct go_yaml *y, int begun) {
    y->indent = begun;
}

/* The number that begins at `at`, preceded by a 1 where it goes on a number that is not zero; `*end` is behind it. */
static int64_t number_at(struct str s, size_t at, int64_t number, size_t *count) {
    uint32_t code;
    size_t i = at, digits = 0;
    while (i < s.len) {
        size_t len = utf8_next(s, i, &code);
        if (!go_is_digit(code)) break;
        number = (int64_t)((uint64_t)number * 10 + (uint64_t)((int64_t)code - '0'));
        i += len;
        digits++;
    }
    *count = digits;
    return number;
}

/* Whether the digits right before `at` hold one that is not 0. */
static bool goes_on(struct str s, size_t at) {
    while (at > 0) {
        uint32_t code;
        at = utf8_previous(s, at);
        utf8_next(s, at, &code);
        if (!go_is_digit(code)) return false;
        if (code != '0') return true;
    }
    return false;
}

int go_yaml_key_cmp(struct str a, struct str b) {
    uint32_t x, y;
    size_t i = 0, x_len, y_len;
    for (; i < a.len && i < b.len; i += x_len) {
        x_len = utf8_next(a, i, &x);
        y_len = utf8_next(b, i, &y);
        if (x == y && x_len == y_len) continue;
        bool x_letter = go_is_letter(x), y_letter = go_is_letter(y);
        if (x_letter && y_letter) return x < y ? -1 : 1;
        if (x_letter || y_letter) return y_letter ? -1 : 1;
        int64_t start = (x == '0' || y == '0') && goes_on(a, i) ? 1 : 0;
        size_t x_digits, y_digits;
        int64_t x_number = number_at(a, i, start, &x_digits), y_number = number_at(b, i, start, &y_digits);
        if (x_number != y_number) return x_number < y_number ? -1 : 1;
        if (x_digits != y_digits) return x_digits < y_digits ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

/* White space and line breaks around `at`, as a quoted text on several lines is folded: one break becomes a space,
 * more of them one line end fewer. Returns where the text goes on. */
static size_t fold_breaks(struct str s, size_t at, struct buf *out) {
    size_t breaks = 0, end = at;
    for (uint32_t code; end < s.len;) {
        size_t len = utf8_next(s, end, &code);
        if (code == NEXT_LINE) breaks++;
        else if (code != ' ') break;
        end += len;
    }
    if (breaks == 0) buf_add(out, str_slice(s, at, end));
    else if (breaks == 1) buf_add_char(out, ' ');
    else buf_add_repeat(out, '\n', breaks - 1);
    return end;
}

static bool unfold(struct arena *a, struct str s, struct str *result) {
    struct buf out = buf_in(a);
    for (size_t i = 0; i < s.len;) {
        uint32_t code;
        size_t len = utf8_next(s, i, &code);
        if (code != ' ' && code != NEXT_LINE) {
            buf_add(&out, str_slice(s, i, i + len));
            i += len;
            continue;
        }
        size_t start = i;
        i = fold_breaks(s, i, &out);
        struct str behind = str_slice(s, i, s.len);
        bool new_line = i >= 2 && s.ptr[i - 1] == (char)0x85 && s.ptr[i - 2] == (char)0xC2 && i > start;
        uint32_t after = behind.len > 3 ? char_at(behind, 3) : 'x'; /* the closing quote, where nothing is left */
        if (new_line && (str_starts(behind, STR("---")) || str_starts(behind, STR("..."))) && (after == ' '))
            return false;
    }
    *result = out.len ? buf_str(&out) : STR("");
    return true;
}

bool go_yaml_from_json(struct arena *a, struct str s, bool key, struct str *out) {
    size_t characters = 2;
    bool folded = false;
    uint32_t code;
    for (size_t i = 0; i < s.len; i += utf8_next(s, i, &code)) {
        code = char_at(s, i);
        if ((code >= 0x7F && code < 0xA0 && code != NEXT_LINE) || code == 0xFFFE || code == 0xFFFF) return false;
        if (code == NEXT_LINE) folded = true;
        if (code == '"' || code == '\\' || (code >= 8 && code <= 13 && code != 11)) characters += 2;
        else if (code < 0x20 || code == '<' || code == '>' || code == '&' || code == 0x2028 || code == 0x2029)
            characters += 6;
        else characters++;
    }
    *out = s;
    if (key && (folded || characters > 1024)) return false;
    return !folded || unfold(a, s, out);
}
