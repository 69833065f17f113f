/* Kubernetes' quantities: `500m`, `1.5Gi`, `1e3`, `0.1`. Exact, in units of 1e-9; what is finer is rounded away from
 * zero, as Kubernetes does. Plain numbers are quantities too, since YAML does not quote them. */
#include <math.h>

#include "cel/eval.h"

#define NANO NANOS_PER_SECOND

/* Beyond this a quantity is refused: 1e28, where 128 bits of nano units still have room. */
#define LIMIT ((int128)10000000000000000000u * 1000000000)

static struct cel_quantity from_nanos(int128 n) {
    return (struct cel_quantity){(int64_t)(n >> 64), (uint64_t)n};
}

static void set_quantity(struct cel_value *out, int128 nanos) {
    out->kind = CEL_QUANTITY;
    out->quantity = from_nanos(nanos);
    out->origin = NULL;
}

static bool is_within(int128 nanos) {
    return nanos <= LIMIT * NANO && nanos >= -LIMIT * NANO;
}

/* The factor of the suffix as a power of 10, or, where `*shift` is set, of 2. */
static bool suffix_scale(struct str s, int *power, int *shift) {
    static const struct {
        struct str suffix;
        int power, shift;
    } suffixes[] = {{STR_INIT(""), 0, 0},    {STR_INIT("n"), -9, 0},  {STR_INIT("u"), -6, 0},  {STR_INIT("m"), -3, 0},
                    {STR_INIT("k"), 3, 0},   {STR_INIT("M"), 6, 0},   {STR_INIT("G"), 9, 0},   {STR_INIT("T"), 12, 0},
                    {STR_INIT("P"), 15, 0},  {STR_INIT("E"), 18, 0},  {STR_INIT("Ki"), 0, 10}, {STR_INIT("Mi"), 0, 20},
                    {STR_INIT("Gi"), 0, 30}, {STR_INIT("Ti"), 0, 40}, {STR_INIT("Pi"), 0, 50}, {STR_INIT("Ei"), 0, 60}};

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (!str_eq(s, suffixes[i].suffix)) continue;
        *power = suffixes[i].power;
        *shift = suffixes[i].shift;
        return true;
    }
    size_t at = 1;
    if (s.len < 2 || (s.ptr[0] | 0x20) != 'e') return false;
    bool negative = s.ptr[1] == '-';
    if (s.ptr[1] == '-' || s.ptr[1] == '+') at++;
    if (at == s.len || s.len - at > 3) return false;
    for (*power = 0; at < s.len; at++) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9') return false;
        *power = *power * 10 + (s.ptr[at] - '0');
    }
    if (negative) *power = -*power;
    *shift = 0;
    return true;
}

/* `number` times 10^power, in nano units, rounded away from zero; false where it is too large. */
static bool scale_ten(int128 number, int power, int128 *out) {
    bool rest = false;
    for (; power > 0 && number; power--) {
        if (number > LIMIT * NANO / 10) return false;
        number *= 10;
    }
    for (; power < 0 && number; power++) {
        rest = rest || number % 10;
        number /= 10;
    }
    *out = number + (rest ? 1 : 0);
    return is_within(*out);
}

static bool quantity_parse(struct str s, int128 *nanos) {
    int128 digits = 0;
    size_t at = 0, count = 0, seen = 0;
    int decimals = 0, power, shift;
    bool negative = s.len && s.ptr[0] == '-', point = false;

    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) at++;
    for (; at < s.len; at++) {
        char c = s.ptr[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') break;
        seen++;
        if (digits || c != '0') count++;
        if (count > 28) return false; /* more than 128 bits could hold */
        digits = digits * 10 + (c - '0');
        if (point) decimals++;
    }
    if (seen == 0 || decimals > 28 || !suffix_scale(str_slice(s, at, s.len), &power, &shift)) return false;
    if (digits > ((int128)1 << 126) >> shift) return false;
    digits <<= shift;
    if (!scale_ten(digits, power - decimals + 9, nanos)) return false;
    if (negative) *nanos = -*nanos;
    return true;
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
    if (is_within(nanos)) set_quantity(out, nanos);
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

/* As a plain decimal number. */
struct str quantity_text(struct arena *a, struct cel_quantity q) {
    int128 n = quantity_nanos(q);
    bool negative = n < 0;
    char text[64];
    size_t at = sizeof text;
    int places = 0;

    if (negative) n = -n;
    for (; places < 9 && n % 10 == 0; places++) n /= 10; /* zeros behind the point */
    bool fraction = places < 9;
    for (; places < 9; places++, n /= 10) text[--at] = (char)('0' + (int)(n % 10));
    if (fraction) text[--at] = '.';
    do {
        text[--at] = (char)('0' + (int)(n % 10));
        n /= 10;
    } while (n);
    if (negative) text[--at] = '-';
    return arena_str(a, (struct str){text + at, sizeof text - at});
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
