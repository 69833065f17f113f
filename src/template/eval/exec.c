/* The actions of a template, as text/template's exec.go runs them; and what becomes of an action whose condition is not
 * known: both branches run for what they may change, and print a hole. */
#include "template/eval/go_format.h"
#include "template/eval/interpreter.h"

/* {{template}} nests no deeper in Go. */
#define TEMPLATES_MAX 100000u

static void pop_variables(struct interpreter *in, uint32_t mark) {
    in->variables.len = mark;
}

/* ---- what is not sure ---- */

/* Sets what stays different between two outcomes of a branch to a hole. */
static void join_variables(struct interpreter *in, const struct variable *before, const struct variable *after,
                           uint32_t count, const struct go_hole *why) {
    for (uint32_t i = 0; i < count; i++) {
        struct go_value *now = &in->variables.items[i].value;
        bool same = memcmp(now, &after[i].value, sizeof *now) == 0 && memcmp(now, &before[i].value, sizeof *now) == 0;
        if (!same) *now = go_hole_like(in->env, &GO_TYPE_HOLE, why);
    }
}

static struct variable *copy_variables(struct interpreter *in, uint32_t count) {
    struct variable *copy = arena_alloc_raw(in->arena, sizeof *copy * (count + 1));
    memcpy(copy, in->variables.items, sizeof *copy * count);
    return copy;
}

struct branch {
    const struct tmpl_node *body; /* NULL: nothing runs */
    const struct go_value *dot;
};

/* Runs one of two branches for its text. True where it did not fail. */
static bool run_branch(struct interpreter *in, struct branch branch, struct go_value *printed) {
    struct go_text text = go_text_in(in->env);
    struct go_text *out = in->out;
    text.site = out->site;
    in->out = &text;
    enum flow flow = exec_list(in, branch.dot, branch.body);
    in->out = out;
    *printed = go_text_value(&text);
    return flow != FLOW_FAIL;
}

/* Either of two branches runs in Helm, it is not known which. */
static enum flow exec_unsure(struct interpreter *in, struct branch a, struct branch b, const struct go_hole *why) {
    struct go_env *env = in->env;
    const struct go_hole *outer = env->unsure;
    uint64_t outer_from = env->unsure_from;
    uint32_t mark = in->variables.len;
    struct variable *before = copy_variables(in, mark);
    struct go_value text_a, text_b;
    if (!outer) env->unsure_from = env->serial;
    env->unsure = why;
    bool fine_a = run_branch(in, a, &text_a);
    struct template_error error = in->error;
    bool cut = !fine_a && error.failure == TEMPLATE_CUT_OFF;
    in->error = (struct template_error){0};
    pop_variables(in, mark);
    struct variable *after = copy_variables(in, mark);
    memcpy(in->variables.items, before, sizeof *before * mark);
    bool fine_b = !cut && run_branch(in, b, &text_b);
    pop_variables(in, mark);
    env->unsure = outer;
    env->unsure_from = outer_from;
    if (cut || (!fine_b && in->error.failure == TEMPLATE_CUT_OFF) || (!fine_a && !fine_b)) {
        if (error.failure) in->error = error;
        return FLOW_FAIL;
    }
    in->error = (struct template_error){0};
    if (!fine_a || !fine_b) in->may_fail = true;
    join_variables(in, before, after, mark, why);
    bool same = fine_a && fine_b && str_eq(text_a.text, text_b.text) && go_known(&text_a) && go_known(&text_b);
    if (same) {
        go_text_add_value(in->out, &text_a);
    } else {
        struct go_value hole = go_hole_like(env, &GO_TYPE_STRING, why);
        go_text_add_value(in->out, &hole);
    }
    return FLOW_OK;
}

/* ---- the actions ---- */

static bool print_value(struct interpreter *in, const struct go_value *v) {
    switch (go_kind(v)) {
    case GO_NIL:
    case GO_NIL_KEPT:
        go_text_add_shown(in->out, STR("<no value>"), v->runs ? v->runs->items[0].paths : NULL);
        return true;
    case GO_FUNC:
        return exec_fail(in, TEMPLATE_WRONG_TYPE, "can't print %.*s of type %.*s",
                         STR_ARG(span_text(in->source->text, in->at)), STR_ARG(v->type->name));
    default: break;
    }
    const struct go_function *method = go_kind(v) == GO_STRUCT ? find_method(v->type, STR("String")) : NULL;
    struct go_value text;
    if (!method) go_print(in->out, v);
    else if (!eval_call(in, v, method, v, NULL, NULL, &text)) return false;
    else go_text_add_value(in->out, &text);
    return true;
}

static enum flow exec_if(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node) {
    uint32_t mark = in->variables.len;
    struct go_value value;
    if (!eval_pipe(in, dot, node->pipe, &value)) return FLOW_FAIL;
    const struct go_value *inner = node->kind == TMPL_WITH ? &value : dot;
    int truth = go_truth(&value);
    reads_mark(in->env, &value, VALUE_PATH_TRUTH);
    if (truth >= 0) reads_skip_nodes(in, truth ? dot : inner, truth ? node->otherwise : node->body);
    enum flow flow;
    if (truth < 0) {
        struct branch body = {node->body, inner}, otherwise = {node->otherwise, dot};
        flow = exec_unsure(in, body, otherwise, go_find_hole(&value));
    } else if (truth) {
        flow = exec_list(in, inner, node->body);
    } else {
        flow = exec_list(in, dot, node->otherwise);
    }
    pop_variables(in, mark);
    return flow;
}

static void set_variable(struct interpreter *in, struct str name, const struct go_value *value) {
    for (uint32_t i = in->variables.len; i > in->base; i--) {
        if (!str_eq(in->variables.items[i - 1].name, name)) continue;
        in->variables.items[i - 1].value = *value;
        return;
    }
}

/* One turn of a range. */
static enum flow exec_turn(struct interpreter *in, const struct tmpl_node *node, const struct go_value *index,
                           const struct go_value *element) {
    const struct tmpl_pipe *pipe = node->pipe;
    uint32_t mark = in->variables.len;
    if (pipe->assigns && pipe->variable_count > 0) {
        set_variable(in, pipe->variables[0].name, pipe->variable_count > 1 ? index : element);
        if (pipe->variable_count > 1) set_variable(in, pipe->variables[1].name, element);
    } else if (pipe->variable_count > 0) {
        in->variables.items[mark - 1].value = *element;
        if (pipe->variable_count > 1) in->variables.items[mark - 2].value = *index;
    }
    exec_at(in, node->span);
    if (!exec_step(in)) return FLOW_FAIL;
    enum flow flow = exec_list(in, element, node->body);
    pop_variables(in, mark);
    return flow == FLOW_CONTINUE ? FLOW_OK : flow;
}

static enum flow range_list(struct interpreter *in, const struct tmpl_node *node, const struct go_value *list) {
    enum flow flow = FLOW_OK;
    bool bytes = list->type->elem == &GO_TYPE_UINT8;
    uint32_t count = bytes ? (uint32_t)list->text.len : list->list.len;
    for (uint32_t i = 0; i < count && flow == FLOW_OK; i++) {
        struct go_value index = go_int(i);
        struct go_value element =
            bytes ? (struct go_value){.type = &GO_TYPE_UINT8, .natural = (unsigned char)list->text.ptr[i]}
                  : go_kept(list->list.items[i]);
        flow = exec_turn(in, node, &index, &element);
    }
    return flow;
}

/* The members as they are now: the body may change the map. */
static enum flow range_map(struct interpreter *in, const struct tmpl_node *node, struct go_map *map) {
    enum flow flow = FLOW_OK;
    go_map_sort(map);
    uint32_t count = map->len;
    struct go_member *members = arena_alloc_raw(in->arena, sizeof *members * count);
    memcpy(members, map->members, sizeof *members * count);
    exec_charge(in, sizeof *members * count);
    for (uint32_t i = 0; i < count && flow == FLOW_OK; i++) {
        struct go_value key = go_string(members[i].key);
        flow = exec_turn(in, node, &key, &members[i].value);
    }
    return flow;
}

static enum flow range_count(struct interpreter *in, const struct tmpl_node *node, const struct go_value *number) {
    enum flow flow = FLOW_OK;
    struct go_value none = go_nil(), element = *number;
    bool is_signed = go_kind(number) == GO_INT;
    uint64_t count = is_signed ? (number->integer > 0 ? (uint64_t)number->integer : 0) : number->natural;
    for (uint64_t i = 0; i < count && flow == FLOW_OK; i++) {
        if (is_signed) element.integer = (int64_t)i;
        else element.natural = i;
        flow = exec_turn(in, node, &none, &element);
    }
    return flow;
}

static struct str printed(struct interpreter *in, const struct go_value *value) {
    struct go_text text = go_text_in(in->env);
    go_print(&text, value);
    return buf_str(&text.bytes);
}

static enum flow fail_range(struct interpreter *in, const char *before, const struct go_value *value,
                            const char *after) {
    exec_fail(in, TEMPLATE_RANGE, "%s %.*s%s", before, STR_ARG(printed(in, value)), after);
    return FLOW_FAIL;
}

static enum flow range_hole(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node,
                            const struct go_value *value) {
    struct go_value element = go_hole_like(in->env, &GO_TYPE_HOLE, go_find_hole(value));
    uint32_t mark = in->variables.len;
    for (uint32_t i = 0; i < node->pipe->variable_count && !node->pipe->assigns; i++)
        in->variables.items[mark - 1 - i].value = element;
    struct branch body = {node->body, &element}, otherwise = {node->otherwise, dot};
    return exec_unsure(in, body, otherwise, go_find_hole(value));
}

/* The part of a range that does not run. The variables of a body that has nothing to range over are not known. */
static void skip_range(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node, bool some) {
    uint32_t count = in->variables.len;
    struct go_value nothing = go_nil();
    if (!in->env->reads) return;
    if (!some && !node->pipe->assigns) in->variables.len -= node->pipe->variable_count;
    reads_skip_nodes(in, some ? dot : &nothing, some ? node->otherwise : node->body);
    in->variables.len = count;
}

static enum flow exec_range_over(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node,
                                 const struct go_value *value) {
    bool some = false;
    enum flow flow = FLOW_OK;
    reads_mark_whole(in->env, value);
    switch (go_kind(value)) {
    case GO_INT:
    case GO_UINT:
        if (node->pipe->variable_count > 1)
            return fail_range(in, "can't use", value, " to iterate over more than one variable");
        some = go_kind(value) == GO_INT ? value->integer > 0 : value->natural > 0;
        flow = range_count(in, node, value);
        break;
    case GO_SLICE:
        if (value->type->elem == &GO_TYPE_UINT8 && !go_known(value)) return range_hole(in, dot, node, value);
        some = go_truth(value) == 1;
        flow = range_list(in, node, value);
        break;
    case GO_MAP:
        if (value->map->open) return range_hole(in, dot, node, value);
        some = value->map->len > 0;
        if (some) flow = range_map(in, node, value->map);
        break;
    case GO_NIL:
    case GO_NIL_KEPT: break;
    case GO_HOLE: return range_hole(in, dot, node, value);
    default: return fail_range(in, "range can't iterate over", value, "");
    }
    skip_range(in, dot, node, some);
    if (!some) return exec_list(in, dot, node->otherwise);
    return flow == FLOW_BREAK ? FLOW_OK : flow;
}

static enum flow exec_range(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node) {
    uint32_t mark = in->variables.len;
    struct go_value value;
    if (!eval_pipe(in, dot, node->pipe, &value)) return FLOW_FAIL;
    enum flow flow = exec_range_over(in, dot, node, &value);
    pop_variables(in, mark);
    return flow;
}

bool exec_template(struct interpreter *in, const struct define *define, const struct go_value *dot,
                   struct go_text *out) {
    const struct template_source *source = in->source;
    const struct go_site *caller = in->caller;
    struct str name = in->name;
    struct span at = in->at;
    uint32_t base = in->base, mark = in->variables.len;
    struct go_text *outer = in->out;
    const struct go_site *here = site_here(in);

    in->caller = here;
    in->source = define->source;
    in->name = define->name;
    in->base = mark;
    in->out = out;
    vec_push(in->arena, &in->variables, (struct variable){STR("$"), *dot});
    bool fine = exec_list(in, dot, define->body) != FLOW_FAIL;
    in->caller = caller;
    in->source = source;
    in->name = name;
    exec_at(in, at);
    in->base = base;
    in->out = outer;
    pop_variables(in, mark);
    return fine;
}

static enum flow exec_call_template(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node) {
    const struct define *define = find_define(in->scope, node->name);
    struct go_value inner;
    if (!define) {
        exec_fail(in, TEMPLATE_NOT_DEFINED, "template \"%.*s\" not defined", STR_ARG(node->name));
        return FLOW_FAIL;
    }
    if (in->templates == TEMPLATES_MAX) {
        exec_fail(in, TEMPLATE_TOO_DEEP, "exceeded maximum template depth (%u)", TEMPLATES_MAX);
        return FLOW_FAIL;
    }
    if (!eval_pipe(in, dot, node->pipe, &inner)) return FLOW_FAIL;
    const struct go_site *site = in->out->site;
    in->templates++;
    bool fine = exec_template(in, define, &inner, in->out);
    in->templates--;
    in->out->site = site;
    return fine ? FLOW_OK : FLOW_FAIL;
}

/* A line at a time where somebody asks, so that each line knows its place. */
static void print_literal(struct interpreter *in, const struct tmpl_node *node) {
    struct str text = span_text(in->source->text, node->span);
    for (size_t from = 0; from < text.len;) {
        size_t end = from + str_find_char(str_slice(text, from, text.len), '\n');
        if (end < text.len) end++;
        exec_at(in, span_make(node->span.start + from, node->span.start + end));
        in->out->site = site_here(in);
        go_text_add(in->out, str_slice(text, from, end));
        from = end;
    }
}

static void exec_text(struct interpreter *in, const struct tmpl_node *node) {
    exec_charge(in, span_len(node->span));
    if (in->source->value) go_text_add_part(in->out, in->source->value, node->span.start, node->span.end);
    else if (in->env->trace) print_literal(in, node);
    else go_text_add(in->out, span_text(in->source->text, node->span));
}

static void note_print(struct interpreter *in, const struct tmpl_node *node, const struct go_value *value) {
    bool empty = go_is_nil(value) || (go_kind(value) == GO_STRING && value->text.len == 0);
    reads_mark_whole(in->env, value);
    if (!empty) return;
    exec_at(in, node->span);
    reads_mark_printed(in->env, value, site_here(in));
}

static enum flow exec_node(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node) {
    exec_at(in, node->span);
    if (in->env->trace) in->out->site = site_here(in);
    if (in->source->reads) in->source->reads->seen[node->span.start] = 1;
    switch (node->kind) {
    case TMPL_TEXT: exec_text(in, node); return FLOW_OK;
    case TMPL_ACTION: {
        struct go_value value;
        if (!eval_pipe(in, dot, node->pipe, &value)) return FLOW_FAIL;
        if (node->pipe->variable_count > 0) return FLOW_OK;
        size_t before = in->out->bytes.len;
        bool fine = print_value(in, &value);
        exec_charge(in, in->out->bytes.len - before);
        if (in->env->reads) note_print(in, node, &value);
        return fine ? FLOW_OK : FLOW_FAIL;
    }
    case TMPL_IF:
    case TMPL_WITH: return exec_if(in, dot, node);
    case TMPL_RANGE: return exec_range(in, dot, node);
    case TMPL_TEMPLATE: return exec_call_template(in, dot, node);
    case TMPL_BREAK: return FLOW_BREAK;
    case TMPL_CONTINUE: return FLOW_CONTINUE;
    }
    return FLOW_OK;
}

enum flow exec_list(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node) {
    for (; node; node = node->next) {
        if (!exec_step(in)) return FLOW_FAIL;
        enum flow flow = exec_node(in, dot, node);
        if (flow != FLOW_OK) return flow;
    }
    return FLOW_OK;
}
