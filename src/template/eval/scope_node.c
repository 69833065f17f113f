/* Branches, loops, variables. A value is tracked on the path that is taken for certain; where a branch may or may not
 * be taken, what it assigns is joined with what was there. A loop over known items is unrolled; over others its body
 * runs once, with the variables that it assigns forgotten before. */
#include "template/eval/scope_evaluator.h"

#define NESTING_MAX 400
/* Items that a loop is gone through for, one by one; beyond them it is gone through once for all. */
#define ITEMS_MAX 32u

void scope_declare(struct scope_evaluator *e, struct str name, const struct abstract *v) {
    struct scope_variable variable = {name, *v, e->depth + e->loose, e->dead};
    vec_push(e->arena, &e->variables, variable);
}

void scope_assign(struct scope_evaluator *e, struct str name, const struct abstract *v) {
    for (uint32_t i = e->variables.len; i-- > e->first_variable;) {
        struct scope_variable *variable = &e->variables.items[i];
        if (!str_eq(variable->name, name)) continue;
        if (e->dead > variable->dead) scope_escape(e, v);
        else if (e->depth + e->loose > variable->depth) variable->value = scope_join(e, &variable->value, v);
        else variable->value = *v;
        return;
    }
}

/* What the variables that a pipeline assigns to hold is not known once it has run any number of times. */
static void forget_in_pipe(struct scope_evaluator *e, const struct tmpl_pipe *pipe) {
    const struct abstract unknown = abstract_unknown();
    if (e->nesting >= NESTING_MAX) {
        scope_give_up(e);
        return;
    }
    e->nesting++;
    for (uint32_t i = 0; i < pipe->variable_count && pipe->assigns; i++) {
        e->depth++;
        scope_assign(e, pipe->variables[i].name, &unknown);
        e->depth--;
    }
    for (uint32_t c = 0; c < pipe->command_count; c++) {
        for (uint32_t i = 0; i < pipe->commands[c].arg_count; i++) {
            const struct tmpl_arg *arg = &pipe->commands[c].args[i];
            if (arg->kind == TMPL_CHAIN) arg = arg->head;
            if (arg->kind == TMPL_PIPE) forget_in_pipe(e, arg->pipe);
        }
    }
    e->nesting--;
}

/* The same for all pipelines of `nodes`. */
static void forget_assigned(struct scope_evaluator *e, const struct tmpl_node *nodes) {
    if (e->nesting >= NESTING_MAX) scope_give_up(e);
    e->nesting++;
    for (const struct tmpl_node *n = nodes; n && scope_step(e); n = n->next) {
        if (n->pipe) forget_in_pipe(e, n->pipe);
        forget_assigned(e, n->body);
        forget_assigned(e, n->otherwise);
    }
    e->nesting--;
}

/* A part of an if, with or range, which is taken or not. */
static void run_branch(struct scope_evaluator *e, const struct tmpl_node *nodes, enum truth taken,
                       const struct abstract *dot, struct scope_guard guard) {
    struct scope_branch branch = scope_enter(e, taken, guard);
    struct abstract outer = e->dot;
    struct scope_printed *printed = e->printed, maybe = {.text = STR("")};
    uint32_t known = e->variables.len;
    if (dot) e->dot = *dot;
    if (taken != TRUTH_YES) e->printed = taken == TRUTH_NO ? NULL : &maybe;
    scope_nodes(e, nodes);
    e->dot = outer;
    e->printed = printed;
    if (printed && taken == TRUTH_MAYBE && (maybe.unknown || maybe.some)) printed->unknown = true;
    e->variables.len = known;
    scope_leave(e, branch);
}

/* An action prints the value. */
static void add_printed_value(struct scope_evaluator *e, const struct abstract *v) {
    struct scope_printed printed = {.text = STR("")};
    if (!abstract_text(v, &printed.text)) {
        printed.some = v->kind == ABSTRACT_DATA || abstract_is_true(v) == TRUTH_YES;
        printed.unknown = true;
    }
    scope_add_printed(e, &printed);
}

/* What a value is where it is known not to be empty. */
static struct abstract not_empty(struct scope_evaluator *e, const struct abstract *v, enum truth truth) {
    struct abstract other = *v;
    if (truth == TRUTH_YES) return other;
    if (other.kind == ABSTRACT_DATA || other.kind == ABSTRACT_UNKNOWN) {
        other = abstract_unknown();
        other.place = v->place;
        other.excludes_root = scope_excludes_root(e, v);
        other.truth = TRUTH_YES;
    }
    return other;
}

static void run_if(struct scope_evaluator *e, const struct tmpl_node *n) {
    struct abstract v = scope_pipeline(e, n->pipe);
    enum truth truth = scope_truth(e, &v);
    struct abstract dot = not_empty(e, &v, truth);
    bool declares = n->pipe->variable_count && !n->pipe->assigns;
    uint32_t known = e->variables.len;
    if (declares && truth != TRUTH_YES) scope_declare(e, n->pipe->variables[0].name, &dot);
    run_branch(e, n->body, truth, n->kind == TMPL_WITH ? &dot : NULL, scope_guard(e, n->pipe->span, false));
    e->variables.len = known;
    run_branch(e, n->otherwise, truth_not(truth), NULL, scope_guard(e, n->pipe->span, true));
}

/* ---- range ---- */

struct loop {
    const struct tmpl_node *node;
    struct str key, value; /* variables; empty for none */
    bool assigns;
};

static void set_variable(struct scope_evaluator *e, const struct loop *loop, struct str name,
                         const struct abstract *v) {
    if (name.len == 0) return;
    if (loop->assigns) scope_assign(e, name, v);
    else scope_declare(e, name, v);
}

static void run_item(struct scope_evaluator *e, const struct loop *loop, const struct abstract *key,
                     const struct abstract *item, enum truth taken) {
    uint32_t known = e->variables.len;
    set_variable(e, loop, loop->key, key);
    set_variable(e, loop, loop->value, item);
    struct scope_guard guard = scope_guard(e, loop->node->pipe->span, false);
    guard.members = true;
    guard.helm3 = taken == TRUTH_MAYBE && abstract_is_nil(item);
    run_branch(e, loop->node->body, taken, item, guard);
    e->variables.len = known;
}

/* All items at once, of which nothing is known but their place. */
static void run_any(struct scope_evaluator *e, const struct loop *loop, const struct abstract *over, enum truth taken) {
    struct abstract key = abstract_unknown(), item = abstract_unknown();
    key.excludes_root = true;
    item.excludes_root = scope_excludes_root(e, over);
    struct abstract at = {.kind = ABSTRACT_UNKNOWN, .truth = TRUTH_MAYBE, .place = over->place};
    if (over->place) item = scope_item(e, &at, NULL);
    if (over->kind == ABSTRACT_LIST || over->kind == ABSTRACT_DICT) scope_escape(e, over);
    if (taken != TRUTH_NO) forget_assigned(e, loop->node->body);
    run_item(e, loop, &key, &item, taken);
}

/* The items one by one; false where that is not possible. */
static bool run_each(struct scope_evaluator *e, const struct loop *loop, const struct abstract *over) {
    bool made = over->kind == ABSTRACT_DICT || over->kind == ABSTRACT_LIST;
    const struct value *data = over->kind == ABSTRACT_DATA ? over->data : NULL;
    bool map = over->kind == ABSTRACT_DICT || (data && data->kind == VALUE_MAP);
    uint32_t count = made ? over->items->list.len : !data ? 0 : map ? data->map.len : data->list.len;
    if (count == 0 || count > ITEMS_MAX || (made && over->items->open)) return false;
    enum truth limit = e->limit;
    for (uint32_t i = 0; i < count && scope_step(e); i++) {
        enum truth before = e->limit;
        uint32_t loose = e->loose;
        struct abstract key = abstract_whole(e->arena, i), item;
        if (map) key = abstract_string(e->arena, made ? over->items->list.items[i].key : data->map.members[i].key);
        if (made) item = over->items->list.items[i].value;
        else item = scope_item(e, over, map ? &data->map.members[i].value : &data->list.items[i]);
        item.interface_nil = abstract_is_nil(&item);
        /* Helm 4 drops null members of maps. */
        bool dropped = map && !made && item.place && abstract_is_nil(&item);
        run_item(e, loop, &key, &item, dropped ? TRUTH_MAYBE : TRUTH_YES);
        /* After a `continue` or `break` that may have been reached the next item may be, and is with `continue`. */
        if (e->limit == TRUTH_NO && before != TRUTH_NO && !e->broken) {
            e->limit = before;
            e->loose = loose;
        } else if (e->limit == TRUTH_MAYBE) {
            e->limit = truth_min(before, TRUTH_MAYBE);
        }
    }
    e->limit = limit;
    return true;
}

static void run_range(struct scope_evaluator *e, const struct tmpl_node *n) {
    const struct tmpl_pipe *pipe = n->pipe;
    struct abstract over = scope_value(e, pipe);
    uint32_t loose = e->loose;
    struct loop loop = {.node = n, .assigns = pipe->assigns};
    enum truth truth = scope_truth(e, &over), limit = e->limit;
    if (pipe->variable_count > 0) loop.value = pipe->variables[pipe->variable_count - 1].name;
    if (pipe->variable_count > 1) loop.key = pipe->variables[0].name;
    bool other = over.kind == ABSTRACT_DATA && over.data && over.data->kind < VALUE_LIST;
    if (other) {
        if (!over.whole) scope_fail(e, SCOPE_FAILS_RANGE, &over, pipe->commands[0].args[0].span, STR("range"));
        truth = TRUTH_MAYBE;
    }
    uint32_t known = e->variables.len;
    if (other || !run_each(e, &loop, &over)) run_any(e, &loop, &over, truth == TRUTH_YES ? TRUTH_MAYBE : truth);
    e->variables.len = known;
    e->loose = loose;
    e->limit = limit;
    struct scope_guard guard = scope_guard(e, pipe->span, true);
    guard.members = true;
    run_branch(e, n->otherwise, truth_not(truth), NULL, guard);
}

/* break, continue */
static void run_leave(struct scope_evaluator *e, bool is_break) {
    enum truth reach = scope_reach(e);
    if (reach == TRUTH_NO) return;
    if (reach == TRUTH_YES) e->broken = is_break;
    e->limit = truth_not(reach);
    e->loose++;
}

static void run_node(struct scope_evaluator *e, const struct tmpl_node *n) {
    struct abstract v;
    struct scope_printed printed;
    switch (n->kind) {
    case TMPL_TEXT: break;
    case TMPL_ACTION:
        v = scope_pipeline(e, n->pipe);
        if (n->pipe->variable_count == 0) {
            add_printed_value(e, &v);
            scope_print(e, &v, n->span);
            scope_take(e, &v, n->pipe->commands[n->pipe->command_count - 1].span);
        }
        break;
    case TMPL_IF:
    case TMPL_WITH: run_if(e, n); break;
    case TMPL_RANGE: run_range(e, n); break;
    case TMPL_TEMPLATE:
        v = n->pipe ? scope_pipeline(e, n->pipe) : abstract_data(NULL);
        printed = scope_template(e, n->name, &v);
        scope_add_printed(e, &printed);
        break;
    case TMPL_BREAK:
    case TMPL_CONTINUE: run_leave(e, n->kind == TMPL_BREAK); break;
    }
}

void scope_nodes(struct scope_evaluator *e, const struct tmpl_node *nodes) {
    if (e->nesting >= NESTING_MAX) scope_give_up(e);
    e->nesting++;
    for (const struct tmpl_node *n = nodes; n; n = n->next) {
        uint32_t known = e->variables.len;
        if (n->kind == TMPL_TEXT) {
            struct scope_printed text = {.text = span_text(e->unit->tree->text, n->span)};
            scope_add_printed(e, &text);
            continue;
        }
        if (!scope_step(e)) break;
        run_node(e, n);
        if (n->kind != TMPL_ACTION) e->variables.len = known;
    }
    e->nesting--;
}
