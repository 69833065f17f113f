/* Each reason for which an operation is refused (planner_refuse) needs something that is not plain: lists or braces on
 * the way to an entry, aliases, anchors and tags, tabs, several documents, block texts, keys that stand twice, a target
 * that is there. A text without all that, whose entries each have lines of their own, takes any addition, move, removal
 * or exchange of a scalar. The tests compare with what patch_run does. */
#include "patch/certain.h"

#include "value/pointer.h"

/* More operations are not looked through: each walks over the members of the mappings on its way. */
#define OPERATIONS_MOST 64

static bool is_plain_text(const struct tree *tree) {
    struct str text = tree->source->text;
    const struct node *root = tree->root;
    return tree->is_plain && tree->document_count <= 1 && root && root->kind == NODE_MAP &&
           root->style == STYLE_BLOCK && !tree->has_alias && !tree->has_merge && str_ends(text, STR("\n"));
}

/* The entry of the block mapping `map` with the key `key`, NULL for none; false where the key stands twice. */
static bool find_entry(const struct node *map, struct str key, const struct node **entry) {
    *entry = NULL;
    for (const struct node *child = map->first; child; child = child->next) {
        if (!child->key || !str_eq(child->key->text, key)) continue;
        if (*entry) return false;
        *entry = child;
    }
    return true;
}

/* Follows a pointer through block mappings to the entry there, which is NULL where the way ends before it. False where
 * something else stands on the way. */
static bool walk(struct arena *a, const struct tree *tree, struct str pointer, const struct node **entry) {
    const struct node *node = tree->root;
    struct str *keys;
    uint32_t count;
    if (!pointer_parse(a, pointer, &keys, &count) || count == 0) return false;
    for (uint32_t i = 0; i < count && node; i++) {
        if (node->kind != NODE_MAP || node->style != STYLE_BLOCK) return false;
        if (!find_entry(node, keys[i], &node)) return false;
    }
    *entry = node;
    return true;
}

static bool ends_in_block_text(const struct node *node) {
    const struct node *last = node;
    while (last && (last->kind == NODE_MAP || last->kind == NODE_LIST)) {
        const struct node *child = last->first;
        while (child && child->next) child = child->next;
        last = child;
    }
    return last && (last->style == STYLE_LITERAL || last->style == STYLE_FOLDED);
}

static bool is_free(struct arena *a, const struct tree *tree, struct str pointer) {
    const struct node *entry;
    return walk(a, tree, pointer, &entry) && !entry;
}

static bool is_certain(struct arena *a, const struct tree *tree, const struct patch_operation *operation) {
    const struct node *entry;
    switch (operation->kind) {
    case PATCH_ADD: return is_free(a, tree, operation->path);
    case PATCH_MOVE:
        return walk(a, tree, operation->from, &entry) && entry && !ends_in_block_text(entry) &&
               is_free(a, tree, operation->path);
    case PATCH_REMOVE: return walk(a, tree, operation->path, &entry) && entry && !ends_in_block_text(entry);
    case PATCH_REPLACE:
        return walk(a, tree, operation->path, &entry) && entry && entry->kind == NODE_SCALAR &&
               entry->style <= STYLE_DOUBLE && operation->value->kind != VALUE_MAP &&
               operation->value->kind != VALUE_LIST;
    case PATCH_COPY:
    case PATCH_TEST:
    case PATCH_RENAME: return false;
    }
    return false;
}

bool patch_is_certain(struct arena *a, const struct tree *tree, const struct patch_operation *operations,
                      uint32_t count) {
    bool certain = count <= OPERATIONS_MOST && is_plain_text(tree);
    struct arena_mark mark = arena_mark(a);
    for (uint32_t i = 0; i < count && certain; i++) certain = is_certain(a, tree, &operations[i]);
    arena_release(a, mark);
    return certain;
}
