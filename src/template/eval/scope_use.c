/* What is done with a value: what it marks in the tree of places, and where it fails. */
#include "template/eval/scope_work.h"
#include "template/syntax/names.h"

#define STEPS_MAX 1000000u
#define FAILURES_MAX 200u
#define SITES_MAX 8u
#define ITEMS_DEPTH 6

enum truth work_reach(const struct work *w) {
    return truth_min(w->reach, w->limit);
}

void work_miss(struct work *w) {
    if (w->input->watch) w->input->watch->incomplete = true;
}

void work_give_up(struct work *w) {
    work_miss(w);
    w->out->stopped = true;
    w->out->root.uses |= TEMPLATE_PLACE_WHOLE;
}

void work_charge(struct work *w, size_t size) {
    size_t steps = w->steps + size / 64;
    w->steps = steps > STEPS_MAX ? STEPS_MAX : (uint32_t)steps;
}

bool work_step(struct work *w) {
    if (w->out->stopped) return false;
    if (++w->steps > STEPS_MAX) work_give_up(w);
    return !w->out->stopped;
}

static void mark(const struct abstract *v, unsigned uses) {
    if (v->place) v->place->uses = (uint8_t)(v->place->uses | uses);
}

static void escape(struct work *w, const struct abstract *v, int depth) {
    mark(v, TEMPLATE_PLACE_READ | TEMPLATE_PLACE_WHOLE);
    if (v->kind == ABSTRACT_ROOT || depth == 0) w->out->root.uses |= TEMPLATE_PLACE_WHOLE;
    if (v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) return;
    /* What gets hold of it may add to it; of calls that are not followed a watch is told. */
    if (v->kind == ABSTRACT_DICT && !w->input->watch) v->items->open = true;
    for (uint32_t i = 0; i < v->items->list.len && depth > 0 && work_step(w); i++)
        escape(w, &v->items->list.items[i].value, depth - 1);
}

void work_touch(struct work *w, struct abstract_items *items) {
    if (items->serial < w->changed) w->changed = items->serial;
}

static void lose(struct work *w, const struct abstract *v, int depth) {
    if ((v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) || depth == 0) return;
    for (uint32_t i = 0; i < v->items->list.len && work_step(w); i++)
        lose(w, &v->items->list.items[i].value, depth - 1);
    if (v->kind != ABSTRACT_DICT) return;
    v->items->open = true;
    v->items->list.len = 0;
    work_touch(w, v->items);
}

void work_lose(struct work *w, const struct abstract *v) {
    work_escape(w, v);
    lose(w, v, ITEMS_DEPTH);
}

void work_escape(struct work *w, const struct abstract *v) {
    escape(w, v, ITEMS_DEPTH);
}

static struct span span_in_file(const struct work *w, struct span span) {
    return w->unit->inside ? w->unit->span : span;
}

static bool holds_root(struct work *w, const struct abstract *v, int depth) {
    if (v->kind == ABSTRACT_ROOT) return true;
    if ((v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) || depth == 0) return false;
    for (uint32_t i = 0; i < v->items->list.len && work_step(w); i++)
        if (holds_root(w, &v->items->list.items[i].value, depth - 1)) return true;
    return false;
}

/* For the watch: `v` is read with all that it holds. */
static void take_whole(struct work *w, const struct abstract *v, struct span span) {
    struct template_watch *watch = w->input->watch;
    struct template_site site = {w->unit->file, span_in_file(w, span), true};
    if (!watch || !holds_root(w, v, ITEMS_DEPTH)) return;
    for (uint32_t i = 0; i < watch->wholes.len; i++)
        if (watch->wholes.items[i].file == site.file && watch->wholes.items[i].span.start == site.span.start) return;
    vec_push(w->arena, &watch->wholes, site);
}

void work_take(struct work *w, const struct abstract *v, struct span span) {
    enum truth reach = work_reach(w);
    take_whole(w, v, span);
    work_escape(w, v);
    if (!v->place || reach == TRUTH_NO) return;
    struct template_site site = {w->unit->file, span_in_file(w, span), reach == TRUTH_YES};
    for (uint32_t i = 0; i < v->place->sites.len; i++) {
        struct template_site *known = &v->place->sites.items[i];
        if (known->file != site.file || known->span.start != site.span.start) continue;
        known->certain |= site.certain;
        return;
    }
    if (v->place->sites.len < SITES_MAX) vec_push(w->arena, &v->place->sites, site);
}

enum truth work_truth(struct work *w, const struct abstract *v) {
    (void)w;
    mark(v, TEMPLATE_PLACE_READ | TEMPLATE_PLACE_TRUTH);
    return abstract_is_true(v);
}

struct abstract work_join(struct work *w, const struct abstract *a, const struct abstract *b) {
    struct abstract v = abstract_unknown();
    if (abstract_same(a, b)) return *a;
    enum truth left = abstract_is_true(a), right = abstract_is_true(b);
    work_escape(w, a);
    work_escape(w, b);
    v.rootless = work_is_rootless(w, a) && work_is_rootless(w, b);
    if (left == right) v.truth = left;
    return v;
}

struct template_failure *work_fail(struct work *w, enum template_failure_cause cause, const struct abstract *v,
                                   struct span span, struct str function) {
    enum truth reach = work_reach(w);
    struct template_failures *failures = &w->out->failures;
    if (reach == TRUTH_NO || (v->place ? v->place->uses & TEMPLATE_PLACE_OTHER : !v->absent.len)) return NULL;
    struct template_failure failure = {
        .cause = cause,
        .certain = reach == TRUTH_YES && !w->input->overridden,
        .inside = w->unit->inside,
        .file = w->unit->file,
        .span = span_in_file(w, span),
        .place = v->place,
        .absent = v->absent,
        .value = v->data,
        .function = function,
    };
    for (uint32_t i = 0; i < failures->len; i++) {
        struct template_failure *known = &failures->items[i];
        if (known->place != failure.place || known->file != failure.file || known->span.start != failure.span.start)
            continue;
        known->certain |= failure.certain;
        return NULL;
    }
    if (failures->len >= FAILURES_MAX) return NULL;
    vec_push(w->arena, failures, failure);
    return &failures->items[failures->len - 1];
}

static bool is_in_values(const struct template_place *place) {
    for (const struct template_place *p = place; p; p = p->parent)
        if (p->uses & TEMPLATE_PLACE_OTHER) return false;
    return place != NULL;
}

static bool is_rootless(struct work *w, const struct abstract *v, int depth) {
    if (v->kind == ABSTRACT_ROOT) return false;
    if (v->kind == ABSTRACT_DATA) return true;
    if (v->kind == ABSTRACT_UNKNOWN) return v->rootless || is_in_values(v->place);
    if (v->items->open || depth == 0) return false;
    for (uint32_t i = 0; i < v->items->list.len; i++)
        if (!work_step(w) || !is_rootless(w, &v->items->list.items[i].value, depth - 1)) return false;
    return true;
}

bool work_is_rootless(struct work *w, const struct abstract *v) {
    return w->input->watch && is_rootless(w, v, ITEMS_DEPTH);
}

static enum template_seen seen_of(struct work *w, const struct abstract *v) {
    if (v->kind == ABSTRACT_ROOT) return TEMPLATE_SEEN_ROOT;
    if (is_rootless(w, v, ITEMS_DEPTH)) return TEMPLATE_SEEN_OTHER;
    return v->kind == ABSTRACT_UNKNOWN || v->items->open ? TEMPLATE_SEEN_UNKNOWN : TEMPLATE_SEEN_HOLDER;
}

void work_see_whole(struct work *w, const struct abstract *v) {
    if (w->input->watch) mark(v, TEMPLATE_PLACE_READ | TEMPLATE_PLACE_WHOLE);
}

void work_see(struct work *w, const struct abstract *v, uint32_t word) {
    struct template_watch *watch = w->input->watch;
    if (!watch) return;
    if (w->unit->inside) {
        work_see_whole(w, v);
        return;
    }
    uint32_t *at = &watch->at[w->unit->file][word];
    if (!*at) {
        struct template_sight first = {0, v->place};
        vec_push(w->arena, &watch->sights, first);
        *at = watch->sights.len;
    }
    struct template_sight *sight = &watch->sights.items[*at - 1];
    if (sight->place != v->place) {
        if (sight->place) sight->place->uses |= TEMPLATE_PLACE_WHOLE;
        work_see_whole(w, v);
    }
    sight->seen |= (uint8_t)seen_of(w, v);
}

void work_print(struct work *w, const struct abstract *v, struct span action) {
    struct template_blanks *blanks = &w->out->blanks;
    bool empty = v->kind == ABSTRACT_DATA && v->data && v->data->kind == VALUE_STRING && v->data->string.len == 0;
    if (!(empty || abstract_is_nil(v)) || !is_in_values(v->place)) return;
    if (work_reach(w) != TRUTH_YES || w->input->overridden || w->unit->inside || blanks->len >= FAILURES_MAX) return;
    for (uint32_t i = 0; i < blanks->len; i++)
        if (blanks->items[i].file == w->unit->file && blanks->items[i].action.start == action.start) return;
    struct template_blank blank = {w->unit->file, action, v->place};
    vec_push(w->arena, blanks, blank);
}

void work_change(struct work *w, struct template_place *place) {
    if (work_reach(w) == TRUTH_NO || (place->uses & TEMPLATE_PLACE_OTHER)) return;
    place->uses |= TEMPLATE_PLACE_OTHER;
    w->others = true;
}

/* The place below that of `v`, where it has one. */
static struct template_place *below(struct work *w, const struct abstract *v, struct str key) {
    if (!v->place) return NULL;
    mark(v, TEMPLATE_PLACE_READ);
    struct template_place *place = template_place_below(w->arena, v->place, key);
    place->uses |= TEMPLATE_PLACE_READ;
    return place;
}

static struct abstract unknown_at(struct template_place *place) {
    struct abstract v = abstract_unknown();
    v.place = place;
    return v;
}

/* The nil of a key that nothing sets. */
static struct abstract absent_key(struct str key) {
    struct abstract v = abstract_data(NULL);
    v.boxed = true;
    v.absent = key;
    return v;
}

static struct abstract hop_root(struct work *w, struct str key) {
    struct template_place *root = &w->out->root;
    if (str_eq(key, STR("Chart"))) return w->chart;
    if (!str_eq(key, STR("Values")))
        return w->root_grows || w->input->watch || tmpl_is_root_key(key)
                   ? (struct abstract){.truth = TRUTH_MAYBE, .rootless = true}
                   : absent_key(key);
    if ((root->uses & TEMPLATE_PLACE_OTHER) || !w->input->values) return unknown_at(root);
    struct abstract values = abstract_data(w->input->values);
    values.place = root;
    return values;
}

struct abstract work_member(struct work *w, const struct abstract *v, struct str key, enum truth *present) {
    enum truth ignored;
    if (!present) present = &ignored;
    *present = TRUTH_MAYBE;
    if (v->kind == ABSTRACT_ROOT) return hop_root(w, key);
    if (v->kind == ABSTRACT_DICT) {
        const struct abstract *member = abstract_member(v, key);
        if (member || !v->items->open) *present = member ? TRUTH_YES : TRUTH_NO;
        struct abstract found = member ? *member : v->items->open ? abstract_unknown() : absent_key(key);
        found.boxed = abstract_is_nil(&found);
        return found;
    }
    struct template_place *place = below(w, v, key);
    if (v->kind != ABSTRACT_DATA || !v->data || v->data->kind != VALUE_MAP) {
        struct abstract unknown = unknown_at(place);
        unknown.rootless = v->rootless;
        return unknown;
    }
    if (place && (place->uses & TEMPLATE_PLACE_OTHER)) return unknown_at(place);
    const struct value *member = value_get(v->data, key);
    struct abstract found = abstract_data(member);
    /* Helm 4 takes a null away, Helm 3 leaves it. */
    *present = !member ? TRUTH_NO : member->kind == VALUE_NULL ? TRUTH_MAYBE : TRUTH_YES;
    found.boxed = !found.data;
    found.place = place;
    return found;
}

struct abstract work_item(struct work *w, const struct abstract *v, const struct value *item) {
    struct template_place *place = below(w, v, (struct str){NULL, 0});
    if (!item || (place && (place->uses & TEMPLATE_PLACE_OTHER))) return unknown_at(place);
    struct abstract found = abstract_data(item);
    found.boxed = !found.data;
    found.place = place;
    return found;
}

/* Methods of the values, which stand where a key could; false where it is none. */
static bool hop_method(struct work *w, const struct abstract *v, struct str key, struct abstract *result) {
    if (v->place != &w->out->root || !tmpl_is_values_method(key)) return false;
    *result = *v;
    if (str_eq(key, STR("AsMap"))) return true;
    work_escape(w, v);
    *result = abstract_unknown();
    return true;
}

struct abstract work_hop(struct work *w, const struct abstract *v, struct str key, struct span span) {
    struct abstract result;
    switch (v->kind) {
    case ABSTRACT_ROOT: return hop_root(w, key);
    case ABSTRACT_LIST: work_escape(w, v); return abstract_unknown();
    case ABSTRACT_DATA:
        if (hop_method(w, v, key, &result)) return result;
        if (v->data && v->data->kind == VALUE_MAP) break;
        if (!v->data && !v->boxed) {
            result = *v;
            result.place = below(w, v, key);
            return result;
        }
        work_fail(w, TEMPLATE_FAILURE_HOP, v, span, STR(""));
        return unknown_at(below(w, v, key));
    default: break;
    }
    return work_member(w, v, key, NULL);
}

struct branch work_enter(struct work *w, enum truth taken) {
    struct branch branch = {w->reach, w->depth, w->dead};
    w->reach = truth_min(w->reach, taken);
    w->depth += taken != TRUTH_YES;
    w->dead += taken == TRUTH_NO;
    return branch;
}

void work_leave(struct work *w, struct branch branch) {
    w->reach = branch.reach;
    w->depth = branch.depth;
    w->dead = branch.dead;
}
