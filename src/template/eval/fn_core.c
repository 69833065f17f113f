/* text/template's own functions, and those of Helm's that need the interpreter. */
#include "template/eval/fn_table.h"
#include "template/eval/go_format.h"

static bool fn_quote(struct go_call *call) {
    struct go_text text = go_text_in(call->env);
    bool first = true;
    for (uint32_t i = 0; i < call->count; i++) {
        if (go_is_nil(&call->args[i])) continue;
        if (!first) go_text_add(&text, STR(" "));
        first = false;
        go_text_add(&text, STR("\""));
        go_print(&text, &call->args[i]);
        go_text_add(&text, STR("\""));
    }
    return go_give(call, go_text_value(&text));
}

static bool fn_default(struct go_call *call) {
    const struct go_value *given = call->count > 1 ? &call->args[1] : NULL;
    int truth = given ? go_truth(given) : 0;
    if (truth < 0) return go_give(call, go_hole_like(call->env, &GO_TYPE_HOLE, go_find_hole(given)));
    return go_give(call, truth && given ? *given : call->args[0]);
}

const struct go_function FN_CORE[] = {
    {"default", "aa*:a", fn_default, FN_HOLES},
    {"quote", "a*:s", fn_quote, FN_HOLES},
    {0},
};
