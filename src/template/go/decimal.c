/* Schoolbook arithmetic, digit by digit: numbers have 17 digits and exponents up to 308, and are few. */
#include "template/go/decimal.h"

#include <stdlib.h>

#include "template/go/number.h"

#define DIVISION_DIGITS 16

static struct go_decimal trim(struct go_decimal d) {
    while (d.len && d.digits[0] == 0) d.digits++, d.len--;
    while (d.len && d.digits[d.len - 1] == 0) d.len--, d.exponent++;
    if (d.len == 0) d.negative = false, d.exponent = 0;
    return d;
}

struct go_decimal go_decimal_from(struct arena *a, double number) {
    struct buf text = buf_in(a);
    go_format_float(&text, number, 'e', -1);
    uint8_t *digits = arena_array(a, uint8_t, text.len);
    struct go_decimal d = {.digits = digits};
    size_t i = 0;
    for (; i < text.len && text.ptr[i] != 'e'; i++) {
        if (text.ptr[i] == '-') d.negative = true;
        else if (text.ptr[i] != '.') digits[d.len++] = (uint8_t)(text.ptr[i] - '0');
    }
    buf_add_char(&text, '\0');
    d.exponent = atoi(text.ptr + i + 1) - ((int64_t)d.len - 1);
    return trim(d);
}

double go_decimal_number(struct arena *a, const struct go_decimal *d) {
    struct buf text = buf_in(a);
    if (d->len == 0) return 0;
    if (d->negative) buf_add_char(&text, '-');
    for (size_t i = 0; i < d->len; i++) buf_add_char(&text, (char)('0' + d->digits[i]));
    buf_addf(&text, "e%lld", (long long)d->exponent);
    buf_add_char(&text, '\0');
    return strtod(text.ptr, NULL);
}

/* The digit that stands for 10^power. */
static int digit_at(const struct go_decimal *d, int64_t power) {
    int64_t index = (int64_t)d->len - 1 - (power - d->exponent);
    return index >= 0 && index < (int64_t)d->len ? d->digits[index] : 0;
}

static int64_t top(const struct go_decimal *d) {
    return d->exponent + (int64_t)d->len;
}

static int compare_sizes(const struct go_decimal *x, const struct go_decimal *y) {
    if (x->len == 0 || y->len == 0) return (x->len > 0) - (y->len > 0);
    int64_t high = top(x) > top(y) ? top(x) : top(y), low = x->exponent < y->exponent ? x->exponent : y->exponent;
    for (int64_t p = high; p >= low; p--) {
        int difference = digit_at(x, p) - digit_at(y, p);
        if (difference) return difference;
    }
    return 0;
}

/* |x| + |y|, or |x| - |y| where that is not negative. */
static struct go_decimal combine(struct arena *a, const struct go_decimal *x, const struct go_decimal *y, int sign) {
    if (y->len == 0) return *x;
    if (x->len == 0) return *y;
    int64_t low = x->exponent < y->exponent ? x->exponent : y->exponent, high = (top(x) > top(y) ? top(x) : top(y)) + 1;
    size_t len = (size_t)(high - low);
    uint8_t *digits = arena_array(a, uint8_t, len);
    int carry = 0;
    for (size_t i = 0; i < len; i++) {
        int sum = digit_at(x, low + (int64_t)i) + sign * digit_at(y, low + (int64_t)i) + carry;
        carry = sum < 0 ? -1 : sum / 10;
        digits[len - 1 - i] = (uint8_t)(sum - carry * 10);
    }
    return trim((struct go_decimal){false, digits, len, low});
}

struct go_decimal go_decimal_add(struct arena *a, const struct go_decimal *x, const struct go_decimal *y) {
    bool swap = x->negative != y->negative && compare_sizes(x, y) < 0;
    struct go_decimal sum = combine(a, swap ? y : x, swap ? x : y, x->negative == y->negative ? 1 : -1);
    sum.negative = sum.len > 0 && (swap ? y->negative : x->len ? x->negative : y->negative);
    return sum;
}

struct go_decimal go_decimal_sub(struct arena *a, const struct go_decimal *x, const struct go_decimal *y) {
    struct go_decimal negated = *y;
    negated.negative = !y->negative && y->len > 0;
    return go_decimal_add(a, x, &negated);
}

struct go_decimal go_decimal_mul(struct arena *a, const struct go_decimal *x, const struct go_decimal *y) {
    size_t len = x->len + y->len;
    uint8_t *digits = arena_array(a, uint8_t, len + 1);
    for (size_t i = 0; i < x->len; i++) {
        unsigned carry = 0;
        for (size_t k = 0; k < y->len || carry; k++) {
            uint8_t *at = &digits[len - 1 - i - k];
            unsigned sum =
                *at + carry + (k < y->len ? (unsigned)x->digits[x->len - 1 - i] * y->digits[y->len - 1 - k] : 0);
            *at = (uint8_t)(sum % 10);
            carry = sum / 10;
        }
    }
    return trim((struct go_decimal){x->negative != y->negative, digits, len, x->exponent + y->exponent});
}

/* How often `y` goes into `rest` (at most nine times), which keeps what is left. */
static uint8_t take_out(struct arena *a, struct go_decimal *rest, const struct go_decimal *y) {
    uint8_t count = 0;
    while (compare_sizes(rest, y) >= 0) {
        *rest = combine(a, rest, y, -1);
        count++;
    }
    return count;
}

struct go_decimal go_decimal_div(struct arena *a, const struct go_decimal *x, const struct go_decimal *y) {
    struct go_decimal rest = *x, divisor = *y;
    int64_t high = top(x) - top(y) + 1;
    rest.negative = divisor.negative = false;
    if (x->len == 0 || high < -DIVISION_DIGITS - 1) return (struct go_decimal){0};
    if (high < -DIVISION_DIGITS) high = -DIVISION_DIGITS;
    size_t len = (size_t)(high + DIVISION_DIGITS + 1);
    uint8_t *digits = arena_array(a, uint8_t, len);
    for (size_t i = 0; i < len; i++) {
        divisor.exponent = y->exponent + high - (int64_t)i;
        digits[i] = take_out(a, &rest, &divisor);
    }
    struct go_decimal quotient = trim((struct go_decimal){false, digits, len, -DIVISION_DIGITS});
    struct go_decimal twice = combine(a, &rest, &rest, 1);
    static const uint8_t one[] = {1};
    struct go_decimal unit = {false, one, 1, -DIVISION_DIGITS};
    if (rest.len && compare_sizes(&twice, &divisor) >= 0) quotient = combine(a, &quotient, &unit, 1);
    quotient.negative = quotient.len > 0 && x->negative != y->negative;
    return quotient;
}
