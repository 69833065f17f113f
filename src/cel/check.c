#include "cel/check.h"

#include "base/fuzzy.h"
#include "cel/check_types.h"
#include "cel/eval.h"

/* Steps that the folding of one program may take, so that a constant expression cannot make compiling slow. */
#define FOLD_BUDGET 20000

struct scope {
    const struct scope *parent;
    struct str name;
    uint32_t slot;
    const struct cel_type *type;
};

struct checker {
    struct arena *arena;
    const struct cel_env *env;
    struct cel_program *program;
    const struct scope *scope;
    uint32_t locals; /* in use */
    uint64_t fold_budget;
    struct cel_error *error;
};

static bool check(struct checker *c, struct cel_node *node);

static const struct cel_type *dyn(void) {
    return &cel_types[CEL_DYN];
}

/* Something is wrong: an error of the compilation, or, where the environment is unchecked, of the evaluation. */
static bool problem(struct checker *c, struct cel_node *node, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool problem(struct checker *c, struct cel_node *node, struct span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    struct str message = arena_vprintf(c->arena, format, args);
    va_end(args);
    if (c->env->unchecked) {
        node->kind = NODE_FAIL;
        node->type = dyn();
        node->value = (struct cel_value){.kind = CEL_ERROR, .fault = CEL_FAULT_OTHER, .string = message, .span = span};
        return true;
    }
    c->error->span = span;
    c->error->message = message;
    return false;
}

/* "; did you mean `x`?", or nothing. */
static struct str suggestion(struct checker *c, struct str word, const struct str *names, size_t count) {
    struct str near = fuzzy_nearest(word, names, count);
    return near.len ? arena_printf(c->arena, "; did you mean `%.*s`?", STR_ARG(near)) : STR("");
}

static bool unknown_name(struct checker *c, struct cel_node *node) {
    const struct cel_env *env = c->env;
    uint32_t count = env->variable_count;
    for (const struct scope *s = c->scope; s; s = s->parent) count++;
    struct str *names = arena_array(c->arena, struct str, count);
    uint32_t at = 0;
    for (const struct scope *s = c->scope; s; s = s->parent) names[at++] = s->name;
    for (uint32_t i = 0; i < env->variable_count; i++) names[at++] = env->variables[i].name;
    struct str near = suggestion(c, node->ident.name, names, count);
    if (map_get(&env->functions, node->ident.name))
        near = arena_printf(c->arena, ", only a function: write %.*s(...)", STR_ARG(node->ident.name));
    return problem(c, node, node->name_span, "undeclared reference to `%.*s`%.*s", STR_ARG(node->ident.name),
                   STR_ARG(near));
}

static const struct scope *find_local(const struct checker *c, struct str name) {
    for (const struct scope *s = c->scope; s; s = s->parent)
        if (str_eq(s->name, name)) return s;
    return NULL;
}

/* The variable `name`, in the container first: in a.b, `x` may be a.b.x, a.x or x. */
static const struct cel_variable *find_variable(struct checker *c, struct str name, bool absolute) {
    struct str container = absolute ? (struct str){NULL, 0} : c->env->container;
    while (container.len) {
        struct str full = arena_printf(c->arena, "%.*s.%.*s", STR_ARG(container), STR_ARG(name));
        const struct cel_variable *variable = map_get(&c->env->slots, full);
        if (variable) return variable;
        size_t dot = str_rfind_char(container, '.');
        container = dot == container.len ? (struct str){NULL, 0} : str_slice(container, 0, dot);
    }
    return map_get(&c->env->slots, name);
}

static void to_variable(struct checker *c, struct cel_node *node, const struct cel_variable *variable) {
    node->kind = NODE_VAR;
    node->ident.name = variable->name;
    node->ident.slot = (uint32_t)(variable - c->env->variables);
    node->type = variable->type ? variable->type : dyn();
}

static bool to_type(struct cel_node *node, struct str name) {
    for (enum cel_kind kind = CEL_NULL; kind < CEL_DYN; kind++) {
        if (!str_eq(cel_kind_name(kind), name)) continue;
        node->kind = NODE_CONST;
        node->value = (struct cel_value){.kind = CEL_TYPE, .type = kind};
        node->type = &cel_types[CEL_TYPE];
        return true;
    }
    return false;
}

static bool check_ident(struct checker *c, struct cel_node *node) {
    const struct scope *local = node->ident.absolute ? NULL : find_local(c, node->ident.name);
    if (local) {
        node->kind = NODE_LOCAL;
        node->ident.slot = local->slot;
        node->type = local->type;
        return true;
    }
    const struct cel_variable *variable = find_variable(c, node->ident.name, node->ident.absolute);
    if (variable) {
        to_variable(c, node, variable);
        return true;
    }
    return to_type(node, node->ident.name) || unknown_name(c, node);
}

/* Writes the names of a chain `a.b.c` with dots; false where it is none, or begins with a local variable. */
static bool dotted_name(struct checker *c, const struct cel_node *node, struct buf *out, bool *absolute) {
    if (node->kind == NODE_IDENT) {
        if (!node->ident.absolute && find_local(c, node->ident.name)) return false;
        *absolute = node->ident.absolute;
        buf_add(out, node->ident.name);
        return true;
    }
    if (node->kind != NODE_SELECT || !dotted_name(c, node->select.of, out, absolute)) return false;
    buf_add_char(out, '.');
    buf_add(out, node->select.key);
    return true;
}

/* Whether the selection `node` is a variable or type whose name holds dots: then it becomes that. */
static bool is_qualified(struct checker *c, struct cel_node *node) {
    bool absolute, type = str_eq(node->select.key, STR("Timestamp")) || str_eq(node->select.key, STR("Duration")) ||
                          str_eq(node->select.key, STR("Quantity")) || str_eq(node->select.key, STR("URL"));
    struct buf name = buf_in(c->arena);

    if (node->kind != NODE_SELECT || (!c->env->dotted && !type) || !dotted_name(c, node, &name, &absolute))
        return false;
    const struct cel_variable *variable = find_variable(c, buf_str(&name), absolute);
    if (variable) to_variable(c, node, variable);
    return variable || (type && to_type(node, buf_str(&name)));
}

static bool check_select(struct checker *c, struct cel_node *node) {
    if (is_qualified(c, node)) return true;
    if (!check(c, node->select.of)) return false;
    const struct cel_type *of = node->select.of->type;
    if (of->kind != CEL_MAP && of->kind != CEL_DYN && !c->env->unchecked)
        return problem(c, node, node->name_span, "no such field `%.*s`: %.*s has no fields", STR_ARG(node->select.key),
                       STR_ARG(cel_kind_name(of->kind)));
    node->type = node->kind == NODE_HAS ? &cel_types[CEL_BOOL] : cel_type_elem(of);
    return true;
}

static bool check_index(struct checker *c, struct cel_node *node) {
    if (!check(c, node->tuple.a) || !check(c, node->tuple.b)) return false;
    const struct cel_type *of = node->tuple.a->type, *index = node->tuple.b->type;
    node->type = cel_type_elem(of);
    if (c->env->unchecked) return true;
    if (of->kind != CEL_LIST && of->kind != CEL_MAP && of->kind != CEL_DYN)
        return problem(c, node, node->name_span, "%.*s takes no index", STR_ARG(cel_kind_name(of->kind)));
    bool fits = of->kind == CEL_LIST  ? types_equatable(index, &cel_types[CEL_INT])
                : of->kind == CEL_MAP ? types_equatable(index, cel_type_key(of))
                                      : true;
    if (!fits)
        return problem(c, node, node->name_span, "a %.*s takes no index of type %.*s", STR_ARG(cel_kind_name(of->kind)),
                       STR_ARG(cel_kind_name(index->kind)));
    return true;
}

static bool unknown_function(struct checker *c, struct cel_node *node, const struct cel_overloads *other) {
    const struct map *functions = &c->env->functions;
    struct str name = node->call.name;
    if (other && node->call.receiver)
        return problem(c, node, node->name_span, "`%.*s` is a function, not a method: write %.*s(x)", STR_ARG(name),
                       STR_ARG(name));
    if (other)
        return problem(c, node, node->name_span, "`%.*s` is called on a value: write x.%.*s(...)", STR_ARG(name),
                       STR_ARG(name));
    struct str *names = arena_array(c->arena, struct str, functions->len);
    for (uint32_t i = 0; i < functions->len; i++) names[i] = functions->entries[i].key;
    struct str near = suggestion(c, name, names, functions->len);
    return problem(c, node, node->name_span, "unbound function `%.*s`%.*s", STR_ARG(name), STR_ARG(near));
}

/* "1 argument", "1 or 2 arguments": what the functions of this name and style take, the receiver not counted. */
static struct str counts_text(struct checker *c, const struct cel_overloads *overloads, bool method) {
    struct buf b = buf_in(c->arena);
    uint32_t last = 0;
    for (uint32_t count = 0; count <= CEL_ARGS_MAX; count++) {
        bool taken = false;
        for (uint32_t i = 0; i < overloads->len; i++)
            taken = taken || (overloads->items[i]->method == method && overloads->items[i]->count == count);
        if (!taken) continue;
        last = method ? count - 1 : count;
        buf_addf(&b, "%s%u", b.len ? " or " : "", last);
    }
    buf_addf(&b, " argument%s", last == 1 ? "" : "s");
    return buf_str(&b);
}

static bool fits(const struct cel_function *function, const struct node_list *args) {
    for (uint32_t i = 0; i < args->len; i++) {
        enum cel_kind kind = args->items[i]->type->kind;
        if (kind != CEL_DYN && !(function->args[i] & KIND(kind))) return false;
    }
    return true;
}

static bool no_overload(struct checker *c, struct cel_node *node) {
    const struct node_list *args = &node->call.args;
    struct buf b = buf_in(c->arena);
    uint32_t first = node->call.receiver ? 1 : 0;
    if (first) buf_addf(&b, "%.*s.", STR_ARG(cel_kind_name(args->items[0]->type->kind)));
    buf_addf(&b, "%.*s(", STR_ARG(node->call.name));
    for (uint32_t i = first; i < args->len; i++)
        buf_addf(&b, "%s%.*s", i > first ? ", " : "", STR_ARG(cel_kind_name(args->items[i]->type->kind)));
    buf_add_char(&b, ')');
    return problem(c, node, node->span, "no such overload: %.*s", STR_ARG(buf_str(&b)));
}

/* Finds the functions that the call may mean, by name, style and number of arguments, then by type. */
static bool resolve_call(struct checker *c, struct cel_node *node, const struct cel_overloads *overloads) {
    struct node_call *call = &node->call;
    bool method = call->receiver != NULL, style = false;
    const struct cel_function **found = arena_array(c->arena, const struct cel_function *, overloads->len);
    uint32_t by_count = 0, by_type = 0;

    for (uint32_t i = 0; i < overloads->len; i++) {
        const struct cel_function *function = overloads->items[i];
        style = style || function->method == method;
        if (function->method != method || function->count != call->args.len) continue;
        by_count++;
        if (c->env->unchecked || fits(function, &call->args)) found[by_type++] = function;
    }
    if (!style) return unknown_function(c, node, overloads);
    if (by_count == 0 && c->env->unchecked) return no_overload(c, node);
    if (by_count == 0) {
        uint32_t given = call->args.len - (method ? 1 : 0);
        return problem(c, node, node->name_span, "`%.*s` takes %.*s, not %u", STR_ARG(call->name),
                       STR_ARG(counts_text(c, overloads, method)), given);
    }
    if (by_type == 0) return no_overload(c, node);
    call->candidates = found;
    call->candidate_count = by_type;
    node->type = &cel_types[found[0]->result];
    for (uint32_t i = 1; i < by_type; i++) node->type = cel_type_join(node->type, &cel_types[found[i]->result]);
    return true;
}

/* Compiles a constant regular expression. */
static bool check_pattern(struct checker *c, struct cel_node *node) {
    struct node_call *call = &node->call;
    uint8_t at = call->candidates[0]->pattern;
    struct str message;
    uint32_t offset;

    if (at == 0 || call->args.items[at]->kind != NODE_CONST) return true;
    struct cel_node *pattern = call->args.items[at];
    if (pattern->value.kind != CEL_STRING) return true;
    call->regex = cel_regex_compile(c->arena, pattern->value.string, &message, &offset);
    if (call->regex) return true;
    struct span span = pattern->span;
    struct str text = span_text(c->program->text, span);
    struct str inside = str_slice(text, 1, text.len ? text.len - 1 : 0);
    if (str_eq(inside, pattern->value.string)) span = span_make(span.start + 1 + offset, span.start + 1 + offset);
    return problem(c, node, span, "invalid regular expression: %.*s", STR_ARG(message));
}

static bool check_call(struct checker *c, struct cel_node *node) {
    struct node_call *call = &node->call;
    struct cel_node *receiver = call->receiver;
    const struct cel_overloads *overloads = NULL;

    if (receiver && receiver->kind == NODE_IDENT && !find_local(c, receiver->ident.name) &&
        !find_variable(c, receiver->ident.name, receiver->ident.absolute)) {
        struct str full = arena_printf(c->arena, "%.*s.%.*s", STR_ARG(receiver->ident.name), STR_ARG(call->name));
        overloads = map_get(&c->env->functions, full);
        if (overloads) {
            call->name = full;
            call->receiver = NULL;
        }
    }
    if (call->receiver) { /* becomes the first argument */
        struct cel_node **args = arena_array(c->arena, struct cel_node *, call->args.len + 1);
        args[0] = receiver;
        for (uint32_t i = 0; i < call->args.len; i++) args[i + 1] = call->args.items[i];
        call->args = (struct node_list){args, call->args.len + 1};
    }
    if (!overloads) overloads = map_get(&c->env->functions, call->name);
    if (!overloads && !c->env->unchecked) return unknown_function(c, node, NULL);
    for (uint32_t i = 0; i < call->args.len; i++)
        if (!check(c, call->args.items[i])) return false;
    if (!overloads) return unknown_function(c, node, NULL);
    if (!resolve_call(c, node, overloads)) return false;
    return node->kind != NODE_CALL || check_pattern(c, node);
}

/* `what` must be a boolean. */
static bool check_bool(struct checker *c, struct cel_node *node, struct cel_node *operand, const char *what) {
    enum cel_kind kind = operand->type->kind;
    if (kind == CEL_BOOL || kind == CEL_DYN || c->env->unchecked) return true;
    return problem(c, node, operand->span, "%s takes bool, not %.*s", what, STR_ARG(cel_kind_name(kind)));
}

static bool check_logic(struct checker *c, struct cel_node *node) {
    const char *what = node->kind == NODE_AND ? "`&&`" : "`||`";
    for (uint32_t i = 0; i < node->list.len; i++)
        if (!check(c, node->list.items[i]) || !check_bool(c, node, node->list.items[i], what)) return false;
    node->type = &cel_types[CEL_BOOL];
    return true;
}

static bool check_unary(struct checker *c, struct cel_node *node) {
    if (!check(c, node->tuple.a)) return false;
    enum cel_kind kind = node->tuple.a->type->kind;
    if (node->kind == NODE_NOT) {
        node->type = &cel_types[CEL_BOOL];
        return check_bool(c, node, node->tuple.a, "`!`");
    }
    node->type = node->tuple.a->type;
    if (kind == CEL_INT || kind == CEL_DOUBLE || kind == CEL_DYN || c->env->unchecked) return true;
    return problem(c, node, node->span, "no such overload: `-` does not work on %.*s", STR_ARG(cel_kind_name(kind)));
}

static bool check_binary(struct checker *c, struct cel_node *node) {
    if (!check(c, node->tuple.a) || !check(c, node->tuple.b)) return false;
    const struct cel_type *a = node->tuple.a->type, *b = node->tuple.b->type;
    node->type = cel_type_binary(node->tuple.op, a, b);
    if (node->type) return true;
    node->type = dyn();
    if (c->env->unchecked) return true;
    struct str op = op_name(node->tuple.op), x = cel_kind_name(a->kind), y = cel_kind_name(b->kind);
    if (node->tuple.op == OP_EQ || node->tuple.op == OP_NE)
        return problem(c, node, node->span, "`%.*s` compares %.*s with %.*s, which are never equal", STR_ARG(op),
                       STR_ARG(x), STR_ARG(y));
    return problem(c, node, node->span, "no such overload: `%.*s` does not work on %.*s and %.*s", STR_ARG(op),
                   STR_ARG(x), STR_ARG(y));
}

static bool check_cond(struct checker *c, struct cel_node *node) {
    if (!check(c, node->tuple.a) || !check(c, node->tuple.b) || !check(c, node->tuple.c)) return false;
    node->type = cel_type_join(node->tuple.b->type, node->tuple.c->type);
    return check_bool(c, node, node->tuple.a, "`?`");
}

static bool check_list(struct checker *c, struct cel_node *node) {
    const struct cel_type *elem = NULL;
    for (uint32_t i = 0; i < node->list.len; i++) {
        if (!check(c, node->list.items[i])) return false;
        elem = elem ? cel_type_join(elem, node->list.items[i]->type) : node->list.items[i]->type;
    }
    node->type = cel_type_make(c->arena, CEL_LIST, NULL, elem);
    return true;
}

static bool check_map(struct checker *c, struct cel_node *node) {
    const struct cel_type *types[2] = {NULL, NULL};
    for (uint32_t i = 0; i < node->list.len; i++) {
        struct cel_node *item = node->list.items[i];
        if (!check(c, item)) return false;
        enum cel_kind kind = item->type->kind;
        bool key = kind == CEL_STRING || kind == CEL_INT || kind == CEL_UINT || kind == CEL_BOOL || kind == CEL_DYN;
        if (i % 2 == 0 && !key && !c->env->unchecked)
            return problem(c, node, item->span, "unsupported key type: %.*s; keys are string, int, uint or bool",
                           STR_ARG(cel_kind_name(kind)));
        types[i % 2] = types[i % 2] ? cel_type_join(types[i % 2], item->type) : item->type;
    }
    node->type = cel_type_make(c->arena, CEL_MAP, types[0], types[1]);
    return true;
}

static uint32_t take_local(struct checker *c) {
    uint32_t slot = c->locals++;
    if (c->locals > c->program->local_count) c->program->local_count = c->locals;
    return slot;
}

static const struct cel_type *loop_type(struct checker *c, const struct node_loop *loop, const struct cel_type *item) {
    switch (loop->loop) {
    case LOOP_MAP:
    case LOOP_TRANSFORM_LIST: return cel_type_make(c->arena, CEL_LIST, NULL, loop->body->type);
    case LOOP_FILTER: return cel_type_make(c->arena, CEL_LIST, NULL, item);
    case LOOP_TRANSFORM_MAP: return cel_type_make(c->arena, CEL_MAP, NULL, loop->body->type);
    case LOOP_TRANSFORM_MAP_ENTRY: return &cel_types[CEL_MAP];
    default: return &cel_types[CEL_BOOL];
    }
}

static bool check_loop(struct checker *c, struct cel_node *node) {
    struct node_loop *loop = &node->loop;
    if (!check(c, loop->range)) return false;
    const struct cel_type *range = loop->range->type;
    if (range->kind != CEL_LIST && range->kind != CEL_MAP && range->kind != CEL_DYN && !c->env->unchecked)
        return problem(c, node, loop->range->span, "this macro takes a list or a map, not %.*s",
                       STR_ARG(cel_kind_name(range->kind)));
    bool two = loop->names[1].ptr != NULL;
    const struct cel_type *index = range->kind == CEL_LIST ? &cel_types[CEL_INT] : cel_type_key(range);
    const struct cel_type *item = range->kind == CEL_MAP ? cel_type_key(range) : cel_type_elem(range);
    const struct scope *outer = c->scope;
    uint32_t locals = c->locals;
    struct scope first = {outer, loop->names[0], take_local(c), two ? index : item};
    struct scope second = {&first, loop->names[1], two ? take_local(c) : 0, cel_type_elem(range)};
    loop->slots[0] = first.slot;
    loop->slots[1] = second.slot;
    c->scope = two ? &second : &first;
    bool ok = (!loop->filter || (check(c, loop->filter) && check_bool(c, loop->filter, loop->filter, "a filter"))) &&
              check(c, loop->body);
    c->scope = outer;
    c->locals = locals;
    if (!ok) return false;
    bool predicate = loop->loop == LOOP_ALL || loop->loop == LOOP_EXISTS || loop->loop == LOOP_EXISTS_ONE ||
                     loop->loop == LOOP_FILTER;
    node->type = loop_type(c, loop, item);
    return !predicate || check_bool(c, loop->body, loop->body, "a predicate");
}

static bool check_bind(struct checker *c, struct cel_node *node) {
    const struct scope *outer = c->scope;
    uint32_t locals = c->locals;
    if (!check(c, node->bind.value)) return false;
    struct scope scope = {outer, node->bind.name, take_local(c), node->bind.value->type};
    node->bind.slot = scope.slot;
    c->scope = &scope;
    bool ok = check(c, node->bind.body);
    c->scope = outer;
    c->locals = locals;
    node->type = node->bind.body->type;
    return ok;
}

static bool is_constant(const struct cel_node *node) {
    return !node || node->kind == NODE_CONST;
}

static bool all_constant(const struct node_list *list) {
    for (uint32_t i = 0; i < list->len; i++)
        if (!is_constant(list->items[i])) return false;
    return true;
}

/* Replaces a node over constants by its value, unless that is an error (which may never be reached). */
static void fold(struct checker *c, struct cel_node *node) {
    bool constant = false;
    switch (node->kind) {
    case NODE_LIST:
    case NODE_MAP: constant = all_constant(&node->list); break;
    case NODE_CALL: constant = !node->call.candidates[0]->pattern && all_constant(&node->call.args); break;
    case NODE_NOT:
    case NODE_NEGATE:
    case NODE_BINARY:
    case NODE_INDEX: constant = is_constant(node->tuple.a) && is_constant(node->tuple.b); break;
    default: break;
    }
    if (!constant || c->fold_budget == 0) return;
    struct cel_value value;
    struct cel_eval e = {.arena = c->arena, .budget = c->fold_budget};
    cel_eval_node(&e, node, &value);
    c->fold_budget = e.budget;
    if (value.kind == CEL_ERROR || e.fatal) return;
    node->kind = NODE_CONST;
    node->value = value;
}

static bool check_kind(struct checker *c, struct cel_node *node) {
    switch (node->kind) {
    case NODE_CONST: node->type = &cel_types[node->value.kind]; return true;
    case NODE_IDENT: return check_ident(c, node);
    case NODE_SELECT:
    case NODE_HAS: return check_select(c, node);
    case NODE_INDEX: return check_index(c, node);
    case NODE_CALL: return check_call(c, node);
    case NODE_LIST: return check_list(c, node);
    case NODE_MAP: return check_map(c, node);
    case NODE_AND:
    case NODE_OR: return check_logic(c, node);
    case NODE_NOT:
    case NODE_NEGATE: return check_unary(c, node);
    case NODE_BINARY: return check_binary(c, node);
    case NODE_COND: return check_cond(c, node);
    case NODE_LOOP: return check_loop(c, node);
    case NODE_BIND: return check_bind(c, node);
    case NODE_VAR:
    case NODE_LOCAL:
    case NODE_FAIL: return true;
    }
    return true;
}

static bool check(struct checker *c, struct cel_node *node) {
    if (!check_kind(c, node)) return false;
    fold(c, node);
    return true;
}

bool cel_check(struct arena *a, struct cel_program *program, struct cel_error *error) {
    struct checker c = {
        .arena = a, .env = program->env, .program = program, .fold_budget = FOLD_BUDGET, .error = error};
    return check(&c, program->root);
}
