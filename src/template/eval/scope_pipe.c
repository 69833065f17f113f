/* The values of pipelines, commands and operands. */
#include "template/eval/scope_work.h"

#include <stdlib.h>

#define NESTING_MAX 400

static const struct template_token *tokens_of(const struct work *w) {
    return w->unit->tree->tokens;
}

static struct str token_text(const struct work *w, uint32_t token) {
    return span_text(w->unit->tree->text, tokens_of(w)[token].span);
}

static struct span span_of(const struct work *w, const struct operand *o) {
    return (struct span){tokens_of(w)[o->first].span.start, tokens_of(w)[o->end - 1].span.end};
}

static struct abstract constant_number(struct work *w, struct str text) {
    struct str copy = arena_str(w->arena, text);
    char *end;
    long long number = strtoll(copy.ptr, &end, 10);
    if (*end || (copy.len > 1 && copy.ptr[0] == '0')) return (struct abstract){.truth = TRUTH_MAYBE, .rootless = true};
    return abstract_whole(w->arena, number);
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
static struct abstract word_value(struct work *w, const struct template_pipe *pipe, uint32_t operand) {
    const struct operand *o = &pipe->operands[operand];
    const struct template_token *t = &tokens_of(w)[o->first];
    struct str text = token_text(w, o->first), content;
    switch (t->kind) {
    case TEMPLATE_DOT:
    case TEMPLATE_FIELD: return w->dot;
    case TEMPLATE_VARIABLE: return variable_value(w, text);
    case TEMPLATE_STRING:
    case TEMPLATE_RAW_STRING:
        return template_unquote(w->arena, text, &content) ? abstract_string(w->arena, content) : abstract_unknown();
    case TEMPLATE_NUMBER: return constant_number(w, text);
    case TEMPLATE_LEFT_PAREN:
        return pipe->inner[operand] == TEMPLATE_NONE ? abstract_unknown()
                                                     : work_pipeline(w, pipe, pipe->inner[operand]);
    case TEMPLATE_KEYWORD: return abstract_data(NULL);
    case TEMPLATE_IDENTIFIER:
        if (str_eq(text, STR("true"))) return abstract_truth(TRUTH_YES);
        if (str_eq(text, STR("false"))) return abstract_truth(TRUTH_NO);
        return call_function(&(struct call){.work = w, .name = text});
    default: return abstract_unknown();
    }
}

static struct abstract operand_value(struct work *w, const struct template_pipe *pipe, uint32_t operand) {
    const struct operand *o = &pipe->operands[operand];
    struct abstract v = word_value(w, pipe, operand);
    work_see(w, &v, tokens_of(w)[o->first].span.start);
    for (uint32_t i = o->fields; i < o->end; i++) {
        struct str field = token_text(w, i);
        work_see(w, &v, tokens_of(w)[i].span.start);
        bool other = v.kind != ABSTRACT_ROOT && str_eq(field, STR(".Values"));
        v = work_hop(w, &v, str_slice(field, 1, field.len), span_of(w, o));
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
static struct abstract short_circuit(struct work *w, const struct template_pipe *pipe, const struct command *c,
                                     bool is_and, const struct piped *piped) {
    struct branch branch = {w->reach, w->depth, w->dead};
    struct abstract result = abstract_unknown(), v;
    enum truth stops = TRUTH_NO;
    uint32_t at = pipe->operands[c->first_operand].next;
    bool last = false;
    while (!last && work_step(w)) {
        bool is_piped = at == TEMPLATE_NONE;
        if (is_piped && !piped->is_there) break;
        v = is_piped ? piped->value : operand_value(w, pipe, at);
        at = is_piped ? at : pipe->operands[at].next;
        last = is_piped || (at == TEMPLATE_NONE && !piped->is_there);
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

static bool names_base_path(const struct work *w, const struct operand *o) {
    uint32_t end = o->end - o->first > 16 ? o->first + 16 : o->end;
    for (uint32_t i = o->first; i < end; i++)
        if (tokens_of(w)[i].kind == TEMPLATE_FIELD && str_eq(token_text(w, i), STR(".BasePath"))) return true;
    return false;
}

static struct call make_call(struct work *w, const struct template_pipe *pipe, const struct command *c,
                             const struct piped *piped) {
    struct call call = {.work = w, .name = token_text(w, pipe->operands[c->first_operand].first)};
    call.args = arena_array(w->arena, struct abstract, c->operand_count + 1);
    call.spans = arena_array(w->arena, struct span, c->operand_count + 1);
    for (uint32_t at = pipe->operands[c->first_operand].next; at != TEMPLATE_NONE; at = pipe->operands[at].next) {
        const struct operand *o = &pipe->operands[at];
        uint8_t kind = tokens_of(w)[o->first].kind;
        call.of_file |= kind == TEMPLATE_LEFT_PAREN && call.count == 0 && names_base_path(w, o);
        call.spans[call.count] = span_of(w, o);
        call.args[call.count++] = operand_value(w, pipe, at);
    }
    if (piped->is_there) {
        call.spans[call.count] = piped->span;
        call.args[call.count++] = piped->value;
    }
    return call;
}

/* A method: .Files.Get "name", .Capabilities.APIVersions.Has "x". */
static struct abstract method_value(struct work *w, const struct template_pipe *pipe, const struct command *c,
                                    const struct piped *piped) {
    const struct operand *o = &pipe->operands[c->first_operand];
    struct abstract receiver = operand_value(w, pipe, c->first_operand);
    struct call call = make_call(w, pipe, c, piped);
    struct str name, text;
    uint32_t fields = o->end - o->fields;
    work_escape(w, &receiver);
    for (uint32_t i = 0; i < call.count; i++) work_take(w, &call.args[i], call.spans[i]);
    bool gets = fields >= 2 && str_eq(token_text(w, o->end - 2), STR(".Files")) &&
                str_eq(token_text(w, o->end - 1), STR(".Get"));
    if (gets && call.count == 1 && abstract_text(&call.args[0], &name) && w->input->read_file &&
        w->input->read_file(w->input->data, name, &text))
        return abstract_string(w->arena, text);
    return (struct abstract){.truth = TRUTH_MAYBE, .rootless = work_is_rootless(w, &receiver)};
}

static struct abstract command_value(struct work *w, const struct template_pipe *pipe, const struct command *c,
                                     const struct piped *piped) {
    const struct operand *o = &pipe->operands[c->first_operand];
    if (c->operand_count == 1 && !piped->is_there) return operand_value(w, pipe, c->first_operand);
    if (tokens_of(w)[o->first].kind != TEMPLATE_IDENTIFIER) return method_value(w, pipe, c, piped);
    struct str name = token_text(w, o->first);
    if (str_eq(name, STR("and")) || str_eq(name, STR("or")))
        return short_circuit(w, pipe, c, str_eq(name, STR("and")), piped);
    struct call call = make_call(w, pipe, c, piped);
    return call_function(&call);
}

/* The span of the words of a command. */
static struct span command_span(const struct work *w, const struct template_pipe *pipe, const struct command *c) {
    return (struct span){span_of(w, &pipe->operands[c->first_operand]).start,
                         span_of(w, &pipe->operands[c->last_operand]).end};
}

struct abstract work_value(struct work *w, const struct template_pipe *pipe, uint32_t pipeline) {
    struct piped piped = {false, abstract_unknown(), {0, 0}};
    if (w->nesting >= NESTING_MAX) work_give_up(w);
    if (!work_step(w)) return piped.value;
    w->nesting++;
    for (uint32_t at = pipe->pipelines[pipeline].first_command; at != TEMPLATE_NONE; at = pipe->commands[at].next) {
        const struct command *c = &pipe->commands[at];
        piped.value = command_value(w, pipe, c, &piped);
        /* Nil comes out of its interface. */
        piped.value.boxed = false;
        piped.span = command_span(w, pipe, c);
        piped.is_there = true;
        if (at == pipe->pipelines[pipeline].last_command || !work_step(w)) break;
    }
    w->nesting--;
    return piped.value;
}

struct abstract work_pipeline(struct work *w, const struct template_pipe *pipe, uint32_t pipeline) {
    struct abstract v = work_value(w, pipe, pipeline);
    uint32_t name = pipe->pipelines[pipeline].variable;
    if (name == TEMPLATE_NONE) return v;
    if (tokens_of(w)[name + 1].kind == TEMPLATE_ASSIGN) work_assign(w, token_text(w, name), &v);
    else work_declare(w, token_text(w, name), &v);
    return v;
}
