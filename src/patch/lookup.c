/* What is asked about one text again and again, worked out once: without it, each of many operations would go through
 * all of the text. Everything here is made when it is first asked for, and forgotten when the text changes. */
#include "base/map.h"
#include "patch/planner.h"
#include "yaml/helm.h"

/* The children of a large collection. */
struct children {
    struct map by_key;         /* of a map: the key as Helm has it -> struct named */
    const struct node **items; /* of a list */
    bool merges;               /* a merge stands among them */
    bool has_quote;            /* `quote` is known */
    enum style_quote quote;
};

struct named {
    const struct node *entry;
    const struct node *twice; /* another one of the same key; NULL for none */
};

void lookup_reset(struct planner *p) {
    p->lookup = (struct lookup){NULL, NULL, NULL, 0, false};
}

static struct children *children_of(struct planner *p, const struct node *node) {
    struct lookup *lookup = &p->lookup;
    if (!lookup->children) lookup->children = arena_array(p->arena, struct children *, p->tree->node_count);
    struct children *children = lookup->children[node->id];
    if (!children) children = lookup->children[node->id] = arena_new(p->arena, struct children);
    return children;
}

static void add_key(struct planner *p, struct children *children, const struct node *entry) {
    struct str name;
    if (helm_is_merge(entry->key)) {
        children->merges = true;
        return;
    }
    if (!helm_key(p->arena, p->tree, entry->key, &name)) return;
    struct named *named = map_get(&children->by_key, name);
    if (named) {
        if (!named->twice) named->twice = entry;
        return;
    }
    named = arena_new(p->arena, struct named);
    named->entry = entry;
    map_put(p->arena, &children->by_key, name, named);
}

bool lookup_member(struct planner *p, const struct node *map, struct str key, struct lookup_member *found) {
    if (map->count < LOOKUP_FEW) return false;
    struct children *children = children_of(p, map);
    if (children->by_key.len == 0 && !children->merges)
        for (const struct node *entry = map->first; entry; entry = entry->next) add_key(p, children, entry);
    const struct named *named = map_get(&children->by_key, key);
    *found = (struct lookup_member){NULL, NULL, children->merges};
    if (named) found->entry = named->entry, found->twice = named->twice;
    return true;
}

const struct node *lookup_item(struct planner *p, const struct node *list, uint32_t index) {
    const struct node *item = list->first;
    if (index >= list->count) return NULL;
    if (index < LOOKUP_FEW) {
        while (index--) item = item->next;
        return item;
    }
    struct children *children = children_of(p, list);
    if (!children->items) {
        uint32_t at = 0;
        children->items = arena_array(p->arena, const struct node *, list->count);
        for (; item; item = item->next) children->items[at++] = item;
    }
    return children->items[index];
}

enum style_quote lookup_quote(struct planner *p, const struct node *collection) {
    if (!collection || collection->count < LOOKUP_FEW) return style_siblings_quote(collection);
    struct children *children = children_of(p, collection);
    if (!children->has_quote) children->quote = style_siblings_quote(collection);
    children->has_quote = true;
    return children->quote;
}

const struct node *lookup_alias(struct planner *p, const struct node *node) {
    struct lookup *lookup = &p->lookup;
    if (!p->tree->has_alias) return NULL;
    if (!lookup->aliases) {
        lookup->aliases = arena_array(p->arena, const struct node *, p->tree->node_count);
        for (uint32_t id = p->tree->node_count; id-- > 1;) {
            const struct node *alias = p->tree->nodes[id];
            if (alias->kind == NODE_ALIAS && alias->target) lookup->aliases[alias->target->id] = alias;
        }
    }
    return lookup->aliases[node->id];
}

/* A block text that keeps the blank lines behind it. */
struct lookup_kept {
    uint32_t from, to; /* from the line behind it to the end of the blank lines */
};

static void find_keeping(struct planner *p) {
    struct VEC(struct lookup_kept) kept = {NULL, 0, 0};
    for (uint32_t id = 1; id < p->tree->node_count && !p->tree->is_plain; id++) {
        const struct node *node = p->tree->nodes[id];
        if (!extent_keeps_blanks(p, node)) continue;
        uint32_t next = extent_next_line(p, node->span.end);
        vec_push(p->arena, &kept, (struct lookup_kept){next, extent_blank_end(p, next)});
    }
    p->lookup.kept = kept.items;
    p->lookup.kept_count = kept.len;
    p->lookup.has_kept = true;
}

bool lookup_has_keeping(struct planner *p) {
    if (!p->lookup.has_kept) find_keeping(p);
    return p->lookup.kept_count > 0;
}

bool lookup_follows_keeping(struct planner *p, uint32_t at) {
    if (!lookup_has_keeping(p)) return false;
    uint32_t low = 0, high = p->lookup.kept_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->lookup.kept[middle].from <= at) low = middle + 1;
        else high = middle;
    }
    return low > 0 && p->lookup.kept[low - 1].to >= at;
}
