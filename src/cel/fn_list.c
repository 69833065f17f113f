/* Kubernetes' list library: isSorted, sum, min, max, indexOf, lastIndexOf. */
#include "cel/eval.h"

/* Compares two items; false where `out` is an error, since they have no order. */
static bool order_items(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b, int *order,
                        struct cel_value *out) {
    if (!cel_eval_charge(e, 1, out)) return false;
    if (cel_values_compare(a, b, order)) return true;
    struct cel_value args[2] = {*a, *b};
    cel_eval_no_overload(e, out, "<", args, 2);
    return false;
}

static void run_is_sorted(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_value before, item;
    bool sorted = true;
    int order;

    for (uint32_t i = 0, len = list_len(&args[0]); i < len && sorted; i++) {
        list_item(&args[0], i, &item);
        if (i > 0) {
            if (!order_items(e, &before, &item, &order, out)) return;
            sorted = order <= 0;
        }
        before = item;
    }
    set_bool(out, sorted);
}

static void run_sum(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_value total, item, next;
    set_int(&total, 0);
    for (uint32_t i = 0, len = list_len(&args[0]); i < len; i++) {
        list_item(&args[0], i, &item);
        bool number =
            item.kind == CEL_INT || item.kind == CEL_UINT || item.kind == CEL_DOUBLE || item.kind == CEL_DURATION;
        if (!number) {
            cel_eval_no_overload(e, out, "sum", &item, 1);
            return;
        }
        if (!cel_eval_charge(e, 1, out)) return;
        if (i == 0) next = item;
        else cel_eval_add(e, &total, &item, &next);
        total = next;
        if (total.kind == CEL_ERROR) break;
    }
    *out = total;
    if (total.kind != CEL_ERROR) out->origin = NULL;
}

/* min (`sign` 1) and max (-1). */
static void extreme(struct cel_eval *e, const struct cel_value *list, int sign, struct cel_value *out) {
    struct cel_value best, item;
    uint32_t len = list_len(list);
    int order;

    if (len == 0) {
        cel_eval_failf(e, out, "%s called on an empty list", sign > 0 ? "min" : "max");
        return;
    }
    list_item(list, 0, &best);
    for (uint32_t i = 1; i < len; i++) {
        list_item(list, i, &item);
        if (!order_items(e, &item, &best, &order, out)) return;
        if (order * sign < 0) best = item;
    }
    if (order_items(e, &best, &best, &order, out)) *out = best;
}

static void run_min(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    extreme(e, &args[0], 1, out);
}

static void run_max(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    extreme(e, &args[0], -1, out);
}

static void run_index_of(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_value item;
    int64_t found = -1;
    for (uint32_t i = 0, len = list_len(&args[0]); i < len && found < 0; i++) {
        list_item(&args[0], i, &item);
        if (cel_values_equal(e, &item, &args[1])) found = i;
    }
    set_int(out, found);
}

static void run_last_index_of(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct cel_value item;
    int64_t found = -1;
    for (uint32_t i = list_len(&args[0]); i > 0 && found < 0; i--) {
        list_item(&args[0], i - 1, &item);
        if (cel_values_equal(e, &item, &args[1])) found = i - 1;
    }
    set_int(out, found);
}

#define L KIND(CEL_LIST)

static const struct cel_function functions[] = {
    {STR_INIT("isSorted"), true, 1, {L}, CEL_BOOL, run_is_sorted},
    {STR_INIT("sum"), true, 1, {L}, CEL_DYN, run_sum},
    {STR_INIT("min"), true, 1, {L}, CEL_DYN, run_min},
    {STR_INIT("max"), true, 1, {L}, CEL_DYN, run_max},
    {STR_INIT("indexOf"), true, 2, {L, KIND_ANY}, CEL_INT, run_index_of},
    {STR_INIT("lastIndexOf"), true, 2, {L, KIND_ANY}, CEL_INT, run_last_index_of},
};

const struct cel_table fn_list = CEL_TABLE(functions);
