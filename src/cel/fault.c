/* How an evaluation fails, and its budget of steps: see eval.h. */
#include "cel/eval.h"

bool cel_eval_charge(struct cel_eval *e, uint64_t steps, struct cel_value *out) {
    if (e->budget >= steps && !e->fatal) {
        e->budget -= steps;
        return true;
    }
    cel_eval_fatal(e, out, CEL_FAULT_BUDGET);
    return false;
}

void cel_eval_fail(struct cel_eval *e, struct cel_value *out, enum cel_fault fault, struct str detail) {
    out->kind = CEL_ERROR;
    out->fault = fault;
    out->string = detail;
    out->span = e->call ? e->call->span : span_make(0, 0);
}

void cel_eval_failf(struct cel_eval *e, struct cel_value *out, const char *format, ...) {
    va_list args;
    if (!cel_eval_charge(e, 8, out)) return;
    va_start(args, format);
    struct str message = arena_vprintf(e->arena, format, args);
    va_end(args);
    cel_eval_fail(e, out, CEL_FAULT_OTHER, message);
}

void cel_eval_index_error(struct cel_eval *e, struct cel_value *out, int64_t index) {
    cel_eval_failf(e, out, "index out of range: %lld", (long long)index);
}

void cel_eval_fatal(struct cel_eval *e, struct cel_value *out, enum cel_fault fault) {
    if (!e->fatal) {
        e->fatal = fault;
        e->fatal_span = e->call ? e->call->span : span_make(0, 0);
    }
    e->budget = 0;
    cel_eval_fail(e, out, e->fatal, STR(""));
    out->span = e->fatal_span;
}
