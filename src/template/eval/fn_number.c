/* Conversions to numbers, and arithmetic. */
#include <math.h>

#include "template/eval/fn_help.h"
#include "template/go/decimal.h"
#include "template/go/number.h"

/* Without a fraction of zeros: 5.00 is 5. */
static struct str without_zero_fraction(struct str s) {
    size_t end = s.len;
    while (end > 0 && s.ptr[end - 1] == '0') end--;
    return end > 0 && end < s.len && s.ptr[end - 1] == '.' ? str_slice(s, 0, end - 1) : s;
}

/* Go's conversion on amd64: out of range it is the smallest number. */
static int64_t int64_of_float(double real) {
    return real >= -9223372036854775808.0 && real < 9223372036854775808.0 ? (int64_t)real : INT64_MIN;
}

int64_t fn_to_int64(const struct go_value *v) {
    int64_t number;
    switch (go_kind(v)) {
    case GO_BOOL: return v->boolean;
    case GO_INT: return v->type->named ? 0 : v->integer;
    case GO_UINT: return (int64_t)v->natural;
    case GO_FLOAT: return int64_of_float(v->real);
    case GO_STRING: return go_parse_int(without_zero_fraction(v->text), 0, &number) == GO_PARSE_OK ? number : 0;
    default: return 0;
    }
}

double fn_to_float(const struct go_value *v) {
    double number;
    switch (go_kind(v)) {
    case GO_BOOL: return v->boolean;
    case GO_INT: return v->type->named ? 0 : (double)v->integer;
    case GO_UINT: return (double)v->natural;
    case GO_FLOAT: return v->real;
    case GO_STRING: return go_parse_float(v->text, &number) == GO_PARSE_OK ? number : 0;
    default: return 0;
    }
}

static bool fn_int(struct go_call *call) {
    return go_give(call, go_int(fn_to_int64(&call->args[0])));
}

static bool fn_int64(struct go_call *call) {
    return go_give(call, go_int64(fn_to_int64(&call->args[0])));
}

static bool fn_float64(struct go_call *call) {
    return go_give(call, go_float(fn_to_float(&call->args[0])));
}

static bool fn_atoi(struct go_call *call) {
    int64_t number;
    go_parse_int(fn_text(call, 0), 10, &number);
    return go_give(call, go_int(number));
}

static bool fn_to_decimal(struct go_call *call) {
    struct go_text text = go_text_in(call->env);
    int64_t number;
    go_print(&text, &call->args[0]);
    bool ok = go_parse_int(buf_str(&text.bytes), 8, &number) == GO_PARSE_OK;
    return go_give(call, go_int64(ok ? number : 0));
}

/* Arithmetic of 64 bits that wraps around, as Go's does. */
static int64_t plus(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t times(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a * (uint64_t)b);
}

static int64_t larger(int64_t a, int64_t b) {
    return b > a ? b : a;
}

static int64_t smaller(int64_t a, int64_t b) {
    return b < a ? b : a;
}

static bool fold(struct go_call *call, int64_t (*step)(int64_t a, int64_t b)) {
    int64_t result = call->count ? fn_to_int64(&call->args[0]) : 0;
    for (uint32_t i = 1; i < call->count; i++) result = step(result, fn_to_int64(&call->args[i]));
    return go_give(call, go_int64(result));
}

static bool fn_add(struct go_call *call) {
    return fold(call, plus);
}

static bool fn_mul(struct go_call *call) {
    return fold(call, times);
}

static bool fn_max(struct go_call *call) {
    return fold(call, larger);
}

static bool fn_min(struct go_call *call) {
    return fold(call, smaller);
}

static bool fn_add1(struct go_call *call) {
    return go_give(call, go_int64(plus(fn_to_int64(&call->args[0]), 1)));
}

static bool fn_sub(struct go_call *call) {
    return go_give(call, go_int64(plus(fn_to_int64(&call->args[0]), times(fn_to_int64(&call->args[1]), -1))));
}

static bool divide(struct go_call *call, bool rest) {
    int64_t a = fn_to_int64(&call->args[0]), b = fn_to_int64(&call->args[1]);
    if (b == 0) return go_fail(call, "runtime error: integer divide by zero");
    if (b == -1) return go_give(call, go_int64(rest ? 0 : times(a, -1)));
    return go_give(call, go_int64(rest ? a % b : a / b));
}

static bool fn_div(struct go_call *call) {
    return divide(call, false);
}

static bool fn_mod(struct go_call *call) {
    return divide(call, true);
}

/* math.Max: a NaN wins, and 0 over -0. */
static double larger_float(double a, double b) {
    if (isinf(a) && a > 0) return a;
    if (isinf(b) && b > 0) return b;
    if (isnan(a) || isnan(b)) return NAN;
    if (a == 0 && b == 0) return signbit(a) ? b : a;
    return a > b ? a : b;
}

static double smaller_float(double a, double b) {
    return -larger_float(-a, -b);
}

static bool fold_floats(struct go_call *call, double (*step)(double a, double b)) {
    double result = fn_to_float(&call->args[0]);
    for (uint32_t i = 1; i < call->count; i++) result = step(result, fn_to_float(&call->args[i]));
    return go_give(call, go_float(result));
}

static bool fn_maxf(struct go_call *call) {
    return fold_floats(call, larger_float);
}

static bool fn_minf(struct go_call *call) {
    return fold_floats(call, smaller_float);
}

static bool fn_floor(struct go_call *call) {
    return go_give(call, go_float(floor(fn_to_float(&call->args[0]))));
}

static bool fn_ceil(struct go_call *call) {
    return go_give(call, go_float(ceil(fn_to_float(&call->args[0]))));
}

static bool fn_round(struct go_call *call) {
    double on = call->count > 2 ? call->args[2].real : 0.5, whole;
    double power = pow(10, (double)call->args[1].integer), number = power * fn_to_float(&call->args[0]);
    double fraction = modf(number, &whole);
    return go_give(call, go_float((fraction >= on ? ceil(number) : floor(number)) / power));
}

typedef struct go_decimal decimal_step(struct arena *a, const struct go_decimal *x, const struct go_decimal *y);

/* A finite number as a decimal one; false: the call has failed. */
static bool to_decimal(struct go_call *call, double number, struct go_decimal *out) {
    if (!isfinite(number))
        return go_fail(call, "Cannot create a Decimal from %s", isnan(number) ? "NaN" : number < 0 ? "-Inf" : "+Inf");
    *out = go_decimal_from(call->env->arena, number);
    return true;
}

/* Applies `step` to `start` and each argument from `first` on, as decimal numbers. */
static bool fold_decimals(struct go_call *call, double start, uint32_t first, decimal_step *step) {
    struct go_decimal result, x;
    if (!to_decimal(call, start, &result)) return false;
    for (uint32_t i = first; i < call->count; i++) {
        if (!to_decimal(call, fn_to_float(&call->args[i]), &x)) return false;
        if (step == go_decimal_div && x.len == 0) return go_fail(call, "decimal division by 0");
        result = step(call->env->arena, &result, &x);
    }
    return go_give(call, go_float(go_decimal_number(call->env->arena, &result)));
}

static bool fn_add1f(struct go_call *call) {
    struct go_decimal x, one = go_decimal_from(call->env->arena, 1);
    if (!to_decimal(call, fn_to_float(&call->args[0]), &x)) return false;
    x = go_decimal_add(call->env->arena, &x, &one);
    return go_give(call, go_float(go_decimal_number(call->env->arena, &x)));
}

static bool fn_addf(struct go_call *call) {
    return fold_decimals(call, 0, 0, go_decimal_add);
}

static bool fn_subf(struct go_call *call) {
    return fold_decimals(call, fn_to_float(&call->args[0]), 1, go_decimal_sub);
}

static bool fn_mulf(struct go_call *call) {
    return fold_decimals(call, fn_to_float(&call->args[0]), 1, go_decimal_mul);
}

static bool fn_divf(struct go_call *call) {
    return fold_decimals(call, fn_to_float(&call->args[0]), 1, go_decimal_div);
}

/* The numbers from `start` up or down to before `stop`. */
static bool steps(struct go_call *call, int64_t start, int64_t stop, int64_t step, struct go_value *out) {
    bool down = stop < start;
    uint64_t distance = down ? (uint64_t)start - (uint64_t)stop : (uint64_t)stop - (uint64_t)start;
    uint64_t size = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;
    uint64_t count = (down ? step >= 0 : step <= 0) ? 0 : (distance + size - 1) / size;
    if (count > UINT32_MAX / sizeof(struct go_value) || !go_spend(call, count * sizeof(struct go_value)))
        return go_fail(call, "the result is too large");
    struct go_value *items = fn_items(call, (uint32_t)count);
    for (uint32_t i = 0; i < count; i++) items[i] = go_int(plus(start, times(i, step)));
    *out = go_list(&GO_TYPE_INTS, items, (uint32_t)count);
    return true;
}

static bool fn_until(struct go_call *call) {
    int64_t count = call->args[0].integer;
    return steps(call, 0, count, count < 0 ? -1 : 1, &call->result);
}

static bool fn_until_step(struct go_call *call) {
    return steps(call, call->args[0].integer, call->args[1].integer, call->args[2].integer, &call->result);
}

/* seq END, seq START END, seq START STEP END: the numbers in a text. */
static bool fn_seq(struct go_call *call) {
    const struct go_value *args = call->args;
    if (call->count == 0 || call->count > 3) return fn_give_text(call, STR(""));
    int64_t start = call->count == 1 ? 1 : args[0].integer, end = args[call->count - 1].integer;
    int64_t one = end < start ? -1 : 1, step = call->count == 3 ? args[1].integer : one;
    struct go_value numbers;
    if (call->count == 3 && end < start && step > 0) return fn_give_text(call, STR(""));
    if (!steps(call, start, plus(end, one), step, &numbers)) return false;
    struct buf out = buf_in(call->env->arena);
    for (uint32_t i = 0; i < numbers.list.len; i++) {
        if (i) buf_add_char(&out, ' ');
        buf_add_int(&out, numbers.list.items[i].integer);
    }
    return fn_give_buf(call, &out);
}

const struct go_function FN_NUMBER[] = {
    {"add", "a*:I", fn_add, 0},
    {"add1", "a:I", fn_add1, 0},
    {"add1f", "a:f", fn_add1f, 0},
    {"addf", "a*:f", fn_addf, 0},
    {"atoi", "s:i", fn_atoi, 0},
    {"biggest", "aa*:I", fn_max, 0},
    {"ceil", "a:f", fn_ceil, 0},
    {"div", "aa:I", fn_div, 0},
    {"divf", "aa*:f", fn_divf, 0},
    {"float64", "a:f", fn_float64, 0},
    {"floor", "a:f", fn_floor, 0},
    {"int", "a:i", fn_int, 0},
    {"int64", "a:I", fn_int64, 0},
    {"max", "aa*:I", fn_max, 0},
    {"maxf", "aa*:f", fn_maxf, 0},
    {"min", "aa*:I", fn_min, 0},
    {"minf", "aa*:f", fn_minf, 0},
    {"mod", "aa:I", fn_mod, 0},
    {"mul", "aa*:I", fn_mul, 0},
    {"mulf", "aa*:f", fn_mulf, 0},
    {"round", "aif*:f", fn_round, 0},
    {"seq", "i*:s", fn_seq, 0},
    {"sub", "aa:I", fn_sub, 0},
    {"subf", "aa*:f", fn_subf, 0},
    {"toDecimal", "a:I", fn_to_decimal, 0},
    {"until", "i:a", fn_until, 0},
    {"untilStep", "iii:a", fn_until_step, 0},
    {0},
};
