/* Functions that need the interpreter, or belong to the language itself. */
#include "template/eval/fn_table.h"
#include "template/eval/interpreter.h"

static bool fn_not(struct go_call *call) {
    int truth = go_truth(&call->args[0]);
    if (truth < 0) return go_give(call, go_hole_like(call->env, &GO_TYPE_BOOL, go_find_hole(&call->args[0])));
    return go_give(call, go_bool(!truth));
}

static bool fn_required(struct go_call *call) {
    const struct go_value *value = &call->args[1];
    bool missing = go_is_nil(value) || (go_kind(value) == GO_STRING && value->text.len == 0);
    if (missing) return go_fail(call, "%.*s", STR_ARG(call->args[0].text));
    return go_give(call, *value);
}

static bool fn_fail(struct go_call *call) {
    return go_fail(call, "%.*s", STR_ARG(call->args[0].text));
}

/* `helm template` asks no cluster. */
static bool fn_lookup(struct go_call *call) {
    return go_give(call, go_map(call->env, &GO_TYPE_MAP, 0));
}

static bool fn_call(struct go_call *call) {
    const struct go_value *function = &call->args[0];
    if (go_is_nil(function)) return go_fail(call, "call of nil");
    return go_fail(call, "non-function of type %.*s", STR_ARG(function->type->name));
}

const struct go_function FN_CORE[] = {
    {"and", "vv*:v", NULL, FN_HOLES}, /* exec_call.c */
    {"or", "vv*:v", NULL, FN_HOLES},
    {"not", "v:b", fn_not, FN_HOLES},
    {"call", "vv*:v", fn_call, 0},
    {"include", "sa:s", fn_include, FN_HOLES},
    {"tpl", "sa:s", fn_tpl, FN_HOLES},
    {"required", "sa:a", fn_required, FN_HOLES},
    {"fail", "s:s", fn_fail, FN_HOLES},
    {"lookup", "ssss:m", fn_lookup, FN_HOLES},
    {0},
};
