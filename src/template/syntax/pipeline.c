#include "template/syntax/pipeline.h"

static void add_command(struct arena *a, struct expression *e, uint32_t pipeline) {
    struct command c = {TEMPLATE_NONE, TEMPLATE_NONE, 0, pipeline, TEMPLATE_NONE, TEMPLATE_NONE};
    struct pipeline *p = &e->pipelines.items[pipeline];
    uint32_t index = e->commands.len;
    if (p->last_command == TEMPLATE_NONE) {
        p->first_command = index;
    } else {
        e->commands.items[p->last_command].next = index;
        c.piped = true;
        c.previous = p->last_command;
    }
    p->last_command = index;
    vec_push(a, &e->commands, c);
}

/* The variables that a pipeline sets stand before it: `$x :=`, `$x =`, `$k, $v :=`. Gives the token behind them. */
static uint32_t skip_variables(const struct template_token *tokens, uint32_t from, uint32_t to, uint32_t *variable) {
    uint32_t at = from;
    *variable = TEMPLATE_NONE;
    while (at + 1 < to && tokens[at].kind == TEMPLATE_VARIABLE) {
        uint8_t sign = tokens[at + 1].kind;
        if (sign == TEMPLATE_DECLARE || sign == TEMPLATE_ASSIGN) {
            *variable = at;
            return at + 2;
        }
        if (sign != TEMPLATE_COMMA) break;
        at += 2;
    }
    return from;
}

/* Gives the token behind the variables that it sets. */
static uint32_t open_pipeline(struct arena *a, struct expression *e, const struct template_token *tokens, uint32_t from,
                              uint32_t to, uint32_t operand) {
    struct pipeline p = {operand, TEMPLATE_NONE, TEMPLATE_NONE, TEMPLATE_NONE};
    from = skip_variables(tokens, from, to, &p.variable);
    vec_push(a, &e->pipelines, p);
    add_command(a, e, e->pipelines.len - 1);
    return from;
}

static uint32_t add_operand(struct arena *a, struct expression *e, uint32_t command, uint32_t first) {
    struct command *c = &e->commands.items[command];
    struct operand o = {first, first + 1, first + 1, command, c->operand_count, TEMPLATE_NONE};
    uint32_t index = e->operands.len;
    if (c->operand_count == 0) c->first_operand = index;
    else e->operands.items[c->last_operand].next = index;
    c->last_operand = index;
    c->operand_count++;
    vec_push(a, &e->operands, o);
    return index;
}

/* Takes the fields that follow at once. `at` is the token behind the operand's own; gives the one behind the chain. */
static uint32_t take_chain(struct operand *o, const struct template_token *tokens, uint32_t at, uint32_t to) {
    o->fields = tokens[o->first].kind == TEMPLATE_FIELD ? o->first : at;
    while (at < to && tokens[at].kind == TEMPLATE_FIELD && tokens[at].span.start == tokens[at - 1].span.end) at++;
    o->end = at;
    return at;
}

static bool refuse(struct template_error *error, struct span span, struct str words) {
    *error = (struct template_error){span, words};
    return false;
}

struct str pipeline_function(const struct expression *e, struct str text, const struct template_token *tokens,
                             uint32_t command) {
    const struct command *c = &e->commands.items[command];
    if (c->first_operand == TEMPLATE_NONE) return (struct str){NULL, 0};
    const struct template_token *first = &tokens[e->operands.items[c->first_operand].first];
    return first->kind == TEMPLATE_IDENTIFIER ? span_text(text, first->span) : (struct str){NULL, 0};
}

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

static enum template_use use_of(struct str function) {
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
    if (AMONG(function, compare)) return TEMPLATE_COMPARE;
    return AMONG(function, compute) ? TEMPLATE_COMPUTE : TEMPLATE_ARGUMENT;
}

static struct flow into_command(const struct expression *e, struct str text, const struct template_token *tokens,
                                uint32_t command, uint32_t place) {
    struct str function = pipeline_function(e, text, tokens, command);
    if (function.len == 0) return (struct flow){TEMPLATE_FUNCTION, function, place, command};
    return (struct flow){use_of(function), function, place, command};
}

static struct flow carry(const struct expression *e, struct flow flow) {
    if (flow.command == TEMPLATE_NONE) return flow;
    if (flow.use == TEMPLATE_ARGUMENT && hands_on(flow.function)) return e->commands.items[flow.command].carried;
    return flow;
}

struct flow pipeline_flow(const struct expression *e, struct str text, const struct template_token *tokens,
                          const struct operand *o) {
    const struct command *c = &e->commands.items[o->command];
    if (c->operand_count == 1 && !c->piped) return c->flow;
    if (o->place == 0) return (struct flow){TEMPLATE_FUNCTION, {NULL, 0}, 0, TEMPLATE_NONE};
    return into_command(e, text, tokens, o->command, o->place);
}

struct flow pipeline_carried(const struct expression *e, struct str text, const struct template_token *tokens,
                             const struct operand *o) {
    const struct command *c = &e->commands.items[o->command];
    if (c->operand_count == 1 && !c->piped) return c->carried;
    return carry(e, pipeline_flow(e, text, tokens, o));
}

uint8_t pipeline_needs(struct arena *a, const struct expression *e, struct str text,
                       const struct template_token *tokens, const struct operand *o) {
    const struct command *c = &e->commands.items[o->command];
    if (c->operand_count == 1 && !c->piped) return c->needs;
    return o->place == 0 ? TEMPLATE_NEEDS_ALL : needs_of_argument(a, e, text, tokens, o->command, o->place);
}

/* What is taken from the value of a pipeline. */
static uint8_t needs_of_pipeline(struct arena *a, const struct expression *e, struct str text,
                                 const struct template_token *tokens, const struct pipeline *p, enum template_use use) {
    bool sets = p->variable != TEMPLATE_NONE;
    bool assigns = sets && tokens[p->variable + 1].kind == TEMPLATE_ASSIGN;
    if (p->operand == TEMPLATE_NONE) return needs_of_action(use, sets, assigns);
    const struct operand *o = &e->operands.items[p->operand];
    return sets || o->fields < o->end ? TEMPLATE_NEEDS_ALL : pipeline_needs(a, e, text, tokens, o);
}

/* Outer pipelines come before inner ones, and in each the last command first: what a value flows into is known then. */
static void find_flows(struct arena *a, struct expression *e, struct str text, const struct template_token *tokens,
                       enum template_use use) {
    for (uint32_t i = e->commands.len; i-- > 0;) {
        struct command *c = &e->commands.items[i];
        if (c->next == TEMPLATE_NONE) continue;
        c->flow = into_command(e, text, tokens, c->next, e->commands.items[c->next].operand_count);
    }
    for (uint32_t i = 0; i < e->pipelines.len; i++) {
        const struct pipeline *p = &e->pipelines.items[i];
        struct command *last = &e->commands.items[p->last_command];
        if (p->variable != TEMPLATE_NONE && use == TEMPLATE_PRINT) {
            last->flow = (struct flow){TEMPLATE_SET, {NULL, 0}, 0, TEMPLATE_NONE};
            last->carried = last->flow;
        } else if (p->operand == TEMPLATE_NONE) {
            last->flow = (struct flow){use, {NULL, 0}, 0, TEMPLATE_NONE};
            last->carried = last->flow;
        } else {
            const struct operand *o = &e->operands.items[p->operand];
            last->flow = pipeline_flow(e, text, tokens, o);
            last->carried = pipeline_carried(e, text, tokens, o);
            if (o->fields < o->end) last->flow = (struct flow){TEMPLATE_CHAINED, {NULL, 0}, 0, TEMPLATE_NONE};
        }
        last->needs = needs_of_pipeline(a, e, text, tokens, p, use);
        for (uint32_t c = last->previous; c != TEMPLATE_NONE; c = e->commands.items[c].previous) {
            struct command *command = &e->commands.items[c];
            command->carried = carry(e, command->flow);
            command->needs = needs_of_argument(a, e, text, tokens, command->next, command->flow.argument);
        }
    }
}

/* Go takes a `|` with nothing behind it at the end of a pipeline. False where the pipeline is empty. */
static bool close_pipeline(struct expression *e, uint32_t pipeline) {
    struct pipeline *p = &e->pipelines.items[pipeline];
    const struct command *last = &e->commands.items[p->last_command];
    if (last->operand_count > 0) return true;
    if (last->previous == TEMPLATE_NONE) return false;
    p->last_command = last->previous;
    e->commands.items[p->last_command].next = TEMPLATE_NONE;
    return true;
}

static bool is_constant(struct str text, const struct template_token *t) {
    switch (t->kind) {
    case TEMPLATE_STRING:
    case TEMPLATE_RAW_STRING:
    case TEMPLATE_CHARACTER:
    case TEMPLATE_NUMBER:
    case TEMPLATE_KEYWORD:
    case TEMPLATE_DOT: return true;
    case TEMPLATE_IDENTIFIER:
        return str_eq(span_text(text, t->span), STR("true")) || str_eq(span_text(text, t->span), STR("false"));
    default: return false;
    }
}

/* Whether the operand that ends before the token `at` may stand there. */
static bool check_operand(struct arena *a, const struct expression *e, struct str text,
                          const struct template_token *tokens, uint32_t operand, uint32_t at, uint32_t to,
                          struct template_error *error) {
    const struct operand *o = &e->operands.items[operand];
    const struct template_token *first = &tokens[o->first], *next = &tokens[at];
    bool constant = is_constant(text, first), chained = o->fields < o->end && first->kind != TEMPLATE_FIELD;
    if (constant && chained)
        return refuse(error, tokens[o->fields].span,
                      arena_printf(a, "no key can be asked of `%.*s`", STR_ARG(span_text(text, first->span))));
    if (constant && o->place == 0 && e->commands.items[o->command].piped)
        return refuse(
            error, first->span,
            arena_printf(a, "`%.*s` stands behind `|` and is no function", STR_ARG(span_text(text, first->span))));
    bool ends = at == to || next->kind == TEMPLATE_PIPE || next->kind == TEMPLATE_RIGHT_PAREN;
    if (ends || next->span.start > tokens[at - 1].span.end) return true;
    return refuse(error, next->span,
                  arena_printf(a, "a space is missing before `%.*s`", STR_ARG(span_text(text, next->span))));
}

bool pipeline_parse(struct arena *a, struct str text, const struct template_token *tokens, uint32_t from, uint32_t to,
                    enum template_use use, struct expression *e, struct template_error *error) {
    uint32_t pipeline = 0, at, operand;
    e->operands.len = e->commands.len = e->pipelines.len = 0;
    at = open_pipeline(a, e, tokens, from, to, TEMPLATE_NONE);
    while (at < to) {
        const struct template_token *t = &tokens[at];
        uint32_t command = e->pipelines.items[pipeline].last_command;
        bool empty = e->commands.items[command].operand_count == 0;
        switch (t->kind) {
        case TEMPLATE_LEFT_PAREN:
            operand = add_operand(a, e, command, at);
            at = open_pipeline(a, e, tokens, at + 1, to, operand);
            pipeline = e->pipelines.len - 1;
            break;
        case TEMPLATE_RIGHT_PAREN:
            if (!close_pipeline(e, pipeline)) return refuse(error, t->span, STR("a value is missing before `)`"));
            operand = e->pipelines.items[pipeline].operand;
            at = take_chain(&e->operands.items[operand], tokens, at + 1, to);
            pipeline = e->commands.items[e->operands.items[operand].command].pipeline;
            if (!check_operand(a, e, text, tokens, operand, at, to, error)) return false;
            break;
        case TEMPLATE_PIPE:
            if (empty) return refuse(error, t->span, STR("a value is missing before `|`"));
            add_command(a, e, pipeline);
            at++;
            break;
        case TEMPLATE_DECLARE:
        case TEMPLATE_ASSIGN:
        case TEMPLATE_COMMA:
        case TEMPLATE_OTHER:
            return refuse(error, t->span, arena_printf(a, "unexpected `%.*s`", STR_ARG(span_text(text, t->span))));
        default:
            if (t->kind == TEMPLATE_KEYWORD && t->keyword != TEMPLATE_NIL)
                return refuse(error, t->span, arena_printf(a, "unexpected `%.*s`", STR_ARG(span_text(text, t->span))));
            operand = add_operand(a, e, command, at);
            at = take_chain(&e->operands.items[operand], tokens, at + 1, to);
            if (!check_operand(a, e, text, tokens, operand, at, to, error)) return false;
        }
    }
    if (!close_pipeline(e, 0))
        return refuse(error, span_make(tokens[to - 1].span.start, tokens[to].span.end), STR("a value is missing"));
    find_flows(a, e, text, tokens, use);
    return true;
}
