/* Kubernetes' quantity library. */
#include <math.h>

#include "cel/eval.h"
#include "cel/quantity.h"

#define NANO QUANTITY_NANO

static void set_quantity(struct cel_value *out, int128 nanos) {
    out->kind = CEL_QUANTITY;
    out->quantity = quantity_from_nanos(nanos);
    out->origin = NULL;
}

static void run_quantity(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    int128 nanos;
    if (args[0].kind == CEL_QUANTITY) *out = args[0];
    else if (args[0].kind == CEL_INT) set_quantity(out, (int128)args[0].integer * NANO);
    else if (args[0].kind == CEL_DOUBLE && quantity_parse(double_text(e->arena, args[0].real), &nanos))
        set_quantity(out, nanos);
    else if (args[0].kind == CEL_STRING && quantity_parse(args[0].string, &nanos)) set_quantity(out, nanos);
    else
        cel_eval_failf(e, out, "`%.*s` is no quantity such as 500m, 1.5 or 2Gi",
                       STR_ARG(str_slice(cel_to_text(e->arena, &args[0]), 0, 60)));
}

static void run_is_quantity(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    int128 nanos;
    if (args[0].kind == CEL_DOUBLE) set_bool(out, quantity_parse(double_text(e->arena, args[0].real), &nanos));
    else
        set_bool(out,
                 args[0].kind == CEL_INT || (args[0].kind == CEL_STRING && quantity_parse(args[0].string, &nanos)));
}

static int128 nanos_of(const struct cel_value *v) {
    return v->kind == CEL_INT ? (int128)v->integer * NANO : quantity_nanos(v->quantity);
}

static void run_compare(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    int128 a = nanos_of(&args[0]), b = nanos_of(&args[1]);
    set_int(out, (a > b) - (a < b));
}

static void run_less(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_bool(out, nanos_of(&args[0]) < nanos_of(&args[1]));
}

static void run_greater(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_bool(out, nanos_of(&args[0]) > nanos_of(&args[1]));
}

static void set_result(struct cel_eval *e, struct cel_value *out, int128 nanos) {
    if (quantity_is_within(nanos)) set_quantity(out, nanos);
    else cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("this quantity is too large"));
}

static void run_add(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    set_result(e, out, nanos_of(&args[0]) + nanos_of(&args[1]));
}

static void run_sub(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    set_result(e, out, nanos_of(&args[0]) - nanos_of(&args[1]));
}

static void run_sign(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    int128 n = nanos_of(&args[0]);
    set_int(out, (n > 0) - (n < 0));
}

static bool to_integer(const struct cel_value *v, int64_t *out) {
    int128 n = nanos_of(v), whole = n / NANO;
    *out = (int64_t)whole;
    return n % NANO == 0 && whole >= INT64_MIN && whole <= INT64_MAX;
}

static void run_is_integer(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    int64_t whole;
    set_bool(out, to_integer(&args[0], &whole));
}

static void run_as_integer(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    int64_t whole;
    if (to_integer(&args[0], &whole)) set_int(out, whole);
    else cel_eval_failf(e, out, "cannot convert value to integer");
}

static void run_as_float(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    int128 n = nanos_of(&args[0]);
    set_double(out, (double)(n / NANO) + (double)(n % NANO) / 1e9);
}

#define Q KIND(CEL_QUANTITY)
#define QI (KIND(CEL_QUANTITY) | KIND(CEL_INT))
#define ANY_NUMBER (KIND(CEL_STRING) | KIND(CEL_INT) | KIND(CEL_DOUBLE) | KIND(CEL_QUANTITY))

static const struct cel_function functions[] = {
    {STR_INIT("quantity"), false, 1, {ANY_NUMBER}, CEL_QUANTITY, run_quantity},
    {STR_INIT("isQuantity"), false, 1, {KIND_ANY}, CEL_BOOL, run_is_quantity},
    {STR_INIT("compareTo"), true, 2, {Q, Q}, CEL_INT, run_compare},
    {STR_INIT("isLessThan"), true, 2, {Q, Q}, CEL_BOOL, run_less},
    {STR_INIT("isGreaterThan"), true, 2, {Q, Q}, CEL_BOOL, run_greater},
    {STR_INIT("add"), true, 2, {Q, QI}, CEL_QUANTITY, run_add},
    {STR_INIT("sub"), true, 2, {Q, QI}, CEL_QUANTITY, run_sub},
    {STR_INIT("sign"), true, 1, {Q}, CEL_INT, run_sign},
    {STR_INIT("isInteger"), true, 1, {Q}, CEL_BOOL, run_is_integer},
    {STR_INIT("asInteger"), true, 1, {Q}, CEL_INT, run_as_integer},
    {STR_INIT("asApproximateFloat"), true, 1, {Q}, CEL_DOUBLE, run_as_float},
};

const struct cel_table fn_quantity = CEL_TABLE(functions);
