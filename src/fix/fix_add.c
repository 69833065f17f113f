/* Additions: what the standard requires and the file lacks. The defaults that stand by themselves come first, then
 * those that follow from other values, each from what stands by then; where no such one can be had, the first that has
 * a default of its own gets it, and the rest is tried again. */
#include <stdlib.h>

#include "config/defaults.h"
#include "fix/fix_plan.h"
#include "value/change.h"
#include "value/pointer.h"

/* More rounds than a schema can need whose conditions do not go in circles. */
#define ROUNDS_MOST 64

struct filler {
    struct fix_plan *plan;
    struct fix_doc *doc;
    const struct standard *standard;
    struct legacy_state legacy; /* old places that still hold something */
    struct cel_value slots[RULE_VARIABLES];
    struct VEC(const struct schema_property *) pending; /* missing, and without a default that stands by itself */
    struct map seen;                                    /* pointer: looked at already */
    struct VEC(struct value_change) changes;            /* put, but not yet part of the model */
    bool put;
};

static struct key_path path_of(const struct schema_property *property) {
    return (struct key_path){property->keys, property->key_count};
}

/* Whether an old place of the property, or of what it derives from, still holds a value: then nothing is added. */
static bool is_fed(const struct filler *f, const struct schema_property *property) {
    if (f->legacy.count == 0 && f->legacy.suggested_count == 0) return false;
    const struct derivation *derivation = standard_derivation(f->standard, property);
    return legacy_feeds(&f->legacy, property->path) ||
           (derivation && legacy_feeds_derivation(f->plan->arena, &f->legacy, derivation));
}

static bool may_add(const struct filler *f, const struct schema_property *property) {
    if (fix_is_switch(f->plan, path_of(property), false) && !fix_is_refused(f->plan, PART_ADD, path_of(property)))
        fix_refuse(f->plan, PART_ADD, path_of(property), NULL, (struct span){0, 0},
                   STR("Chart.yaml uses it as the condition of a dependency, which is enabled without it"));
    struct key_path path = path_of(property);
    return !settings_optional(f->plan->settings, property->path) && !is_fed(f, property) &&
           !fix_is_foreign(f->plan, path) && !f->plan->imports.unknown && !fix_is_imported(f->plan, path) &&
           !fix_is_refused(f->plan, PART_ADD, path);
}

/* Makes what was put a part of the model. */
static void settle(struct filler *f) {
    if (f->changes.len == 0) return;
    fix_set_model(f->doc, value_with(f->plan->arena, &f->doc->model, f->changes.items, f->changes.len));
    f->slots[RULE_VALUES] = cel_from_value(&f->doc->model);
    f->changes.len = 0;
}

static void put(struct filler *f, struct key_path path, const struct value *value) {
    struct fix_doc *doc = f->doc;
    vec_push(f->plan->arena, &f->changes, (struct value_change){path.keys, path.count, *value});
    f->put = true;
    for (uint32_t i = 0; i < doc->added.len; i++)
        if (keys_lead(doc->added.items[i].keys, doc->added.items[i].count, path.keys, path.count)) return;
    vec_push(f->plan->arena, &doc->added, path);
}

static bool derives(const struct filler *f, const struct schema_property *property) {
    const struct derivation *derivation = standard_derivation(f->standard, property);
    return derivation && derivation->derive;
}

/* The block of `property` with the defaults below it that stand by themselves; those that do not are pending. False
 * where all that it wants is held back: an empty block would say that nothing is wanted in it. */
static bool block_of(struct filler *f, const struct schema_property *property, struct value *out) {
    const struct schema_properties *all = &f->standard->properties;
    struct arena *a = f->plan->arena;
    uint32_t index = (uint32_t)(property - all->items), count = 0, pending = f->pending.len;
    bool found, held_back = false;
    for (uint32_t i = f->standard->first_child[index]; i != STANDARD_NONE; i = f->standard->next_sibling[i]) count++;
    struct value block = value_map_new(a, count);
    for (uint32_t i = f->standard->first_child[index]; i != STANDARD_NONE; i = f->standard->next_sibling[i]) {
        const struct schema_property *child = &all->items[i];
        if (!child->required || child->condition) continue;
        if (!may_add(f, child)) {
            held_back = true;
            continue;
        }
        if (derives(f, child)) {
            vec_push(a, &f->pending, child);
        } else if (child->default_value) {
            struct value value = defaults_expand(a, child->default_value, f->slots[RULE_VARS].origin);
            value_map_put(&block, child->keys[child->key_count - 1], &found)->value = value;
        } else if (child->types == TYPE_MAP) {
            struct value value;
            if (!block_of(f, child, &value)) {
                held_back = true;
                continue;
            }
            value_map_put(&block, child->keys[child->key_count - 1], &found)->value = value;
        }
    }
    *out = block;
    return block.map.len || f->pending.len > pending || !held_back;
}

/* A missing property: added at once where that hangs on nothing else. */
static void consider(struct filler *f, const struct schema_property *property) {
    struct arena *a = f->plan->arena;
    struct str pointer = property->pointer;
    if (map_get(&f->seen, pointer) || !may_add(f, property)) return;
    map_put(a, &f->seen, pointer, f);
    struct value value;
    if (map_get(&f->plan->emptied, pointer)) {
        value = property->types == TYPE_LIST ? value_from_items(a, NULL, 0) : value_map_new(a, 0);
    } else if (derives(f, property)) {
        vec_push(a, &f->pending, property);
        return;
    } else if (property->default_value) {
        value = defaults_expand(a, property->default_value, f->slots[RULE_VARS].origin);
    } else if (property->types == TYPE_MAP) {
        if (!block_of(f, property, &value)) return;
    } else {
        return; /* only a person knows */
    }
    put(f, path_of(property), &value);
}

/* Whether `{}` stands at `path`, and was not made here: then nothing is wanted in it. */
static bool is_answered(const struct filler *f, struct key_path path, const struct value *value) {
    if (value->kind != VALUE_MAP || value->map.len || path.count == 0) return value->kind != VALUE_MAP;
    for (uint32_t i = 0; i < f->doc->added.len; i++) {
        const struct key_path *added = &f->doc->added.items[i];
        if (keys_lead(added->keys, added->count, path.keys, path.count))
            return map_get(&f->plan->emptied, fix_pointer(f->plan, *added)) != NULL;
    }
    return true;
}

static void consider_violation(struct filler *f, const struct violation *violation) {
    const struct check *check = f->plan->request->checks->by[CHECK_MISSING_KEY];
    struct str *keys;
    struct key_path path;
    if (violation->keyword != SCHEMA_REQUIRED || !pointer_parse(f->plan->arena, violation->pointer, &keys, &path.count))
        return;
    path.keys = keys;
    if (is_answered(f, path, violation->instance)) return;
    if (!fix_is_wanted(f->plan, f->doc, check, fix_span(f->doc, path))) return;
    for (uint32_t i = 0; i < violation->name_count; i++) {
        struct key_path below = fix_below(f->plan, path, violation->names[i]);
        const struct schema_property *property = standard_at(f->standard, below.keys, below.count);
        if (property) consider(f, property);
    }
}

/* What other values ask for. */
static void consider_conditions(struct filler *f) {
    const struct check *check = f->plan->request->checks->by[CHECK_MISSING_KEY];
    const struct derivations *derivations = &f->standard->derivations;
    for (uint32_t i = 0; i < derivations->len; i++) {
        const struct derivation *derivation = &derivations->items[i];
        const struct schema_property *property = derivation->property;
        struct key_path around = {property->keys, property->key_count - 1};
        const struct value *parent = derivation->when ? fix_value(&f->doc->model, around) : NULL;
        if (!parent || value_get(parent, property->keys[around.count])) continue;
        if (!fix_is_wanted(f->plan, f->doc, check, fix_span(f->doc, around))) continue;
        if (derive_requires(f->plan->arena, derivation, f->slots)) consider(f, property);
    }
}

/* Gives each pending property that can be derived its value. */
static bool derive_pending(struct filler *f) {
    const struct derivations *derivations = &f->standard->derivations;
    bool any = false;
    for (uint32_t i = 0; i < derivations->len; i++) {
        struct value value;
        uint32_t at = 0;
        while (at < f->pending.len && f->pending.items[at] != derivations->items[i].property) at++;
        if (at == f->pending.len) continue;
        if (!derive_value(f->plan->arena, &derivations->items[i], f->slots, &value)) continue;
        put(f, path_of(f->pending.items[at]), &value);
        settle(f); /* the next one may derive from it */
        memmove(f->pending.items + at, f->pending.items + at + 1, sizeof *f->pending.items * (f->pending.len - at - 1));
        f->pending.len--;
        any = true;
    }
    return any;
}

/* Gives the first pending property that has one its default. */
static bool default_pending(struct filler *f) {
    for (uint32_t i = 0; i < f->pending.len; i++) {
        const struct schema_property *property = f->pending.items[i];
        if (!property->default_value) continue;
        struct value value = defaults_expand(f->plan->arena, property->default_value, f->slots[RULE_VARS].origin);
        put(f, path_of(property), &value);
        memmove(f->pending.items + i, f->pending.items + i + 1, sizeof *f->pending.items * (f->pending.len - i - 1));
        f->pending.len--;
        return true;
    }
    return false;
}

/* Takes back what was added at `path`. */
static void take_back(struct filler *f, struct key_path path) {
    struct fix_doc *doc = f->doc;
    struct key_path around = {path.keys, path.count - 1};
    const struct value *parent = fix_value(&doc->model, around);
    struct value kept = value_map_new(f->plan->arena, parent->map.len);
    bool found;
    kept.node = parent->node, kept.span = parent->span;
    for (uint32_t i = 0; i < parent->map.len; i++) {
        const struct member *member = &parent->map.members[i];
        if (str_eq(member->key, path.keys[around.count])) continue;
        struct member *copy = value_map_put(&kept, member->key, &found);
        copy->key_span = member->key_span;
        copy->value = member->value;
    }
    struct value_change change = {around.keys, around.count, kept};
    fix_set_model(doc, around.count ? value_with(f->plan->arena, &doc->model, &change, 1) : kept);
    f->slots[RULE_VALUES] = cel_from_value(&doc->model);
    for (uint32_t i = 0; i < doc->added.len; i++) {
        struct key_path added = doc->added.items[i];
        if (added.count != path.count || !keys_lead(added.keys, added.count, path.keys, path.count)) continue;
        memmove(doc->added.items + i, doc->added.items + i + 1, sizeof added * (doc->added.len - i - 1));
        doc->added.len--;
        return;
    }
}

/* Blocks that wait in vain for all of what they are to hold go again: empty, they would say that nothing is wanted. */
static void drop_empty_blocks(struct filler *f) {
    for (uint32_t i = 0; i < f->pending.len; i++) {
        struct key_path path = path_of(f->pending.items[i]);
        while (--path.count > 0) {
            const struct value *value = fix_value(&f->doc->model, path);
            if (!value || value->kind != VALUE_MAP || value->map.len || is_answered(f, path, value)) break;
            take_back(f, path);
        }
    }
}

static void add_missing(struct filler *f) {
    for (int round = 0; round < ROUNDS_MOST; round++) {
        const struct violations *violations = fix_violations(f->plan, f->doc);
        f->put = false;
        for (uint32_t i = 0; i < violations->len; i++) consider_violation(f, &violations->items[i]);
        settle(f);
        while (derive_pending(f) || default_pending(f)) settle(f);
        consider_conditions(f);
        settle(f);
        if (!f->put && f->pending.len == 0) return;
        if (!f->put && !derive_pending(f)) return;
    }
}

#define RANKED_MOST 8

/* What is added, with the rank of each key on the way to it. */
struct ranked {
    struct key_path path;
    uint32_t ranks[RANKED_MOST];
    uint32_t place; /* in the order in which it was put */
};

static int ranked_cmp(const void *left, const void *right) {
    const struct ranked *a = left, *b = right;
    for (uint32_t i = 0; i < RANKED_MOST; i++)
        if (a->ranks[i] != b->ranks[i]) return a->ranks[i] < b->ranks[i] ? -1 : 1;
    return a->place < b->place ? -1 : 1;
}

/* Brings what is added into the order of the standard. */
static void sort_added(struct filler *f) {
    struct key_path *items = f->doc->added.items;
    uint32_t len = f->doc->added.len;
    struct ranked *list = arena_array(f->plan->arena, struct ranked, len + 1);
    for (uint32_t i = 0; i < len; i++) {
        list[i].path = items[i];
        list[i].place = i;
        for (uint32_t depth = 1; depth <= items[i].count && depth <= RANKED_MOST; depth++) {
            const struct schema_property *property = standard_at(f->standard, items[i].keys, depth);
            list[i].ranks[depth - 1] = property ? standard_rank(f->standard, property) : UINT32_MAX;
        }
    }
    if (len) qsort(list, len, sizeof *list, ranked_cmp);
    for (uint32_t i = 0; i < len; i++) items[i] = list[i].path;
}

/* The place in the properties of the child `key` of the property at the place `parent`, or STANDARD_NONE. */
static uint32_t child_of(const struct standard *standard, uint32_t parent, struct str key) {
    uint32_t i = standard->first_child[parent];
    for (; i != STANDARD_NONE; i = standard->next_sibling[i]) {
        const struct schema_property *child = &standard->properties.items[i];
        if (str_eq(child->keys[child->key_count - 1], key)) break;
    }
    return i;
}

/* A member of a mapping, and the property that it is. */
struct placed {
    uint32_t rank;
    uint32_t child; /* place in the properties, or STANDARD_NONE */
    uint32_t member;
};

/* The value of the property at the place `property`, with the members of each mapping in the standard's order: what is
 * derived came last. */
static struct value in_order(struct filler *f, uint32_t property, const struct value *value) {
    struct arena *a = f->plan->arena;
    bool found;
    if (value->kind != VALUE_MAP || f->standard->first_child[property] == STANDARD_NONE) return *value;
    struct value out = value_map_new(a, value->map.len);
    struct placed *order = arena_array(a, struct placed, value->map.len + 1);
    for (uint32_t i = 0; i < value->map.len; i++) {
        struct placed own = {UINT32_MAX, child_of(f->standard, property, value->map.members[i].key), i};
        if (own.child != STANDARD_NONE) own.rank = f->standard->ranks[own.child];
        uint32_t k = i;
        for (; k > 0 && own.rank < order[k - 1].rank; k--) order[k] = order[k - 1];
        order[k] = own;
    }
    for (uint32_t i = 0; i < value->map.len; i++) {
        const struct member *member = &value->map.members[order[i].member];
        value_map_put(&out, member->key, &found)->value =
            order[i].child == STANDARD_NONE ? member->value : in_order(f, order[i].child, &member->value);
    }
    return out;
}

void fix_plan_additions(struct fix_plan *p, struct fix_doc *doc) {
    struct filler f = {.plan = p, .doc = doc, .standard = p->settings->standard};
    doc->added.len = 0;
    if (!p->settings->enabled[p->request->checks->by[CHECK_MISSING_KEY]->index]) return;
    legacy_scan(p->arena, f.standard, &doc->model, &f.legacy);
    fix_slots(p, doc, &doc->model, f.slots);
    add_missing(&f);
    drop_empty_blocks(&f);
    sort_added(&f);
    for (uint32_t i = 0; i < doc->added.len; i++) {
        struct key_path path = doc->added.items[i];
        struct value *value = arena_new(p->arena, struct value);
        const struct schema_property *property = standard_at(f.standard, path.keys, path.count);
        *value = *fix_value(&doc->model, path);
        if (property) *value = in_order(&f, (uint32_t)(property - f.standard->properties.items), value);
        struct patch_operation add = {.kind = PATCH_ADD, .path = fix_pointer(p, path), .value = value};
        fix_record(p, doc, &add, (struct fix_origin){PART_ADD, path});
    }
}
