#include "template/eval/json_reader.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "template/go/number.h"
#include "template/go/unicode.h"

#define DEPTH_MAX 10000

struct json {
    struct go_env *env;
    struct str text;
    size_t at;
    uint32_t depth;
    struct str error;
};

/* Go ends a text with a space: where that fits it says that the text ends, else that a space is wrong there. */
static bool refuse(struct json *j, const char *where) {
    struct buf text = buf_in(j->env->arena);
    bool end = j->at >= j->text.len, token = strncmp(where, "in ", 3) == 0 || strncmp(where, "after decimal", 13) == 0;
    if (end && (!token || strcmp(where, "in string literal") == 0)) {
        j->error = STR("unexpected end of JSON input");
        return false;
    }
    uint32_t code = end ? ' ' : (unsigned char)j->text.ptr[j->at];
    buf_add(&text, STR("invalid character "));
    if (code == '"') buf_add(&text, STR("'\"'"));
    else go_quote_rune(&text, code, false);
    buf_addf(&text, " %s", where);
    j->error = buf_str(&text);
    return false;
}

static bool next_is(const struct json *j, char c) {
    return j->at < j->text.len && j->text.ptr[j->at] == c;
}

static void skip_space(struct json *j) {
    while (next_is(j, ' ') || next_is(j, '\t') || next_is(j, '\r') || next_is(j, '\n')) j->at++;
}

static bool skip_digits(struct json *j, const char *where) {
    if (j->at >= j->text.len || !ascii_is_digit(j->text.ptr[j->at])) return refuse(j, where);
    while (j->at < j->text.len && ascii_is_digit(j->text.ptr[j->at])) j->at++;
    return true;
}

static bool read_number(struct json *j, struct go_value *out) {
    size_t start = j->at;
    double number;
    if (next_is(j, '-')) j->at++;
    if (next_is(j, '0')) j->at++;
    else if (!skip_digits(j, "in numeric literal")) return false;
    if (next_is(j, '.')) {
        j->at++;
        if (!skip_digits(j, "after decimal point in numeric literal")) return false;
    }
    if (next_is(j, 'e') || next_is(j, 'E')) {
        j->at++;
        if (next_is(j, '+') || next_is(j, '-')) j->at++;
        if (!skip_digits(j, "in exponent of numeric literal")) return false;
    }
    struct str text = str_slice(j->text, start, j->at);
    if (go_parse_float(text, &number) == GO_PARSE_OK) {
        *out = go_float(number);
    } else { /* told when all has been read */
        *out = go_nil();
        if (!j->error.len)
            j->error = arena_printf(j->env->arena, "json: cannot unmarshal number %.*s into Go value of type float64",
                                    STR_ARG(text));
    }
    return true;
}

static bool read_hex(struct json *j, uint32_t *code) {
    *code = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        int digit = j->at < j->text.len ? ascii_hex_value(j->text.ptr[j->at]) : -1;
        if (digit < 0) return refuse(j, "in \\u hexadecimal character escape");
        *code = *code * 16 + (uint32_t)digit;
    }
    return true;
}

/* The second half of a pair of surrogates, if it stands there. */
static bool read_low_surrogate(struct json *j, uint32_t *code) {
    size_t at = j->at + 2;
    uint32_t low = 0;
    if (!next_is(j, '\\') || at + 4 > j->text.len || j->text.ptr[at - 1] != 'u') return false;
    for (int i = 0; i < 4; i++, at++) {
        int digit = ascii_hex_value(j->text.ptr[at]);
        if (digit < 0) return false;
        low = low * 16 + (uint32_t)digit;
    }
    if (low < 0xDC00 || low > 0xDFFF) return false;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    j->at = at;
    return true;
}

static bool read_escape(struct json *j, struct buf *out) {
    static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    uint32_t code;
    j->at++;
    char c = j->at < j->text.len ? j->text.ptr[j->at] : '\0';
    for (size_t i = 0; c && i < sizeof letters - 1; i += 2) {
        if (letters[i] != c) continue;
        buf_add_char(out, letters[i + 1]);
        j->at++;
        return true;
    }
    if (c != 'u') return refuse(j, "in string escape code");
    j->at++;
    if (!read_hex(j, &code)) return false;
    if (code >= 0xD800 && code <= 0xDFFF && (code >= 0xDC00 || !read_low_surrogate(j, &code))) code = UTF8_REPLACEMENT;
    go_add_rune(out, code);
    return true;
}

static bool read_string(struct json *j, struct str *out) {
    struct buf text = buf_in(j->env->arena);
    uint32_t code;
    for (j->at++; !next_is(j, '"');) {
        if (j->at >= j->text.len || (unsigned char)j->text.ptr[j->at] < ' ') return refuse(j, "in string literal");
        if (next_is(j, '\\')) {
            if (!read_escape(j, &text)) return false;
            continue;
        }
        j->at += utf8_next(j->text, j->at, &code);
        go_add_rune(&text, code);
    }
    j->at++;
    *out = text.len ? buf_str(&text) : STR("");
    return true;
}

static bool read_word(struct json *j, const char *word, struct go_value value, struct go_value *out) {
    for (size_t i = 0; word[i]; i++, j->at++) {
        if (next_is(j, word[i])) continue;
        return refuse(j, arena_printf(j->env->arena, "in literal %s (expecting '%c')", word, word[i]).ptr);
    }
    *out = value;
    return true;
}

static bool read_value(struct json *j, struct go_value *out);

/* After a member or an item: a comma, or the end. */
static bool read_separator(struct json *j, char end, const char *where, bool *more) {
    skip_space(j);
    *more = next_is(j, ',');
    if (!*more && !next_is(j, end)) return refuse(j, where);
    j->at++;
    skip_space(j);
    return true;
}

static bool read_list(struct json *j, struct go_value *out) {
    struct VEC(struct go_value) items = {0};
    bool more = true;
    j->at++;
    skip_space(j);
    if (next_is(j, ']')) {
        j->at++;
        *out = go_list(&GO_TYPE_LIST, arena_array(j->env->arena, struct go_value, 1), 0);
        return true;
    }
    while (more) {
        struct go_value item;
        if (!read_value(j, &item)) return false;
        vec_push(j->env->arena, &items, go_kept(item));
        if (!read_separator(j, ']', "after array element", &more)) return false;
    }
    *out = go_list(&GO_TYPE_LIST, items.items, items.len);
    return true;
}

static bool read_map(struct json *j, struct go_value *out) {
    bool more = true;
    *out = go_map(j->env, &GO_TYPE_MAP, 4);
    j->at++;
    skip_space(j);
    if (next_is(j, '}')) {
        j->at++;
        return true;
    }
    while (more) {
        struct go_value value;
        struct str key;
        if (!next_is(j, '"')) return refuse(j, "looking for beginning of object key string");
        if (!read_string(j, &key)) return false;
        skip_space(j);
        if (!next_is(j, ':')) return refuse(j, "after object key");
        j->at++;
        if (!read_value(j, &value)) return false;
        go_map_set(j->env, out->map, key, value);
        if (!read_separator(j, '}', "after object key:value pair", &more)) return false;
    }
    return true;
}

static bool read_collection(struct json *j, struct go_value *out) {
    if (++j->depth > DEPTH_MAX) {
        j->error = STR("exceeded max depth");
        return false;
    }
    bool ok = next_is(j, '{') ? read_map(j, out) : read_list(j, out);
    j->depth--;
    return ok;
}

static bool read_value(struct json *j, struct go_value *out) {
    skip_space(j);
    char c = j->at < j->text.len ? j->text.ptr[j->at] : '\0';
    if (c == '{' || c == '[') return read_collection(j, out);
    if (c == '-' || ascii_is_digit(c)) return read_number(j, out);
    if (c == 't') return read_word(j, "true", go_bool(true), out);
    if (c == 'f') return read_word(j, "false", go_bool(false), out);
    if (c == 'n') return read_word(j, "null", go_nil(), out);
    if (c != '"') return refuse(j, "looking for beginning of value");
    struct str text;
    if (!read_string(j, &text)) return false;
    *out = go_string(text);
    return true;
}

bool go_json_read(struct go_env *env, struct str text, struct go_value *out, struct str *error) {
    struct json j = {.env = env, .text = text};
    bool ok = read_value(&j, out);
    if (ok) {
        skip_space(&j);
        if (j.at < text.len) ok = refuse(&j, "after top-level value");
    }
    *error = j.error;
    return ok;
}

const char *go_json_kind_name(const struct go_value *v) {
    switch (go_kind(v)) {
    case GO_BOOL: return "bool";
    case GO_FLOAT: return "number";
    case GO_STRING: return "string";
    case GO_SLICE: return "array";
    default: return "object";
    }
}
