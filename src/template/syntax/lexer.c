/* The text outside of actions, comments, and the inside of actions are the three states of the lexer. Trim markers are
 * dealt with here: the parser sees texts without the white space that they take. As in Go, a word ends only where one
 * of a few characters follows, white space before a word matters to the parser alone, and numbers are taken loosely. */
#include "template/syntax/token.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "template/go/unicode.h"

/* The byte at the lexer's place, or behind it; NUL, which no action can hold outside of strings, at the end. */
static char peek(const struct tmpl_lexer *l, size_t ahead) {
    return l->pos + ahead < l->text.len ? l->text.ptr[l->pos + ahead] : '\0';
}

static struct tmpl_token fail(struct tmpl_lexer *l, size_t from, size_t to, const char *message) {
    l->failed = true;
    l->error->span = span_make(from, to < l->text.len ? to : l->text.len);
    l->error->message = str_from(message);
    return (struct tmpl_token){TMPL_TOKEN_ERROR, l->error->span, false};
}

/* The token from `from` up to where the lexer goes on. */
static struct tmpl_token take(struct tmpl_lexer *l, enum tmpl_token_kind kind, size_t from, size_t to) {
    l->pos = to;
    return (struct tmpl_token){kind, span_make(from, to), false};
}

/* How many bytes the letter, digit or underscore at `at` takes, or 0 where none stands there. */
static size_t word_character(struct str text, size_t at) {
    uint32_t code;
    if (at >= text.len) return 0;
    char c = text.ptr[at];
    if ((unsigned char)c < 0x80) return c == '_' || ascii_is_alnum(c) ? 1 : 0;
    size_t len = utf8_next(text, at, &code);
    return go_is_letter(code) || go_is_digit(code) ? len : 0;
}

static size_t skip_word(struct str text, size_t at) {
    size_t len;
    while ((len = word_character(text, at)) > 0) at += len;
    return at;
}

static size_t skip_space(struct str text, size_t at) {
    while (at < text.len && ascii_is_space(text.ptr[at])) at++;
    return at;
}

static bool at_close(const struct tmpl_lexer *l) {
    return peek(l, 0) == '}' && peek(l, 1) == '}';
}

static bool at_trimmed_close(const struct tmpl_lexer *l) {
    return ascii_is_space(peek(l, 0)) && peek(l, 1) == '-' && peek(l, 2) == '}' && peek(l, 3) == '}';
}

/* What may follow a word. */
static bool at_terminator(const struct tmpl_lexer *l) {
    char c = peek(l, 0);
    return l->pos >= l->text.len || ascii_is_space(c) || (c && strchr(".,|:()", c)) || at_close(l);
}

/* ---- constants ---- */

static struct tmpl_token lex_quoted(struct tmpl_lexer *l, char quote) {
    size_t start = l->pos, at = start + 1;
    for (; at < l->text.len; at++) {
        char c = l->text.ptr[at];
        if (c == quote) return take(l, quote == '"' ? TMPL_TOKEN_STRING : TMPL_TOKEN_CHARACTER, start, at + 1);
        if (c == '\\' && at + 1 < l->text.len) c = l->text.ptr[++at];
        if (c == '\n') break;
    }
    return fail(l, start, at, quote == '"' ? "the string is not closed" : "the character constant is not closed");
}

static struct tmpl_token lex_raw(struct tmpl_lexer *l) {
    const char *from = l->text.ptr + l->pos + 1;
    const char *end = memchr(from, '`', l->text.len - l->pos - 1);
    if (!end) return fail(l, l->pos, l->text.len, "the raw string is not closed");
    return take(l, TMPL_TOKEN_RAW_STRING, l->pos, (size_t)(end - l->text.ptr) + 1);
}

static bool accept(struct tmpl_lexer *l, const char *set) {
    char c = peek(l, 0);
    if (!c || !strchr(set, c)) return false;
    l->pos++;
    return true;
}

static void accept_run(struct tmpl_lexer *l, const char *set) {
    while (accept(l, set)) continue;
}

/* Passes what looks like a number; whether it is one, tmpl_read_number tells. False where a letter follows. */
static bool skip_number(struct tmpl_lexer *l) {
    static const char decimal[] = "0123456789_", hex[] = "0123456789abcdefABCDEF_";
    const char *digits = decimal;
    accept(l, "+-");
    if (accept(l, "0")) {
        if (accept(l, "xX")) digits = hex;
        else if (accept(l, "oO")) digits = "01234567_";
        else if (accept(l, "bB")) digits = "01_";
    }
    accept_run(l, digits);
    if (accept(l, ".")) accept_run(l, digits);
    if ((digits == decimal && accept(l, "eE")) || (digits == hex && accept(l, "pP"))) {
        accept(l, "+-");
        accept_run(l, decimal);
    }
    accept(l, "i");
    return word_character(l->text, l->pos) == 0;
}

static struct tmpl_token lex_number(struct tmpl_lexer *l) {
    size_t start = l->pos;
    enum tmpl_token_kind kind = TMPL_TOKEN_NUMBER;
    bool good = skip_number(l);
    if (good && (peek(l, 0) == '+' || peek(l, 0) == '-')) {
        kind = TMPL_TOKEN_COMPLEX;
        good = skip_number(l) && l->text.ptr[l->pos - 1] == 'i';
    }
    if (!good) return fail(l, start, l->pos + (l->pos == start), "this is not a number");
    return take(l, kind, start, l->pos);
}

/* ---- words ---- */

static enum tmpl_token_kind kind_of_word(struct str word) {
    static const struct {
        struct str name;
        enum tmpl_token_kind kind;
    } keywords[] = {
        {STR_INIT("block"), TMPL_TOKEN_BLOCK},       {STR_INIT("break"), TMPL_TOKEN_BREAK},
        {STR_INIT("continue"), TMPL_TOKEN_CONTINUE}, {STR_INIT("define"), TMPL_TOKEN_DEFINE},
        {STR_INIT("else"), TMPL_TOKEN_ELSE},         {STR_INIT("end"), TMPL_TOKEN_END},
        {STR_INIT("false"), TMPL_TOKEN_BOOL},        {STR_INIT("if"), TMPL_TOKEN_IF},
        {STR_INIT("nil"), TMPL_TOKEN_NIL},           {STR_INIT("range"), TMPL_TOKEN_RANGE},
        {STR_INIT("template"), TMPL_TOKEN_TEMPLATE}, {STR_INIT("true"), TMPL_TOKEN_BOOL},
        {STR_INIT("with"), TMPL_TOKEN_WITH},
    };
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (str_eq(word, keywords[i].name)) return keywords[i].kind;
    return TMPL_TOKEN_IDENTIFIER;
}

/* A word, or a field or variable, which has `lead` bytes of sign before its word. */
static struct tmpl_token lex_word(struct tmpl_lexer *l, enum tmpl_token_kind kind, size_t lead) {
    size_t start = l->pos;
    l->pos = skip_word(l->text, start + lead);
    if (!at_terminator(l)) return fail(l, l->pos, l->pos + 1, "unexpected character");
    if (kind == TMPL_TOKEN_FIELD && l->pos == start + 1) kind = TMPL_TOKEN_DOT;
    if (kind == TMPL_TOKEN_IDENTIFIER) kind = kind_of_word(str_slice(l->text, start, l->pos));
    return take(l, kind, start, l->pos);
}

static struct tmpl_token lex_sign(struct tmpl_lexer *l, char c) {
    size_t at = l->pos;
    switch (c) {
    case '=': return take(l, TMPL_TOKEN_ASSIGN, at, at + 1);
    case '|': return take(l, TMPL_TOKEN_PIPE, at, at + 1);
    case ',': return take(l, TMPL_TOKEN_COMMA, at, at + 1);
    case '(': l->parens++; return take(l, TMPL_TOKEN_LEFT_PAREN, at, at + 1);
    case ')':
        if (l->parens == 0) return fail(l, at, at + 1, "`)` without `(`");
        l->parens--;
        return take(l, TMPL_TOKEN_RIGHT_PAREN, at, at + 1);
    case ':':
        if (peek(l, 1) != '=') return fail(l, at, at + 1, "expected `=` after `:`");
        return take(l, TMPL_TOKEN_DECLARE, at, at + 2);
    default:
        if (c < ' ' || c > '~') return fail(l, at, at + 1, "unexpected character");
        return take(l, TMPL_TOKEN_OTHER, at, at + 1);
    }
}

/* ---- the three states: text, comment, action ---- */

static struct tmpl_token lex_close(struct tmpl_lexer *l, bool trimmed) {
    size_t start = l->pos + trimmed;
    if (l->parens > 0) return fail(l, l->open, start, "`(` is not closed");
    struct tmpl_token token = take(l, TMPL_TOKEN_RIGHT, start, start + 2 + trimmed);
    if (trimmed) l->pos = skip_space(l->text, l->pos);
    l->inside = false;
    return token;
}

static struct tmpl_token lex_inside(struct tmpl_lexer *l) {
    bool trimmed = at_trimmed_close(l);
    if (trimmed || at_close(l)) return lex_close(l, trimmed);
    if (ascii_is_space(peek(l, 0))) {
        /* The space before a trimming mark belongs to it. */
        while (ascii_is_space(peek(l, 0)) && !at_trimmed_close(l)) l->pos++;
        struct tmpl_token token = lex_inside(l);
        token.spaced = true;
        return token;
    }
    char c = peek(l, 0);
    if (l->pos >= l->text.len) return fail(l, l->open, l->text.len, "the action is not closed");
    if (c == '"' || c == '\'') return lex_quoted(l, c);
    if (c == '`') return lex_raw(l);
    if (c == '$') return lex_word(l, TMPL_TOKEN_VARIABLE, 1);
    if (c == '.' && l->pos + 1 >= l->text.len) return fail(l, l->open, l->text.len, "the action is not closed");
    if (c == '.' && !ascii_is_digit(peek(l, 1))) return lex_word(l, TMPL_TOKEN_FIELD, 1);
    if (c == '.' || c == '+' || c == '-' || ascii_is_digit(c)) return lex_number(l);
    if (word_character(l->text, l->pos)) return lex_word(l, TMPL_TOKEN_IDENTIFIER, 0);
    return lex_sign(l, c);
}

/* Passes the comment, whose mark the lexer stands at. False where it is not closed. */
static bool skip_comment(struct tmpl_lexer *l, struct tmpl_token *error) {
    size_t end = l->pos + 2 + str_find(str_slice(l->text, l->pos + 2, l->text.len), STR("*/"));
    if (end >= l->text.len) {
        *error = fail(l, l->open, l->text.len, "the comment is not closed");
        return false;
    }
    l->pos = end + 2;
    bool trimmed = at_trimmed_close(l);
    if (!trimmed && !at_close(l)) {
        *error = fail(l, l->pos, l->pos + 1, "`}}` must follow `*/` directly");
        return false;
    }
    l->pos += trimmed ? 4 : 2;
    if (trimmed) l->pos = skip_space(l->text, l->pos);
    return true;
}

/* The next opening mark, or the end of the text. */
static size_t find_open(struct str text, size_t from) {
    while (from + 1 < text.len) {
        const char *brace = memchr(text.ptr + from, '{', text.len - from - 1);
        if (!brace) break;
        from = (size_t)(brace - text.ptr);
        if (brace[1] == '{') return from;
        from++;
    }
    return text.len;
}

static struct tmpl_token lex_text(struct tmpl_lexer *l) {
    struct tmpl_token error;
    for (;;) {
        size_t start = l->pos, end = find_open(l->text, start);
        l->open = l->pos = end;
        if (end == l->text.len) return take(l, end > start ? TMPL_TOKEN_TEXT : TMPL_TOKEN_EOF, start, end);
        bool trim = peek(l, 2) == '-' && ascii_is_space(peek(l, 3));
        while (trim && end > start && ascii_is_space(l->text.ptr[end - 1])) end--;
        if (end > start) return (struct tmpl_token){TMPL_TOKEN_TEXT, span_make(start, end), false};
        l->pos += trim ? 4 : 2;
        if (peek(l, 0) == '/' && peek(l, 1) == '*') {
            if (!skip_comment(l, &error)) return error;
            continue;
        }
        l->inside = true;
        l->parens = 0;
        return (struct tmpl_token){TMPL_TOKEN_LEFT, span_make(l->open, l->open + (trim ? 3 : 2)), false};
    }
}

struct tmpl_token tmpl_lex(struct tmpl_lexer *l) {
    if (l->failed) return (struct tmpl_token){TMPL_TOKEN_ERROR, l->error->span, false};
    return l->inside ? lex_inside(l) : lex_text(l);
}

bool tmpl_is_identifier(struct str key) {
    if (key.len == 0 || ascii_is_digit(key.ptr[0])) return false;
    for (size_t i = 0; i < key.len; i++)
        if ((unsigned char)key.ptr[i] >= 0x80 || word_character(key, i) == 0) return false;
    return true;
}
