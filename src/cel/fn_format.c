/* string.format(list). */
#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "cel/eval.h"

/* `number` in base 2, 8, 10 or 16. */
static void add_number(struct buf *out, uint64_t number, bool negative, unsigned base, const char *digits) {
    char text[72];
    size_t at = sizeof text;
    do {
        text[--at] = digits[number % base];
        number /= base;
    } while (number);
    if (negative) text[--at] = '-';
    buf_add(out, (struct str){text + at, sizeof text - at});
}

static const char digits_lower[] = "0123456789abcdef", digits_upper[] = "0123456789ABCDEF";

static bool add_integer(struct buf *out, const struct cel_value *v, unsigned base, const char *digits) {
    if (v->kind == CEL_UINT) add_number(out, v->uinteger, false, base, digits);
    else if (v->kind == CEL_INT && v->integer < 0) add_number(out, 0 - (uint64_t)v->integer, true, base, digits);
    else if (v->kind == CEL_INT) add_number(out, (uint64_t)v->integer, false, base, digits);
    else return false;
    return true;
}

static bool clause_string(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                          struct cel_value *error) {
    (void)precision;
    return cel_value_text(e, out, v, error);
}

static bool clause_fail(struct cel_eval *e, struct cel_value *error, const char *what, const struct cel_value *v) {
    cel_eval_failf(e, error, "error during formatting: %s, was given %.*s", what, STR_ARG(cel_kind_name(v->kind)));
    return false;
}

static bool clause_decimal(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                           struct cel_value *error) {
    (void)precision;
    if (add_integer(out, v, 10, digits_lower)) return true;
    if (v->kind != CEL_DOUBLE || isfinite(v->real))
        return clause_fail(e, error, "decimal clause can only be used on integers", v);
    buf_add(out, double_text(e->arena, v->real));
    return true;
}

static bool add_double(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision, bool scientific) {
    double number = v->kind == CEL_INT ? (double)v->integer : v->kind == CEL_UINT ? (double)v->uinteger : v->real;
    if (v->kind != CEL_INT && v->kind != CEL_UINT && v->kind != CEL_DOUBLE) return false;
    if (!isfinite(number)) buf_add(out, double_text(e->arena, number));
    else if (scientific) buf_addf(out, "%.*e", precision < 0 ? 6 : precision, number);
    else buf_addf(out, "%.*f", precision < 0 ? 6 : precision, number);
    return true;
}

static bool clause_fixed(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                         struct cel_value *error) {
    return add_double(e, out, v, precision, false) ||
           clause_fail(e, error, "fixed-point clause can only be used on doubles", v);
}

static bool clause_scientific(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                              struct cel_value *error) {
    return add_double(e, out, v, precision, true) ||
           clause_fail(e, error, "scientific clause can only be used on doubles", v);
}

static bool clause_binary(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                          struct cel_value *error) {
    (void)precision;
    if (add_integer(out, v, 2, digits_lower)) return true;
    if (v->kind != CEL_BOOL) return clause_fail(e, error, "only integers and bools can be formatted as binary", v);
    buf_add_char(out, v->boolean ? '1' : '0');
    return true;
}

static bool clause_octal(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                         struct cel_value *error) {
    (void)precision;
    return add_integer(out, v, 8, digits_lower) ||
           clause_fail(e, error, "octal clause can only be used on integers", v);
}

static bool add_hex(struct cel_eval *e, struct buf *out, const struct cel_value *v, const char *digits,
                    struct cel_value *error) {
    if (add_integer(out, v, 16, digits)) return true;
    if (v->kind != CEL_STRING && v->kind != CEL_BYTES)
        return clause_fail(e, error, "only integers, byte buffers, and strings can be formatted as hex", v);
    if (!cel_eval_charge_bytes(e, v->string.len * 2, error)) return false;
    for (size_t i = 0; i < v->string.len; i++) {
        unsigned char byte = (unsigned char)v->string.ptr[i];
        buf_add_char(out, digits[byte >> 4]);
        buf_add_char(out, digits[byte & 15]);
    }
    return true;
}

static bool clause_hex(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                       struct cel_value *error) {
    (void)precision;
    return add_hex(e, out, v, digits_lower, error);
}

static bool clause_hex_upper(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision,
                             struct cel_value *error) {
    (void)precision;
    return add_hex(e, out, v, digits_upper, error);
}

static const struct clause {
    char letter;
    bool (*add)(struct cel_eval *e, struct buf *out, const struct cel_value *v, int precision, struct cel_value *error);
} clauses[] = {
    {'s', clause_string}, {'d', clause_decimal}, {'f', clause_fixed}, {'e', clause_scientific},
    {'b', clause_binary}, {'o', clause_octal},   {'x', clause_hex},   {'X', clause_hex_upper},
};

/* Reads `.3` at `*at`; -1 for none, -2 where it is too large. */
static int take_precision(struct str format, size_t *at) {
    int precision = 0;
    if (*at >= format.len || format.ptr[*at] != '.') return -1;
    for ((*at)++; *at < format.len && ascii_is_digit(format.ptr[*at]); (*at)++)
        precision = precision > 1000 ? precision : precision * 10 + (format.ptr[*at] - '0');
    return precision > 1000 ? -2 : precision;
}

/* One clause, behind its `%`; `*index` is that of its argument. */
static bool add_clause(struct cel_eval *e, struct buf *b, struct str format, size_t *at, const struct cel_value *list,
                       uint32_t *index, struct cel_value *out) {
    struct cel_value item;
    int precision = take_precision(format, at);

    if (precision == -2 || *at >= format.len) {
        cel_eval_failf(e, out, "could not parse formatting clause: %s",
                       precision == -2 ? "its precision is over 1000" : "unexpected end of string");
        return false;
    }
    const struct clause *clause = NULL;
    for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++)
        if (clauses[i].letter == format.ptr[*at]) clause = &clauses[i];
    if (!clause) {
        size_t len = utf8_len(format, *at);
        cel_eval_failf(e, out, "could not parse formatting clause: unrecognized formatting clause \"%.*s\"", (int)len,
                       format.ptr + *at);
        return false;
    }
    (*at)++;
    if (*index >= list_len(list)) {
        cel_eval_failf(e, out, "index %u out of range", *index);
        return false;
    }
    list_item(list, (*index)++, &item);
    if (!cel_eval_charge_bytes(e, precision > 0 ? (size_t)precision + 320 : 64, out)) return false;
    return clause->add(e, b, &item, precision, out);
}

static void run_format(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct str format = args[0].string;
    struct buf b = buf_in(e->arena);
    uint32_t index = 0;

    if (!cel_eval_charge_bytes(e, format.len, out)) return;
    for (size_t at = 0; at < format.len;) {
        if (format.ptr[at] != '%') {
            buf_add_char(&b, format.ptr[at++]);
        } else if (at + 1 < format.len && format.ptr[at + 1] == '%') {
            buf_add_char(&b, '%');
            at += 2;
        } else {
            at++;
            if (!add_clause(e, &b, format, &at, &args[1], &index, out)) return;
        }
    }
    set_string(out, buf_str(&b));
}

static const struct cel_function functions[] = {
    {STR_INIT("format"), true, 2, {KIND(CEL_STRING), KIND(CEL_LIST)}, CEL_STRING, run_format},
};

const struct cel_table fn_format = CEL_TABLE(functions);
