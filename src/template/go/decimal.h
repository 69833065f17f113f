/* Decimal numbers of any length, as shopspring/decimal has them for sprig's addf, subf, mulf and divf. */
#ifndef TEMPLATE_GO_DECIMAL_H
#define TEMPLATE_GO_DECIMAL_H

#include "base/arena.h"

/* digits x 10^exponent; the digits are 0 to 9, the first one is not 0. Zero has none. */
struct go_decimal {
    bool negative;
    const uint8_t *digits;
    size_t len;
    int64_t exponent;
};

/* From a finite number: its shortest decimal. */
struct go_decimal go_decimal_from(struct arena *a, double number);
/* The nearest number. */
double go_decimal_number(struct arena *a, const struct go_decimal *d);

struct go_decimal go_decimal_add(struct arena *a, const struct go_decimal *x, const struct go_decimal *y);
struct go_decimal go_decimal_sub(struct arena *a, const struct go_decimal *x, const struct go_decimal *y);
struct go_decimal go_decimal_mul(struct arena *a, const struct go_decimal *x, const struct go_decimal *y);
/* Rounded to 16 digits behind the point, halves away from zero. `y` is not zero. */
struct go_decimal go_decimal_div(struct arena *a, const struct go_decimal *x, const struct go_decimal *y);

#endif
