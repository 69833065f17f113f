/* unevaluatedProperties and unevaluatedItems: which parts of a value other keywords have looked at. Nothing is written
 * down while the other keywords are checked; the question is answered afterwards, for 64 members or items at a time, by
 * going through the keywords that apply to the same value. A keyword that had to hold for `v` to get here is taken as
 * having held: where it did not, the value is wrong anyhow, and a second complaint would only be noise. */
#include "schema/validate.h"

#define NAMES_MAX 2000
#define NAMES_DEPTH 50
#define NAMES_STEPS 10000

static uint64_t low_bits(uint32_t count) {
    return count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}

static uint64_t map_bits(struct run *run, const struct map_checks *map, const struct value *v, uint32_t first) {
    uint64_t bits = 0;
    if (map->additional) return UINT64_MAX;
    for (uint32_t i = first; i < v->map.len && i < first + 64; i++) {
        const struct member *member = &v->map.members[i];
        const struct property *property = node_property(map, member->key, member->hash);
        bool seen = property && property->node;
        for (uint32_t p = 0; p < map->pattern_count && !seen; p++)
            seen = regex_search(map->patterns[p].regex, run->regex, member->key) == REGEX_MATCH;
        if (seen) bits |= (uint64_t)1 << (i - first);
    }
    return bits;
}

static uint64_t list_bits(struct run *run, const struct list_checks *list, const struct value *v, uint32_t first) {
    uint64_t bits = list->prefix_count > first ? low_bits(list->prefix_count - first) : 0;
    if (list->rest) return UINT64_MAX;
    if (!list->contains || !list->contains_evaluates) return bits;
    for (uint32_t i = first; i < v->list.len && i < first + 64; i++)
        if (validate_quietly(run, list->contains, &v->list.items[i])) bits |= (uint64_t)1 << (i - first);
    return bits;
}

/* Of the alternatives, those that hold count; where none does, all of them do, to keep quiet. */
static uint64_t alternative_bits(struct run *run, const struct node_list *list, const struct value *v, uint32_t first) {
    uint64_t bits = 0;
    bool any = list->len == 0;
    for (uint32_t i = 0; i < list->len; i++) {
        if (!validate_quietly(run, list->items[i], v)) continue;
        any = true;
        bits |= evaluated_bits(run, list->items[i], v, first, false);
    }
    return any ? bits : UINT64_MAX;
}

static uint64_t condition_bits(struct run *run, const struct apply_checks *apply, const struct value *v,
                               uint32_t first) {
    if (!apply->condition) return 0;
    bool holds = validate_quietly(run, apply->condition, v);
    uint64_t bits = holds ? evaluated_bits(run, apply->condition, v, first, false) : 0;
    const struct schema_node *branch = holds ? apply->then : apply->otherwise;
    return branch ? bits | evaluated_bits(run, branch, v, first, false) : bits;
}

static uint64_t applied_bits(struct run *run, const struct schema_node *node, const struct value *v, uint32_t first,
                             bool own) {
    const struct apply_checks *apply = node->apply;
    uint64_t bits = 0;
    const struct schema_node *all = v->kind == VALUE_MAP ? apply->unevaluated_properties : apply->unevaluated_items;
    if (all && !own) return UINT64_MAX;
    if (apply->ref) bits |= evaluated_bits(run, apply->ref, v, first, false);
    if (apply->dynamic) bits |= evaluated_bits(run, validate_dynamic_target(run, apply), v, first, false);
    for (uint32_t i = 0; i < apply->all_of.len; i++)
        bits |= evaluated_bits(run, apply->all_of.items[i], v, first, false);
    bits |= alternative_bits(run, &apply->any_of, v, first);
    bits |= alternative_bits(run, &apply->one_of, v, first);
    return bits | condition_bits(run, apply, v, first);
}

static uint64_t node_bits(struct run *run, const struct schema_node *node, const struct value *v, uint32_t first,
                          bool own) {
    uint64_t bits = 0;
    if (v->kind == VALUE_MAP && node->map) {
        bits |= map_bits(run, node->map, v, first);
        for (uint32_t i = 0; i < node->map->dependency_count; i++) {
            const struct dependency *dependency = &node->map->dependencies[i];
            if (dependency->node && value_member(v, dependency->key))
                bits |= evaluated_bits(run, dependency->node, v, first, false);
        }
    }
    if (v->kind == VALUE_LIST && node->list) bits |= list_bits(run, node->list, v, first);
    if (node->apply) bits |= applied_bits(run, node, v, first, own);
    return bits;
}

uint64_t evaluated_bits(struct run *run, const struct schema_node *node, const struct value *v, uint32_t first,
                        bool own) {
    /* The same limits as in validate_check: the ways through references may be many, or lead back here. */
    if (run->steps == 0 || run->depth >= SCHEMA_DEPTH_MAX) run->gave_up = true;
    if (run->gave_up) return UINT64_MAX;
    run->steps--;
    run->depth++;
    const struct scope *outer = run->scope;
    struct scope inner = {outer, node->resource};
    if (run->schema->dynamic && (!outer || outer->resource != node->resource)) run->scope = &inner;
    uint64_t bits = node_bits(run, node, v, first, own);
    run->scope = outer;
    run->depth--;
    return bits;
}

/* ---- Names ---- */

struct name_list {
    struct arena *a;
    const struct run *run;
    struct VEC(struct str) names;
    uint32_t steps;
};

static void collect(struct name_list *list, const struct schema_node *node, uint32_t depth);

static void collect_all(struct name_list *list, const struct node_list *nodes, uint32_t depth) {
    for (uint32_t i = 0; i < nodes->len; i++) collect(list, nodes->items[i], depth);
}

static void collect(struct name_list *list, const struct schema_node *node, uint32_t depth) {
    if (!node || depth == NAMES_DEPTH || list->names.len >= NAMES_MAX || ++list->steps > NAMES_STEPS) return;
    for (uint32_t i = 0; node->map && i < node->map->property_count; i++)
        if (node->map->properties[i].node) vec_push(list->a, &list->names, node->map->properties[i].key);
    for (uint32_t i = 0; node->map && i < node->map->dependency_count; i++)
        collect(list, node->map->dependencies[i].node, depth + 1);
    const struct apply_checks *apply = node->apply;
    if (!apply) return;
    collect(list, apply->ref, depth + 1);
    if (apply->dynamic) collect(list, validate_dynamic_target(list->run, apply), depth + 1);
    collect_all(list, &apply->all_of, depth + 1);
    collect_all(list, &apply->any_of, depth + 1);
    collect_all(list, &apply->one_of, depth + 1);
    collect(list, apply->condition, depth + 1);
    collect(list, apply->then, depth + 1);
    collect(list, apply->otherwise, depth + 1);
}

void evaluated_names(struct run *run, const struct schema_node *node, const struct str **names, uint32_t *count) {
    struct name_list list = {run->a, run, {NULL, 0, 0}, 0};
    collect(&list, node, 0);
    *names = list.names.items;
    *count = list.names.len;
}
