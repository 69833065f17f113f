/* What is executed: branches, loops, variables. */
#include "template/eval/scope_work.h"

#define NESTING_MAX 400
/* Items that a loop is gone through for, one by one; beyond them it is gone through once for all. */
#define ITEMS_MAX 32u

void work_declare(struct work *w, struct str name, const struct abstract *v) {
    struct variable variable = {name, *v, w->depth + w->loose, w->dead};
    vec_push(w->arena, &w->variables, variable);
}

void work_assign(struct work *w, struct str name, const struct abstract *v) {
    for (uint32_t i = w->variables.len; i-- > w->first_variable;) {
        struct variable *variable = &w->variables.items[i];
        if (!str_eq(variable->name, name)) continue;
        if (w->dead > variable->dead) work_escape(w, v);
        else if (w->depth + w->loose > variable->depth) variable->value = work_join(w, &variable->value, v);
        else variable->value = *v;
        return;
    }
}

/* What the variables that a pipeline assigns to hold is not known once it has run any number of times. */
static void forget_in_pipe(struct work *w, const struct tmpl_pipe *pipe) {
    const struct abstract unknown = abstract_unknown();
    if (w->nesting >= NESTING_MAX) {
        work_give_up(w);
        return;
    }
    w->nesting++;
    for (uint32_t i = 0; i < pipe->variable_count && pipe->assigns; i++) {
        w->depth++;
        work_assign(w, pipe->variables[i].name, &unknown);
        w->depth--;
    }
    for (uint32_t c = 0; c < pipe->command_count; c++) {
        for (uint32_t i = 0; i < pipe->commands[c].arg_count; i++) {
            const struct tmpl_arg *arg = &pipe->commands[c].args[i];
            if (arg->kind == TMPL_CHAIN) arg = arg->head;
            if (arg->kind == TMPL_PIPE) forget_in_pipe(w, arg->pipe);
        }
    }
    w->nesting--;
}

/* The same for all pipelines of `nodes`. */
static void forget_assigned(struct work *w, const struct tmpl_node *nodes) {
    if (w->nesting >= NESTING_MAX) work_give_up(w);
    w->nesting++;
    for (const struct tmpl_node *n = nodes; n && work_step(w); n = n->next) {
        if (n->pipe) forget_in_pipe(w, n->pipe);
        forget_assigned(w, n->body);
        forget_assigned(w, n->otherwise);
    }
    w->nesting--;
}

/* A part of an if, with or range, which is taken or not. */
static void run_branch(struct work *w, const struct tmpl_node *nodes, enum truth taken, const struct abstract *dot) {
    struct branch branch = work_enter(w, taken);
    struct abstract outer = w->dot;
    uint32_t known = w->variables.len;
    if (dot) w->dot = *dot;
    work_nodes(w, nodes);
    w->dot = outer;
    w->variables.len = known;
    work_leave(w, branch);
}

/* What a value is where it is known not to be empty. */
static struct abstract not_empty(struct work *w, const struct abstract *v, enum truth truth) {
    struct abstract other = *v;
    if (truth == TRUTH_YES) return other;
    if (other.kind == ABSTRACT_DATA || other.kind == ABSTRACT_UNKNOWN) {
        other = abstract_unknown();
        other.place = v->place;
        other.rootless = work_is_rootless(w, v);
        other.truth = TRUTH_YES;
    }
    return other;
}

static void run_if(struct work *w, const struct tmpl_node *n) {
    struct abstract v = work_pipeline(w, n->pipe);
    enum truth truth = work_truth(w, &v);
    struct abstract dot = not_empty(w, &v, truth);
    bool declares = n->pipe->variable_count && !n->pipe->assigns;
    uint32_t known = w->variables.len;
    if (declares && truth != TRUTH_YES) work_declare(w, n->pipe->variables[0].name, &dot);
    run_branch(w, n->body, truth, n->kind == TMPL_WITH ? &dot : NULL);
    w->variables.len = known;
    run_branch(w, n->otherwise, truth_not(truth), NULL);
}

/* ---- range ---- */

struct loop {
    const struct tmpl_node *node;
    struct str key, value; /* variables; empty for none */
    bool assigns;
};

static void set_variable(struct work *w, const struct loop *loop, struct str name, const struct abstract *v) {
    if (name.len == 0) return;
    if (loop->assigns) work_assign(w, name, v);
    else work_declare(w, name, v);
}

static void run_item(struct work *w, const struct loop *loop, const struct abstract *key, const struct abstract *item,
                     enum truth taken) {
    uint32_t known = w->variables.len;
    set_variable(w, loop, loop->key, key);
    set_variable(w, loop, loop->value, item);
    run_branch(w, loop->node->body, taken, item);
    w->variables.len = known;
}

/* All items at once, of which nothing is known but their place. */
static void run_any(struct work *w, const struct loop *loop, const struct abstract *over, enum truth taken) {
    struct abstract key = abstract_unknown(), item = abstract_unknown();
    key.rootless = true;
    item.rootless = work_is_rootless(w, over);
    struct abstract at = {.kind = ABSTRACT_UNKNOWN, .truth = TRUTH_MAYBE, .place = over->place};
    if (over->place) item = work_item(w, &at, NULL);
    if (over->kind == ABSTRACT_LIST || over->kind == ABSTRACT_DICT) work_escape(w, over);
    if (taken != TRUTH_NO) forget_assigned(w, loop->node->body);
    run_item(w, loop, &key, &item, taken);
}

/* The items one by one; false where that is not possible. */
static bool run_each(struct work *w, const struct loop *loop, const struct abstract *over) {
    bool made = over->kind == ABSTRACT_DICT || over->kind == ABSTRACT_LIST;
    const struct value *data = over->kind == ABSTRACT_DATA ? over->data : NULL;
    bool map = over->kind == ABSTRACT_DICT || (data && data->kind == VALUE_MAP);
    uint32_t count = made ? over->items->list.len : !data ? 0 : map ? data->map.len : data->list.len;
    if (count == 0 || count > ITEMS_MAX || (made && over->items->open)) return false;
    enum truth limit = w->limit;
    for (uint32_t i = 0; i < count && work_step(w); i++) {
        enum truth before = w->limit;
        uint32_t loose = w->loose;
        struct abstract key = abstract_whole(w->arena, i), item;
        if (map) key = abstract_string(w->arena, made ? over->items->list.items[i].key : data->map.members[i].key);
        if (made) item = over->items->list.items[i].value;
        else item = work_item(w, over, map ? &data->map.members[i].value : &data->list.items[i]);
        item.boxed = abstract_is_nil(&item);
        run_item(w, loop, &key, &item, TRUTH_YES);
        /* After a `continue` or `break` that may have been reached the next item may be, and is with `continue`. */
        if (w->limit == TRUTH_NO && before != TRUTH_NO && !w->broken) {
            w->limit = before;
            w->loose = loose;
        } else if (w->limit == TRUTH_MAYBE) {
            w->limit = truth_min(before, TRUTH_MAYBE);
        }
    }
    w->limit = limit;
    return true;
}

static void run_range(struct work *w, const struct tmpl_node *n) {
    const struct tmpl_pipe *pipe = n->pipe;
    struct abstract over = work_value(w, pipe);
    uint32_t loose = w->loose;
    struct loop loop = {.node = n, .assigns = pipe->assigns};
    enum truth truth = work_truth(w, &over), limit = w->limit;
    if (pipe->variable_count > 0) loop.value = pipe->variables[pipe->variable_count - 1].name;
    if (pipe->variable_count > 1) loop.key = pipe->variables[0].name;
    bool other = over.kind == ABSTRACT_DATA && over.data && over.data->kind < VALUE_LIST;
    if (other) {
        if (!over.whole) work_fail(w, TEMPLATE_FAILURE_RANGE, &over, pipe->commands[0].args[0].span, STR("range"));
        truth = TRUTH_MAYBE;
    }
    uint32_t known = w->variables.len;
    if (other || !run_each(w, &loop, &over)) run_any(w, &loop, &over, truth == TRUTH_YES ? TRUTH_MAYBE : truth);
    w->variables.len = known;
    w->loose = loose;
    w->limit = limit;
    run_branch(w, n->otherwise, truth_not(truth), NULL);
}

/* break, continue */
static void run_leave(struct work *w, bool is_break) {
    enum truth reach = work_reach(w);
    if (reach == TRUTH_NO) return;
    if (reach == TRUTH_YES) w->broken = is_break;
    w->limit = truth_not(reach);
    w->loose++;
}

static void run_node(struct work *w, const struct tmpl_node *n) {
    struct abstract v;
    switch (n->kind) {
    case TMPL_TEXT: break;
    case TMPL_ACTION:
        v = work_pipeline(w, n->pipe);
        if (n->pipe->variable_count == 0) {
            work_print(w, &v, n->span);
            work_take(w, &v, n->pipe->commands[n->pipe->command_count - 1].span);
        }
        break;
    case TMPL_IF:
    case TMPL_WITH: run_if(w, n); break;
    case TMPL_RANGE: run_range(w, n); break;
    case TMPL_TEMPLATE:
        v = n->pipe ? work_pipeline(w, n->pipe) : abstract_data(NULL);
        work_template(w, n->name, &v);
        break;
    case TMPL_BREAK:
    case TMPL_CONTINUE: run_leave(w, n->kind == TMPL_BREAK); break;
    }
}

void work_nodes(struct work *w, const struct tmpl_node *nodes) {
    if (w->nesting >= NESTING_MAX) work_give_up(w);
    w->nesting++;
    for (const struct tmpl_node *n = nodes; n; n = n->next) {
        uint32_t known = w->variables.len;
        if (n->kind == TMPL_TEXT) continue;
        if (!work_step(w)) break;
        run_node(w, n);
        if (n->kind != TMPL_ACTION) w->variables.len = known;
    }
    w->nesting--;
}
