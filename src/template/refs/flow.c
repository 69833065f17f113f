/* A value flows from a word into the command around it, from a command into the next one, and from the last one to
 * where the pipeline stands. So the last command of a pipeline is looked at first, and outer pipelines before inner
 * ones: where a value goes to is known when it is asked what becomes of it there. */
#include "template/refs/flow.h"

static bool among(struct str name, const struct str *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i])) return true;
    return false;
}

#define AMONG(name, names) among((name), (names), sizeof(names) / sizeof(names)[0])

/* Functions that hand an argument on as it is, or inside a dict or list. */
static bool hands_on(struct str function) {
    static const struct str names[] = {STR_INIT("dict"),     STR_INIT("list"),   STR_INIT("tuple"),
                                       STR_INIT("default"),  STR_INIT("first"),  STR_INIT("last"),
                                       STR_INIT("ternary"),  STR_INIT("append"), STR_INIT("prepend"),
                                       STR_INIT("coalesce"), STR_INIT("concat")};
    return AMONG(function, names);
}

static enum refs_use use_of(struct str function) {
    static const struct str compare[] = {STR_INIT("eq"),
                                         STR_INIT("ne"),
                                         STR_INIT("lt"),
                                         STR_INIT("le"),
                                         STR_INIT("gt"),
                                         STR_INIT("ge"),
                                         STR_INIT("semverCompare"),
                                         STR_INIT("has"),
                                         STR_INIT("max"),
                                         STR_INIT("min"),
                                         STR_INIT("biggest"),
                                         STR_INIT("maxf"),
                                         STR_INIT("minf"),
                                         STR_INIT("kindIs"),
                                         STR_INIT("typeIs"),
                                         STR_INIT("kindOf"),
                                         STR_INIT("typeOf"),
                                         STR_INIT("deepEqual")};
    static const struct str compute[] = {
        STR_INIT("add"),     STR_INIT("add1"),      STR_INIT("sub"),  STR_INIT("mul"),   STR_INIT("div"),
        STR_INIT("mod"),     STR_INIT("addf"),      STR_INIT("subf"), STR_INIT("mulf"),  STR_INIT("divf"),
        STR_INIT("int"),     STR_INIT("int64"),     STR_INIT("ceil"), STR_INIT("floor"), STR_INIT("round"),
        STR_INIT("float64"), STR_INIT("toDecimal"), STR_INIT("len"),  STR_INIT("until"), STR_INIT("untilStep"),
        STR_INIT("seq"),     STR_INIT("atoi")};
    if (AMONG(function, compare)) return REFS_USE_COMPARE;
    return AMONG(function, compute) ? REFS_USE_COMPUTE : REFS_USE_ARGUMENT;
}

static struct refs_flow into_command(const struct refs_flow_command *c, uint32_t place) {
    struct str function = refs_flow_function(c);
    return (struct refs_flow){function.len ? use_of(function) : REFS_USE_FUNCTION, function, place, c};
}

static struct refs_flow carry(struct refs_flow flow) {
    return flow.taker && flow.use == REFS_USE_ARGUMENT && hands_on(flow.function) ? flow.taker->carried : flow;
}

/* Whether the value of its only word is that of the command. */
static bool is_single(const struct refs_flow_command *c) {
    return c->command->arg_count == 1 && !c->piped;
}

struct refs_flow refs_flow_of_arg(const struct refs_flow_command *c, uint32_t place) {
    if (is_single(c)) return c->flow;
    return place == 0 ? (struct refs_flow){.use = REFS_USE_FUNCTION} : into_command(c, place);
}

struct refs_flow refs_flow_carried(const struct refs_flow_command *c, uint32_t place) {
    return is_single(c) ? c->carried : carry(refs_flow_of_arg(c, place));
}

uint8_t refs_flow_needs(const struct refs_flow_command *c, uint32_t place) {
    if (is_single(c)) return c->needs;
    return place == 0 ? REFS_NEEDS_ALL : refs_needs_of_argument(c, place);
}

static struct refs_flow_pipe *make_pipe(struct arena *a, const struct tmpl_pipe *pipe) {
    struct refs_flow_pipe *p = arena_new(a, struct refs_flow_pipe);
    p->pipe = pipe;
    p->commands = arena_array(a, struct refs_flow_command, pipe->command_count);
    for (uint32_t i = 0; i < pipe->command_count; i++) {
        p->commands[i].command = &pipe->commands[i];
        p->commands[i].pipe = p;
        p->commands[i].piped = i > 0;
    }
    return p;
}

/* Finds where the values of the commands go, that of the last one being known. */
static void find_flows(struct refs_flow_pipe *p) {
    for (uint32_t i = p->pipe->command_count - 1; i-- > 0;) {
        struct refs_flow_command *c = &p->commands[i], *next = c + 1;
        c->flow = into_command(next, next->command->arg_count);
        c->carried = carry(c->flow);
        c->needs = refs_needs_of_argument(next, c->flow.argument);
    }
}

struct refs_flow_pipe *refs_flow_of_action(struct arena *a, const struct tmpl_pipe *pipe, enum refs_use use,
                                           struct str name) {
    struct refs_flow_pipe *p = make_pipe(a, pipe);
    struct refs_flow_command *last = &p->commands[pipe->command_count - 1];
    bool sets = pipe->variable_count > 0;
    last->flow = (struct refs_flow){.use = sets && use == REFS_USE_PRINT ? REFS_USE_SET : use, .function = name};
    last->carried = last->flow;
    last->needs = refs_needs_of_action(use, sets, pipe->assigns);
    find_flows(p);
    return p;
}

struct refs_flow_pipe *refs_flow_of_parenthesis(struct arena *a, const struct refs_flow_command *c, uint32_t place,
                                                enum refs_use use) {
    const struct tmpl_arg *arg = &c->command->args[place];
    const struct tmpl_pipe *pipe = arg->kind == TMPL_CHAIN ? arg->head->pipe : arg->pipe;
    struct refs_flow_pipe *p = make_pipe(a, pipe);
    struct refs_flow_command *last = &p->commands[pipe->command_count - 1];
    bool sets = pipe->variable_count > 0;
    p->arg = arg;
    p->command = c;
    p->place = place;
    last->flow = refs_flow_of_arg(c, place);
    last->carried = refs_flow_carried(c, place);
    if (arg->field_count > 0) last->flow = (struct refs_flow){.use = REFS_USE_CHAINED};
    if (sets && use == REFS_USE_PRINT) last->carried = last->flow = (struct refs_flow){.use = REFS_USE_SET};
    last->needs = sets || arg->field_count > 0 ? REFS_NEEDS_ALL : refs_flow_needs(c, place);
    find_flows(p);
    return p;
}
