/* The values of pipelines, commands and their words. */
#include "template/eval/scope_evaluator.h"

#define NESTING_MAX 400

static struct abstract constant_number(struct scope_evaluator *e, const struct tmpl_arg *arg) {
    if (tmpl_is_integer(arg)) return abstract_whole(e->arena, arg->number->integer);
    return (struct abstract){.truth = TRUTH_MAYBE, .excludes_root = true};
}

static struct abstract variable_value(struct scope_evaluator *e, struct str name) {
    for (uint32_t i = e->variables.len; i-- > e->first_variable;) {
        if (!str_eq(e->variables.items[i].name, name)) continue;
        scope_charge(e, e->variables.len - i);
        return e->variables.items[i].value;
    }
    return abstract_unknown();
}

/* The value of a word without its fields; functions are called without arguments. */
static struct abstract base_value(struct scope_evaluator *e, const struct tmpl_arg *arg) {
    switch (arg->kind) {
    case TMPL_DOT:
    case TMPL_FIELD: return e->dot;
    case TMPL_VARIABLE: return variable_value(e, arg->name);
    case TMPL_STRING: return abstract_string(e->arena, arg->name);
    case TMPL_NUMBER: return constant_number(e, arg);
    case TMPL_CHAIN: return base_value(e, arg->head);
    case TMPL_PIPE: return scope_pipeline(e, arg->pipe);
    case TMPL_NIL: return abstract_data(NULL);
    case TMPL_BOOL: return abstract_truth(arg->boolean ? TRUTH_YES : TRUTH_NO);
    case TMPL_IDENTIFIER: return scope_function(&(struct scope_call){.evaluator = e, .name = arg->name});
    }
    return abstract_unknown();
}

static struct abstract arg_value(struct scope_evaluator *e, const struct tmpl_arg *arg) {
    struct abstract v = base_value(e, arg);
    scope_see(e, &v, arg->word);
    for (uint32_t i = 0; i < arg->field_count; i++) {
        scope_see(e, &v, arg->word + 1 + i);
        bool other = v.kind != ABSTRACT_ROOT && str_eq(arg->fields[i].name, STR("Values"));
        v = scope_field(e, &v, arg->fields[i].name, arg->span);
        if (other) scope_see_whole(e, &v);
    }
    if (v.place) v.place->uses |= VALUE_PATH_READ;
    return v;
}

/* The last value of a command, which came through the pipe. */
struct piped {
    bool is_there;
    struct abstract value;
    struct span span;
};

/* and, or: what follows an argument that decides is not looked at. */
static struct abstract short_circuit(struct scope_evaluator *e, const struct tmpl_command *c, bool is_and,
                                     const struct piped *piped) {
    struct scope_branch branch = {e->reach, e->depth, e->dead, e->guard};
    struct abstract result = abstract_unknown(), v;
    enum truth stops = TRUTH_NO;
    uint32_t count = c->arg_count + piped->is_there;
    for (uint32_t i = 1; i < count && scope_step(e); i++) {
        v = i < c->arg_count ? arg_value(e, &c->args[i]) : piped->value;
        enum truth truth = scope_truth(e, &v), stop = is_and ? truth_not(truth) : truth;
        if (stops == TRUTH_YES) {
            scope_escape(e, &v);
        } else if (stops == TRUTH_MAYBE) {
            result = scope_join(e, &result, &v);
            if (is_and && truth == TRUTH_NO) result.truth = TRUTH_NO;
            if (!is_and && truth == TRUTH_YES) result.truth = TRUTH_YES;
        } else {
            result = v;
        }
        if (stop > stops) {
            stops = stop;
            scope_leave(e, branch);
            struct span span = i < c->arg_count ? c->args[i].span : piped->span;
            scope_enter(e, truth_not(stops), scope_guard(e, span, !is_and));
        }
    }
    scope_leave(e, branch);
    return result;
}

static struct scope_call make_call(struct scope_evaluator *e, const struct tmpl_command *c, const struct piped *piped) {
    struct scope_call call = {.evaluator = e, .name = c->args[0].name};
    call.args = arena_array(e->arena, struct abstract, c->arg_count + 1);
    call.spans = arena_array(e->arena, struct span, c->arg_count + 1);
    call.of_file = c->arg_count > 1 && c->args[1].kind == TMPL_PIPE && tmpl_names_base_path(&c->args[1]);
    for (uint32_t i = 1; i < c->arg_count; i++) {
        call.spans[call.count] = c->args[i].span;
        call.args[call.count++] = arg_value(e, &c->args[i]);
    }
    if (piped->is_there) {
        call.spans[call.count] = piped->span;
        call.args[call.count++] = piped->value;
    }
    return call;
}

/* A method: .Files.Get "name", .Capabilities.APIVersions.Has "x". */
static struct abstract method_value(struct scope_evaluator *e, const struct tmpl_command *c,
                                    const struct piped *piped) {
    const struct tmpl_arg *method = &c->args[0];
    struct abstract receiver = arg_value(e, method);
    struct scope_call call = make_call(e, c, piped);
    struct str name, text;
    uint32_t fields = method->field_count;
    scope_escape(e, &receiver);
    for (uint32_t i = 0; i < call.count; i++) scope_take(e, &call.args[i], call.spans[i]);
    bool gets = fields >= 2 && str_eq(method->fields[fields - 2].name, STR("Files")) &&
                str_eq(method->fields[fields - 1].name, STR("Get"));
    if (gets && call.count == 1 && abstract_text(&call.args[0], &name) && e->input->read_file &&
        e->input->read_file(e->input->data, name, &text))
        return abstract_string(e->arena, text);
    return (struct abstract){.truth = TRUTH_MAYBE, .excludes_root = scope_excludes_root(e, &receiver)};
}

static struct abstract command_value(struct scope_evaluator *e, const struct tmpl_command *c,
                                     const struct piped *piped) {
    const struct tmpl_arg *first = &c->args[0];
    if (c->arg_count == 1 && !piped->is_there) return arg_value(e, first);
    if (first->kind != TMPL_IDENTIFIER) return method_value(e, c, piped);
    if (str_eq(first->name, STR("and")) || str_eq(first->name, STR("or")))
        return short_circuit(e, c, str_eq(first->name, STR("and")), piped);
    struct scope_call call = make_call(e, c, piped);
    return scope_function(&call);
}

struct abstract scope_value(struct scope_evaluator *e, const struct tmpl_pipe *pipe) {
    struct piped piped = {false, abstract_unknown(), {0, 0}};
    if (e->nesting >= NESTING_MAX) scope_give_up(e);
    if (!scope_step(e)) return piped.value;
    e->nesting++;
    for (uint32_t i = 0; i < pipe->command_count; i++) {
        piped.value = command_value(e, &pipe->commands[i], &piped);
        /* Nil comes out of its interface. */
        piped.value.interface_nil = false;
        piped.span = pipe->commands[i].span;
        piped.is_there = true;
        if (i + 1 == pipe->command_count || !scope_step(e)) break;
    }
    e->nesting--;
    return piped.value;
}

struct abstract scope_pipeline(struct scope_evaluator *e, const struct tmpl_pipe *pipe) {
    struct abstract v = scope_value(e, pipe);
    if (pipe->variable_count == 0) return v;
    struct str name = pipe->variables[pipe->variable_count - 1].name;
    if (pipe->assigns) scope_assign(e, name, &v);
    else scope_declare(e, name, &v);
    return v;
}
