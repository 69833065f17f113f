#include "infer/draft.h"

#include "base/fuzzy.h"
#include "infer/choices.h"
#include "infer/spelling.h"
#include "infer/usual.h"
#include "schema/schema.h"
#include "text/secret.h"

/* Percent of all charts that have a key before it is one of the draft; two charts at least, where there are more. */
#define SEEN_SHARE 3u
/* A null counts as a type from this share on: fewer are slips. */
#define NULL_SHARE 20u
/* Pairs of siblings are compared in so many charts. */
#define ORDER_MOST 200u
/* A comment is a key's description where this share of its comments say the same. */
#define COMMENT_SHARE 40u

static uint32_t least_charts(const struct fleet *fleet) {
    uint32_t share = (fleet->charts.len * SEEN_SHARE + 99) / 100;
    if (fleet->charts.len < 3) return 1;
    return share > 2 ? share : 2;
}

/* Uses of one chart stand together. */
static void count_charts(const struct fleet *fleet, struct property *p) {
    uint32_t last = UINT32_MAX;
    for (uint32_t i = 0; i < p->key->uses.len; i++) {
        uint32_t chart = p->key->uses.items[i].chart;
        if (chart == last) continue;
        last = chart;
        p->count++;
        if (fleet->charts.items[chart].role == fleet->main_role) p->main_count++;
    }
}

/* ---- Types ---- */

static const uint8_t TYPES[] = {
    [VALUE_NULL] = TYPE_NULL,     [VALUE_BOOL] = TYPE_BOOL, [VALUE_INT] = TYPE_INTEGER, [VALUE_FLOAT] = TYPE_NUMBER,
    [VALUE_STRING] = TYPE_STRING, [VALUE_LIST] = TYPE_LIST, [VALUE_MAP] = TYPE_MAP};

static void decide_types(struct property *p) {
    uint32_t counts[VALUE_MAP + 1] = {0}, all = p->key->uses.len;
    for (uint32_t i = 0; i < all; i++) counts[p->key->values.items[p->key->uses.items[i].value].value.kind]++;
    uint32_t known = all - counts[VALUE_NULL];
    if (counts[VALUE_FLOAT]) {
        counts[VALUE_FLOAT] += counts[VALUE_INT];
        counts[VALUE_INT] = 0;
    }
    for (int kind = VALUE_BOOL; kind <= VALUE_MAP; kind++)
        if (counts[kind] && is_share(counts[kind], known, TYPE_SHARE)) p->types |= TYPES[kind];
    if (p->types && is_share(counts[VALUE_NULL], all, NULL_SHARE)) p->types |= TYPE_NULL;
}

/* ---- Order ---- */

/* By how many more charts have `a` before `b` than behind it. */
static int64_t before(const struct fleet_key *a, const struct fleet_key *b) {
    uint32_t i = 0, k = 0, compared = 0;
    int64_t lead = 0;
    while (i < a->uses.len && k < b->uses.len && compared < ORDER_MOST) {
        const struct fleet_use *x = &a->uses.items[i], *y = &b->uses.items[k];
        if (x->chart == y->chart) {
            lead += x->place < y->place ? 1 : -1;
            compared++;
        }
        if (x->chart <= y->chart) i++;
        if (y->chart <= x->chart) k++;
    }
    return lead;
}

/* A child that has no place yet. */
struct candidate {
    struct property *property;
    uint32_t ahead; /* others without a place that stand before it, more often than not */
};

/* The one that comes next: with the fewest ahead; of equals the one that more charts of the commonest role have. */
static uint32_t next_candidate(const struct candidate *list, uint32_t count) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; i++) {
        const struct candidate *one = &list[i], *other = &list[best];
        bool fewer = one->ahead < other->ahead;
        if (fewer || (one->ahead == other->ahead && one->property->main_count > other->property->main_count)) best = i;
    }
    return best;
}

static void sort_children(struct arena *a, struct property *p) {
    uint32_t count = p->children.len;
    struct candidate *list = arena_array(a, struct candidate, count + 1);
    for (uint32_t i = 0; i < count; i++) list[i].property = p->children.items[i];
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = i + 1; k < count; k++) {
            int64_t lead = before(list[i].property->key, list[k].property->key);
            if (lead > 0) list[k].ahead++;
            if (lead < 0) list[i].ahead++;
        }
    }
    for (uint32_t place = 0; count > 0; place++) {
        uint32_t next = next_candidate(list, count);
        struct property *chosen = list[next].property;
        p->children.items[place] = chosen;
        memmove(list + next, list + next + 1, sizeof *list * (count - next - 1));
        count--;
        for (uint32_t i = 0; i < count; i++)
            if (list[i].ahead && before(chosen->key, list[i].property->key) > 0) list[i].ahead--;
    }
}

/* ---- The tree ---- */

static struct property *property_of(struct draft *draft, const struct fleet_key *key, struct property *parent);

static void add_children(struct draft *draft, struct property *p) {
    const struct fleet_key *key = p->key;
    uint32_t least = least_charts(draft->fleet);
    for (uint32_t i = 0; i < key->children.len; i++) {
        const struct fleet_key *child = key->children.entries[i].value;
        if (child->uses.len < least) continue;
        struct property *made = property_of(draft, child, p);
        if (made->count >= least) vec_push(draft->arena, &p->children, made);
    }
    sort_children(draft->arena, p);
    if (key->items && key->items->uses.len >= least) p->items = property_of(draft, key->items, p);
}

/* Adds the keys at the top that few charts have, that their templates read, and that look like one that is there. */
static void add_own(struct draft *draft) {
    struct property *root = draft->root;
    const struct map *keys = &draft->fleet->root->children;
    struct VEC(struct str) names = {NULL, 0, 0};
    struct map known = {NULL, 0, 0, NULL, 0};
    for (uint32_t i = 0; i < root->children.len; i++) {
        vec_push(draft->arena, &names, root->children.items[i]->key->key);
        map_put(draft->arena, &known, root->children.items[i]->key->key, root);
    }
    for (uint32_t before = 0; before < names.len;) { /* what is added may look like others again */
        uint32_t from = before;
        before = names.len;
        for (uint32_t i = 0; i < keys->len; i++) {
            const struct fleet_key *key = keys->entries[i].value;
            if (key->unread || map_get(&known, key->key)) continue;
            if (fuzzy_nearest(key->key, names.items + from, before - from).len == 0) continue;
            struct property *own = property_of(draft, key, root);
            own->is_own = true;
            vec_push(draft->arena, &root->children, own);
            vec_push(draft->arena, &names, key->key);
            map_put(draft->arena, &known, key->key, root);
        }
    }
}

static struct property *property_of(struct draft *draft, const struct fleet_key *key, struct property *parent) {
    struct property *p = arena_new(draft->arena, struct property);
    p->key = key;
    p->parent = parent;
    count_charts(draft->fleet, p);
    if (parent) decide_types(p);
    p->secret = !key->is_item && p->types == TYPE_STRING && secret_is_name(key->key);
    if (!parent || !p->types || p->types & (TYPE_MAP | TYPE_LIST)) add_children(draft, p);
    return p;
}

static void list_all(struct draft *draft, struct property *p) {
    for (uint32_t i = 0; i < p->children.len; i++) {
        vec_push(draft->arena, &draft->all, p->children.items[i]);
        list_all(draft, p->children.items[i]);
    }
}

static void decide_required(struct draft *draft) {
    uint32_t charts = draft->fleet->roles.len ? draft->fleet->roles.items[draft->fleet->main_role].count : 0;
    for (uint32_t i = 0; i < draft->all.len; i++) {
        struct property *p = draft->all.items[i];
        p->required = is_share(p->main_count + p->taken, charts, REQUIRED_SHARE);
    }
    for (uint32_t i = draft->all.len; i-- > 0;) { /* around one that charts have under another name elsewhere */
        struct property *p = draft->all.items[i];
        if (p->required && !p->is_spelling) p->parent->required = true;
    }
}

static void decide_description(struct property *p) {
    const struct fleet_count *best = NULL;
    uint32_t all = 0;
    for (uint32_t i = 0; i < p->key->comments.len; i++) {
        const struct fleet_count *count = p->key->comments.entries[i].value;
        all += count->count;
        if (!best || count->count > best->count) best = count;
    }
    if (best && is_share(best->count, all, COMMENT_SHARE)) p->description = best->text;
}

void draft_make(struct arena *a, struct fleet *fleet, struct draft *draft) {
    *draft = (struct draft){.arena = a, .fleet = fleet};
    draft->root = property_of(draft, fleet->root, NULL);
    list_all(draft, draft->root);
    add_own(draft);
    spelling_find(draft);
    usual_decide(draft);
    choices_decide(draft);
    decide_required(draft);
    for (uint32_t i = 0; i < draft->all.len; i++) decide_description(draft->all.items[i]);
}
