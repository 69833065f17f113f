#include <stdio.h>

#include "patch/planner.h"
#include "value/pointer.h"
#include "yaml/helm.h"
#include "yaml/scalar.h"

bool planner_refuse(struct planner *p, struct span about, const char *format, ...) {
    va_list args;
    va_start(args, format);
    p->reason = arena_vprintf(p->arena, format, args);
    va_end(args);
    p->about = about;
    return false;
}

void planner_edit(struct planner *p, uint32_t from, uint32_t to, struct str text) {
    if (from == to && text.len == 0) return;
    vec_push(p->arena, &p->edits, (struct edit){{from, to}, text});
}

/* How deep the walk along a path is, and what it found. */
struct walk {
    const struct node *node;   /* NULL for a document without content */
    const struct value *value; /* what Helm sees there; NULL where that is unknown */
    uint32_t depth;
};

static bool is_missing(const struct node *node) {
    return !node || (!node->parent && node->kind == NODE_SCALAR && node->style == STYLE_EMPTY && !node->props);
}

/* Whether `node`, a map's key, is another one than `key`: a quick look, which may say no of one that is. */
static bool is_other(const struct node *node, struct str key) {
    return node->kind == NODE_SCALAR && node->style == STYLE_PLAIN && !node->props && node->text.len > 2 &&
           scalar_is_plain_string(node->text) && !str_eq(node->text, key);
}

/* The member `key` of a map as it is written, or NULL in `*child` where there is none. */
static bool find_member(struct planner *p, const struct walk *walk, struct str key, const struct node **child) {
    struct lookup_member found;
    bool merges = false;
    *child = NULL;
    if (lookup_member(p, walk->node, key, &found)) {
        if (found.twice) return planner_refuse(p, found.twice->key->span, "the key `%.*s` is duplicated", STR_ARG(key));
        *child = found.entry;
        merges = found.merges;
    }
    for (const struct node *entry = walk->node->first; entry && walk->node->count < LOOKUP_FEW; entry = entry->next) {
        struct str name;
        if (is_other(entry->key, key)) continue;
        if (helm_is_merge(entry->key)) {
            merges = true;
            continue;
        }
        if (!helm_key(p->arena, p->tree, entry->key, &name) || !str_eq(name, key)) continue;
        if (*child) return planner_refuse(p, entry->key->span, "the key `%.*s` is duplicated", STR_ARG(key));
        *child = entry;
    }
    if (merges && value_get(walk->value, key))
        return planner_refuse(p, walk->node->span, "`%.*s` may come from a merge (`<<`)", STR_ARG(key));
    return true;
}

static bool find_child(struct planner *p, const struct walk *walk, struct str key, const struct node **child) {
    uint32_t index;
    *child = NULL;
    if (walk->node->kind == NODE_MAP) return find_member(p, walk, key, child);
    if (walk->node->kind == NODE_ALIAS)
        return planner_refuse(p, walk->node->span, "`%.*s` is inside the alias `*%.*s`", STR_ARG(key),
                              STR_ARG(walk->node->text));
    if (walk->node->kind == NODE_SCALAR)
        return planner_refuse(p, walk->node->span, "`%.*s` would be inside a scalar", STR_ARG(key));
    if (!pointer_index(key, &index)) return true;
    *child = lookup_item(p, walk->node, index);
    return true;
}

static const struct value *value_child(const struct value *value, struct str key) {
    uint32_t index;
    if (!value || value->kind != VALUE_LIST) return value_get(value, key);
    return pointer_index(key, &index) && index < value->list.len ? &value->list.items[index] : NULL;
}

bool locate_keys(struct planner *p, struct str pointer, struct str **keys, uint32_t *count) {
    if (!pointer_parse(p->arena, pointer, keys, count))
        return planner_refuse(p, (struct span){0, 0}, "`%.*s` is not a JSON Pointer", STR_ARG(pointer));
    if (*count == 0) return planner_refuse(p, (struct span){0, 0}, "the document itself cannot be replaced");
    return true;
}

bool locate_entry(struct planner *p, struct str pointer, const struct node **entry) {
    struct walk walk = {p->tree->root, p->values, 0};
    struct str *keys;
    uint32_t count;

    if (!locate_keys(p, pointer, &keys, &count)) return false;
    for (; walk.depth < count; walk.depth++) {
        const struct node *child = NULL;
        if (!is_missing(walk.node) && !find_child(p, &walk, keys[walk.depth], &child)) return false;
        if (!child) {
            struct span about = walk.node ? walk.node->span : (struct span){0, 0};
            return planner_refuse(p, about, "there is no `%.*s`", STR_ARG(keys[walk.depth]));
        }
        walk.value = value_child(walk.value, keys[walk.depth]);
        walk.node = child;
    }
    *entry = walk.node;
    if (!extent_is_explicit(p, *entry) && (!(*entry)->key || (*entry)->key->kind == NODE_SCALAR)) return true;
    return planner_refuse(p, (*entry)->key->span, "its key is written with `? ` or as an alias");
}

bool locate_value(struct planner *p, const struct node *entry, struct str pointer, struct value *value) {
    if (!p->fresh) return helm_value(p->arena, p->tree, entry, value);
    const struct value *found = pointer_get(p->arena, p->values, pointer);
    if (found) *value = *found;
    return found != NULL;
}

static bool locate_item(struct planner *p, struct target *target) {
    struct str key = target->path[target->depth];
    bool append = str_eq(key, STR("-"));
    if (target->depth + 1 < target->count)
        return planner_refuse(p, target->container->span, "the list has no item `%.*s`", STR_ARG(key));
    if (append) target->index = target->container->count;
    if (append || (pointer_index(key, &target->index) && target->index <= target->container->count)) return true;
    return planner_refuse(p, target->container->span, "the list has no place `%.*s`", STR_ARG(key));
}

bool locate_target(struct planner *p, const struct str *keys, uint32_t count, struct target *target) {
    struct walk walk = {p->tree->root, p->values, 0};

    *target = (struct target){.path = keys, .count = count};
    if (is_missing(walk.node)) return true;
    for (;;) {
        const struct node *child;
        if (!find_child(p, &walk, keys[walk.depth], &child)) return false;
        target->container = walk.node;
        target->depth = walk.depth;
        if (!child || walk.depth + 1 == target->count) {
            target->existing = child;
            break;
        }
        walk.value = value_child(walk.value, keys[walk.depth]);
        walk.node = child;
        walk.depth++;
    }
    if (target->container->kind == NODE_LIST && !locate_item(p, target)) return false;
    return locate_unshared(p, target->container);
}

bool locate_inside(const struct node *inner, const struct node *outer) {
    while (inner && inner != outer) inner = inner->parent;
    return inner != NULL;
}

bool locate_unshared(struct planner *p, const struct node *node) {
    const struct node *first = NULL;
    for (const struct node *around = node; around && p->tree->has_alias; around = around->parent) {
        const struct node *alias = lookup_alias(p, around);
        if (alias && (!first || alias->id < first->id)) first = alias;
    }
    return !first ||
           planner_refuse(p, first->span, "the alias `*%.*s` shows the same text elsewhere", STR_ARG(first->text));
}

const struct node *locate_before(const struct node *container, const struct node *node) {
    const struct node *before = NULL;
    for (const struct node *child = container->first; child && child != node; child = child->next) before = child;
    return before;
}
