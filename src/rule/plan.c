#include "rule/plan.h"

#include "base/map.h"
#include "rule/path.h"

/* A node while the tree grows. */
struct branch {
    struct str key;
    struct branch *parent, *first, *last, *next;
    struct map children;                    /* by key */
    const struct branches *read, *required; /* the lists of that kind that it was added to last */
    bool deep;
    uint32_t id;
};

struct branches VEC(struct branch *);

struct builder {
    struct arena *arena;
    struct branch *root;
    uint32_t count;
    struct VEC(struct plan_node) nodes;
};

static struct branch *child_of(struct builder *b, struct branch *parent, struct str key) {
    struct branch *child = map_get(&parent->children, key);
    if (child) return child;
    child = arena_new(b->arena, struct branch);
    map_put(b->arena, &parent->children, key, child);
    child->key = key;
    child->parent = parent;
    if (parent->last) parent->last->next = child;
    else parent->first = child;
    parent->last = child;
    b->count++;
    return child;
}

/* The node of `keys[0..count)` below `from`; a step of any key ends it, and makes it deep. */
static struct branch *descend(struct builder *b, struct branch *from, const struct str *keys, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (!keys[i].ptr) {
            from->deep = true;
            return from;
        }
        from = child_of(b, from, keys[i]);
    }
    return from;
}

/* Rules are drafted one after the other: a branch that is in the list was added to no other one of the kind since. */
static void add_once(struct arena *a, struct branches *list, const struct branches **last, struct branch *branch) {
    if (*last == list) return;
    *last = list;
    vec_push(a, list, branch);
}

static void note_read(struct arena *a, struct branches *reads, struct branch *branch) {
    add_once(a, reads, &branch->read, branch);
}

static void note_required(struct arena *a, struct branches *required, struct branch *branch) {
    add_once(a, required, &branch->required, branch);
}

/* A rule while the tree grows. */
struct draft {
    struct plan_rule plan;
    struct branch *at, *point;
    struct branches required, reads;
    struct VEC(struct plan_below) below;
    struct rule_path keys; /* of the node `at` */
    bool wild;
};

static void add_read(struct builder *b, struct draft *draft, const struct cel_read *read) {
    struct str *keys = arena_array(b->arena, struct str, read->count);
    uint32_t required = read->conditional ? 0 : read->required;
    for (uint32_t i = 0; i < read->count; i++) keys[i] = read->steps[i].key;
    if (read->slot == RULE_SELF && draft->wild) {
        vec_push(b->arena, &draft->below, (struct plan_below){keys, read->count, required});
        return;
    }
    if (read->slot != RULE_SELF && read->slot != RULE_VALUES) return;
    struct branch *from = read->slot == RULE_SELF ? draft->at : b->root;
    note_read(b->arena, &draft->reads, descend(b, from, keys, read->count));
    if (!read->conditional) note_required(b->arena, &draft->required, descend(b, from, keys, required));
}

static void add_program(struct builder *b, struct draft *draft, const struct cel_program *program) {
    uint32_t count;
    if (!program) return;
    const struct cel_read *reads = cel_program_reads(b->arena, program, &count);
    for (uint32_t i = 0; i < count; i++) {
        add_read(b, draft, &reads[i]);
        if (reads[i].slot == RULE_PATH) draft->plan.reads_path = true;
    }
}

static void draft_rule(struct builder *b, struct draft *draft, const struct rule *rule, const struct rule_path *at) {
    uint32_t named = 0;
    while (named < at->count && at->keys[named].ptr) named++;
    draft->wild = named < at->count;
    draft->at = descend(b, b->root, at->keys, named);
    draft->plan.rule = rule;
    draft->keys = (struct rule_path){at->keys, named};
    if (draft->wild) draft->plan.rest = (struct rule_path){at->keys + named, at->count - named};
    if (rule->point.count) draft->point = descend(b, b->root, rule->point.keys, rule->point.count);
    note_read(b->arena, &draft->reads, draft->at);
    note_required(b->arena, &draft->required, draft->at);
    add_program(b, draft, rule->when);
    add_program(b, draft, rule->expect);
    add_program(b, draft, rule->group_by);
}

/* Numbers the tree, each node before what is below it. */
static void number(struct builder *b, struct branch *branch) {
    uint32_t id = branch->id = b->nodes.len;
    struct plan_node node = {.key = branch->key, .hash = str_hash(branch->key), .deep = branch->deep};
    node.parent = branch->parent ? branch->parent->id : 0;
    vec_push(b->arena, &b->nodes, node);
    for (struct branch *child = branch->first; child; child = child->next) number(b, child);
    b->nodes.items[id].end = b->nodes.len;
}

static const uint32_t *ids_of(struct arena *a, const struct branches *branches) {
    uint32_t *ids = arena_array(a, uint32_t, branches->len);
    for (uint32_t i = 0; i < branches->len; i++) ids[i] = branches->items[i]->id;
    return ids;
}

static struct plan_rule finish(struct arena *a, const struct draft *draft) {
    struct plan_rule plan = draft->plan;
    plan.at = draft->at->id;
    plan.point = draft->point ? draft->point->id : PLAN_NONE;
    plan.required = ids_of(a, &draft->required);
    plan.required_count = draft->required.len;
    plan.reads = ids_of(a, &draft->reads);
    plan.read_count = draft->reads.len;
    plan.below = draft->below.items;
    plan.below_count = draft->below.len;
    plan.path = rule_path_text(a, draft->keys.keys, draft->keys.count);
    return plan;
}

const struct rule_plan *rule_plan_make(struct arena *a, const struct rule_set *set) {
    struct builder b = {.arena = a, .root = arena_new(a, struct branch)};
    struct rule_plan *plan = arena_new(a, struct rule_plan);
    uint32_t count = 0, at = 0;

    for (uint32_t i = 0; i < set->rules.len; i++) count += set->rules.items[i]->at_count;
    struct draft *drafts = arena_array(a, struct draft, count);
    for (uint32_t i = 0; i < set->rules.len; i++) {
        const struct rule *rule = set->rules.items[i];
        for (uint32_t k = 0; k < rule->at_count; k++) draft_rule(&b, &drafts[at++], rule, &rule->at[k]);
    }
    number(&b, b.root);
    struct plan_rule *rules = arena_array(a, struct plan_rule, count);
    for (uint32_t i = 0; i < count; i++) rules[i] = finish(a, &drafts[i]);
    *plan = (struct rule_plan){b.nodes.items, b.nodes.len, rules, count};
    return plan;
}

struct str rule_plan_path(struct arena *a, const struct rule_plan *plan, uint32_t node) {
    uint32_t count = 0;
    for (uint32_t at = node; at; at = plan->nodes[at].parent) count++;
    struct str *keys = arena_array(a, struct str, count);
    for (uint32_t at = node; at; at = plan->nodes[at].parent) keys[--count] = plan->nodes[at].key;
    for (uint32_t at = node; at; at = plan->nodes[at].parent) count++;
    return rule_path_text(a, keys, count);
}
