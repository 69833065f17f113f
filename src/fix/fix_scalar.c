/* Scalars: `yes` becomes true, as Helm reads it; what the schema does not take becomes what it was meant to be, where
 * that can be told: see check/coerce.h. */
#include "check/coerce.h"
#include "fix/fix_plan.h"
#include "value/pointer.h"
#include "yaml/helm.h"
#include "yaml/scalar.h"

static struct value *new_value(struct fix_plan *p, struct value value) {
    struct value *copy = arena_new(p->arena, struct value);
    *copy = value;
    return copy;
}

/* What the offending value becomes; NULL where it stays. Not safely, a number becomes the text that its author wrote.
 */
static const struct value *repaired(struct fix_plan *p, const struct fix_doc *doc, const struct violation *violation) {
    const struct value *value = violation->instance;
    struct coercion coercion = coerce_suggest(p->arena, violation);
    bool written = value->node && value->kind != VALUE_STRING && coercion.value && coercion.value->kind == VALUE_STRING;
    if (p->request->unsafe && written) return new_value(p, value_from_string(doc->tree.nodes[value->node]->text));
    return coercion.fix == FIX_SAFE || p->request->unsafe ? coercion.value : NULL;
}

static void find_candidates(struct fix_plan *p, struct fix_doc *doc, struct fix_exchanges *list) {
    const struct check *check = p->request->checks->by[CHECK_INVALID_VALUE];
    const struct violations *violations = fix_violations(p, doc);
    for (uint32_t i = 0; i < violations->len; i++) {
        const struct violation *violation = &violations->items[i];
        struct fix_exchange candidate = {.value = repaired(p, doc, violation)};
        struct str *keys;
        if (!candidate.value || !pointer_parse(p->arena, violation->pointer, &keys, &candidate.path.count)) continue;
        candidate.path.keys = keys;
        if (fix_is_refused(p, PART_SCALAR, candidate.path) || fix_is_switch(p, candidate.path, false)) continue;
        if (fix_is_wanted(p, doc, check, reporter_value_span(&doc->reporter, violation->instance)))
            vec_push(p->arena, list, candidate);
    }
}

/* The numbers of items in their lists, by node id. */
static const uint32_t *number_items(struct fix_plan *p, const struct tree *tree) {
    uint32_t *numbers = arena_array(p->arena, uint32_t, tree->node_count);
    for (uint32_t id = 1; id < tree->node_count; id++) {
        uint32_t number = 0;
        if (tree->nodes[id]->kind != NODE_LIST) continue;
        for (const struct node *item = tree->nodes[id]->first; item; item = item->next) numbers[item->id] = number++;
    }
    return numbers;
}

/* The path of a node; false where a key on the way has no name of its own. */
static bool path_of_node(struct fix_plan *p, const struct fix_doc *doc, const uint32_t *numbers,
                         const struct node *node, struct key_path *path) {
    uint32_t depth = 0;
    for (const struct node *up = node; up->parent; up = up->parent) depth++;
    struct str *keys = arena_array(p->arena, struct str, depth + 1);
    *path = (struct key_path){keys, depth};
    for (; node->parent; node = node->parent) {
        depth--;
        if (node->key) {
            if (helm_is_merge(node->key) || !helm_key(p->arena, &doc->tree, node->key, &keys[depth])) return false;
            continue;
        }
        keys[depth] = arena_printf(p->arena, "%u", numbers[node->id]);
    }
    return true;
}

/* Where a key stands twice, the model holds the value of the last one: it stays as it is for the others. */
void fix_plan_booleans(struct fix_plan *p, struct fix_doc *doc) {
    const struct check *check = p->request->checks->by[CHECK_AMBIGUOUS_SCALAR];
    struct fix_exchanges list = {NULL, 0, 0};
    const uint32_t *numbers = NULL;
    if (!p->settings->enabled[check->index] || !doc->tree.root) return;
    for (uint32_t id = doc->tree.root->id; id < doc->tree.node_count; id++) {
        const struct node *node = doc->tree.nodes[id];
        struct key_path path;
        if (doc->tree.document_count > 1 && node->span.start >= doc->tree.second_document) break;
        if (!helm_is_own_boolean(node) || !node->key) continue;
        if (!numbers) numbers = number_items(p, &doc->tree);
        if (!path_of_node(p, doc, numbers, node, &path)) continue;
        if (fix_is_refused(p, PART_SCALAR, path) || !fix_is_wanted(p, doc, check, node->span)) continue;
        struct scalar scalar = scalar_resolve_helm(node->text);
        struct fix_exchange exchange = {path, new_value(p, scalar_value(node->text, &scalar))};
        const struct value *held = fix_value(&doc->model, path);
        if (held && held->node == node->id) vec_push(p->arena, &list, exchange);
        else fix_record_exchange(p, doc, exchange);
    }
    fix_exchange(p, doc, &list);
}

/* Those of `list` that do not violate the schema. */
static struct fix_exchanges without_violations(struct fix_plan *p, const struct fix_exchanges *list,
                                               const struct violations *violations) {
    struct fix_exchanges kept = {NULL, 0, 0};
    struct map wrong = {NULL, 0, 0, NULL, 0};
    for (uint32_t i = 0; i < violations->len; i++) map_put(p->arena, &wrong, violations->items[i].pointer, p);
    for (uint32_t i = 0; i < list->len; i++)
        if (!map_get(&wrong, fix_pointer(p, list->items[i].path))) vec_push(p->arena, &kept, list->items[i]);
    return kept;
}

void fix_plan_scalars(struct fix_plan *p, struct fix_doc *doc) {
    struct fix_exchanges list = {NULL, 0, 0};
    struct value before = doc->model;
    uint32_t first = doc->operations.len;
    if (!p->settings->enabled[p->request->checks->by[CHECK_INVALID_VALUE]->index]) return;
    find_candidates(p, doc, &list);
    if (list.len == 0) return;
    /* All at once first, to find those that the schema takes. */
    fix_exchange(p, doc, &list);
    struct fix_exchanges taken = without_violations(p, &list, fix_violations(p, doc));
    if (taken.len == list.len) return;
    fix_set_model(doc, before);
    doc->operations.len = doc->origins.len = first;
    fix_exchange(p, doc, &taken);
}
