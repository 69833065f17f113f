#include "config/derive.h"

#include "base/buf.h"
#include "rule/compile.h"

struct load {
    struct arena *arena;
    const struct standard_files *files;
    const struct cel_env *env;
    struct problems *problems;
    struct VEC(struct derivation) list;
};

/* Compiles the text `key` of an annotation, where it has one. */
static bool compile_text(struct load *l, const struct schema_property *property, struct str key,
                         const struct cel_program **out) {
    const struct value *text = value_get(property->annotation, key);
    struct cel_error error;
    *out = NULL;
    if (!text) return true;
    struct span span = text->span;
    error.message = STR("this must be a CEL expression in a string");
    if (text->kind == VALUE_STRING) {
        *out = cel_compile(l->arena, l->env, text->string, &error);
        if (*out) return true;
        span = standard_files_place(l->files, text, error.span);
    }
    standard_files_problem(
        l->files, l->problems, span,
        arena_printf(l->arena, "`%.*s` of `%.*s`: %.*s", STR_ARG(key), STR_ARG(property->path), STR_ARG(error.message)),
        STR(""));
    return false;
}

static bool add_property(struct load *l, const struct schema_property *property) {
    struct derivation derivation = {.property = property};
    if (!property->annotation) return true;
    bool ok = compile_text(l, property, STR("derive"), &derivation.derive);
    ok = compile_text(l, property, STR("when"), &derivation.when) && ok;
    if (!ok || (!derivation.derive && !derivation.when)) return ok;
    if (derivation.when) derivation.reads = cel_program_reads(l->arena, derivation.when, &derivation.read_count);
    if (derivation.derive)
        derivation.sources = cel_program_reads(l->arena, derivation.derive, &derivation.source_count);
    vec_push(l->arena, &l->list, derivation);
    return true;
}

/* Whether one of two paths leads to the other, or through it. */
static bool paths_meet(const struct cel_read *read, const struct schema_property *property) {
    uint32_t shared = read->count < property->key_count ? read->count : property->key_count;
    if (read->slot != RULE_VALUES) return false;
    for (uint32_t i = 0; i < shared; i++)
        if (read->steps[i].key.ptr && !str_eq(read->steps[i].key, property->keys[i])) return false;
    return true;
}

static bool derives_from(const struct derivation *derivation, const struct derivation *other) {
    for (uint32_t i = 0; i < derivation->source_count; i++)
        if (other->derive && paths_meet(&derivation->sources[i], other->property)) return true;
    return false;
}

/* Depth-first over what derives from what. */
struct order {
    struct load *load;
    struct VEC(struct derivation) sorted;
    uint8_t *state; /* by derivation: 0 not seen, 1 on the way, 2 done */
    uint32_t *way;  /* those that are on the way, in order */
    uint32_t depth;
    bool ok;
};

static bool has_default(const struct derivation *derivation) {
    return derivation->property->default_value != NULL;
}

/* A circle from `first` on to the end of the way. It is fine where a default can break it. */
static void report_circle(struct order *o, uint32_t first) {
    const struct derivation *list = o->load->list.items;
    struct buf names = buf_in(o->load->arena);
    uint32_t start = 0;
    while (o->way[start] != first) start++;
    for (uint32_t i = start; i < o->depth; i++) {
        if (has_default(&list[o->way[i]])) return;
        buf_addf(&names, "%s`%.*s`", i > start ? ", " : "", STR_ARG(list[o->way[i]].property->path));
    }
    const struct value *text = value_get(list[first].property->annotation, STR("derive"));
    o->ok = false;
    standard_files_problem(
        o->load->files, o->load->problems, text->span,
        arena_printf(o->load->arena, "%.*s derive from each other, and none has a default", STR_ARG(buf_str(&names))),
        STR("give one of them a `default`"));
}

static void visit(struct order *o, uint32_t index) {
    const struct derivation *list = o->load->list.items;
    o->state[index] = 1;
    o->way[o->depth++] = index;
    for (uint32_t i = 0; i < o->load->list.len; i++) {
        if (i == index || o->state[i] == 2 || !derives_from(&list[index], &list[i])) continue;
        if (o->state[i] == 1) report_circle(o, i);
        else visit(o, i);
    }
    o->depth--;
    o->state[index] = 2;
    vec_push(o->load->arena, &o->sorted, list[index]);
}

bool derive_load(struct arena *a, const struct standard_files *files, const struct schema_properties *properties,
                 struct derivations *out, struct problems *problems) {
    struct load load = {.arena = a, .files = files, .env = rule_compile_env(a, NULL), .problems = problems};
    bool ok = true;
    *out = (struct derivations){NULL, 0};
    for (uint32_t i = 0; i < properties->len; i++) ok = add_property(&load, &properties->items[i]) && ok;
    if (!ok || load.list.len == 0) return ok;

    struct order order = {.load = &load, .ok = true};
    order.state = arena_array(a, uint8_t, load.list.len);
    order.way = arena_array(a, uint32_t, load.list.len);
    for (uint32_t i = 0; i < load.list.len; i++)
        if (order.state[i] == 0) visit(&order, i);
    if (order.ok) *out = (struct derivations){order.sorted.items, order.sorted.len};
    return order.ok;
}

bool derive_value(struct arena *a, const struct derivation *derivation, const struct cel_value *slots,
                  struct value *out) {
    if (!derivation->derive) return false;
    struct cel_value v = cel_eval(derivation->derive, slots, a, CEL_BUDGET_DEFAULT);
    return v.kind != CEL_ERROR && cel_to_value(a, &v, out);
}

bool derive_requires(struct arena *a, const struct derivation *derivation, const struct cel_value *slots) {
    if (!derivation->when) return false;
    struct cel_value v = cel_eval(derivation->when, slots, a, CEL_BUDGET_DEFAULT);
    return cel_is_true(&v);
}
