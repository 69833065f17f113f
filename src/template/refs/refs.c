/* Goes through a template in the order of its text, and notes for each word that names values what its action does with
 * it. The dot is followed through `with`, `range` and `define` as far as the words there tell; blocks and parentheses
 * are on stacks of their own, so that any nesting is read. */
#include "template/refs/refs.h"

#include "base/map.h"
#include "template/syntax/names.h"

/* Of a longer tail, what is behind counts as read as a whole: many parentheses, each with its fields, take no longer.
 */
#define TAIL_MAX 64u

/* A block or define that is open. */
struct open_block {
    const struct tmpl_node *node; /* if, with or range, or the last `else if` of it; NULL for a define or block */
    const struct tmpl_node *next; /* what follows it */
    enum refs_origin dot;         /* outside of it */
    uint32_t define;              /* the same */
    bool in_else;
    uint32_t first_ref; /* of those in the pipeline that a variable is set to: `else` may read it; none where equal */
    uint32_t end_ref;
};

/* A place in the pipelines of an action. */
struct step {
    struct refs_flow_pipe *pipe;
    uint32_t command, arg;
};

struct reader {
    struct arena *arena;
    const struct tmpl_tree *tree;
    struct refs_found *out;
    struct VEC(struct open_block) blocks;
    struct VEC(struct step) steps;
    const struct tmpl_pipe *pipe; /* of the action */
    struct span action;
    enum refs_origin dot;
    uint32_t define;           /* around this place, or TMPL_NONE */
    uint32_t next_define;      /* of those at the top of the file, which stand in their order: the next one */
    struct map root_variables; /* variables that were given the root somewhere */
};

static bool is_dollar(const struct tmpl_arg *arg) {
    return arg->kind == TMPL_VARIABLE && arg->name.len == 1;
}

/* What the dot is where it is set to the value of one word. */
static enum refs_origin origin_of_arg(const struct reader *r, const struct tmpl_arg *arg) {
    if (arg->kind == TMPL_STRING || arg->kind == TMPL_NUMBER) return REFS_NOT_ROOT;
    if (arg->kind != TMPL_DOT && arg->kind != TMPL_FIELD && !is_dollar(arg)) return REFS_UNKNOWN;
    enum refs_origin base = is_dollar(arg) ? REFS_ROOT : r->dot;
    if (arg->field_count == 0 || base != REFS_ROOT) return base;
    /* What lies below the fields of the root is never the root. */
    return tmpl_is_root_key(arg->fields[0].name) ? REFS_NOT_ROOT : REFS_UNKNOWN;
}

static enum refs_origin origin_of_pipe(const struct reader *r, const struct tmpl_pipe *pipe) {
    bool single = pipe->command_count == 1 && pipe->commands[0].arg_count == 1;
    return single ? origin_of_arg(r, &pipe->commands[0].args[0]) : REFS_UNKNOWN;
}

/* ---- references ---- */

struct parts VEC(struct refs_part);

enum keys { KEYS_NONE, KEYS_SOME, KEYS_ALL };

/* Adds the literal keys behind the word, in `index`, `get` and `hasKey`: none, some of those that are there, all. */
static enum keys add_literal_keys(struct reader *r, const struct refs_flow_command *c, uint32_t place,
                                  struct parts *parts) {
    struct str function = refs_flow_function(c);
    uint32_t count = c->command->arg_count, i = place + 1, before = parts->len;
    bool index = str_eq(function, STR("index"));
    bool pair = (str_eq(function, STR("get")) || str_eq(function, STR("hasKey"))) && count == 3 && !c->piped;
    if (place != 1 || (!index && !pair)) return KEYS_NONE;
    for (; i < count && c->command->args[i].kind == TMPL_STRING; i++) {
        const struct tmpl_arg *key = &c->command->args[i];
        struct refs_part part = {key->name, c->command->args[place].word, key->span, true, false};
        vec_push(r->arena, parts, part);
    }
    if (i < count || c->piped) return index ? KEYS_SOME : KEYS_NONE;
    return parts->len > before ? KEYS_ALL : KEYS_NONE;
}

/* Adds the fields of a chain from `from` on. */
static void add_fields(struct reader *r, const struct tmpl_arg *arg, uint32_t from, struct parts *parts) {
    for (uint32_t i = from; i < arg->field_count; i++) {
        bool unwraps = arg->kind == TMPL_CHAIN && i == 0;
        struct refs_part part = {arg->fields[i].name, arg->word + 1 + i, arg->fields[i].span, false, unwraps};
        vec_push(r->arena, parts, part);
    }
}

static struct refs_reference ref_begin(const struct reader *r, const struct refs_flow_command *c, uint32_t place) {
    struct refs_flow flow = refs_flow_of_arg(c, place), carried = refs_flow_carried(c, place);
    return (struct refs_reference){
        .span = c->command->args[place].span,
        .shape = REFS_CHAIN,
        .origin = REFS_UNKNOWN,
        .use = flow.use,
        .function = flow.function,
        .argument = flow.argument,
        .carried_use = carried.use,
        .carried_function = carried.function,
        .carried_argument = carried.argument,
        .alone = c->command->arg_count == 1,
        .action = r->action,
        .word = c->command->args[place].word,
        .define = r->define,
    };
}

/* Finds what is taken from the value at the parts of `ref`, which is an argument of `c`, with `keys` added from there.
 * Follows it through parentheses whose fields and keys are read next. */
static void follow_value(struct reader *r, struct refs_reference *ref, const struct refs_flow_command *c,
                         uint32_t place, enum keys keys) {
    struct parts tail = {0};
    for (;;) {
        const struct refs_flow_pipe *p = c->pipe;
        struct str function = refs_flow_function(c);
        bool index = keys == KEYS_ALL && str_eq(function, STR("index"));
        bool last = c == &p->commands[p->pipe->command_count - 1];
        ref->gets = keys == KEYS_ALL && str_eq(function, STR("get"));
        if (index || ref->gets) ref->needs = c->needs;
        else if (keys == KEYS_ALL) ref->needs = REFS_NEEDS_KEY;
        else ref->needs = refs_flow_needs(c, place);
        bool passes = index || (c->command->arg_count == 1 && !c->piped);
        if (!passes || !last || p->pipe->variable_count > 0 || !p->arg) break;
        if (tail.len >= TAIL_MAX) {
            ref->needs = REFS_NEEDS_ALL;
            break;
        }
        c = p->command;
        place = p->place;
        add_fields(r, p->arg, 0, &tail);
        keys = add_literal_keys(r, c, place, &tail);
    }
    ref->tail = tail.items;
    ref->tail_count = tail.len;
}

/* A chain through `.Values`, which is its field `values`. */
static void add_chain(struct reader *r, const struct refs_flow_command *c, uint32_t place, uint32_t values) {
    const struct tmpl_arg *arg = &c->command->args[place];
    struct refs_reference ref = ref_begin(r, c, place);
    struct parts parts = {0};
    ref.values = arg->fields[values].span;
    ref.word = arg->word + 1 + values;
    if (values > 0 || arg->kind == TMPL_CHAIN) {
        ref.base = REFS_BASE_EXPRESSION;
        if (str_eq(arg->fields[0].name, STR("Subcharts"))) ref.origin = REFS_NOT_ROOT;
    } else if (arg->kind == TMPL_FIELD) {
        ref.base = REFS_BASE_DOT;
        ref.origin = r->dot;
    } else if (is_dollar(arg)) {
        ref.base = REFS_BASE_DOLLAR;
        ref.origin = REFS_ROOT;
    } else {
        ref.base = REFS_BASE_VARIABLE;
    }
    add_fields(r, arg, values + 1, &parts);
    uint32_t fields = parts.len;
    enum keys keys = add_literal_keys(r, c, place, &parts);
    ref.parts = parts.items;
    ref.part_count = parts.len;
    ref.span.end = parts.len ? parts.items[parts.len - 1].span.end : ref.values.end;
    ref.computed = keys == KEYS_SOME;
    if (parts.len > fields) ref.shape = str_eq(ref.function, STR("index")) ? REFS_INDEX : REFS_KEY_ARGUMENT;
    follow_value(r, &ref, c, place, keys);
    vec_push(r->arena, &r->out->refs, ref);
}

static void add_whole(struct reader *r, const struct refs_flow_command *c, uint32_t place, enum refs_base base) {
    struct refs_reference ref = ref_begin(r, c, place);
    ref.shape = REFS_WHOLE_ROOT;
    ref.base = base;
    ref.origin = base == REFS_BASE_VARIABLE ? REFS_UNKNOWN : REFS_ROOT;
    /* The variable holds the root, or a dict or list with the root in it. */
    bool given = ref.carried_use == REFS_USE_SET || ref.carried_use == REFS_USE_IF ||
                 ref.carried_use == REFS_USE_WITH || ref.carried_use == REFS_USE_RANGE;
    if (r->pipe->variable_count > 0 && given)
        map_put(r->arena, &r->root_variables, r->pipe->variables[r->pipe->variable_count - 1].name, r);
    vec_push(r->arena, &r->out->refs, ref);
}

static bool begins_with_index(const struct tmpl_arg *arg) {
    const struct tmpl_arg *head = arg->kind == TMPL_CHAIN ? arg->head : arg;
    if (head->kind != TMPL_PIPE || head->pipe->variable_count > 0) return false;
    const struct tmpl_arg *first = &head->pipe->commands[0].args[0];
    return first->kind == TMPL_IDENTIFIER && str_eq(first->name, STR("index"));
}

/* What is read of a variable, a parenthesis, or a dot that may be a value. */
static void add_relative(struct reader *r, const struct refs_flow_command *c, uint32_t place) {
    const struct tmpl_arg *arg = &c->command->args[place];
    bool dot = arg->kind == TMPL_FIELD && r->dot == REFS_ROOT;
    bool root = r->define == TMPL_NONE && (is_dollar(arg) || dot);
    struct parts parts = {0};
    if (root && arg->field_count && tmpl_is_root_key(arg->fields[0].name)) return;
    add_fields(r, arg, 0, &parts);
    enum keys keys = add_literal_keys(r, c, place, &parts);
    if (parts.len == 0) return;
    struct refs_reference ref = ref_begin(r, c, place);
    ref.shape = REFS_RELATIVE;
    ref.base = arg->kind == TMPL_VARIABLE ? REFS_BASE_VARIABLE : REFS_BASE_DOT;
    if (arg->kind == TMPL_CHAIN || arg->kind == TMPL_PIPE) ref.base = REFS_BASE_EXPRESSION;
    ref.parts = parts.items;
    ref.part_count = parts.len;
    ref.span.end = parts.items[parts.len - 1].span.end;
    ref.computed = keys == KEYS_SOME;
    ref.behind_index = begins_with_index(arg);
    follow_value(r, &ref, c, place, keys);
    vec_push(r->arena, &r->out->relatives, ref);
}

static void add_arg(struct reader *r, const struct refs_flow_command *c, uint32_t place) {
    const struct tmpl_arg *arg = &c->command->args[place];
    for (uint32_t i = 0; i < arg->field_count; i++) {
        if (!str_eq(arg->fields[i].name, STR("Values"))) continue;
        add_chain(r, c, place, i);
        return;
    }
    if (arg->kind == TMPL_STRING) {
        if (!str_eq(arg->name, STR("Values"))) return;
        struct refs_reference ref = ref_begin(r, c, place);
        ref.shape = REFS_VALUES_NAME;
        vec_push(r->arena, &r->out->refs, ref);
        return;
    }
    add_relative(r, c, place);
    if (arg->field_count > 0) return;
    if (arg->kind == TMPL_DOT && r->dot == REFS_ROOT) add_whole(r, c, place, REFS_BASE_DOT);
    else if (is_dollar(arg)) add_whole(r, c, place, REFS_BASE_DOLLAR);
    else if (arg->kind == TMPL_VARIABLE && map_get(&r->root_variables, arg->name))
        add_whole(r, c, place, REFS_BASE_VARIABLE);
}

/* ---- calls ---- */

/* Whether the word is a value that is written out, or `(toYaml ...)` of one. */
static bool names_value(const struct reader *r, const struct tmpl_arg *arg) {
    if (arg->kind == TMPL_PIPE || arg->kind == TMPL_CHAIN) {
        const struct tmpl_arg *head = arg->kind == TMPL_CHAIN ? arg->head : arg;
        const struct tmpl_command *first = head->kind == TMPL_PIPE ? &head->pipe->commands[0] : NULL;
        if (!first || first->arg_count < 2 || first->args[0].kind != TMPL_IDENTIFIER) return false;
        if (!str_eq(first->args[0].name, STR("toYaml"))) return false;
        arg = &first->args[1];
    }
    if (arg->kind == TMPL_DOT) return r->dot == REFS_NOT_ROOT;
    bool values = arg->field_count > 0 && str_eq(arg->fields[0].name, STR("Values"));
    if (arg->kind == TMPL_FIELD && !values) return r->dot == REFS_NOT_ROOT;
    return (arg->kind == TMPL_FIELD || is_dollar(arg)) && values && arg->field_count > 1;
}

/* A call through include or tpl; the dot may come through the pipe: `. | include "x"`. */
static void add_call(struct reader *r, const struct refs_flow_command *c) {
    struct str function = refs_flow_function(c);
    bool is_tpl = str_eq(function, STR("tpl"));
    if (!is_tpl && !str_eq(function, STR("include"))) return;
    const struct tmpl_command *command = c->command, *before = c->piped ? command - 1 : NULL;
    const struct tmpl_arg *name = command->arg_count > 1 ? &command->args[1] : NULL;
    const struct tmpl_arg *dot = command->arg_count > 2 ? &command->args[2] : NULL;
    struct refs_call call = {.is_tpl = is_tpl, .action = r->action, .define = r->define};
    if (!dot && before && !(c - 1)->piped && before->arg_count == 1) dot = &before->args[0];
    call.dot = dot ? origin_of_arg(r, dot) : REFS_UNKNOWN;
    if (name && name->kind == TMPL_STRING) {
        call.name = name->name;
        call.known = !is_tpl || str_find(name->name, STR("{{")) == name->name.len;
    } else if (name) {
        call.of_file = tmpl_names_base_path(name);
        call.of_values = is_tpl && names_value(r, name);
    }
    vec_push(r->arena, &r->out->calls, call);
}

/* ---- actions ---- */

static void push_step(struct reader *r, struct refs_flow_pipe *pipe) {
    struct step step = {pipe, 0, 0};
    vec_push(r->arena, &r->steps, step);
}

/* Reads the pipeline of an action: each command and word before what stands in its parentheses. */
static void read_pipe(struct reader *r, const struct tmpl_pipe *pipe, enum refs_use use, struct str name) {
    r->pipe = pipe;
    push_step(r, refs_flow_of_action(r->arena, pipe, use, name));
    while (r->steps.len > 0) {
        struct step *step = &r->steps.items[r->steps.len - 1];
        const struct refs_flow_command *c = &step->pipe->commands[step->command];
        if (step->command == step->pipe->pipe->command_count) {
            r->steps.len--;
            continue;
        }
        if (step->arg == c->command->arg_count) {
            step->command++;
            step->arg = 0;
            continue;
        }
        uint32_t place = step->arg++;
        const struct tmpl_arg *arg = &c->command->args[place];
        if (place == 0) add_call(r, c);
        add_arg(r, c, place);
        if (arg->kind == TMPL_PIPE || (arg->kind == TMPL_CHAIN && arg->head->kind == TMPL_PIPE))
            push_step(r, refs_flow_of_parenthesis(r->arena, c, place, use));
    }
}

/* {{template}} and {{block}} */
static void read_call(struct reader *r, const struct tmpl_node *node) {
    struct refs_call call = {.name = node->name, .known = true, .define = r->define, .action = r->action};
    call.dot = REFS_NOT_ROOT;
    if (node->pipe) {
        read_pipe(r, node->pipe, REFS_USE_CALL, node->name);
        call.dot = origin_of_pipe(r, node->pipe);
    }
    vec_push(r->arena, &r->out->calls, call);
}

/* Reads the pipeline of an if, with or range of the block `b`, and notes which references set a variable by it; then
 * the dot is that of its body. */
static void read_subject(struct reader *r, struct open_block *b, const struct tmpl_node *node) {
    static const enum refs_use uses[] = {
        [TMPL_IF] = REFS_USE_IF, [TMPL_WITH] = REFS_USE_WITH, [TMPL_RANGE] = REFS_USE_RANGE};
    uint32_t first = r->out->refs.len;
    read_pipe(r, node->pipe, uses[node->kind], (struct str){NULL, 0});
    b->node = node;
    b->end_ref = r->out->refs.len;
    b->first_ref = node->pipe->variable_count > 0 ? first : b->end_ref;
    enum refs_origin subject = origin_of_pipe(r, node->pipe);
    if (node->kind == TMPL_WITH) r->dot = subject;
    if (node->kind == TMPL_RANGE) r->dot = subject == REFS_ROOT ? REFS_UNKNOWN : subject;
}

/* ---- blocks ---- */

/* Gives the first node of the define's body. */
static const struct tmpl_node *open_define(struct reader *r, uint32_t define, const struct tmpl_node *next) {
    struct open_block b = {.next = next, .dot = r->dot, .define = r->define};
    vec_push(r->arena, &r->blocks, b);
    r->define = define;
    r->dot = REFS_ROOT;
    return r->tree->defines.items[define].body;
}

/* `else` gives the dot back; `else if` and `else with` go on in the same block. A variable of its pipeline is known
 * there too, and holds what is empty. */
static const struct tmpl_node *read_else(struct reader *r, struct open_block *b) {
    const struct tmpl_node *otherwise = b->node->otherwise;
    bool chain = otherwise && otherwise->span.start == b->node->else_action.start;
    r->dot = b->dot;
    for (uint32_t i = b->first_ref; i < b->end_ref; i++) {
        struct refs_reference *ref = &r->out->refs.items[i];
        ref->needs = (uint8_t)((ref->needs & ~REFS_STOPS_EMPTY) | REFS_NEEDS_ALL);
    }
    b->in_else = !chain;
    if (!chain) return otherwise;
    r->action = otherwise->span;
    read_subject(r, b, otherwise);
    return otherwise->body;
}

/* Reads a node; gives the next one in the order of the text, NULL at the end of a list. */
static const struct tmpl_node *read_node(struct reader *r, const struct tmpl_node *node) {
    r->action = node->span;
    switch (node->kind) {
    case TMPL_ACTION: read_pipe(r, node->pipe, REFS_USE_PRINT, (struct str){NULL, 0}); break;
    case TMPL_IF:
    case TMPL_WITH:
    case TMPL_RANGE: {
        struct open_block b = {.next = node->next, .dot = r->dot, .define = r->define};
        read_subject(r, &b, node);
        vec_push(r->arena, &r->blocks, b);
        return node->body;
    }
    case TMPL_TEMPLATE:
        read_call(r, node);
        if (node->define != TMPL_NONE) return open_define(r, node->define, node->next);
        break;
    default: break;
    }
    return node->next;
}

/* A list ends: gives what its block goes on with, or what follows that. */
static const struct tmpl_node *leave_list(struct reader *r) {
    struct open_block *b = &r->blocks.items[r->blocks.len - 1];
    if (b->node && !b->in_else && span_len(b->node->else_action) > 0) return read_else(r, b);
    r->dot = b->dot;
    r->define = b->define;
    r->blocks.len--;
    return b->next;
}

/* The next define at the top of the file, which begins before `end`; TMPL_NONE where there is none. */
static uint32_t take_define(struct reader *r, uint32_t end) {
    const struct tmpl_define *defines = r->tree->defines.items;
    uint32_t count = r->tree->defines.len;
    while (r->next_define < count && defines[r->next_define].block) r->next_define++;
    return r->next_define < count && defines[r->next_define].span.start < end ? r->next_define++ : TMPL_NONE;
}

void refs_find(struct arena *a, const struct tmpl_tree *tree, struct refs_found *refs) {
    struct reader r = {.arena = a, .tree = tree, .out = refs, .dot = REFS_ROOT, .define = TMPL_NONE};
    const struct tmpl_node *node = tree->body;
    *refs = (struct refs_found){0};
    for (;;) {
        if (r.blocks.len == 0) {
            uint32_t define = take_define(&r, node ? node->span.start : UINT32_MAX);
            if (define != TMPL_NONE) {
                node = open_define(&r, define, node);
                continue;
            }
            if (!node) return;
        }
        node = node ? read_node(&r, node) : leave_list(&r);
    }
}
