#include "template/syntax/lex.h"

#include "base/buf.h"
#include "base/utf8.h"

struct scanner {
    struct arena *arena;
    struct str text;
    size_t pos;
    size_t open; /* where the action begins */
    uint32_t depth;
    struct template_tokens *tokens;
    struct template_error *error;
};

static int peek(const struct scanner *s, size_t ahead) {
    return s->pos + ahead < s->text.len ? (unsigned char)s->text.ptr[s->pos + ahead] : -1;
}

static bool is_space(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

static bool fail(struct scanner *s, size_t from, size_t to, const char *words) {
    s->error->span = span_make(from, to < s->text.len ? to : s->text.len);
    s->error->words = str_from(words);
    return false;
}

static void emit(struct scanner *s, enum template_token_kind kind, size_t from, size_t to) {
    struct template_token token = {span_make(from, to), (uint8_t)kind, TEMPLATE_NO_KEYWORD};
    vec_push(s->arena, s->tokens, token);
    s->pos = to;
}

/* Ranges of characters beyond ASCII that are no letters or digits and that people type by accident; the rest of
 * Unicode is taken as letters. */
static bool is_foreign_sign(uint32_t c) {
    static const uint32_t ranges[][2] = {{0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},     {0xBB, 0xBF},
                                         {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x206F}, {0x2190, 0x2BFF},
                                         {0x3000, 0x3004}, {0x3008, 0x3020}, {0xFEFF, 0xFEFF}, {0xFFFD, 0xFFFD}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1]) return true;
    return false;
}

/* How many bytes the letter, digit or underscore at `at` takes, or 0 where none stands there. */
static size_t word_character(struct str text, size_t at) {
    uint32_t code;
    size_t len;
    if (at >= text.len) return 0;
    unsigned char c = (unsigned char)text.ptr[at];
    if (c < 0x80) return c == '_' || is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ? 1 : 0;
    len = utf8_next(text, at, &code);
    return is_foreign_sign(code) ? 0 : len;
}

static size_t skip_word(struct str text, size_t at) {
    size_t len;
    while ((len = word_character(text, at)) > 0) at += len;
    return at;
}

static bool at_close(const struct scanner *s) {
    return peek(s, 0) == '}' && peek(s, 1) == '}';
}

static bool at_trimmed_close(const struct scanner *s) {
    return is_space(peek(s, 0)) && peek(s, 1) == '-' && peek(s, 2) == '}' && peek(s, 3) == '}';
}

/* What may follow a word (atTerminator in lex.go). */
static bool at_terminator(const struct scanner *s) {
    int c = peek(s, 0);
    return c < 0 || is_space(c) || c == '.' || c == ',' || c == '|' || c == ':' || c == '(' || c == ')' || at_close(s);
}

static bool scan_quoted(struct scanner *s, char quote) {
    size_t start = s->pos, at = start + 1;
    for (; at < s->text.len; at++) {
        char c = s->text.ptr[at];
        if (c == quote) {
            emit(s, quote == '"' ? TEMPLATE_STRING : TEMPLATE_CHARACTER, start, at + 1);
            return true;
        }
        if (c == '\\' && at + 1 < s->text.len) c = s->text.ptr[++at];
        if (c == '\n') break;
    }
    return fail(s, start, at, quote == '"' ? "the string is not closed" : "the character constant is not closed");
}

static bool scan_raw(struct scanner *s) {
    const char *from = s->text.ptr + s->pos + 1;
    const char *end = memchr(from, '`', s->text.len - s->pos - 1);
    if (!end) return fail(s, s->pos, s->text.len, "the raw string is not closed");
    emit(s, TEMPLATE_RAW_STRING, s->pos, (size_t)(end - s->text.ptr) + 1);
    return true;
}

static bool is_number_digit(int c, int base) {
    if (c == '_' || is_digit(c)) return true;
    return base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
}

static void skip_digits(struct scanner *s, int base) {
    while (peek(s, 0) >= 0 && is_number_digit(peek(s, 0), base)) s->pos++;
}

/* scanNumber of lex.go: it takes what looks like a number; whether it is one, only the parser knows. */
static bool skip_number(struct scanner *s) {
    int base = 10, c;
    if (peek(s, 0) == '+' || peek(s, 0) == '-') s->pos++;
    if (peek(s, 0) == '0') {
        c = peek(s, 1) | 0x20;
        base = c == 'x' ? 16 : 10;
        if (c == 'x' || c == 'o' || c == 'b') s->pos += 2;
    }
    skip_digits(s, base);
    if (peek(s, 0) == '.') {
        s->pos++;
        skip_digits(s, base);
    }
    c = peek(s, 0) | 0x20;
    if ((base == 10 && c == 'e') || (base == 16 && c == 'p')) {
        s->pos++;
        if (peek(s, 0) == '+' || peek(s, 0) == '-') s->pos++;
        skip_digits(s, 10);
    }
    if (peek(s, 0) == 'i') s->pos++;
    return word_character(s->text, s->pos) == 0;
}

static bool scan_number(struct scanner *s) {
    size_t start = s->pos;
    bool good = skip_number(s);
    if (good && (peek(s, 0) == '+' || peek(s, 0) == '-')) good = skip_number(s) && s->text.ptr[s->pos - 1] == 'i';
    if (!good || (s->pos == start + 1 && !is_digit(s->text.ptr[start])))
        return fail(s, start, s->pos + (s->pos == start), "this is no number");
    emit(s, TEMPLATE_NUMBER, start, s->pos);
    return true;
}

static enum template_keyword keyword_of(struct str word) {
    static const struct {
        struct str name;
        enum template_keyword keyword;
    } keywords[] = {
        {STR_INIT("block"), TEMPLATE_BLOCK},
        {STR_INIT("break"), TEMPLATE_BREAK},
        {STR_INIT("continue"), TEMPLATE_CONTINUE},
        {STR_INIT("define"), TEMPLATE_DEFINE},
        {STR_INIT("else"), TEMPLATE_ELSE},
        {STR_INIT("end"), TEMPLATE_END},
        {STR_INIT("if"), TEMPLATE_IF},
        {STR_INIT("nil"), TEMPLATE_NIL},
        {STR_INIT("range"), TEMPLATE_RANGE},
        {STR_INIT("template"), TEMPLATE_TEMPLATE},
        {STR_INIT("with"), TEMPLATE_WITH},
    };
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (str_eq(word, keywords[i].name)) return keywords[i].keyword;
    return TEMPLATE_NO_KEYWORD;
}

/* A word, or a field or variable, whose first character has `lead` bytes of sign before the word. */
static bool scan_word(struct scanner *s, enum template_token_kind kind, size_t lead) {
    size_t start = s->pos;
    s->pos = skip_word(s->text, start + lead);
    if (!at_terminator(s)) return fail(s, s->pos, s->pos + 1, "unexpected character");
    if (kind == TEMPLATE_FIELD && s->pos == start + 1) kind = TEMPLATE_DOT;
    enum template_keyword keyword = TEMPLATE_NO_KEYWORD;
    if (kind == TEMPLATE_IDENTIFIER) keyword = keyword_of(str_slice(s->text, start, s->pos));
    if (keyword != TEMPLATE_NO_KEYWORD) kind = TEMPLATE_KEYWORD;
    emit(s, kind, start, s->pos);
    s->tokens->items[s->tokens->len - 1].keyword = (uint8_t)keyword;
    return true;
}

static bool scan_sign(struct scanner *s, int c) {
    switch (c) {
    case '=': emit(s, TEMPLATE_ASSIGN, s->pos, s->pos + 1); return true;
    case '|': emit(s, TEMPLATE_PIPE, s->pos, s->pos + 1); return true;
    case ',': emit(s, TEMPLATE_COMMA, s->pos, s->pos + 1); return true;
    case '(':
        s->depth++;
        emit(s, TEMPLATE_LEFT_PAREN, s->pos, s->pos + 1);
        return true;
    case ')':
        if (s->depth == 0) return fail(s, s->pos, s->pos + 1, "a closing parenthesis without an opening one");
        s->depth--;
        emit(s, TEMPLATE_RIGHT_PAREN, s->pos, s->pos + 1);
        return true;
    case ':':
        if (peek(s, 1) != '=') return fail(s, s->pos, s->pos + 1, "`:` without `=` behind it");
        emit(s, TEMPLATE_DECLARE, s->pos, s->pos + 2);
        return true;
    default:
        if (c < ' ' || c > '~') return fail(s, s->pos, s->pos + 1, "unexpected character");
        emit(s, TEMPLATE_OTHER, s->pos, s->pos + 1);
        return true;
    }
}

static bool scan_token(struct scanner *s) {
    int c = peek(s, 0);
    if (c == '"' || c == '\'') return scan_quoted(s, (char)c);
    if (c == '`') return scan_raw(s);
    if (c == '$') return scan_word(s, TEMPLATE_VARIABLE, 1);
    if (c == '.' && peek(s, 1) < 0) return fail(s, s->open, s->text.len, "the action is not closed");
    if (c == '.' && !is_digit(peek(s, 1))) return scan_word(s, TEMPLATE_FIELD, 1);
    if (c == '.' || c == '+' || c == '-' || is_digit(c)) return scan_number(s);
    if (word_character(s->text, s->pos)) return scan_word(s, TEMPLATE_IDENTIFIER, 0);
    return scan_sign(s, c);
}

/* `s->pos` stands behind the opening mark, at the comment's. */
static bool scan_comment(struct scanner *s) {
    size_t end = s->pos + 2 + str_find(str_slice(s->text, s->pos + 2, s->text.len), STR("*/"));
    if (end >= s->text.len) return fail(s, s->open, s->text.len, "the comment is not closed");
    s->pos = end + 2;
    if (at_close(s)) emit(s, TEMPLATE_COMMENT, s->open, s->pos + 2);
    else if (at_trimmed_close(s)) emit(s, TEMPLATE_COMMENT, s->open, s->pos + 4);
    else return fail(s, s->pos, s->pos + 1, "a comment must end right before the closing mark of its action");
    return true;
}

/* `s->pos` stands at the opening mark. */
static bool scan_action(struct scanner *s) {
    s->open = s->pos;
    s->pos += 2;
    s->depth = 0;
    bool trim = peek(s, 0) == '-' && is_space(peek(s, 1));
    if (trim) s->pos += 2;
    if (peek(s, 0) == '/' && peek(s, 1) == '*') return scan_comment(s);
    size_t next = s->pos;
    emit(s, TEMPLATE_OPEN, s->open, s->open + (trim ? 3 : 2));
    s->pos = next;
    while (s->pos < s->text.len) {
        bool trimmed = at_trimmed_close(s);
        if (trimmed || at_close(s)) {
            size_t start = s->pos + trimmed;
            if (s->depth > 0) return fail(s, s->open, start, "a parenthesis is not closed");
            emit(s, TEMPLATE_CLOSE, start, start + 2 + trimmed);
            return true;
        }
        if (is_space(peek(s, 0))) s->pos++;
        else if (!scan_token(s)) return false;
    }
    return fail(s, s->open, s->text.len, "the action is not closed");
}

bool template_lex(struct arena *a, struct str text, struct template_tokens *tokens, struct template_error *error) {
    struct scanner s = {.arena = a, .text = text, .tokens = tokens, .error = error};
    while (s.pos + 1 < text.len) {
        const char *brace = memchr(text.ptr + s.pos, '{', text.len - s.pos - 1);
        if (!brace) return true;
        s.pos = (size_t)(brace - text.ptr);
        if (brace[1] != '{') s.pos++;
        else if (!scan_action(&s)) return false;
    }
    return true;
}

bool template_is_identifier(struct str key) {
    if (key.len == 0 || is_digit(key.ptr[0])) return false;
    for (size_t i = 0; i < key.len; i++)
        if ((unsigned char)key.ptr[i] >= 0x80 || word_character(key, i) == 0) return false;
    return true;
}

static int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An escape of a Go string at `*at`, behind its backslash. Those that name a character beyond ASCII by number are
 * left to the caller as unknown: no key is written so. */
static bool unescape(struct str quoted, size_t *at, struct buf *out) {
    static const char names[] = "abfnrtv\\\"", codes[] = "\a\b\f\n\r\t\v\\\"";
    char c = quoted.ptr[*at];
    const char *name = c ? strchr(names, c) : NULL;
    if (name) {
        buf_add_char(out, codes[name - names]);
        return true;
    }
    if (c != 'x' || *at + 3 >= quoted.len) return false;
    int high = hex_value(quoted.ptr[*at + 1]), low = hex_value(quoted.ptr[*at + 2]);
    if (high < 0 || low < 0) return false;
    buf_add_char(out, (char)(high << 4 | low));
    *at += 2;
    return true;
}

bool template_unquote(struct arena *a, struct str quoted, struct str *content) {
    *content = (struct str){NULL, 0};
    if (quoted.len < 2) return false;
    struct str inner = str_slice(quoted, 1, quoted.len - 1);
    *content = inner;
    if (quoted.ptr[0] == '`' || str_find_char(inner, '\\') == inner.len) return true;
    struct buf b = buf_in(a);
    for (size_t i = 1; i + 1 < quoted.len; i++) {
        if (quoted.ptr[i] != '\\') buf_add_char(&b, quoted.ptr[i]);
        else if (++i + 1 >= quoted.len || !unescape(quoted, &i, &b)) return false;
    }
    *content = buf_str(&b);
    return true;
}

struct str template_quote(struct arena *a, struct str content) {
    struct buf b = buf_in(a);
    buf_add_char(&b, '"');
    for (size_t i = 0; i < content.len; i++) {
        unsigned char c = (unsigned char)content.ptr[i];
        if (c == '"' || c == '\\') buf_addf(&b, "\\%c", c);
        else if (c < ' ' || c == 0x7F) buf_addf(&b, "\\x%02x", c);
        else buf_add_char(&b, (char)c);
    }
    buf_add_char(&b, '"');
    return buf_str(&b);
}
