/* Which paths a program reads, and behind which tests.
 *
 * A test that must hold where a node is evaluated is a guard of its path. How many guards a path has now stands in a
 * map by that path, so that a read asks only for the beginnings of its own path, whatever the number of tests around
 * it. In a chain of `&&` each operand is read with the guards of all others: all are put up once, and those of the
 * operand itself are taken down while it is read. */
#include "cel/eval.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/map.h"

struct steps VEC(struct cel_step);

/* A path from a variable down. */
struct path {
    uint32_t slot;
    uint32_t count;
    const struct cel_step *steps;
};

/* How many tests that hold where a node is evaluated say that a path leads somewhere. */
struct guard {
    uint32_t count;
};

struct alias {
    bool known;
    struct path path;
};

struct reads VEC(struct cel_read);

struct reader {
    struct arena *arena;
    struct map guards;                /* by path_key -> struct guard */
    struct VEC(struct guard *) stack; /* those that are up, the newest last */
    bool conditional;
    struct alias *aliases; /* of the local variables */
    struct reads reads;
    struct map seen; /* by what makes two reads the same */
};

static void read_node(struct reader *r, const struct cel_node *node);

static struct path path_with(struct reader *r, struct path path, struct str key) {
    struct cel_step *steps = arena_array(r->arena, struct cel_step, path.count + 1);
    if (path.count) memcpy(steps, path.steps, sizeof *steps * path.count);
    steps[path.count].key = key;
    return (struct path){path.slot, path.count + 1, steps};
}

static const struct str any_key = {NULL, 0};

/* A key is never without text here, so that NULL can stand for any. */
static struct str step_key(struct str key) {
    return key.ptr ? key : (struct str){"", 0};
}

/* The path that `node` stands for; false where it is none. */
static bool path_of(struct reader *r, const struct cel_node *node, struct path *path) {
    switch (node->kind) {
    case NODE_VAR: *path = (struct path){node->ident.slot, 0, NULL}; return true;
    case NODE_LOCAL: *path = r->aliases[node->ident.slot].path; return r->aliases[node->ident.slot].known;
    case NODE_SELECT:
    case NODE_HAS:
        if (!path_of(r, node->select.of, path)) return false;
        *path = path_with(r, *path, step_key(node->select.key));
        return true;
    case NODE_INDEX: {
        const struct cel_node *index = node->tuple.b;
        if (!path_of(r, node->tuple.a, path)) return false;
        bool named = index->kind == NODE_CONST && index->value.kind == CEL_STRING;
        *path = path_with(r, *path, named ? step_key(index->value.string) : any_key);
        return true;
    }
    default: return false;
    }
}

/* Bytes, not digits: it happens for each read of each rule whenever the program starts. */
static void add_number(struct buf *out, uint64_t number) {
    buf_add(out, (struct str){(const char *)&number, sizeof number});
}

/* What paths are told apart by: the variable, then each step. */
static void add_slot_key(struct buf *out, struct path path) {
    add_number(out, path.slot);
}

static void add_step_key(struct buf *out, struct str key) {
    buf_add_char(out, key.ptr ? '.' : '*');
    if (!key.ptr) return;
    add_number(out, key.len);
    buf_add(out, key);
}

static struct guard *guard_of(struct reader *r, struct path path) {
    struct buf key = buf_in(r->arena);
    add_slot_key(&key, path);
    for (uint32_t i = 0; i < path.count; i++) add_step_key(&key, path.steps[i].key);
    struct guard *guard = map_get(&r->guards, buf_str(&key));
    if (guard) return guard;
    guard = arena_new(r->arena, struct guard);
    map_put(r->arena, &r->guards, arena_str(r->arena, buf_str(&key)), guard);
    return guard;
}

static void add_read(struct reader *r, struct path path, bool test, struct span span) {
    struct cel_read read = {.slot = path.slot, .count = path.count, .steps = path.steps, .span = span};
    struct buf key = buf_in(r->arena);
    bool guarded = false;
    uint32_t deepest = 0;
    read.required = test ? path.count - 1 : path.count;
    read.tested = path.count;
    for (uint32_t count = 0; count <= path.count; count++) {
        if (count) add_step_key(&key, path.steps[count - 1].key);
        else add_slot_key(&key, path);
        const struct guard *guard = map_get(&r->guards, buf_str(&key));
        if (!guard || guard->count == 0) continue;
        guarded = true;
        if (count - 1 < read.required) read.required = count - 1;
        deepest = count;
    }
    if (guarded && !test) read.tested = deepest;
    read.conditional = r->conditional;
    add_number(&key, (uint64_t)read.required << 32 | read.tested);
    buf_add_char(&key, read.conditional ? 'c' : '-');
    struct str seen = arena_str(r->arena, buf_str(&key));
    if (!map_put(r->arena, &r->seen, seen, r)) vec_push(r->arena, &r->reads, read);
}

/* The path that `node` tests, where it is has(path) or 'key' in path. */
static bool tested_path(struct reader *r, const struct cel_node *node, struct path *path) {
    if (node->kind == NODE_HAS) return path_of(r, node, path);
    if (node->kind != NODE_BINARY || node->tuple.op != OP_IN) return false;
    const struct cel_node *key = node->tuple.a;
    if (key->kind != NODE_CONST || key->value.kind != CEL_STRING || !path_of(r, node->tuple.b, path)) return false;
    *path = path_with(r, *path, step_key(key->value.string));
    return true;
}

/* Adds what must be there for `node` to be `truth`. */
static void add_guards(struct reader *r, const struct cel_node *node, bool truth) {
    struct path path;
    if (node->kind == NODE_NOT) {
        add_guards(r, node->tuple.a, !truth);
    } else if ((node->kind == NODE_AND && truth) || (node->kind == NODE_OR && !truth)) {
        for (uint32_t i = 0; i < node->list.len; i++) add_guards(r, node->list.items[i], truth);
    } else if (truth && tested_path(r, node, &path)) {
        struct guard *guard = guard_of(r, path);
        guard->count++;
        vec_push(r->arena, &r->stack, guard);
    }
}

/* Takes down all guards but the first `kept`. */
static void drop_guards(struct reader *r, uint32_t kept) {
    while (r->stack.len > kept) r->stack.items[--r->stack.len]->count--;
}

/* The indexes inside a path, which may be expressions that read. */
static void read_indexes(struct reader *r, const struct cel_node *node) {
    if (node->kind == NODE_SELECT || node->kind == NODE_HAS) {
        read_indexes(r, node->select.of);
    } else if (node->kind == NODE_INDEX) {
        read_indexes(r, node->tuple.a);
        read_node(r, node->tuple.b);
    }
}

/* Each operand holds where the others do not decide, in whatever order: CEL's `&&` and `||` are commutative. */
static void read_logic(struct reader *r, const struct cel_node *node) {
    uint32_t outer = r->stack.len;
    uint32_t *starts = arena_array(r->arena, uint32_t, node->list.len + 1);
    bool conditional = r->conditional;
    for (uint32_t i = 0; i < node->list.len; i++) {
        starts[i] = r->stack.len;
        add_guards(r, node->list.items[i], node->kind == NODE_AND);
    }
    starts[node->list.len] = r->stack.len;
    for (uint32_t i = 0; i < node->list.len; i++) {
        for (uint32_t g = starts[i]; g < starts[i + 1]; g++) r->stack.items[g]->count--;
        r->conditional = conditional || i > 0;
        read_node(r, node->list.items[i]);
        for (uint32_t g = starts[i]; g < starts[i + 1]; g++) r->stack.items[g]->count++;
    }
    drop_guards(r, outer);
    r->conditional = conditional;
}

static void read_cond(struct reader *r, const struct cel_node *node) {
    uint32_t outer = r->stack.len;
    bool conditional = r->conditional;
    read_node(r, node->tuple.a);
    r->conditional = true;
    add_guards(r, node->tuple.a, true);
    read_node(r, node->tuple.b);
    drop_guards(r, outer);
    add_guards(r, node->tuple.a, false);
    read_node(r, node->tuple.c);
    drop_guards(r, outer);
    r->conditional = conditional;
}

static void read_loop(struct reader *r, const struct node_loop *loop) {
    struct path path;
    bool known = path_of(r, loop->range, &path), two = loop->names[1].ptr != NULL;
    bool conditional = r->conditional;

    read_node(r, loop->range);
    struct alias item = {known, {0}};
    if (known) item.path = path_with(r, path, any_key);
    r->aliases[loop->slots[0]] = two ? (struct alias){0} : item;
    if (two) r->aliases[loop->slots[1]] = item;
    r->conditional = true; /* the range may be empty */
    if (loop->filter) read_node(r, loop->filter);
    read_node(r, loop->body);
    r->conditional = conditional;
}

static void read_list(struct reader *r, const struct node_list *list) {
    for (uint32_t i = 0; i < list->len; i++) read_node(r, list->items[i]);
}

static void read_node(struct reader *r, const struct cel_node *node) {
    struct path path;

    if (tested_path(r, node, &path)) {
        read_indexes(r, node->kind == NODE_HAS ? node : node->tuple.b);
        add_read(r, path, true, node->kind == NODE_HAS ? node->span : node->tuple.b->span);
        return;
    }
    if (path_of(r, node, &path)) {
        read_indexes(r, node);
        add_read(r, path, false, node->span);
        return;
    }
    switch (node->kind) {
    case NODE_SELECT:
    case NODE_HAS: read_node(r, node->select.of); return;
    case NODE_CALL: read_list(r, &node->call.args); return;
    case NODE_LIST:
    case NODE_MAP: read_list(r, &node->list); return;
    case NODE_AND:
    case NODE_OR: read_logic(r, node); return;
    case NODE_NOT:
    case NODE_NEGATE: read_node(r, node->tuple.a); return;
    case NODE_INDEX:
    case NODE_BINARY:
        read_node(r, node->tuple.a);
        read_node(r, node->tuple.b);
        return;
    case NODE_COND: read_cond(r, node); return;
    case NODE_LOOP: read_loop(r, &node->loop); return;
    case NODE_BIND: {
        struct alias *alias = &r->aliases[node->bind.slot];
        alias->known = path_of(r, node->bind.value, &alias->path);
        if (!alias->known) read_node(r, node->bind.value);
        else read_indexes(r, node->bind.value);
        read_node(r, node->bind.body);
        return;
    }
    default: return;
    }
}

const struct cel_read *cel_program_reads(struct arena *a, const struct cel_program *program, uint32_t *count) {
    struct reader r = {.arena = a, .aliases = arena_array(a, struct alias, program->local_count)};
    read_node(&r, program->root);
    *count = r.reads.len;
    return r.reads.items;
}

struct str cel_read_text(struct arena *a, const struct cel_program *program, const struct cel_read *read) {
    struct buf b = buf_in(a);
    buf_add(&b, program->env->variables[read->slot].name);
    for (uint32_t i = 0; i < read->count; i++) {
        struct str key = read->steps[i].key;
        bool plain = key.len > 0;
        for (size_t j = 0; j < key.len; j++) {
            char c = key.ptr[j];
            plain = plain && (ascii_is_alpha(c) || c == '_' || (j > 0 && ascii_is_digit(c)));
        }
        if (!key.ptr) buf_add(&b, STR("[*]"));
        else if (plain) buf_addf(&b, ".%.*s", STR_ARG(key));
        else buf_addf(&b, "[\"%.*s\"]", STR_ARG(key));
    }
    return buf_str(&b);
}
