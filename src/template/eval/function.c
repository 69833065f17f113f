#include "template/eval/fn_table.h"

const struct go_function *const FN_TABLES[] = {
    FN_CORE, FN_COMPARE, FN_INDEX,        FN_TEXT, FN_STRINGS, FN_NUMBER, FN_LIST, FN_DICT,  FN_LOGIC,   FN_YAML,
    FN_CASE, FN_PATH,    FN_RANDOM_TABLE, FN_READ, FN_DATE,    FN_TOML,   FN_URL,  FN_REGEX, FN_VERSION, NULL};

const struct go_function *go_function_find(struct str name, uint8_t helm) {
    for (size_t t = 0; FN_TABLES[t]; t++) {
        for (const struct go_function *function = FN_TABLES[t]; function->name; function++) {
            if (!str_eq(str_from(function->name), name)) continue;
            if ((function->flags & FN_HELM3 && helm != 3) || (function->flags & FN_HELM4 && helm != 4)) continue;
            return function;
        }
    }
    return NULL;
}

bool go_fail(struct go_call *call, const char *format, ...) {
    va_list args;
    va_start(args, format);
    call->error = arena_vprintf(call->env->arena, format, args);
    va_end(args);
    return false;
}

bool go_spend(struct go_call *call, uint64_t bytes) {
    struct go_budget *budget = &call->env->budget;
    if (bytes > budget->bytes) {
        budget->bytes = 0;
        return go_fail(call, "the result is too large");
    }
    budget->bytes -= bytes;
    return true;
}
