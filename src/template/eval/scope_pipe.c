/* The values of pipelines, commands and their words. */
#include "template/eval/scope_work.h"

#define NESTING_MAX 400

static struct abstract constant_number(struct work *w, const struct tmpl_arg *arg) {
    if (tmpl_is_integer(arg)) return abstract_whole(w->arena, arg->number->integer);
    return (struct abstract){.truth = TRUTH_MAYBE, .rootless = true};
}

static struct abstract variable_value(struct work *w, struct str name) {
    for (uint32_t i = w->variables.len; i-- > w->first_variable;) {
        if (!str_eq(w->variables.items[i].name, name)) continue;
        work_charge(w, w->variables.len - i);
        return w->variables.items[i].value;
    }
    return abstract_unknown();
}

/* The value of a word without its fields; functions are called without arguments. */
static struct abstract base_value(struct work *w, const struct tmpl_arg *arg) {
    switch (arg->kind) {
    case TMPL_DOT:
    case TMPL_FIELD: return w->dot;
    case TMPL_VARIABLE: return variable_value(w, arg->name);
    case TMPL_STRING: return abstract_string(w->arena, arg->name);
    case TMPL_NUMBER: return constant_number(w, arg);
    case TMPL_CHAIN: return base_value(w, arg->head);
    case TMPL_PIPE: return work_pipeline(w, arg->pipe);
    case TMPL_NIL: return abstract_data(NULL);
    case TMPL_BOOL: return abstract_truth(arg->boolean ? TRUTH_YES : TRUTH_NO);
    case TMPL_IDENTIFIER: return call_function(&(struct call){.work = w, .name = arg->name});
    }
    return abstract_unknown();
}

static struct abstract arg_value(struct work *w, const struct tmpl_arg *arg) {
    struct abstract v = base_value(w, arg);
    work_see(w, &v, arg->word);
    for (uint32_t i = 0; i < arg->field_count; i++) {
        work_see(w, &v, arg->word + 1 + i);
        bool other = v.kind != ABSTRACT_ROOT && str_eq(arg->fields[i].name, STR("Values"));
        v = work_hop(w, &v, arg->fields[i].name, arg->span);
        if (other) work_see_whole(w, &v);
    }
    if (v.place) v.place->uses |= TEMPLATE_PLACE_READ;
    return v;
}

/* The last value of a command, which came through the pipe. */
struct piped {
    bool is_there;
    struct abstract value;
    struct span span;
};

/* and, or: what follows an argument that decides is not looked at. */
static struct abstract short_circuit(struct work *w, const struct tmpl_command *c, bool is_and,
                                     const struct piped *piped) {
    struct branch branch = {w->reach, w->depth, w->dead};
    struct abstract result = abstract_unknown(), v;
    enum truth stops = TRUTH_NO;
    uint32_t count = c->arg_count + piped->is_there;
    for (uint32_t i = 1; i < count && work_step(w); i++) {
        v = i < c->arg_count ? arg_value(w, &c->args[i]) : piped->value;
        enum truth truth = work_truth(w, &v), stop = is_and ? truth_not(truth) : truth;
        if (stops == TRUTH_YES) {
            work_escape(w, &v);
        } else if (stops == TRUTH_MAYBE) {
            result = work_join(w, &result, &v);
            if (is_and && truth == TRUTH_NO) result.truth = TRUTH_NO;
            if (!is_and && truth == TRUTH_YES) result.truth = TRUTH_YES;
        } else {
            result = v;
        }
        if (stop > stops) {
            stops = stop;
            work_leave(w, branch);
            work_enter(w, truth_not(stops));
        }
    }
    work_leave(w, branch);
    return result;
}

static struct call make_call(struct work *w, const struct tmpl_command *c, const struct piped *piped) {
    struct call call = {.work = w, .name = c->args[0].name};
    call.args = arena_array(w->arena, struct abstract, c->arg_count + 1);
    call.spans = arena_array(w->arena, struct span, c->arg_count + 1);
    call.of_file = c->arg_count > 1 && c->args[1].kind == TMPL_PIPE && tmpl_names_base_path(&c->args[1]);
    for (uint32_t i = 1; i < c->arg_count; i++) {
        call.spans[call.count] = c->args[i].span;
        call.args[call.count++] = arg_value(w, &c->args[i]);
    }
    if (piped->is_there) {
        call.spans[call.count] = piped->span;
        call.args[call.count++] = piped->value;
    }
    return call;
}

/* A method: .Files.Get "name", .Capabilities.APIVersions.Has "x". */
static struct abstract method_value(struct work *w, const struct tmpl_command *c, const struct piped *piped) {
    const struct tmpl_arg *method = &c->args[0];
    struct abstract receiver = arg_value(w, method);
    struct call call = make_call(w, c, piped);
    struct str name, text;
    uint32_t fields = method->field_count;
    work_escape(w, &receiver);
    for (uint32_t i = 0; i < call.count; i++) work_take(w, &call.args[i], call.spans[i]);
    bool gets = fields >= 2 && str_eq(method->fields[fields - 2].name, STR("Files")) &&
                str_eq(method->fields[fields - 1].name, STR("Get"));
    if (gets && call.count == 1 && abstract_text(&call.args[0], &name) && w->input->read_file &&
        w->input->read_file(w->input->data, name, &text))
        return abstract_string(w->arena, text);
    return (struct abstract){.truth = TRUTH_MAYBE, .rootless = work_is_rootless(w, &receiver)};
}

static struct abstract command_value(struct work *w, const struct tmpl_command *c, const struct piped *piped) {
    const struct tmpl_arg *first = &c->args[0];
    if (c->arg_count == 1 && !piped->is_there) return arg_value(w, first);
    if (first->kind != TMPL_IDENTIFIER) return method_value(w, c, piped);
    if (str_eq(first->name, STR("and")) || str_eq(first->name, STR("or")))
        return short_circuit(w, c, str_eq(first->name, STR("and")), piped);
    struct call call = make_call(w, c, piped);
    return call_function(&call);
}

struct abstract work_value(struct work *w, const struct tmpl_pipe *pipe) {
    struct piped piped = {false, abstract_unknown(), {0, 0}};
    if (w->nesting >= NESTING_MAX) work_give_up(w);
    if (!work_step(w)) return piped.value;
    w->nesting++;
    for (uint32_t i = 0; i < pipe->command_count; i++) {
        piped.value = command_value(w, &pipe->commands[i], &piped);
        /* Nil comes out of its interface. */
        piped.value.boxed = false;
        piped.span = pipe->commands[i].span;
        piped.is_there = true;
        if (i + 1 == pipe->command_count || !work_step(w)) break;
    }
    w->nesting--;
    return piped.value;
}

struct abstract work_pipeline(struct work *w, const struct tmpl_pipe *pipe) {
    struct abstract v = work_value(w, pipe);
    if (pipe->variable_count == 0) return v;
    struct str name = pipe->variables[pipe->variable_count - 1].name;
    if (pipe->assigns) work_assign(w, name, &v);
    else work_declare(w, name, &v);
    return v;
}
