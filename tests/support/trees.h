/* Compares two source trees of one text, for the tests of the two readers. */
#ifndef SUPPORT_TREES_H
#define SUPPORT_TREES_H

#include "yaml/tree.h"

static inline bool same_span(struct span a, struct span b) {
    return a.start == b.start && a.end == b.end;
}

static inline uint32_t id_of(const struct node *node) {
    return node ? node->id : 0;
}

/* NULL where the trees are the same to the node; else what differs. */
static inline const char *tree_difference(const struct tree *a, const struct tree *b) {
    if (a->node_count != b->node_count) return "the number of nodes";
    if (id_of(a->root) != id_of(b->root)) return "the root";
    if (a->document_count != b->document_count) return "the number of documents";
    if (a->has_alias != b->has_alias || a->has_merge != b->has_merge) return "aliases or merges";
    if (a->has_tab != b->has_tab || a->has_break != b->has_break) return "tabs or breaks";
    for (uint32_t i = 1; i < a->node_count; i++) {
        const struct node *x = a->nodes[i], *y = b->nodes[i];
        if (x->kind != y->kind) return "the kind of a node";
        if (x->style != y->style) return "the style of a node";
        if (!same_span(x->span, y->span)) return "the span of a node";
        if (!str_eq(x->text, y->text)) return "the text of a node";
        if ((x->props != NULL) != (y->props != NULL)) return "the properties of a node";
        if (x->count != y->count) return "the number of children";
        if (id_of(x->parent) != id_of(y->parent) || id_of(x->key) != id_of(y->key))
            return "the parent or key of a node";
        if (id_of(x->first) != id_of(y->first) || id_of(x->next) != id_of(y->next)) return "the children of a node";
    }
    return NULL;
}

#endif
