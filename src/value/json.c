#include "value/json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/utf8.h"

/* Walks the text beside jansson's tree, which keeps the order of keys, to find where each value stands. */
struct json_cursor {
    struct arena *arena;
    const char *text;
    size_t at;
};

static void skip_white(struct json_cursor *c) {
    while (c->text[c->at] == ' ' || c->text[c->at] == '\n' || c->text[c->at] == '\r' || c->text[c->at] == '\t' ||
           c->text[c->at] == ',' || c->text[c->at] == ':')
        c->at++;
}

static struct span string_span(struct json_cursor *c) {
    size_t start = c->at++;
    while (c->text[c->at] != '"') c->at += c->text[c->at] == '\\' ? 2 : 1;
    c->at++;
    return span_make(start, c->at);
}

static void read_value(struct json_cursor *c, json_t *json, struct value *out);

static void read_list(struct json_cursor *c, json_t *json, struct value *out) {
    uint32_t len = (uint32_t)json_array_size(json);
    struct value *items = arena_array(c->arena, struct value, len);
    c->at++;
    for (uint32_t i = 0; i < len; i++) read_value(c, json_array_get(json, i), &items[i]);
    skip_white(c);
    c->at++;
    *out = (struct value){.kind = VALUE_LIST, .list = {items, len}};
}

static void read_map(struct json_cursor *c, json_t *json, struct value *out) {
    bool found;
    *out = value_map_new(c->arena, (uint32_t)json_object_size(json));
    c->at++;
    for (void *it = json_object_iter(json); it; it = json_object_iter_next(json, it)) {
        struct str key = {json_object_iter_key(it), json_object_iter_key_len(it)};
        struct member *member = value_map_put(out, arena_str(c->arena, key), &found);
        skip_white(c);
        member->key_span = string_span(c);
        read_value(c, json_object_iter_value(it), &member->value);
    }
    skip_white(c);
    c->at++;
}

static void read_value(struct json_cursor *c, json_t *json, struct value *out) {
    struct str text;
    skip_white(c);
    size_t start = c->at;
    switch (json_typeof(json)) {
    case JSON_OBJECT: read_map(c, json, out); break;
    case JSON_ARRAY: read_list(c, json, out); break;
    case JSON_STRING:
        string_span(c);
        text = (struct str){json_string_value(json), json_string_length(json)};
        *out = value_from_string(arena_str(c->arena, text));
        break;
    case JSON_INTEGER: *out = (struct value){.kind = VALUE_INT, .integer = json_integer_value(json)}; break;
    case JSON_REAL: *out = value_from_number(json_real_value(json)); break;
    case JSON_TRUE:
    case JSON_FALSE: *out = (struct value){.kind = VALUE_BOOL, .boolean = json_is_true(json)}; break;
    case JSON_NULL: *out = (struct value){.kind = VALUE_NULL}; break;
    }
    if (c->at == start) c->at += strcspn(c->text + start, " \t\r\n,]}");
    out->span = span_make(start, c->at);
}

bool json_parse(struct arena *a, struct str text, struct value *out, struct json_error *error) {
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    struct json_cursor cursor = {a, NULL, 0};
    json_error_t problem;

    *out = (struct value){.kind = VALUE_NULL};
    bool marked = str_starts(text, STR("\xEF\xBB\xBF"));
    struct str body = marked ? str_slice(text, 3, text.len) : text;
    json_t *json = json_loadb(body.len ? body.ptr : "", body.len, flags, &problem);
    if (!json && json_error_code(&problem) == json_error_numeric_overflow)
        json = json_loadb(body.ptr, body.len, flags | JSON_DECODE_INT_AS_REAL, &problem);
    if (!json) {
        size_t offset = (size_t)(problem.position < 0 ? 0 : problem.position) + (marked ? 3 : 0);
        error->offset = (uint32_t)(offset > text.len ? text.len : offset);
        /* Without what stands there: the file may be one that nobody meant to show. */
        struct str words = str_from(problem.text);
        words.len = str_find(words, STR(" near '"));
        snprintf(error->message, sizeof error->message, "%.*s", STR_ARG(words));
        return false;
    }
    /* With a NUL behind it, so that the cursor cannot run past the end. */
    cursor.text = arena_str(a, text).ptr;
    cursor.at = marked ? 3 : 0;
    read_value(&cursor, json, out);
    json_decref(json);
    return true;
}

/* The `%e` text with the fewest digits that reads back as the same number. */
static void shortest(double number, char *text, size_t size) {
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, size, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number) return;
    }
}

/* `%e` text ("-1.25000e+02") to plain digits and a decimal exponent. */
struct decimal {
    bool negative;
    char digits[24];
    int count;
    int exponent; /* of the first digit: d.ddd x 10^exponent */
};

static struct decimal decimal_of(double number) {
    struct decimal d = {false, "", 0, 0};
    char text[40];
    shortest(number, text, sizeof text);
    const char *p = text;
    if (*p == '-') d.negative = true, p++;
    for (; *p && *p != 'e'; p++)
        if (*p != '.' && d.count < (int)sizeof d.digits) d.digits[d.count++] = *p;
    d.exponent = *p == 'e' ? atoi(p + 1) : 0;
    while (d.count > 1 && d.digits[d.count - 1] == '0') d.count--;
    return d;
}

/* JSON writes negative exponents with as few digits as there are, Go's %v all with at least two. */
static void write_exponent(struct buf *out, const struct decimal *d, int least_negative) {
    buf_add_char(out, d->digits[0]);
    if (d->count > 1) {
        buf_add_char(out, '.');
        buf_add(out, (struct str){d->digits + 1, (size_t)d->count - 1});
    }
    buf_addf(out, "e%c%0*d", d->exponent < 0 ? '-' : '+', d->exponent < 0 ? least_negative : 2, abs(d->exponent));
}

static void write_plain(struct buf *out, const struct decimal *d) {
    if (d->exponent < 0) {
        buf_add(out, STR("0."));
        buf_add_repeat(out, '0', (size_t)(-d->exponent - 1));
        buf_add(out, (struct str){d->digits, (size_t)d->count});
        return;
    }
    for (int i = 0; i < d->count || i <= d->exponent; i++) {
        if (i == d->exponent + 1) buf_add_char(out, '.');
        buf_add_char(out, i < d->count ? d->digits[i] : '0');
    }
}

void json_write_number(struct buf *out, const struct value *number) {
    if (number->kind == VALUE_INT) {
        buf_add_int(out, number->integer);
        return;
    }
    if (!isfinite(number->real)) {
        buf_add(out, STR("null"));
        return;
    }
    struct decimal d = decimal_of(number->real);
    if (d.negative) buf_add_char(out, '-');
    if (d.exponent < -6 || d.exponent >= 21) write_exponent(out, &d, 1);
    else write_plain(out, &d);
}

void json_print_scalar(struct buf *out, const struct value *scalar) {
    if (scalar->kind == VALUE_STRING) {
        buf_add(out, scalar->string);
    } else if (scalar->kind == VALUE_BOOL) {
        buf_add(out, scalar->boolean ? STR("true") : STR("false"));
    } else if (value_is_number(scalar)) {
        struct decimal d = decimal_of(value_number(scalar));
        if (d.negative) buf_add_char(out, '-');
        if (d.exponent < -4 || d.exponent >= 6) write_exponent(out, &d, 2);
        else write_plain(out, &d);
    }
}

void json_write_string(struct buf *out, struct str s) {
    static const char short_names[] = "btn.fr"; /* \b to \r; 0x0B has none */
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len;) {
        unsigned char c = (unsigned char)s.ptr[i];
        uint32_t code;
        size_t len = utf8_next(s, i, &code);
        if (c == '"' || c == '\\') buf_addf(out, "\\%c", c);
        else if (c >= 8 && c <= 13 && c != 11) buf_addf(out, "\\%c", short_names[c - 8]);
        else if (clean_is_unsafe(code)) buf_addf(out, "\\u%04x", code);
        else if (clean_is_command(s, i)) buf_add(out, STR("#\\u0023")), len = 2;
        else if (code == UTF8_REPLACEMENT) buf_add(out, STR("\xEF\xBF\xBD"));
        else buf_add(out, (struct str){s.ptr + i, len});
        i += len;
    }
    buf_add_char(out, '"');
}

static void write_value(struct buf *out, const struct value *v, enum json_style style, unsigned depth);

static void new_line(struct buf *out, enum json_style style, unsigned depth) {
    if (style == JSON_ONE_LINE) return;
    buf_add_char(out, '\n');
    buf_add_repeat(out, ' ', (size_t)depth * 2);
}

static int member_cmp(const void *left, const void *right) {
    const struct member *const *a = left, *const *b = right;
    return str_cmp((*a)->key, (*b)->key);
}

static void write_map(struct buf *out, const struct value *v, enum json_style style, unsigned depth) {
    uint32_t len = v->map.len;
    const struct member **sorted = malloc(sizeof(struct member *) * (len ? len : 1));
    if (!sorted) base_panic("out of memory");
    for (uint32_t i = 0; i < len; i++) sorted[i] = &v->map.members[i];
    if (style != JSON_ORDERED) qsort(sorted, len, sizeof *sorted, member_cmp);
    buf_add_char(out, '{');
    for (uint32_t i = 0; i < len; i++) {
        if (i) buf_add_char(out, ',');
        new_line(out, style, depth + 1);
        json_write_string(out, sorted[i]->key);
        buf_add(out, style == JSON_ONE_LINE ? STR(":") : STR(": "));
        write_value(out, &sorted[i]->value, style, depth + 1);
    }
    if (len) new_line(out, style, depth);
    buf_add_char(out, '}');
    free(sorted);
}

static void write_list(struct buf *out, const struct value *v, enum json_style style, unsigned depth) {
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < v->list.len; i++) {
        if (i) buf_add_char(out, ',');
        new_line(out, style, depth + 1);
        write_value(out, &v->list.items[i], style, depth + 1);
    }
    if (v->list.len) new_line(out, style, depth);
    buf_add_char(out, ']');
}

static void write_value(struct buf *out, const struct value *v, enum json_style style, unsigned depth) {
    switch (v->kind) {
    case VALUE_NULL: buf_add(out, STR("null")); break;
    case VALUE_BOOL: buf_add(out, v->boolean ? STR("true") : STR("false")); break;
    case VALUE_INT:
    case VALUE_FLOAT: json_write_number(out, v); break;
    case VALUE_STRING: json_write_string(out, v->string); break;
    case VALUE_LIST: write_list(out, v, style, depth); break;
    case VALUE_MAP: write_map(out, v, style, depth); break;
    }
}

void json_write(struct buf *out, const struct value *v, enum json_style style) {
    write_value(out, v, style, 0);
}

const char *json_library_version(void) {
    return jansson_version_str();
}
