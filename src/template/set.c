#include "template/rewrite.h"

void template_set_init(struct arena *a, struct template_set *set) {
    *set = (struct template_set){.arena = a};
}

static struct template_define *define_of(struct template_set *set, struct str name) {
    struct template_define *d = map_get(&set->defines, name);
    if (d) return d;
    d = arena_new(set->arena, struct template_define);
    d->name = name;
    d->only_other = true;
    map_put(set->arena, &set->defines, name, d);
    return d;
}

struct template_file *template_set_add(struct template_set *set, struct str text, bool read_only) {
    struct template_file *file = arena_new(set->arena, struct template_file);
    file->text = text;
    file->read_only = read_only;
    file->broken = !template_refs(set->arena, text, &file->refs, &file->error);
    for (uint32_t i = 0; i < file->refs.blocks.len; i++) {
        const struct template_block *b = &file->refs.blocks.items[i];
        if (b->define == i) define_of(set, b->name);
    }
    vec_push(set->arena, &set->files, file);
    return file;
}

static void add_call(struct template_set *set, const struct template_file *file, const struct template_call *call) {
    if (call->is_tpl || call->of_file) return;
    if (!call->known) {
        if (call->dot != TEMPLATE_ROOT) set->other_dots = true;
        return;
    }
    struct template_define *d = map_get(&set->defines, call->name);
    if (!d) return;
    d->called = true;
    if (call->dot != TEMPLATE_NOT_ROOT) d->only_other = false;
    if (call->dot != TEMPLATE_ROOT) {
        d->other_dot = true;
    } else if (call->define != TEMPLATE_NONE) {
        struct template_define *caller = define_of(set, file->refs.blocks.items[call->define].name);
        vec_push(set->arena, &caller->callees, d);
    }
}

void template_set_finish(struct template_set *set) {
    struct VEC(struct template_define *) todo = {0};
    for (uint32_t i = 0; i < set->files.len; i++) {
        const struct template_file *file = set->files.items[i];
        for (uint32_t k = 0; k < file->refs.calls.len; k++) add_call(set, file, &file->refs.calls.items[k]);
    }
    for (uint32_t i = 0; i < set->defines.len; i++) {
        struct template_define *d = set->defines.entries[i].value;
        if (d->other_dot || !d->called) vec_push(set->arena, &todo, d);
    }
    /* A define hands on a dot that is not the root, to those that it calls with its own. */
    while (todo.len > 0) {
        const struct template_define *d = todo.items[--todo.len];
        for (uint32_t i = 0; i < d->callees.len; i++) {
            struct template_define *callee = d->callees.items[i];
            if (callee->other_dot || !d->other_dot) continue;
            callee->other_dot = true;
            vec_push(set->arena, &todo, callee);
        }
    }
}
