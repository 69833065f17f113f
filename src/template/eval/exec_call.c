/* Calls of functions and methods: counting and checking arguments by the signature, and what becomes of holes. */
#include "template/eval/interpreter.h"

struct signature {
    const char *letters;
    uint32_t count; /* of letters */
    bool variadic;
    char result;
};

static struct signature read_signature(const char *text) {
    struct signature s = {.letters = text};
    while (*text && *text != ':' && *text != '*') {
        s.count++;
        text++;
    }
    if (*text == '*') {
        s.variadic = true;
        text++;
    }
    s.result = *text == ':' ? text[1] : 'a';
    return s;
}

static char parameter(const struct signature *s, uint32_t index) {
    return s->letters[index < s->count ? index : s->count - 1];
}

static bool check_count(struct interpreter *in, const char *name, const struct signature *s, uint32_t words,
                        uint32_t given) {
    uint32_t fixed = s->variadic ? s->count - 1 : s->count;
    if (s->variadic && given < fixed)
        return exec_fail(in, TEMPLATE_ARGUMENTS, "wrong number of args for %s: want at least %u got %u", name, fixed,
                         words);
    if (!s->variadic && given != fixed)
        return exec_fail(in, TEMPLATE_ARGUMENTS, "wrong number of args for %s: want %u got %u", name, fixed, given);
    return true;
}

/* and, or: they stop at the first argument that decides. */
static bool call_logic(struct interpreter *in, const struct go_value *dot, bool is_or,
                       const struct tmpl_command *command, const struct go_value *final, struct go_value *out) {
    uint32_t words = command ? command->arg_count - 1 : 0;
    for (uint32_t i = 0; i < words; i++) {
        if (!eval_arg(in, dot, 'v', &command->args[i + 1], out)) return false;
        bool last = i + 1 == words && !final;
        int truth = go_truth(out);
        if (truth < 0 && !last) {
            *out = go_hole_like(in->env, &GO_TYPE_HOLE, go_find_hole(out));
            return true;
        }
        if (truth == is_or) return true;
    }
    if (final) *out = *final;
    return true;
}

static struct go_value hole_result(struct interpreter *in, const struct signature *s, const struct go_hole *hole) {
    return go_hole_like(in->env, type_of_letter(s->result), hole);
}

/* The hole that keeps `function` from being called with `args`; NULL: it may be called. */
static const struct go_hole *blocking_hole(struct interpreter *in, const struct go_function *function,
                                           const struct signature *s, const struct go_value *args, uint32_t count) {
    if (!in->env->holes_made) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        char letter = parameter(s, i);
        if (function->flags & FN_HOLES) {
            if (go_kind(&args[i]) == GO_HOLE && letter != 'a' && letter != 'v') return args[i].hole;
        } else {
            const struct go_hole *hole = go_find_hole(&args[i]);
            if (hole) return hole;
        }
    }
    return NULL;
}

static void show_paths(struct interpreter *in, struct go_call *call) {
    const struct go_paths *paths = call->self ? go_paths_of(in->env, call->self) : NULL;
    for (uint32_t i = 0; i < call->count; i++)
        paths = go_paths_join(in->env, paths, go_paths_of(in->env, &call->args[i]));
    call->result = go_with_paths(in->env, call->result, paths);
}

static bool run_function(struct interpreter *in, const struct go_function *function, const struct go_value *self,
                         const struct signature *s, const struct go_value *args, uint32_t count, struct go_value *out) {
    struct go_call call = {
        .env = in->env, .function = function, .self = self, .args = args, .count = count, .result = go_nil()};
    const struct go_hole *hole = blocking_hole(in, function, s, args, count);
    if (hole) {
        *out = hole_result(in, s, hole);
        return true;
    }
    if (function->flags & FN_RANDOM && !function->call) {
        *out = go_hole_value(in->env, type_of_letter(s->result), str_from(function->name), -1, -1);
        return true;
    }
    if (!function->call(&call)) return exec_call_failed(in, function->name, call.error);
    if (in->env->trace && !(function->flags & FN_HOLES)) show_paths(in, &call);
    *out = s->result == 'a' ? go_kept(call.result) : call.result;
    return true;
}

bool eval_call(struct interpreter *in, const struct go_value *dot, const struct go_function *function,
               const struct go_value *self, const struct tmpl_command *command, const struct go_value *final,
               struct go_value *out) {
    struct signature s = read_signature(function->signature);
    uint32_t words = command ? command->arg_count - 1 : 0, count = words + (final ? 1 : 0);
    struct span at = in->at;
    if (!check_count(in, function->name, &s, words, count)) return false;
    if (!self && (strcmp(function->name, "and") == 0 || strcmp(function->name, "or") == 0))
        return call_logic(in, dot, function->name[0] == 'o', command, final, out);
    struct go_value *args = arena_alloc_raw(in->arena, sizeof *args * (count + 1));
    for (uint32_t i = 0; i < words; i++) {
        if (!eval_arg(in, dot, parameter(&s, i), &command->args[i + 1], &args[i])) return false;
    }
    in->at = at;
    if (final) {
        args[words] = *final;
        if (!validate_arg(in, parameter(&s, words), &args[words])) return false;
    }
    in->at = command ? command->span : at;
    return run_function(in, function, self, &s, args, count, out);
}
