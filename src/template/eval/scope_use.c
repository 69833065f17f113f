/* Each value knows its path in the values, if it has one, and what is done with it is marked there: named, tested, read
 * as a whole, changed. A failure is noted where a field or an argument is missing or of another kind, once for each
 * place. */
#include "template/eval/scope_evaluator.h"
#include "template/syntax/names.h"

#define STEPS_MAX 1000000u
#define FAILURES_MAX 200u
#define SITES_MAX 8u
#define ITEMS_DEPTH 6

enum truth scope_reach(const struct scope_evaluator *e) {
    return truth_min(e->reach, e->limit);
}

void scope_miss(struct scope_evaluator *e) {
    if (e->input->watch) e->input->watch->incomplete = true;
}

void scope_give_up(struct scope_evaluator *e) {
    scope_miss(e);
    e->out->stopped = true;
    e->out->root.uses |= VALUE_PATH_WHOLE;
}

void scope_charge(struct scope_evaluator *e, size_t size) {
    size_t steps = e->steps + size / 64;
    e->steps = steps > STEPS_MAX ? STEPS_MAX : (uint32_t)steps;
}

bool scope_step(struct scope_evaluator *e) {
    if (e->out->stopped) return false;
    if (++e->steps > STEPS_MAX) scope_give_up(e);
    return !e->out->stopped;
}

static void mark(const struct abstract *v, unsigned uses) {
    if (v->place) v->place->uses = (uint8_t)(v->place->uses | uses);
}

static void escape(struct scope_evaluator *e, const struct abstract *v, int depth) {
    mark(v, VALUE_PATH_READ | VALUE_PATH_WHOLE);
    if (v->kind == ABSTRACT_ROOT || depth == 0) e->out->root.uses |= VALUE_PATH_WHOLE;
    if (v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) return;
    /* What gets hold of it may add to it; of calls that are not followed a watch is told. */
    if (v->kind == ABSTRACT_DICT && !e->input->watch) v->items->open = true;
    for (uint32_t i = 0; i < v->items->list.len && depth > 0 && scope_step(e); i++)
        escape(e, &v->items->list.items[i].value, depth - 1);
}

void scope_invalidate(struct scope_evaluator *e, struct abstract_items *items) {
    if (items->serial < e->changed) e->changed = items->serial;
}

static void havoc(struct scope_evaluator *e, const struct abstract *v, int depth) {
    if ((v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) || depth == 0) return;
    for (uint32_t i = 0; i < v->items->list.len && scope_step(e); i++)
        havoc(e, &v->items->list.items[i].value, depth - 1);
    if (v->kind != ABSTRACT_DICT) return;
    v->items->open = true;
    v->items->list.len = 0;
    scope_invalidate(e, v->items);
}

void scope_havoc(struct scope_evaluator *e, const struct abstract *v) {
    scope_escape(e, v);
    havoc(e, v, ITEMS_DEPTH);
}

void scope_escape(struct scope_evaluator *e, const struct abstract *v) {
    escape(e, v, ITEMS_DEPTH);
}

static struct span span_in_file(const struct scope_evaluator *e, struct span span) {
    return e->unit->inside ? e->unit->span : span;
}

static bool holds_root(struct scope_evaluator *e, const struct abstract *v, int depth) {
    if (v->kind == ABSTRACT_ROOT) return true;
    if ((v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) || depth == 0) return false;
    for (uint32_t i = 0; i < v->items->list.len && scope_step(e); i++)
        if (holds_root(e, &v->items->list.items[i].value, depth - 1)) return true;
    return false;
}

/* For the watch: `v` is read with all that it holds. */
static void take_whole(struct scope_evaluator *e, const struct abstract *v, struct span span) {
    struct scope_watch *watch = e->input->watch;
    struct value_path_site site = {e->unit->file, span_in_file(e, span), true};
    if (!watch || !holds_root(e, v, ITEMS_DEPTH)) return;
    for (uint32_t i = 0; i < watch->wholes.len; i++)
        if (watch->wholes.items[i].file == site.file && watch->wholes.items[i].span.start == site.span.start) return;
    vec_push(e->arena, &watch->wholes, site);
}

void scope_take(struct scope_evaluator *e, const struct abstract *v, struct span span) {
    enum truth reach = scope_reach(e);
    take_whole(e, v, span);
    scope_escape(e, v);
    if (!v->place || reach == TRUTH_NO) return;
    struct value_path_site site = {e->unit->file, span_in_file(e, span), reach == TRUTH_YES};
    for (uint32_t i = 0; i < v->place->sites.len; i++) {
        struct value_path_site *known = &v->place->sites.items[i];
        if (known->file != site.file || known->span.start != site.span.start) continue;
        known->certain |= site.certain;
        return;
    }
    if (v->place->sites.len < SITES_MAX) vec_push(e->arena, &v->place->sites, site);
}

enum truth scope_truth(struct scope_evaluator *e, const struct abstract *v) {
    (void)e;
    mark(v, VALUE_PATH_READ | VALUE_PATH_TRUTH);
    return abstract_is_true(v);
}

struct abstract scope_join(struct scope_evaluator *e, const struct abstract *a, const struct abstract *b) {
    struct abstract v = abstract_unknown();
    if (abstract_same(a, b)) return *a;
    enum truth left = abstract_is_true(a), right = abstract_is_true(b);
    scope_escape(e, a);
    scope_escape(e, b);
    v.excludes_root = scope_excludes_root(e, a) && scope_excludes_root(e, b);
    if (left == right) v.truth = left;
    return v;
}

struct scope_failure *scope_fail(struct scope_evaluator *e, enum scope_failure_cause cause, const struct abstract *v,
                                 struct span span, struct str function) {
    enum truth reach = scope_reach(e);
    struct scope_failures *failures = &e->out->failures;
    if (reach == TRUTH_NO || (v->place ? v->place->uses & VALUE_PATH_OTHER : !v->absent.len)) return NULL;
    struct scope_failure failure = {
        .cause = cause,
        .certain = reach == TRUTH_YES && !e->input->overridden,
        .inside = e->unit->inside,
        .file = e->unit->file,
        .span = span_in_file(e, span),
        .place = v->place,
        .absent = v->absent,
        .value = v->data,
        .function = function,
        .overridden = e->input->overridden,
        .guard = e->guard,
    };
    for (uint32_t i = 0; i < failures->len; i++) {
        struct scope_failure *known = &failures->items[i];
        if (known->place != failure.place || known->file != failure.file || known->span.start != failure.span.start)
            continue;
        known->certain |= failure.certain;
        return NULL;
    }
    if (failures->len >= FAILURES_MAX) return NULL;
    vec_push(e->arena, failures, failure);
    return &failures->items[failures->len - 1];
}

static bool is_in_values(const struct value_path *place) {
    for (const struct value_path *p = place; p; p = p->parent)
        if (p->uses & VALUE_PATH_OTHER) return false;
    return place != NULL;
}

static bool excludes_root(struct scope_evaluator *e, const struct abstract *v, int depth) {
    if (v->kind == ABSTRACT_ROOT) return false;
    if (v->kind == ABSTRACT_DATA) return true;
    if (v->kind == ABSTRACT_UNKNOWN) return v->excludes_root || is_in_values(v->place);
    if (v->items->open || depth == 0) return false;
    for (uint32_t i = 0; i < v->items->list.len; i++)
        if (!scope_step(e) || !excludes_root(e, &v->items->list.items[i].value, depth - 1)) return false;
    return true;
}

bool scope_excludes_root(struct scope_evaluator *e, const struct abstract *v) {
    return e->input->watch && excludes_root(e, v, ITEMS_DEPTH);
}

static enum scope_seen seen_of(struct scope_evaluator *e, const struct abstract *v) {
    if (v->kind == ABSTRACT_ROOT) return SCOPE_SEEN_ROOT;
    if (excludes_root(e, v, ITEMS_DEPTH)) return SCOPE_SEEN_OTHER;
    return v->kind == ABSTRACT_UNKNOWN || v->items->open ? SCOPE_SEEN_UNKNOWN : SCOPE_SEEN_HOLDER;
}

void scope_see_whole(struct scope_evaluator *e, const struct abstract *v) {
    if (e->input->watch) mark(v, VALUE_PATH_READ | VALUE_PATH_WHOLE);
}

void scope_see(struct scope_evaluator *e, const struct abstract *v, uint32_t word) {
    struct scope_watch *watch = e->input->watch;
    if (!watch) return;
    if (e->unit->inside) {
        scope_see_whole(e, v);
        return;
    }
    uint32_t *at = &watch->at[e->unit->file][word];
    if (!*at) {
        struct scope_sight first = {0, v->place};
        vec_push(e->arena, &watch->sights, first);
        *at = watch->sights.len;
    }
    struct scope_sight *sight = &watch->sights.items[*at - 1];
    if (sight->place != v->place) {
        if (sight->place) sight->place->uses |= VALUE_PATH_WHOLE;
        scope_see_whole(e, v);
    }
    sight->seen |= (uint8_t)seen_of(e, v);
}

void scope_print(struct scope_evaluator *e, const struct abstract *v, struct span action) {
    struct scope_blanks *blanks = &e->out->blanks;
    bool empty = v->kind == ABSTRACT_DATA && v->data && v->data->kind == VALUE_STRING && v->data->string.len == 0;
    if (!(empty || abstract_is_nil(v)) || !is_in_values(v->place)) return;
    if (scope_reach(e) != TRUTH_YES || e->input->overridden || e->unit->inside || blanks->len >= FAILURES_MAX) return;
    for (uint32_t i = 0; i < blanks->len; i++)
        if (blanks->items[i].file == e->unit->file && blanks->items[i].action.start == action.start) return;
    struct scope_blank blank = {e->unit->file, action, v->place};
    vec_push(e->arena, blanks, blank);
}

void scope_change(struct scope_evaluator *e, struct value_path *place) {
    if (scope_reach(e) == TRUTH_NO || (place->uses & VALUE_PATH_OTHER)) return;
    place->uses |= VALUE_PATH_OTHER;
    e->others = true;
}

/* The place below that of `v`, where it has one. */
static struct value_path *below(struct scope_evaluator *e, const struct abstract *v, struct str key) {
    if (!v->place) return NULL;
    mark(v, VALUE_PATH_READ);
    struct value_path *place = value_path_below(e->arena, v->place, key);
    place->uses |= VALUE_PATH_READ;
    return place;
}

static struct abstract unknown_at(struct value_path *place) {
    struct abstract v = abstract_unknown();
    v.place = place;
    return v;
}

/* The nil of a key that nothing sets. */
static struct abstract absent_key(struct str key) {
    struct abstract v = abstract_data(NULL);
    v.interface_nil = true;
    v.absent = key;
    return v;
}

static struct abstract root_field(struct scope_evaluator *e, struct str key) {
    struct value_path *root = &e->out->root;
    if (str_eq(key, STR("Chart"))) return e->chart;
    if (!str_eq(key, STR("Values")))
        return e->root_grows || e->input->watch || tmpl_is_root_key(key)
                   ? (struct abstract){.truth = TRUTH_MAYBE, .excludes_root = true}
                   : absent_key(key);
    if ((root->uses & VALUE_PATH_OTHER) || !e->input->values) return unknown_at(root);
    struct abstract values = abstract_data(e->input->values);
    values.place = root;
    return values;
}

struct abstract scope_member(struct scope_evaluator *e, const struct abstract *v, struct str key, enum truth *present) {
    enum truth ignored;
    if (!present) present = &ignored;
    *present = TRUTH_MAYBE;
    if (v->kind == ABSTRACT_ROOT) return root_field(e, key);
    if (v->kind == ABSTRACT_DICT) {
        const struct abstract *member = abstract_member(v, key);
        if (member || !v->items->open) *present = member ? TRUTH_YES : TRUTH_NO;
        struct abstract found = member ? *member : v->items->open ? abstract_unknown() : absent_key(key);
        found.interface_nil = abstract_is_nil(&found);
        return found;
    }
    struct value_path *place = below(e, v, key);
    if (v->kind != ABSTRACT_DATA || !v->data || v->data->kind != VALUE_MAP) {
        struct abstract unknown = unknown_at(place);
        unknown.excludes_root = v->excludes_root;
        return unknown;
    }
    if (place && (place->uses & VALUE_PATH_OTHER)) return unknown_at(place);
    const struct value *member = value_get(v->data, key);
    struct abstract found = abstract_data(member);
    /* Helm 4 takes a null away, Helm 3 leaves it. */
    *present = !member ? TRUTH_NO : member->kind == VALUE_NULL ? TRUTH_MAYBE : TRUTH_YES;
    found.interface_nil = !found.data;
    found.place = place;
    return found;
}

struct abstract scope_item(struct scope_evaluator *e, const struct abstract *v, const struct value *item) {
    struct value_path *place = below(e, v, (struct str){NULL, 0});
    if (!item || (place && (place->uses & VALUE_PATH_OTHER))) return unknown_at(place);
    struct abstract found = abstract_data(item);
    found.interface_nil = !found.data;
    found.place = place;
    return found;
}

/* Methods of the values, which stand where a key could; false where it is none. */
static bool values_method(struct scope_evaluator *e, const struct abstract *v, struct str key,
                          struct abstract *result) {
    if (v->place != &e->out->root || !tmpl_is_values_method(key)) return false;
    *result = *v;
    if (str_eq(key, STR("AsMap"))) return true;
    scope_escape(e, v);
    *result = abstract_unknown();
    return true;
}

struct abstract scope_field(struct scope_evaluator *e, const struct abstract *v, struct str key, struct span span) {
    struct abstract result;
    switch (v->kind) {
    case ABSTRACT_ROOT: return root_field(e, key);
    case ABSTRACT_LIST: scope_escape(e, v); return abstract_unknown();
    case ABSTRACT_DATA:
        if (values_method(e, v, key, &result)) return result;
        if (v->data && v->data->kind == VALUE_MAP) break;
        if (!v->data && !v->interface_nil) {
            result = *v;
            result.place = below(e, v, key);
            return result;
        }
        scope_fail(e, SCOPE_FAILS_FIELD, v, span, STR(""));
        return unknown_at(below(e, v, key));
    default: break;
    }
    return scope_member(e, v, key, NULL);
}

struct scope_guard scope_guard(const struct scope_evaluator *e, struct span span, bool negated) {
    return (struct scope_guard){span_text(e->unit->tree->text, span), negated, false};
}

struct scope_branch scope_enter(struct scope_evaluator *e, enum truth taken, struct scope_guard guard) {
    struct scope_branch branch = {e->reach, e->depth, e->dead, e->guard};
    if (taken == TRUTH_MAYBE && guard.condition.len) e->guard = guard;
    e->reach = truth_min(e->reach, taken);
    e->depth += taken != TRUTH_YES;
    e->dead += taken == TRUTH_NO;
    return branch;
}

void scope_leave(struct scope_evaluator *e, struct scope_branch branch) {
    e->reach = branch.reach;
    e->depth = branch.depth;
    e->dead = branch.dead;
    e->guard = branch.guard;
}
