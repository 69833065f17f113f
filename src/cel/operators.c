/* Equality, order and arithmetic (langdef.md, "Runtime Type Errors" to "Numeric Values"). */
#include "cel/eval.h"
#include "cel/url.h"

#include <math.h>

#define ORDER_NONE 2 /* of a NaN */

static int order_of(int128 a, int128 b) {
    return (a > b) - (a < b);
}

static int order_double(double a, double b) {
    if (isnan(a) || isnan(b)) return ORDER_NONE;
    return (a > b) - (a < b);
}

static bool is_number(const struct cel_value *v) {
    return v->kind == CEL_INT || v->kind == CEL_UINT || v->kind == CEL_DOUBLE;
}

static int128 whole(const struct cel_value *v) {
    return v->kind == CEL_INT ? (int128)v->integer : (int128)v->uinteger;
}

static int order_numbers(const struct cel_value *a, const struct cel_value *b) {
    if (a->kind == CEL_DOUBLE && b->kind == CEL_DOUBLE) return order_double(a->real, b->real);
    if (a->kind == CEL_DOUBLE) return order_double(a->real, (double)whole(b)); /* as the suite has it: rounded */
    if (b->kind == CEL_DOUBLE) return order_double((double)whole(a), b->real);
    return order_of(whole(a), whole(b));
}

bool cel_values_compare(const struct cel_value *a, const struct cel_value *b, int *order) {
    if (is_number(a) && is_number(b)) {
        *order = order_numbers(a, b);
        return true;
    }
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case CEL_BOOL: *order = (int)a->boolean - (int)b->boolean; return true;
    case CEL_STRING:
    case CEL_BYTES: {
        int bytes = str_cmp(a->string, b->string);
        *order = (bytes > 0) - (bytes < 0);
        return true;
    }
    case CEL_TIMESTAMP:
    case CEL_DURATION: *order = order_of(time_nanos(a->time), time_nanos(b->time)); return true;
    case CEL_QUANTITY: *order = order_of(quantity_nanos(a->quantity), quantity_nanos(b->quantity)); return true;
    default: return false;
    }
}

static bool lists_equal(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b) {
    uint32_t len = list_len(a);
    struct cel_value x, y;

    if (len != list_len(b)) return false;
    for (uint32_t i = 0; i < len; i++) {
        list_item(a, i, &x);
        list_item(b, i, &y);
        if (!cel_values_equal(e, &x, &y)) return false;
    }
    return true;
}

static bool maps_equal(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b) {
    uint32_t len = cel_map_len(a);
    struct cel_value key, x, y;

    if (len != cel_map_len(b)) return false;
    for (uint32_t i = 0; i < len; i++) {
        cel_map_entry(a, i, &key, &x);
        if (!cel_map_find(b, &key, &y) || !cel_values_equal(e, &x, &y)) return false;
    }
    return true;
}

bool cel_values_equal(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b) {
    struct cel_value error;

    if (!cel_eval_charge(e, 1, &error)) return false;
    if (is_number(a) && is_number(b)) return order_numbers(a, b) == 0;
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case CEL_NULL: return true;
    case CEL_BOOL: return a->boolean == b->boolean;
    case CEL_STRING:
    case CEL_BYTES: return str_eq(a->string, b->string) && cel_eval_charge_bytes(e, a->string.len, &error);
    case CEL_LIST: return lists_equal(e, a, b);
    case CEL_MAP: return maps_equal(e, a, b);
    case CEL_TYPE: return a->type == b->type;
    case CEL_URL: return str_eq(a->url->text, b->url->text);
    default: {
        int order;
        return cel_values_compare(a, b, &order) && order == 0;
    }
    }
}

void cel_eval_no_overload(struct cel_eval *e, struct cel_value *out, const char *what, const struct cel_value *args,
                          uint32_t count) {
    struct cel_value error;
    if (!cel_eval_charge(e, 8, out)) return;
    struct buf b = buf_in(e->arena);
    buf_addf(&b, "%s(", what);
    for (uint32_t i = 0; i < count; i++) {
        if (i) buf_add(&b, STR(", "));
        buf_add(&b, cel_kind_name(args[i].kind));
    }
    buf_add_char(&b, ')');
    cel_eval_fail(e, &error, CEL_FAULT_NO_OVERLOAD, buf_str(&b));
    *out = error;
}

static void concat_text(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b,
                        struct cel_value *out) {
    size_t len = a->string.len + b->string.len;
    if (!cel_eval_charge_bytes(e, len, out)) return;
    char *text = arena_alloc_raw(e->arena, len);
    if (a->string.len) memcpy(text, a->string.ptr, a->string.len);
    if (b->string.len) memcpy(text + a->string.len, b->string.ptr, b->string.len);
    set_text(out, a->kind, (struct str){text, len});
}

static void concat_lists(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b,
                         struct cel_value *out) {
    uint32_t first = list_len(a), second = list_len(b);
    if (!cel_eval_charge(e, (uint64_t)first + second, out)) return;
    struct cel_value *items = arena_alloc_raw(e->arena, sizeof *items * ((size_t)first + second));
    for (uint32_t i = 0; i < first; i++) list_item(a, i, &items[i]);
    for (uint32_t i = 0; i < second; i++) list_item(b, i, &items[first + i]);
    set_list(out, items, first + second);
}

static bool is_time(const struct cel_value *v) {
    return v->kind == CEL_TIMESTAMP || v->kind == CEL_DURATION;
}

/* Sums and differences of times: `sign` is 1 or -1. False where the kinds have none. */
static bool add_times(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b, int sign,
                      struct cel_value *out) {
    enum cel_kind kind;
    struct cel_time time;

    if (!is_time(a) || !is_time(b)) return false;
    if (a->kind == CEL_TIMESTAMP && b->kind == CEL_TIMESTAMP) {
        if (sign > 0) return false;
        kind = CEL_DURATION;
    } else if (b->kind == CEL_TIMESTAMP) {
        if (sign < 0) return false;
        kind = CEL_TIMESTAMP;
    } else {
        kind = a->kind;
    }
    if (time_make(kind, time_nanos(a->time) + sign * time_nanos(b->time), &time)) set_time(out, kind, time);
    else cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("this time is out of range"));
    return true;
}

static bool arithmetic_int(struct cel_eval *e, enum op op, int64_t a, int64_t b, struct cel_value *out) {
    int64_t result = 0;
    bool overflow = false;

    switch (op) {
    case OP_ADD: overflow = __builtin_add_overflow(a, b, &result); break;
    case OP_SUB: overflow = __builtin_sub_overflow(a, b, &result); break;
    case OP_MUL: overflow = __builtin_mul_overflow(a, b, &result); break;
    default:
        if (b == 0) {
            cel_eval_fail(e, out, op == OP_DIV ? CEL_FAULT_DIVISION : CEL_FAULT_MODULUS, STR(""));
            return true;
        }
        overflow = a == INT64_MIN && b == -1;
        if (!overflow) result = op == OP_DIV ? a / b : a % b;
    }
    if (overflow) cel_eval_fail(e, out, CEL_FAULT_OVERFLOW, STR(""));
    else set_int(out, result);
    return true;
}

static bool arithmetic_uint(struct cel_eval *e, enum op op, uint64_t a, uint64_t b, struct cel_value *out) {
    uint64_t result = 0;
    bool overflow = false;

    switch (op) {
    case OP_ADD: overflow = __builtin_add_overflow(a, b, &result); break;
    case OP_SUB: overflow = __builtin_sub_overflow(a, b, &result); break;
    case OP_MUL: overflow = __builtin_mul_overflow(a, b, &result); break;
    default:
        if (b == 0) {
            cel_eval_fail(e, out, op == OP_DIV ? CEL_FAULT_DIVISION : CEL_FAULT_MODULUS, STR(""));
            return true;
        }
        result = op == OP_DIV ? a / b : a % b;
    }
    if (overflow) cel_eval_fail(e, out, CEL_FAULT_OVERFLOW, STR(""));
    else set_uint(out, result);
    return true;
}

static bool arithmetic_double(enum op op, double a, double b, struct cel_value *out) {
    switch (op) {
    case OP_ADD: set_double(out, a + b); return true;
    case OP_SUB: set_double(out, a - b); return true;
    case OP_MUL: set_double(out, a * b); return true;
    case OP_DIV: set_double(out, a / b); return true;
    default: return false;
    }
}

/* False where the operator does not exist for these kinds. */
static bool arithmetic(struct cel_eval *e, enum op op, const struct cel_value *a, const struct cel_value *b,
                       struct cel_value *out) {
    if (a->kind == b->kind) {
        if (a->kind == CEL_INT) return arithmetic_int(e, op, a->integer, b->integer, out);
        if (a->kind == CEL_UINT) return arithmetic_uint(e, op, a->uinteger, b->uinteger, out);
        if (a->kind == CEL_DOUBLE) return arithmetic_double(op, a->real, b->real, out);
        if (op == OP_ADD && (a->kind == CEL_STRING || a->kind == CEL_BYTES)) {
            concat_text(e, a, b, out);
            return true;
        }
        if (op == OP_ADD && a->kind == CEL_LIST) {
            concat_lists(e, a, b, out);
            return true;
        }
    }
    if (op == OP_ADD || op == OP_SUB) return add_times(e, a, b, op == OP_ADD ? 1 : -1, out);
    return false;
}

static bool contains(struct cel_eval *e, const struct cel_value *item, const struct cel_value *in,
                     struct cel_value *out) {
    if (in->kind == CEL_MAP) {
        set_bool(out, cel_map_find(in, item, NULL));
        return true;
    }
    if (in->kind != CEL_LIST) return false;
    bool found = false;
    struct cel_value other;
    for (uint32_t i = 0, len = list_len(in); i < len && !found; i++) {
        list_item(in, i, &other);
        found = cel_values_equal(e, item, &other);
    }
    set_bool(out, found);
    return true;
}

static bool compare(enum op op, const struct cel_value *a, const struct cel_value *b, struct cel_value *out) {
    int order;
    if (a->kind == CEL_QUANTITY || !cel_values_compare(a, b, &order)) return false;
    if (order == ORDER_NONE) set_bool(out, false);
    else set_bool(out, op == OP_LT ? order < 0 : op == OP_LE ? order <= 0 : op == OP_GT ? order > 0 : order >= 0);
    return true;
}

void cel_eval_add(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b, struct cel_value *out) {
    cel_eval_binary(e, OP_ADD, a, b, out);
}

void cel_eval_binary(struct cel_eval *e, enum op op, const struct cel_value *a, const struct cel_value *b,
                     struct cel_value *out) {
    bool done;
    switch (op) {
    case OP_EQ: set_bool(out, cel_values_equal(e, a, b)); return;
    case OP_NE: set_bool(out, !cel_values_equal(e, a, b)); return;
    case OP_IN: done = contains(e, a, b, out); break;
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: done = compare(op, a, b, out); break;
    default: done = arithmetic(e, op, a, b, out);
    }
    if (done) return;
    struct cel_value args[2] = {*a, *b};
    struct str name = op_name(op);
    cel_eval_no_overload(e, out, arena_str(e->arena, name).ptr, args, 2);
}

void cel_eval_negate(struct cel_eval *e, const struct cel_value *a, struct cel_value *out) {
    if (a->kind == CEL_INT && a->integer == INT64_MIN) cel_eval_fail(e, out, CEL_FAULT_OVERFLOW, STR(""));
    else if (a->kind == CEL_INT) set_int(out, -a->integer);
    else if (a->kind == CEL_DOUBLE) set_double(out, -a->real);
    else cel_eval_no_overload(e, out, "-", a, 1);
}
