/* The evaluator: it walks the checked tree. Each node writes its value to `out`; an operand that is an error is the
 * result of most nodes, but not of `&&`, `||` and what follows from them. */
#include "cel/eval.h"

/* An error with `detail` at `node`. */
static void fail_at(struct cel_eval *e, const struct cel_node *node, enum cel_fault fault, struct str detail,
                    struct cel_value *out) {
    e->call = node;
    cel_eval_fail(e, out, fault, detail);
}

static void no_overload_at(struct cel_eval *e, const struct cel_node *node, const char *what,
                           const struct cel_value *args, uint32_t count, struct cel_value *out) {
    e->call = node;
    cel_eval_no_overload(e, out, what, args, count);
}

/* `&&` (where false decides) and `||` (where true does): an error counts only where nothing decides. */
static void cel_eval_logic(struct cel_eval *e, const struct cel_node *node, bool decides, struct cel_value *out) {
    struct cel_value item, error;
    bool failed = false;

    for (uint32_t i = 0; i < node->list.len; i++) {
        cel_eval_node(e, node->list.items[i], &item);
        if (item.kind == CEL_BOOL) {
            if (item.boolean != decides) continue;
            set_bool(out, decides);
            return;
        }
        if (failed) continue;
        failed = true;
        if (item.kind == CEL_ERROR) error = item;
        else no_overload_at(e, node->list.items[i], decides ? "||" : "&&", &item, 1, &error);
    }
    if (failed) *out = error;
    else set_bool(out, !decides);
}

static void cel_eval_cond(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    struct cel_value condition;
    cel_eval_node(e, node->tuple.a, &condition);
    if (condition.kind == CEL_BOOL) cel_eval_node(e, condition.boolean ? node->tuple.b : node->tuple.c, out);
    else if (condition.kind == CEL_ERROR) *out = condition;
    else no_overload_at(e, node->tuple.a, "?:", &condition, 1, out);
}

static void cel_eval_select(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    struct cel_value of;

    cel_eval_node(e, node->select.of, &of);
    if (of.kind == CEL_MAP) {
        bool found = cel_map_find_name(&of, node->select.key, node->select.hash, node->kind == NODE_HAS ? NULL : out);
        if (node->kind == NODE_HAS) set_bool(out, found);
        else if (!found) fail_at(e, node, CEL_FAULT_NO_KEY, node->select.key, out);
    } else if (of.kind == CEL_ERROR) {
        *out = of;
    } else {
        e->call = node;
        cel_eval_failf(e, out, "no such overload: type '%.*s' does not support field selection",
                       STR_ARG(cel_kind_name(of.kind)));
    }
}

/* The index that a number of any kind stands for; false where it is not whole. */
static bool index_of(const struct cel_value *v, int64_t *index) {
    if (v->kind == CEL_INT) *index = v->integer;
    else if (v->kind == CEL_UINT) *index = v->uinteger > INT64_MAX ? INT64_MAX : (int64_t)v->uinteger;
    else if (v->kind == CEL_DOUBLE && v->real > -1e18 && v->real < 1e18) *index = (int64_t)v->real;
    else return false;
    return v->kind != CEL_DOUBLE || (double)*index == v->real;
}

/* Operators and functions take time by the length of a text, which costs extra from here on. */
#define LONG_TEXT 256

/* Pays for an operand that is a long text; false where `out` is an error. */
static inline bool pay_operand(struct cel_eval *e, const struct cel_value *v, struct cel_value *out) {
    bool text = v->kind == CEL_STRING || v->kind == CEL_BYTES;
    return !text || v->string.len < LONG_TEXT || cel_eval_charge_bytes(e, v->string.len, out);
}

static void cel_eval_index(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    struct cel_value args[2];
    int64_t index;

    cel_eval_node(e, node->tuple.a, &args[0]);
    if (args[0].kind != CEL_ERROR) cel_eval_node(e, node->tuple.b, &args[1]);
    e->call = node;
    if (args[0].kind == CEL_ERROR) {
        *out = args[0];
    } else if (args[1].kind == CEL_ERROR) {
        *out = args[1];
    } else if (!pay_operand(e, &args[1], out)) {
        return;
    } else if (args[0].kind == CEL_MAP) {
        if (!cel_map_find(&args[0], &args[1], out))
            cel_eval_fail(e, out, CEL_FAULT_NO_KEY, args[1].kind == CEL_STRING ? args[1].string : STR(""));
    } else if (args[0].kind == CEL_LIST && index_of(&args[1], &index)) {
        if (index >= 0 && index < list_len(&args[0])) list_item(&args[0], (uint32_t)index, out);
        else cel_eval_index_error(e, out, index);
    } else {
        cel_eval_no_overload(e, out, "[]", args, 2);
    }
}

static void cel_eval_call(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    const struct node_call *call = &node->call;
    struct cel_value args[CEL_ARGS_MAX];
    uint32_t count = call->args.len;

    for (uint32_t i = 0; i < count; i++) {
        cel_eval_node(e, call->args.items[i], &args[i]);
        if (args[i].kind == CEL_ERROR) {
            *out = args[i];
            return;
        }
        if (!pay_operand(e, &args[i], out)) return;
    }
    e->call = node;
    for (uint32_t c = 0; c < call->candidate_count; c++) {
        const struct cel_function *function = call->candidates[c];
        bool fits = true;
        for (uint32_t i = 0; i < count; i++) fits = fits && (function->args[i] & KIND(args[i].kind));
        if (!fits) continue;
        function->run(e, args, out);
        return;
    }
    cel_eval_no_overload(e, out, arena_str(e->arena, call->name).ptr, args, count);
}

static void cel_eval_list(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    uint32_t len = node->list.len;
    if (!cel_eval_charge(e, len, out)) return;
    struct cel_value *items = arena_alloc_raw(e->arena, sizeof *items * len);
    for (uint32_t i = 0; i < len; i++) {
        cel_eval_node(e, node->list.items[i], &items[i]);
        if (items[i].kind == CEL_ERROR) {
            *out = items[i];
            return;
        }
    }
    set_list(out, items, len);
}

static void set_map(struct cel_value *out, const struct cel_map *map) {
    out->kind = CEL_MAP;
    out->map = map;
    out->origin = NULL;
}

/* Adds to a map under construction; false where `out` is an error. */
static bool add_entry(struct cel_eval *e, const struct cel_node *node, struct cel_map *map, const struct cel_value *key,
                      const struct cel_value *value, struct cel_value *out) {
    e->call = node;
    if (key->kind == CEL_ERROR) {
        *out = *key;
    } else if (value->kind == CEL_ERROR) {
        *out = *value;
    } else if (!cel_map_is_key(key)) {
        cel_eval_failf(e, out, "unsupported key type: %.*s", STR_ARG(cel_kind_name(key->kind)));
    } else if (!pay_operand(e, key, out)) {
        return false;
    } else if (!cel_map_add(map, key, value)) {
        cel_eval_failf(e, out, "Failed with repeated key: %.*s", STR_ARG(cel_to_text(e->arena, key)));
    } else {
        return true;
    }
    return false;
}

static void cel_eval_map(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    uint32_t len = node->list.len / 2;
    struct cel_value key, value;

    if (!cel_eval_charge(e, (uint64_t)len * 3, out)) return;
    struct cel_map *map = cel_map_make(e->arena, len);
    for (uint32_t i = 0; i < len; i++) {
        cel_eval_node(e, node->list.items[2 * i], &key);
        cel_eval_node(e, node->list.items[2 * i + 1], &value);
        if (!add_entry(e, node->list.items[2 * i], map, &key, &value, out)) return;
    }
    set_map(out, map);
}

/* Sets the variables of a loop for item `i` of its range. */
static void loop_bind(struct cel_eval *e, const struct node_loop *loop, const struct cel_value *range, uint32_t i) {
    struct cel_value *first = &e->locals[loop->slots[0]];
    struct cel_value *second = loop->names[1].ptr ? &e->locals[loop->slots[1]] : NULL;

    if (range->kind == CEL_MAP) {
        cel_map_entry(range, i, first, second);
    } else if (second) {
        set_int(first, i);
        list_item(range, i, second);
    } else {
        list_item(range, i, first);
    }
}

/* The predicate `node` as true, false, or an error in `v` (also where it is no boolean). */
static bool loop_test(struct cel_eval *e, const struct cel_node *node, struct cel_value *v) {
    cel_eval_node(e, node, v);
    if (v->kind == CEL_BOOL) return v->boolean;
    if (v->kind != CEL_ERROR) {
        struct cel_value given = *v;
        no_overload_at(e, node, "a predicate", &given, 1, v);
    }
    return false;
}

/* all (where false decides) and exists (where true does). */
static void loop_quantify(struct cel_eval *e, const struct node_loop *loop, const struct cel_value *range, uint32_t len,
                          bool decides, struct cel_value *out) {
    struct cel_value v, error;
    bool failed = false;

    for (uint32_t i = 0; i < len && !e->fatal; i++) {
        loop_bind(e, loop, range, i);
        loop_test(e, loop->body, &v);
        if (v.kind == CEL_BOOL && v.boolean == decides) {
            *out = v;
            return;
        }
        if (v.kind != CEL_ERROR || failed) continue;
        failed = true;
        error = v;
    }
    if (failed) *out = error;
    else set_bool(out, !decides);
}

static void loop_count(struct cel_eval *e, const struct node_loop *loop, const struct cel_value *range, uint32_t len,
                       struct cel_value *out) {
    uint32_t count = 0;
    struct cel_value v;

    for (uint32_t i = 0; i < len; i++) {
        loop_bind(e, loop, range, i);
        if (loop_test(e, loop->body, &v)) count++;
        if (v.kind != CEL_ERROR) continue;
        *out = v;
        return;
    }
    set_bool(out, count == 1);
}

/* map, filter and transformList. */
static void loop_collect(struct cel_eval *e, const struct node_loop *loop, const struct cel_value *range, uint32_t len,
                         struct cel_value *out) {
    const struct cel_node *filter = loop->loop == LOOP_FILTER ? loop->body : loop->filter;
    struct cel_value *items = arena_alloc_raw(e->arena, sizeof *items * len), v;
    uint32_t count = 0;

    for (uint32_t i = 0; i < len; i++) {
        loop_bind(e, loop, range, i);
        if (filter && !loop_test(e, filter, &v)) {
            if (v.kind != CEL_ERROR) continue;
            *out = v;
            return;
        }
        if (loop->loop == LOOP_FILTER) items[count] = e->locals[loop->slots[0]];
        else cel_eval_node(e, loop->body, &items[count]);
        if (items[count].kind == CEL_ERROR) {
            *out = items[count];
            return;
        }
        count++;
    }
    set_list(out, items, count);
}

/* transformMap and transformMapEntry. */
static void loop_collect_map(struct cel_eval *e, const struct node_loop *loop, const struct cel_value *range,
                             uint32_t len, struct cel_value *out) {
    struct cel_map *map = cel_map_make(e->arena, len);
    struct cel_value v, key, value;

    for (uint32_t i = 0; i < len; i++) {
        loop_bind(e, loop, range, i);
        if (loop->filter && !loop_test(e, loop->filter, &v)) {
            if (v.kind != CEL_ERROR) continue;
            *out = v;
            return;
        }
        key = e->locals[loop->slots[0]];
        cel_eval_node(e, loop->body, &value);
        if (loop->loop == LOOP_TRANSFORM_MAP_ENTRY && value.kind != CEL_ERROR) {
            v = value;
            if (v.kind != CEL_MAP || cel_map_len(&v) != 1) {
                e->call = loop->body;
                cel_eval_failf(e, out, "transformMapEntry takes a map of one entry for each");
                return;
            }
            cel_map_entry(&v, 0, &key, &value);
        }
        if (!add_entry(e, loop->body, map, &key, &value, out)) return;
    }
    set_map(out, map);
}

void cel_eval_loop(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    const struct node_loop *loop = &node->loop;
    struct cel_value range;

    cel_eval_node(e, loop->range, &range);
    if (range.kind == CEL_ERROR) {
        *out = range;
        return;
    }
    if (range.kind != CEL_LIST && range.kind != CEL_MAP) {
        no_overload_at(e, node, "a macro", &range, 1, out);
        return;
    }
    uint32_t len = range.kind == CEL_MAP ? cel_map_len(&range) : list_len(&range);
    switch (loop->loop) {
    case LOOP_ALL: loop_quantify(e, loop, &range, len, false, out); return;
    case LOOP_EXISTS: loop_quantify(e, loop, &range, len, true, out); return;
    case LOOP_EXISTS_ONE: loop_count(e, loop, &range, len, out); return;
    case LOOP_MAP:
    case LOOP_FILTER:
    case LOOP_TRANSFORM_LIST:
        if (cel_eval_charge(e, len, out)) loop_collect(e, loop, &range, len, out);
        return;
    case LOOP_TRANSFORM_MAP:
    case LOOP_TRANSFORM_MAP_ENTRY:
        if (cel_eval_charge(e, (uint64_t)len * 3, out)) loop_collect_map(e, loop, &range, len, out);
        return;
    }
}

static void cel_eval_operator(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    struct cel_value a, b;

    cel_eval_node(e, node->tuple.a, &a);
    if (a.kind == CEL_ERROR) {
        *out = a;
        return;
    }
    if (node->kind == NODE_BINARY) {
        cel_eval_node(e, node->tuple.b, &b);
        e->call = node;
        if (b.kind == CEL_ERROR) *out = b;
        else if (pay_operand(e, &a, out) && pay_operand(e, &b, out)) cel_eval_binary(e, node->tuple.op, &a, &b, out);
        return;
    }
    e->call = node;
    if (node->kind == NODE_NEGATE) cel_eval_negate(e, &a, out);
    else if (a.kind == CEL_BOOL) set_bool(out, !a.boolean);
    else cel_eval_no_overload(e, out, "!", &a, 1);
}

static void cel_eval_variable(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    *out = e->slots[node->ident.slot];
    if (out->kind == CEL_ERROR && out->fault == CEL_FAULT_UNBOUND)
        fail_at(e, node, CEL_FAULT_UNBOUND, node->ident.name, out);
}

void cel_eval_node(struct cel_eval *e, const struct cel_node *node, struct cel_value *out) {
    if (e->budget == 0) {
        e->call = node;
        cel_eval_fatal(e, out, CEL_FAULT_BUDGET);
        return;
    }
    e->budget--;
    switch (node->kind) {
    case NODE_CONST:
    case NODE_FAIL: *out = node->value; return;
    case NODE_VAR: cel_eval_variable(e, node, out); return;
    case NODE_LOCAL: *out = e->locals[node->ident.slot]; return;
    case NODE_SELECT:
    case NODE_HAS: cel_eval_select(e, node, out); return;
    case NODE_INDEX: cel_eval_index(e, node, out); return;
    case NODE_CALL: cel_eval_call(e, node, out); return;
    case NODE_LIST: cel_eval_list(e, node, out); return;
    case NODE_MAP: cel_eval_map(e, node, out); return;
    case NODE_AND: cel_eval_logic(e, node, false, out); return;
    case NODE_OR: cel_eval_logic(e, node, true, out); return;
    case NODE_NOT:
    case NODE_NEGATE:
    case NODE_BINARY: cel_eval_operator(e, node, out); return;
    case NODE_COND: cel_eval_cond(e, node, out); return;
    case NODE_LOOP: cel_eval_loop(e, node, out); return;
    case NODE_BIND:
        cel_eval_node(e, node->bind.value, &e->locals[node->bind.slot]);
        cel_eval_node(e, node->bind.body, out);
        return;
    case NODE_IDENT: break;
    }
    base_panic("CEL: a name was not resolved");
}

struct cel_value cel_eval(const struct cel_program *program, const struct cel_value *slots, struct arena *scratch,
                          uint64_t budget) {
    struct cel_value locals[CEL_LOCALS], out;
    struct cel_eval e = {.arena = scratch, .slots = slots, .budget = budget, .locals = locals};

    if (program->local_count > CEL_LOCALS) e.locals = arena_array(scratch, struct cel_value, program->local_count);
    cel_eval_node(&e, program->root, &out);
    if (e.fatal) cel_eval_fatal(&e, &out, e.fatal);
    return out;
}
