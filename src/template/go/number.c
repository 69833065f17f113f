/* Formatting. The digits come of the C library, which rounds correctly for a given number of digits, as Go does. What
 * Go calls shortest is the first count of digits that reads back as the same number. One case needs care: below a
 * power of two the next number is only half as far away as above it, so that the nearest decimal of some length may be
 * out of reach below while the next one above is still within it. */
#include "template/go/number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS_MAX 1100 /* a double has no more that are not zero */

/* d.ddd x 10^(point - 1); zero has no digits. */
struct digits {
    char text[DIGITS_MAX + 32];
    int count;
    int point;
};

static void take_digits(const char *e_format, struct digits *out) {
    out->count = 0;
    const char *p = e_format;
    for (; *p && *p != 'e'; p++)
        if (*p != '.') out->text[out->count++] = *p;
    out->point = *p == 'e' ? atoi(p + 1) + 1 : 1;
    while (out->count && out->text[out->count - 1] == '0') out->count--;
    if (out->count == 0) out->point = 0;
}

/* One more in the last of `count` digits of a text in %e format; false where all are nines. */
static bool increment(char *e_format, int count) {
    for (int i = count == 1 ? 0 : count; i >= 0; i--) {
        if (e_format[i] == '.') continue;
        if (e_format[i] != '9') {
            e_format[i]++;
            return true;
        }
        e_format[i] = '0';
    }
    return false;
}

/* `number` is finite and not negative. */
static void shortest_digits(double number, struct digits *out) {
    char text[40];
    int exponent;
    bool power_of_two = frexp(number, &exponent) == 0.5;
    for (int count = fpclassify(number) == FP_SUBNORMAL || power_of_two ? 1 : 15; count <= 17; count++) {
        snprintf(text, sizeof text, "%.*e", count - 1, number);
        if (strtod(text, NULL) == number) break;
        if (power_of_two && increment(text, count) && strtod(text, NULL) == number) break;
    }
    take_digits(text, out);
}

static void add_exponent(struct buf *out, char letter, int exponent, int least) {
    buf_addf(out, "%c%c%0*d", letter, exponent < 0 ? '-' : '+', least, abs(exponent));
}

/* d.ddde+dd with `precision` digits behind the point. */
static void add_scientific(struct buf *out, const struct digits *d, int precision, char letter, int least) {
    buf_add_char(out, d->count ? d->text[0] : '0');
    if (precision > 0) {
        int given = d->count - 1 < precision ? d->count - 1 : precision;
        buf_add_char(out, '.');
        if (given > 0) buf_add(out, (struct str){d->text + 1, (size_t)given});
        buf_add_repeat(out, '0', (size_t)(precision - (given > 0 ? given : 0)));
    }
    add_exponent(out, letter, d->count ? d->point - 1 : 0, least);
}

static void add_fixed(struct buf *out, const struct digits *d, int precision) {
    if (d->point <= 0) buf_add_char(out, '0');
    for (int i = 0; i < d->point; i++) buf_add_char(out, i < d->count ? d->text[i] : '0');
    if (precision <= 0) return;
    buf_add_char(out, '.');
    for (int i = 0; i < precision; i++) {
        int at = d->point + i;
        buf_add_char(out, at >= 0 && at < d->count ? d->text[at] : '0');
    }
}

static void add_general(struct buf *out, const struct digits *d, int precision, char format, bool shortest) {
    int limit = precision;
    if (shortest) limit = 6;
    else if (limit > d->count && d->count >= d->point) limit = d->count;
    int exponent = d->point - 1;
    if (exponent < -4 || exponent >= limit) {
        if (precision > d->count) precision = d->count;
        add_scientific(out, d, precision - 1, format == 'g' ? 'e' : 'E', 2);
        return;
    }
    if (precision > d->point) precision = d->count;
    add_fixed(out, d, precision - d->point);
}

/* -ddddp±ddd: the mantissa in decimal, and a power of two. */
static void add_binary(struct buf *out, double number) {
    int exponent = -1074;
    uint64_t mantissa = 0;
    if (number != 0) {
        double fraction = frexp(number, &exponent);
        if (exponent - 53 < -1074) fraction = ldexp(fraction, exponent - 53 + 1074), exponent = -1074 + 53;
        mantissa = (uint64_t)ldexp(fraction, 53);
        exponent -= 53;
    }
    buf_addf(out, "%llup%+d", (unsigned long long)mantissa, exponent);
}

/* 0x1.hhhp±dd, rounded to `precision` digits (-1: as many as needed). */
static void add_hexadecimal(struct buf *out, double number, char format, int precision) {
    const char *digits = format == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    int exponent = 1;
    uint64_t mantissa = number == 0 ? 0 : (uint64_t)ldexp(frexp(number, &exponent), 61); /* 1 bit, then 60 */
    exponent = number == 0 ? 0 : exponent - 1;
    if (precision >= 0 && precision < 15) {
        unsigned shift = (unsigned)precision * 4;
        uint64_t extra = (mantissa << shift) & (((uint64_t)1 << 60) - 1);
        mantissa >>= 60 - shift;
        if ((extra | (mantissa & 1)) > (uint64_t)1 << 59) mantissa++;
        mantissa <<= 60 - shift;
        if (mantissa & ((uint64_t)1 << 61)) mantissa >>= 1, exponent++;
    }
    buf_addf(out, "0%c%c", format, digits[(mantissa >> 60) & 15]);
    mantissa <<= 4;
    if (precision < 0 ? mantissa != 0 : precision > 0) {
        buf_add_char(out, '.');
        for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; i++, mantissa <<= 4)
            buf_add_char(out, digits[mantissa >> 60]);
    }
    add_exponent(out, format == 'X' ? 'P' : 'p', exponent, 2);
}

/* The digits for a precision that is given. */
static void fixed_digits(double number, char format, int precision, struct digits *out) {
    char text[DIGITS_MAX + 32];
    if (precision > DIGITS_MAX - 320) precision = DIGITS_MAX - 320;
    if (format == 'f') {
        snprintf(text, sizeof text, "%.*f", precision, number);
        const char *dot = strchr(text, '.');
        out->point = (int)(dot ? (size_t)(dot - text) : strlen(text));
        out->count = 0;
        for (const char *p = text; *p; p++)
            if (*p != '.') out->text[out->count++] = *p;
        return;
    }
    if (format == 'g' || format == 'G') precision = precision ? precision - 1 : 0;
    snprintf(text, sizeof text, "%.*e", precision, number);
    take_digits(text, out);
}

void go_format_float(struct buf *out, double number, char format, int precision) {
    struct digits d;
    if (isnan(number)) {
        buf_add(out, STR("NaN"));
        return;
    }
    if (isinf(number)) {
        buf_add(out, number > 0 ? STR("+Inf") : STR("-Inf"));
        return;
    }
    if (signbit(number)) buf_add_char(out, '-');
    number = fabs(number);
    if (format == 'b') {
        add_binary(out, number);
        return;
    }
    if (format == 'x' || format == 'X') {
        add_hexadecimal(out, number, format, precision);
        return;
    }
    bool shortest = precision < 0;
    if (shortest) {
        shortest_digits(number, &d);
        precision = format == 'f' ? d.count - d.point : format == 'g' || format == 'G' ? d.count : d.count - 1;
        if (precision < 0) precision = 0;
    } else {
        fixed_digits(number, format, precision, &d);
        if ((format == 'g' || format == 'G') && precision == 0) precision = 1;
    }
    if (format == 'f') add_fixed(out, &d, precision);
    else if (format == 'g' || format == 'G') add_general(out, &d, precision, format, shortest);
    else add_scientific(out, &d, precision, format, 2);
}

void go_format_json_float(struct buf *out, double number) {
    struct digits d;
    if (signbit(number)) buf_add_char(out, '-');
    number = fabs(number);
    shortest_digits(number, &d);
    if (number != 0 && (number < 1e-6 || number >= 1e21))
        add_scientific(out, &d, d.count - 1, 'e', d.point <= 0 ? 1 : 2);
    else add_fixed(out, &d, d.count - d.point);
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* Whether each underscore of a number stands between digits, the base's prefix counting as one. */
static bool underscores_fit(struct str s) {
    char before = '^';
    size_t i = 0;
    bool hex = false;
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) s = str_slice(s, 1, s.len);
    if (s.len >= 2 && s.ptr[0] == '0' && strchr("box", s.ptr[1] | 0x20)) {
        i = 2;
        before = '0';
        hex = (s.ptr[1] | 0x20) == 'x';
    }
    for (; i < s.len; i++) {
        if (digit_value(s.ptr[i]) < (hex ? 16 : 10)) before = '0';
        else if (s.ptr[i] == '_' && before != '0') return false;
        else if (s.ptr[i] == '_') before = '_';
        else if (before == '_') return false;
        else before = '!';
    }
    return before != '_';
}

enum go_parse go_parse_uint(struct str s, int base, uint64_t *out) {
    struct str whole = s;
    bool any_base = base == 0, underscores = false, range = false;
    uint64_t number = 0;

    *out = 0;
    if (s.len == 0) return GO_PARSE_SYNTAX;
    if (any_base) {
        char mark = s.ptr[0] == '0' && s.len >= 3 ? (char)(s.ptr[1] | 0x20) : '\0';
        base = s.ptr[0] != '0' ? 10 : mark == 'b' ? 2 : mark == 'x' ? 16 : 8;
        if (s.ptr[0] == '0') s = str_slice(s, mark == 'b' || mark == 'o' || mark == 'x' ? 2 : 1, s.len);
    }
    for (size_t i = 0; i < s.len && !range; i++) {
        if (s.ptr[i] == '_' && any_base) {
            underscores = true;
            continue;
        }
        int digit = s.ptr[i] & 0x80 ? 99 : digit_value(s.ptr[i]);
        if (digit >= base) return GO_PARSE_SYNTAX;
        range = __builtin_mul_overflow(number, (uint64_t)base, &number) ||
                __builtin_add_overflow(number, (uint64_t)digit, &number);
    }
    if (range) {
        *out = UINT64_MAX;
        return GO_PARSE_RANGE;
    }
    if (underscores && !underscores_fit(whole)) return GO_PARSE_SYNTAX;
    *out = number;
    return GO_PARSE_OK;
}

enum go_parse go_parse_int(struct str s, int base, int64_t *out) {
    bool negative = s.len && s.ptr[0] == '-';
    uint64_t number;

    *out = 0;
    if (s.len == 0) return GO_PARSE_SYNTAX;
    if (negative || s.ptr[0] == '+') s = str_slice(s, 1, s.len);
    enum go_parse result = go_parse_uint(s, base, &number);
    if (result == GO_PARSE_SYNTAX) return result;
    uint64_t limit = (uint64_t)1 << 63;
    if (!negative && number >= limit) {
        *out = INT64_MAX;
        return GO_PARSE_RANGE;
    }
    if (negative && number > limit) {
        *out = INT64_MIN;
        return GO_PARSE_RANGE;
    }
    *out = negative ? (int64_t)(0 - number) : (int64_t)number;
    return GO_PARSE_OK;
}

static bool special_float(struct str s, double *out) {
    static const struct {
        struct str text;
        double number;
    } words[] = {{STR_INIT("inf"), INFINITY}, {STR_INIT("infinity"), INFINITY}, {STR_INIT("nan"), NAN}};
    bool sign = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    bool negative = sign && s.ptr[0] == '-';
    if (sign) s = str_slice(s, 1, s.len);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (s.len != words[i].text.len || strncasecmp(s.ptr, words[i].text.ptr, s.len) != 0) continue;
        if (isnan(words[i].number) && sign) return false;
        *out = negative ? -words[i].number : words[i].number;
        return true;
    }
    return false;
}

/* Whether `s` is a number that Go reads: what strtod would read beyond that is refused here. */
static bool is_go_float(struct str s) {
    size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
    bool hex = i + 2 < s.len && s.ptr[i] == '0' && (s.ptr[i + 1] | 0x20) == 'x';
    bool dot = false, digits = false, underscores = false;
    char mark = hex ? 'p' : 'e';
    if (hex) i += 2;
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '_') underscores = true;
        else if (c == '.' && !dot) dot = true;
        else if (!(c & 0x80) && digit_value(c) < (hex ? 16 : 10)) digits = true;
        else break;
    }
    if (!digits) return false;
    bool exponent = i < s.len && (s.ptr[i] | 0x20) == mark;
    if (exponent) {
        i++;
        if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
        if (i == s.len || s.ptr[i] < '0' || s.ptr[i] > '9') return false;
        for (; i < s.len && ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == '_'); i++)
            if (s.ptr[i] == '_') underscores = true;
    }
    if (i != s.len || (hex && !exponent)) return false;
    return !underscores || underscores_fit(s);
}

enum go_parse go_parse_float(struct str s, double *out) {
    char *end;
    *out = 0;
    if (special_float(s, out)) return GO_PARSE_OK;
    if (!is_go_float(s)) return GO_PARSE_SYNTAX;
    char *text = malloc(s.len + 1);
    if (!text) base_panic("out of memory");
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '_') text[len++] = s.ptr[i];
    text[len] = '\0';
    *out = strtod(text, &end);
    free(text);
    return isinf(*out) ? GO_PARSE_RANGE : GO_PARSE_OK;
}
