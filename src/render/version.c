#include "render/version.h"

#include "template/eval/function.h"

bool version_meets(struct go_env *env, struct str constraint, struct str version) {
    const struct go_function *function = go_function_find(STR("semverCompare"), env->helm);
    struct go_value args[2] = {go_string(constraint), go_string(version)};
    struct go_call call = {.env = env, .function = function, .args = args, .count = 2, .result = go_nil()};
    return !function || (function->call(&call) && go_truth(&call.result) == 1);
}

bool version_is(struct go_env *env, struct str version) {
    const struct go_function *function = go_function_find(STR("semver"), env->helm);
    struct go_value argument = go_string(version);
    struct go_call call = {.env = env, .function = function, .args = &argument, .count = 1, .result = go_nil()};
    return !function || function->call(&call);
}
