#include "cel/lex.h"

#include <errno.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"

/* Sorted, for a person; the list is short enough to be searched one by one. */
static const struct str keywords[] = {STR_INIT("false"), STR_INIT("in"), STR_INIT("null"), STR_INIT("true")};
static const struct str reserved[] = {
    STR_INIT("as"),   STR_INIT("break"),    STR_INIT("const"),     STR_INIT("continue"), STR_INIT("else"),
    STR_INIT("for"),  STR_INIT("function"), STR_INIT("if"),        STR_INIT("import"),   STR_INIT("let"),
    STR_INIT("loop"), STR_INIT("package"),  STR_INIT("namespace"), STR_INIT("return"),   STR_INIT("var"),
    STR_INIT("void"), STR_INIT("while"),
};

static bool is_one_of(struct str word, const struct str *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(word, list[i])) return true;
    return false;
}

bool lex_is_keyword(struct str word) {
    return is_one_of(word, keywords, sizeof keywords / sizeof *keywords);
}

bool lex_is_reserved(struct str word) {
    return lex_is_keyword(word) || is_one_of(word, reserved, sizeof reserved / sizeof *reserved);
}

static bool is_ident_start(char c) {
    return ascii_is_alpha(c) || c == '_';
}

static bool is_ident(char c) {
    return is_ident_start(c) || ascii_is_digit(c);
}

/* The byte at `at`, or NUL behind the end. */
static char peek(const struct lexer *lx, size_t at) {
    return at < lx->text.len ? lx->text.ptr[at] : '\0';
}

static bool lex_fail(struct lexer *lx, size_t start, size_t end, const char *message) {
    lx->error.span = span_make(start, end > lx->text.len ? lx->text.len : end);
    lx->error.message = str_from(message);
    return false;
}

static struct token token_to(struct lexer *lx, enum token_kind kind, size_t end) {
    struct span span = span_make(lx->at, end);
    if (kind != TOKEN_ERROR) lx->at = (uint32_t)end;
    return (struct token){kind, span, span_text(lx->text, span)};
}

static void skip_space(struct lexer *lx) {
    for (;;) {
        char c = peek(lx, lx->at);
        if (lx->at >= lx->text.len) return;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            lx->at++;
        } else if (c == '/' && peek(lx, lx->at + 1) == '/') {
            while (lx->at < lx->text.len && lx->text.ptr[lx->at] != '\n') lx->at++;
        } else {
            return;
        }
    }
}

/* A number: DIGITS, 0xHEX (each with `u` for unsigned), or with a fraction or exponent a double. */
static struct token lex_digits(struct lexer *lx) {
    size_t at = lx->at;
    enum token_kind kind = TOKEN_INT;

    if (peek(lx, at) == '0' && (peek(lx, at + 1) | 0x20) == 'x' && ascii_is_hex(peek(lx, at + 2))) {
        for (at += 2; ascii_is_hex(peek(lx, at));) at++;
    } else {
        while (ascii_is_digit(peek(lx, at))) at++;
        if (peek(lx, at) == '.' && ascii_is_digit(peek(lx, at + 1))) {
            kind = TOKEN_DOUBLE;
            for (at++; ascii_is_digit(peek(lx, at));) at++;
        }
        char sign = peek(lx, at + 1);
        if ((peek(lx, at) | 0x20) == 'e' &&
            (ascii_is_digit(sign) || ((sign == '+' || sign == '-') && ascii_is_digit(peek(lx, at + 2))))) {
            kind = TOKEN_DOUBLE;
            for (at += 2; ascii_is_digit(peek(lx, at));) at++;
        }
    }
    if (kind == TOKEN_INT && (peek(lx, at) | 0x20) == 'u') {
        kind = TOKEN_UINT;
        at++;
    }
    if (is_ident(peek(lx, at))) {
        size_t end = at;
        while (is_ident(peek(lx, end))) end++;
        lex_fail(lx, lx->at, end, "this is no number");
        return token_to(lx, TOKEN_ERROR, end);
    }
    return token_to(lx, kind, at);
}

/* A string or bytes literal whose quote stands at `quote`, behind any prefix. */
static struct token lex_string(struct lexer *lx, size_t quote, bool raw, bool bytes) {
    char q = lx->text.ptr[quote];
    bool triple = peek(lx, quote + 1) == q && peek(lx, quote + 2) == q;
    size_t at = quote + (triple ? 3 : 1);

    for (; at < lx->text.len; at++) {
        char c = lx->text.ptr[at];
        if (c == '\\' && !raw) {
            at++;
        } else if ((c == '\n' || c == '\r') && !triple) {
            break;
        } else if (c == q && !triple) {
            return token_to(lx, bytes ? TOKEN_BYTES : TOKEN_STRING, at + 1);
        } else if (c == q && peek(lx, at + 1) == q && peek(lx, at + 2) == q) {
            return token_to(lx, bytes ? TOKEN_BYTES : TOKEN_STRING, at + 3);
        }
    }
    lex_fail(lx, lx->at, quote + 1, "this string has no end");
    return token_to(lx, TOKEN_ERROR, lx->text.len);
}

/* An identifier, or the prefix of a string. */
static struct token lex_word(struct lexer *lx) {
    size_t at = lx->at;
    while (is_ident(peek(lx, at))) at++;
    char next = peek(lx, at);
    if ((next == '"' || next == '\'') && at - lx->at <= 2) {
        char first = (char)(lx->text.ptr[lx->at] | 0x20), second = (char)(lx->text.ptr[at - 1] | 0x20);
        if (at - lx->at == 1 && (first == 'r' || first == 'b')) return lex_string(lx, at, first == 'r', first == 'b');
        if (at - lx->at == 2 && first == 'b' && second == 'r') return lex_string(lx, at, true, true);
    }
    return token_to(lx, TOKEN_IDENT, at);
}

static struct token lex_quoted(struct lexer *lx) {
    size_t at = lx->at + 1;
    for (;; at++) {
        char c = peek(lx, at);
        if (!is_ident(c) && c != '.' && c != '-' && c != '/' && c != ' ') break;
    }
    if (peek(lx, at) != '`' || at == lx->at + 1) {
        lex_fail(lx, lx->at, at + 1, "a field name in back-ticks holds letters, digits and `_ . - /` and space only");
        return token_to(lx, TOKEN_ERROR, at);
    }
    struct token token = token_to(lx, TOKEN_QUOTED, at + 1);
    token.text = str_slice(token.text, 1, token.text.len - 1);
    return token;
}

struct token lex_next(struct lexer *lx) {
    static const struct str pairs[] = {STR_INIT("<="), STR_INIT(">="), STR_INIT("=="),
                                       STR_INIT("!="), STR_INIT("&&"), STR_INIT("||")};
    skip_space(lx);
    if (lx->at >= lx->text.len) return token_to(lx, TOKEN_END, lx->text.len);
    char c = lx->text.ptr[lx->at];
    if (ascii_is_digit(c) || (c == '.' && ascii_is_digit(peek(lx, lx->at + 1)))) return lex_digits(lx);
    if (is_ident_start(c)) return lex_word(lx);
    if (c == '"' || c == '\'') return lex_string(lx, lx->at, false, false);
    if (c == '`') return lex_quoted(lx);
    struct str pair = str_slice(lx->text, lx->at, lx->at + 2);
    if (is_one_of(pair, pairs, sizeof pairs / sizeof *pairs)) return token_to(lx, TOKEN_PUNCT, lx->at + 2);
    if (memchr("()[]{}.,:?+-*/%!<>", c, 18)) return token_to(lx, TOKEN_PUNCT, lx->at + 1);
    const char *message = c == '='   ? "`=` is no operator: `==` compares"
                          : c == '&' ? "`&` is no operator: `&&` means and"
                          : c == '|' ? "`|` is no operator: `||` means or"
                                     : "this character has no meaning here";
    lex_fail(lx, lx->at, lx->at + utf8_len(lx->text, lx->at), message);
    return token_to(lx, TOKEN_ERROR, lx->at + 1);
}

/* Reads `digits` hexadecimal digits at `at`. */
static bool read_hex(struct str s, size_t at, size_t digits, uint32_t *out) {
    if (s.len - at < digits) return false;
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = s.ptr[at + i];
        if (!ascii_is_hex(c)) return false;
        *out = *out << 4 | (uint32_t)ascii_hex_value(c);
    }
    return true;
}

/* Adds what the escape at `s[at]` (behind the backslash) means and returns its length, or 0 with `message` set. */
static size_t add_escape(struct buf *out, struct str s, size_t at, bool bytes, const char **message) {
    static const char simple[] = "abfnrtv\"'`\\?", meaning[] = "\a\b\f\n\r\t\v\"'`\\?";
    char c = s.ptr[at];
    const char *hit = c ? strchr(simple, c) : NULL;
    size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : c == 'x' || c == 'X' ? 2 : 0;
    uint32_t code;

    if (hit) {
        buf_add_char(out, meaning[hit - simple]);
        return 1;
    }
    if (c >= '0' && c <= '3' && s.len - at >= 3 && s.ptr[at + 1] >= '0' && s.ptr[at + 1] <= '7' &&
        s.ptr[at + 2] >= '0' && s.ptr[at + 2] <= '7') {
        code = (uint32_t)((c - '0') << 6 | (s.ptr[at + 1] - '0') << 3 | (s.ptr[at + 2] - '0'));
        digits = 2;
    } else if (digits == 0) {
        *message =
            ascii_is_digit(c) ? "an octal escape has three digits, from \\000 to \\377" : "this is no escape sequence";
        return 0;
    } else if (digits > 2 && bytes) {
        *message = "\\u and \\U stand for characters: bytes take \\x and octal escapes";
        return 0;
    } else if (!read_hex(s, at + 1, digits, &code)) {
        *message = "this escape takes more hexadecimal digits: \\xHH, \\uHHHH, \\UHHHHHHHH";
        return 0;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
        *message = "this escape is not a Unicode character";
        return 0;
    }
    if (bytes) buf_add_char(out, (char)code);
    else utf8_add(out, code);
    return digits + 1;
}

bool lex_unquote(struct lexer *lx, const struct token *token, struct str *out) {
    struct str s = token->text;
    bool bytes = token->kind == TOKEN_BYTES, raw = false;
    size_t at = 0;

    while (s.ptr[at] != '"' && s.ptr[at] != '\'') raw = (s.ptr[at++] | 0x20) == 'r' || raw;
    size_t quotes = s.len - at >= 6 && s.ptr[at + 1] == s.ptr[at] && s.ptr[at + 2] == s.ptr[at] ? 3 : 1;
    size_t end = s.len - quotes;
    at += quotes;
    struct str body = str_slice(s, at, end);
    if ((raw || str_find_char(body, '\\') == body.len) && str_find_char(body, '\r') == body.len) {
        *out = body;
        return true;
    }
    struct buf b = buf_in(lx->arena);
    for (size_t i = 0; i < body.len; i++) {
        char c = body.ptr[i];
        if (c == '\r') { /* line ends of the text are LF in the value */
            if (i + 1 >= body.len || body.ptr[i + 1] != '\n') buf_add_char(&b, '\n');
        } else if (c != '\\' || raw) {
            buf_add_char(&b, c);
        } else {
            const char *message = "this is no escape sequence";
            size_t len = i + 1 < body.len ? add_escape(&b, body, i + 1, bytes, &message) : 0;
            if (len == 0) {
                size_t from = token->span.start + at + i,
                       to = i + 1 < body.len ? from + 1 + utf8_len(body, i + 1) : from + 1;
                return lex_fail(lx, from, to, message);
            }
            i += len;
        }
    }
    *out = buf_str(&b);
    return true;
}

bool lex_number(struct lexer *lx, const struct token *token, bool negative, struct cel_value *out) {
    char text[400];
    struct str s = token->text;
    char *end;

    *out = (struct cel_value){.kind = CEL_DOUBLE};
    if (token->kind == TOKEN_UINT) s.len--;
    if (s.len >= sizeof text)
        return lex_fail(lx, token->span.start, token->span.end, "this number has too many digits");
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    errno = 0;
    if (token->kind == TOKEN_DOUBLE) {
        out->real = strtod(text, &end);
        if (out->real > 1.7976931348623157e308)
            return lex_fail(lx, token->span.start, token->span.end, "this number is too large for a double");
        if (negative) out->real = -out->real;
        return true;
    }
    bool hex = s.len > 2 && (text[1] | 0x20) == 'x';
    uint64_t number = strtoull(hex ? text + 2 : text, &end, hex ? 16 : 10);
    if (token->kind == TOKEN_UINT) {
        out->kind = CEL_UINT;
        out->uinteger = number;
        if (errno == ERANGE)
            return lex_fail(lx, token->span.start, token->span.end,
                            "this number is too large for an unsigned integer of 64 bits");
        return true;
    }
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    if (errno == ERANGE || number > limit)
        return lex_fail(lx, token->span.start, token->span.end, "this number is too large for an integer of 64 bits");
    out->kind = CEL_INT;
    out->integer = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}
