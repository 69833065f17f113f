/* Names and types alone tell next to nothing: nearly all keys that look alike are two things. What tells is where the
 * values end: two keys are one thing where both are printed into the same field of Kubernetes' objects, alone, in
 * charts that have the one or the other. Not where both stand in one chart, where a chart prints the field from several
 * values, or where most charts print the key elsewhere. It stays a suggestion: a person confirms it. */
#include "infer/spelling.h"

#include "schema/schema.h"

/* Charts in which each of the two has to end in the field. */
#define CHARTS_LEAST 2u
/* Percent of the charts that have a key in which it ends in the field. */
#define FIELD_SHARE 50u

/* A key that ends in a field. */
struct ending {
    struct property *property;
    const struct fleet_field *field;
};

struct endings VEC(struct ending);

static bool is_scalar(const struct property *p) {
    return p->types && !(p->types & (TYPE_MAP | TYPE_LIST));
}

/* Every field, with the keys that end in it and in nothing else. */
static void list_endings(const struct draft *draft, struct map *by_field) {
    for (uint32_t i = 0; i < draft->all.len; i++) {
        struct property *p = draft->all.items[i];
        for (uint32_t k = 0; k < p->key->fields.len; k++) {
            const struct fleet_field *field = p->key->fields.entries[k].value;
            if (field->charts.len < CHARTS_LEAST || !is_share(field->charts.len, p->count, FIELD_SHARE)) continue;
            if (!is_scalar(p)) continue;
            struct endings *endings = map_get(by_field, field->field);
            if (!endings) {
                endings = arena_new(draft->arena, struct endings);
                map_put(draft->arena, by_field, field->field, endings);
            }
            vec_push(draft->arena, endings, (struct ending){p, field});
        }
    }
}

/* Whether a chart has both. */
static bool stand_together(const struct property *a, const struct property *b) {
    uint32_t i = 0, k = 0;
    while (i < a->key->uses.len && k < b->key->uses.len) {
        uint32_t x = a->key->uses.items[i].chart, y = b->key->uses.items[k].chart;
        if (x == y) return true;
        if (x < y) i++;
        else k++;
    }
    return false;
}

/* How many fields they have in common, and whether one of them is printed together with something else. */
static uint32_t count_common(const struct property *a, const struct property *b, bool *mixed) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < a->key->fields.len; i++) {
        const struct fleet_field *field = a->key->fields.entries[i].value;
        const struct fleet_field *other = map_get(&b->key->fields, field->field);
        if (!other) continue;
        count++;
        *mixed = *mixed || field->mixed || other->mixed;
    }
    return count;
}

static bool is_one_thing(const struct ending *now, const struct ending *old) {
    const struct property *a = now->property, *b = old->property;
    bool mixed = false;
    if (a == b || !(a->types & b->types) || stand_together(a, b)) return false;
    uint32_t common = count_common(a, b, &mixed);
    return common > 0 && !mixed;
}

/* The commonest key of the field first: it stays. */
static void sort_endings(struct endings *endings) {
    for (uint32_t i = 1; i < endings->len; i++) {
        struct ending own = endings->items[i];
        uint32_t k = i;
        for (; k > 0 && endings->items[k - 1].property->count < own.property->count; k--)
            endings->items[k] = endings->items[k - 1];
        endings->items[k] = own;
    }
}

static void suggest(struct draft *draft, struct property *now, struct property *old, struct str field) {
    vec_push(draft->arena, &now->suggestions, (struct suggestion){old->key, field, old->count});
    now->taken += old->main_count;
    old->is_spelling = true;
}

void spelling_find(struct draft *draft) {
    struct map by_field = {NULL, 0, 0, NULL, 0};
    list_endings(draft, &by_field);
    for (uint32_t i = 0; i < by_field.len; i++) {
        struct endings *endings = by_field.entries[i].value;
        sort_endings(endings);
        for (uint32_t k = 1; k < endings->len; k++) {
            struct ending *old = &endings->items[k];
            uint32_t n = 0;
            while (n < k && (endings->items[n].property->is_spelling || !is_one_thing(&endings->items[n], old))) n++;
            if (n == k || old->property->is_spelling || old->property->suggestions.len) continue;
            suggest(draft, endings->items[n].property, old->property, old->field->field);
        }
    }
}
