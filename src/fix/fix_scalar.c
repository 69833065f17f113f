/* Scalars: `yes` becomes true, as Helm reads it; what the schema does not take becomes what it was meant to be, where
 * that can be told: see check/spell.h. */
#include "check/spell.h"
#include "fix/fix_plan.h"
#include "value/pointer.h"
#include "yaml/helm.h"
#include "yaml/scalar.h"

struct candidate {
    struct key_path path;
    struct str pointer;
    const struct value *value;
};

struct candidates VEC(struct candidate);

static struct value *new_value(struct fix_plan *p, struct value value) {
    struct value *copy = arena_new(p->arena, struct value);
    *copy = value;
    return copy;
}

/* What the offending value becomes; NULL where it stays. Not safely, a number becomes the text that its author wrote.
 */
static const struct value *repaired(struct fix_plan *p, const struct fix_doc *doc, const struct violation *violation) {
    const struct value *value = violation->instance;
    struct spelling spelling = spell_right(p->arena, violation);
    bool written = value->node && value->kind != VALUE_STRING && spelling.value && spelling.value->kind == VALUE_STRING;
    if (p->request->unsafe && written) return new_value(p, value_from_string(doc->tree.nodes[value->node]->text));
    return spelling.fix == FIX_SAFE || p->request->unsafe ? spelling.value : NULL;
}

static void find_candidates(struct fix_plan *p, struct fix_doc *doc, struct candidates *list) {
    const struct check *check = p->request->checks->by[CHECK_INVALID_VALUE];
    const struct violations *violations = fix_violations(p, doc);
    for (uint32_t i = 0; i < violations->len; i++) {
        const struct violation *violation = &violations->items[i];
        struct candidate candidate = {.pointer = violation->pointer};
        struct str *keys;
        candidate.value = repaired(p, doc, violation);
        if (!candidate.value || !pointer_parse(p->arena, violation->pointer, &keys, &candidate.path.count)) continue;
        candidate.path.keys = keys;
        if (fix_is_refused(p, PART_SCALAR, candidate.path) || fix_is_switch(p, candidate.path, false)) continue;
        if (fix_is_wanted(p, doc, check, finder_value_span(&doc->finder, violation->instance)))
            vec_push(p->arena, list, candidate);
    }
}

/* The path of a node; false where a key on the way has no name of its own. */
static bool path_of_node(struct fix_plan *p, const struct fix_doc *doc, const struct node *node,
                         struct key_path *path) {
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
        uint32_t index = 0;
        for (const struct node *item = node->parent->first; item != node; item = item->next) index++;
        keys[depth] = arena_printf(p->arena, "%u", index);
    }
    return true;
}

void fix_plan_booleans(struct fix_plan *p, struct fix_doc *doc) {
    const struct check *check = p->request->checks->by[CHECK_AMBIGUOUS_SCALAR];
    if (!p->settings->enabled[check->index] || !doc->tree.root) return;
    for (uint32_t id = doc->tree.root->id; id < doc->tree.node_count && !p->again; id++) {
        const struct node *node = doc->tree.nodes[id];
        struct key_path path;
        if (doc->tree.document_count > 1 && node->span.start >= doc->tree.second_document) break;
        if (!helm_is_own_boolean(node) || !node->key || !path_of_node(p, doc, node, &path)) continue;
        if (fix_is_refused(p, PART_SCALAR, path) || !fix_is_wanted(p, doc, check, node->span)) continue;
        struct scalar scalar = scalar_resolve_helm(node->text);
        struct patch_operation replace = {.kind = PATCH_REPLACE,
                                          .path = fix_pointer(p, path),
                                          .value = new_value(p, scalar_value(node->text, &scalar))};
        fix_do(p, doc, &replace, (struct fix_origin){PART_SCALAR, path});
    }
}

static bool still_violates(const struct violations *violations, struct str pointer) {
    for (uint32_t i = 0; i < violations->len; i++)
        if (str_eq(violations->items[i].pointer, pointer)) return true;
    return false;
}

void fix_plan_scalars(struct fix_plan *p, struct fix_doc *doc) {
    struct candidates list = {NULL, 0, 0};
    const struct violations *violations = NULL;
    struct value before = doc->model;
    uint32_t first = doc->operations.len;
    if (!p->settings->enabled[p->request->checks->by[CHECK_INVALID_VALUE]->index]) return;
    find_candidates(p, doc, &list);
    if (list.len == 0) return;
    /* All at once first, to find those that the schema takes. */
    for (int pass = 0; pass < 2; pass++) {
        fix_set_model(doc, before);
        doc->operations.len = doc->origins.len = first;
        for (uint32_t i = 0; i < list.len; i++) {
            const struct candidate *candidate = &list.items[i];
            if (pass && still_violates(violations, candidate->pointer)) continue;
            struct patch_operation replace = {
                .kind = PATCH_REPLACE, .path = candidate->pointer, .value = candidate->value};
            fix_do(p, doc, &replace, (struct fix_origin){PART_SCALAR, candidate->path});
        }
        if (pass == 0) violations = fix_violations(p, doc);
    }
}
