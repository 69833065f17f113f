#include "textproto.h"

#include "base/buf.h"
#include "base/utf8.h"

struct reader {
    struct arena *arena;
    struct str text;
    size_t at;
    const char *error;
};

static bool fail(struct reader *r, const char *error) {
    if (!r->error) r->error = error;
    return false;
}

static char peek(const struct reader *r) {
    return r->at < r->text.len ? r->text.ptr[r->at] : '\0';
}

static void skip(struct reader *r) {
    while (r->at < r->text.len) {
        char c = peek(r);
        if (c == '#') {
            while (r->at < r->text.len && peek(r) != '\n') r->at++;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            r->at++;
        } else {
            return;
        }
    }
}

static bool take(struct reader *r, char c) {
    skip(r);
    if (peek(r) != c || r->at >= r->text.len) return false;
    r->at++;
    return true;
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '+';
}

static struct str take_word(struct reader *r) {
    size_t start = r->at;
    while (is_word(peek(r))) r->at++;
    return str_slice(r->text, start, r->at);
}

static int digit(char c, int base) {
    int value = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 99;
    return value < base ? value : -1;
}

/* Up to `most` digits of `base`. */
static uint32_t take_digits(struct reader *r, int base, int most) {
    uint32_t number = 0;
    for (int i = 0; i < most && digit(peek(r), base) >= 0; i++, r->at++)
        number = number * (uint32_t)base + (uint32_t)digit(peek(r), base);
    return number;
}

static void take_escape(struct reader *r, struct buf *out) {
    static const char letters[] = "abfnrtv\\'\"?", meaning[] = "\a\b\f\n\r\t\v\\'\"?";
    char c = peek(r);
    const char *hit = c ? strchr(letters, c) : NULL;

    if (c >= '0' && c <= '7') {
        buf_add_char(out, (char)take_digits(r, 8, 3));
        return;
    }
    r->at++;
    if (hit) buf_add_char(out, meaning[hit - letters]);
    else if (c == 'x' || c == 'X') buf_add_char(out, (char)take_digits(r, 16, 2));
    else if (c == 'u') utf8_add(out, take_digits(r, 16, 4));
    else if (c == 'U') utf8_add(out, take_digits(r, 16, 8));
    else fail(r, "unknown escape");
}

/* One or more strings side by side. */
static bool take_strings(struct reader *r, struct str *out) {
    struct buf b = buf_in(r->arena);
    buf_add(&b, STR(""));
    for (skip(r); peek(r) == '"' || peek(r) == '\''; skip(r)) {
        char quote = peek(r);
        for (r->at++; peek(r) != quote;) {
            if (r->at >= r->text.len || peek(r) == '\n') return fail(r, "a string has no end");
            char c = r->text.ptr[r->at++];
            if (c == '\\') take_escape(r, &b);
            else buf_add_char(&b, c);
        }
        r->at++;
    }
    *out = b.ptr ? buf_str(&b) : STR("");
    return !r->error;
}

static bool read_message(struct reader *r, struct message *out, char close);

static bool read_value(struct reader *r, struct field *field) {
    skip(r);
    char c = peek(r);
    if (c == '{' || c == '<') {
        r->at++;
        field->is_message = true;
        return read_message(r, &field->message, c == '{' ? '}' : '>');
    }
    if (c == '"' || c == '\'') return take_strings(r, &field->text);
    field->text = take_word(r);
    return field->text.len > 0 || fail(r, "a value is missing");
}

static bool read_field(struct reader *r, struct message *out) {
    struct field field = {.name = {NULL, 0}};
    size_t start = r->at;

    if (take(r, '[')) {
        while (r->at < r->text.len && peek(r) != ']') r->at++;
        r->at++;
        field.name = str_slice(r->text, start, r->at);
    } else {
        field.name = take_word(r);
    }
    if (field.name.len == 0) return fail(r, "a field name is missing");
    bool colon = take(r, ':');
    skip(r);
    if (!colon && peek(r) != '{' && peek(r) != '<') return fail(r, "`:` or `{` is missing");
    bool list = colon && take(r, '[');
    if (list && take(r, ']')) return true;
    do {
        struct field item = {.name = field.name};
        if (!read_value(r, &item)) return false;
        vec_push(r->arena, out, item);
    } while (list && take(r, ','));
    if (list && !take(r, ']')) return fail(r, "`]` is missing");
    if (!take(r, ',')) take(r, ';');
    return true;
}

/* Fields up to `close`; NUL stands for the end of the text. */
static bool read_message(struct reader *r, struct message *out, char close) {
    for (;;) {
        skip(r);
        if (close && take(r, close)) return true;
        if (r->at >= r->text.len) return close ? fail(r, "a message has no end") : true;
        if (!read_field(r, out)) return false;
    }
}

bool textproto_parse(struct arena *a, struct str text, struct message *out, const char **error, uint32_t *line) {
    struct reader r = {.arena = a, .text = text};
    bool ok = read_message(&r, out, '\0');
    *error = r.error;
    *line = 1;
    for (size_t i = 0; i < r.at && i < text.len; i++) *line += text.ptr[i] == '\n';
    return ok;
}

const struct field *message_field(const struct message *m, const char *name) {
    for (uint32_t i = 0; m && i < m->len; i++)
        if (str_eq(m->items[i].name, str_from(name))) return &m->items[i];
    return NULL;
}

const struct message *message_child(const struct message *m, const char *name) {
    const struct field *field = message_field(m, name);
    return field && field->is_message ? &field->message : NULL;
}

struct str message_text(const struct message *m, const char *name) {
    const struct field *field = message_field(m, name);
    return field ? field->text : STR("");
}
