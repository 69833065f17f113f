#include "cel/macro.h"

#include "cel/lex.h"

static const struct macro {
    struct str name;
    uint32_t count;     /* of arguments */
    uint32_t variables; /* 1 or 2 of them come first */
    bool filter;        /* a filter stands before the body */
    enum loop loop;
} macros[] = {
    {STR_INIT("all"), 2, 1, false, LOOP_ALL},
    {STR_INIT("all"), 3, 2, false, LOOP_ALL},
    {STR_INIT("exists"), 2, 1, false, LOOP_EXISTS},
    {STR_INIT("exists"), 3, 2, false, LOOP_EXISTS},
    {STR_INIT("exists_one"), 2, 1, false, LOOP_EXISTS_ONE},
    {STR_INIT("existsOne"), 2, 1, false, LOOP_EXISTS_ONE},
    {STR_INIT("exists_one"), 3, 2, false, LOOP_EXISTS_ONE},
    {STR_INIT("existsOne"), 3, 2, false, LOOP_EXISTS_ONE},
    {STR_INIT("map"), 2, 1, false, LOOP_MAP},
    {STR_INIT("map"), 3, 1, true, LOOP_MAP},
    {STR_INIT("filter"), 2, 1, false, LOOP_FILTER},
    {STR_INIT("transformList"), 3, 2, false, LOOP_TRANSFORM_LIST},
    {STR_INIT("transformList"), 4, 2, true, LOOP_TRANSFORM_LIST},
    {STR_INIT("transformMap"), 3, 2, false, LOOP_TRANSFORM_MAP},
    {STR_INIT("transformMap"), 4, 2, true, LOOP_TRANSFORM_MAP},
    {STR_INIT("transformMapEntry"), 3, 2, false, LOOP_TRANSFORM_MAP_ENTRY},
    {STR_INIT("transformMapEntry"), 4, 2, true, LOOP_TRANSFORM_MAP_ENTRY},
};

static bool is_variable(const struct cel_node *node) {
    return node->kind == NODE_IDENT && !node->ident.absolute;
}

static struct cel_node *expand_has(struct parser *p, struct cel_node *call) {
    if (call->call.args.len != 1) return parse_fail(p, call->span, "has() takes one argument: a field, as in has(a.b)");
    struct cel_node *field = call->call.args.items[0];
    if (field->kind != NODE_SELECT)
        return parse_fail(p, field->span, "has() takes a field, as in has(a.b); for a key, write: 'key' in map");
    field->kind = NODE_HAS;
    field->span = call->span;
    return field;
}

static struct cel_node *expand_bind(struct parser *p, struct cel_node *call) {
    struct cel_node **args = call->call.args.items;
    if (call->call.args.len != 3)
        return parse_fail(p, call->span, "cel.bind() takes a name, its value, and the expression that uses it");
    if (!is_variable(args[0])) return parse_fail(p, args[0]->span, "cel.bind() takes a name here");
    struct cel_node *node = parse_node(p, NODE_BIND, call->span, call->depth - 1u);
    if (!node) return NULL;
    node->name_span = args[0]->span;
    node->bind.name = args[0]->ident.name;
    node->bind.value = args[1];
    node->bind.body = args[2];
    return node;
}

static struct cel_node *expand_loop(struct parser *p, struct cel_node *call, const struct macro *macro) {
    struct cel_node **args = call->call.args.items;
    struct cel_node *node = parse_node(p, NODE_LOOP, call->span, call->depth - 1u);

    if (!node) return NULL;
    node->name_span = call->name_span;
    node->loop.loop = macro->loop;
    node->loop.range = call->call.receiver;
    for (uint32_t i = 0; i < macro->variables; i++) {
        if (!is_variable(args[i]))
            return parse_fail(p, args[i]->span, "%.*s() takes the name of a variable here, as in list.%.*s(x, ...)",
                              STR_ARG(macro->name), STR_ARG(macro->name));
        node->loop.names[i] = args[i]->ident.name;
    }
    if (macro->variables == 2 && str_eq(node->loop.names[0], node->loop.names[1]))
        return parse_fail(p, args[1]->span, "the two variables of %.*s() need two names", STR_ARG(macro->name));
    node->loop.filter = macro->filter ? args[macro->variables] : NULL;
    node->loop.body = args[macro->count - 1];
    return node;
}

struct cel_node *macro_expand(struct parser *p, struct cel_node *call) {
    const struct cel_node *receiver = call->call.receiver;
    if (!receiver) return str_eq(call->call.name, STR("has")) ? expand_has(p, call) : call;
    if (str_eq(call->call.name, STR("bind")) && is_variable(receiver) && str_eq(receiver->ident.name, STR("cel")))
        return expand_bind(p, call);
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        if (macros[i].count == call->call.args.len && str_eq(macros[i].name, call->call.name))
            return expand_loop(p, call, &macros[i]);
    return call;
}
