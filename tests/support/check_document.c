#include "check_document.h"

static bool same_id(const struct node *left, const struct node *right) {
    return left ? right && left->id == right->id : !right;
}

static bool same_span(struct span left, struct span right) {
    return left.start == right.start && left.end == right.end;
}

static bool same_props(const struct props *left, const struct props *right) {
    if (!left || !right) return left == right;
    return same_span(left->span, right->span) && str_eq(left->anchor, right->anchor) && str_eq(left->tag, right->tag);
}

static const char *compare_nodes(const struct node *left, const struct node *right) {
    if (left->id != right->id || left->kind != right->kind || left->style != right->style) return "another node";
    if (!same_span(left->span, right->span)) return "a node's span";
    if (!str_eq(left->text, right->text) || !same_props(left->props, right->props)) return "a node's text";
    if (left->count != right->count || !same_id(left->parent, right->parent) || !same_id(left->key, right->key) ||
        !same_id(left->first, right->first) || !same_id(left->next, right->next))
        return "a node's relatives";
    return NULL;
}

static const char *compare_slabs(const struct slabs *left, const struct slabs *right, uint32_t node_count) {
    if (left->line_count != right->line_count) return "the number of lines";
    for (uint32_t line = 0; line < left->line_count; line++) {
        if (left->starts[line + 1] != right->starts[line + 1]) return "where a line ends";
        if (!same_id(left->owners[line], right->owners[line])) return "the owner of a line";
    }
    for (uint32_t id = 1; id < node_count; id++) {
        const struct slab *a = &left->of[id], *b = &right->of[id];
        if (a->end != b->end || a->start != b->start || a->column != b->column) return "a slab";
        if (a->end && (a->first != b->first || a->head != b->head || !same_id(a->outer, b->outer)))
            return "a slab's lines";
    }
    return memcmp(left->classes, right->classes, left->starts[left->line_count]) == 0 ? NULL : "a class";
}

const char *check_document(struct arena *a, const struct yaml_document *document) {
    struct tree tree;
    struct slabs slabs;
    struct yaml_issue issue;
    if (document->tree.source != &document->source) return "another source";
    if (!tree_parse(a, &document->source, &tree, &issue)) return "the text cannot be read";
    slab_lines(a, &tree, &slabs);
    if (tree.node_count != document->tree.node_count) return "the number of nodes";
    if (!same_id(tree.root, document->tree.root)) return "the root";
    if ((tree.has_tab && !document->tree.has_tab) || (tree.has_break && !document->tree.has_break)) return "a flag";
    for (uint32_t id = 1; id < tree.node_count; id++) {
        const char *wrong = compare_nodes(document->tree.nodes[id], tree.nodes[id]);
        if (wrong) return wrong;
    }
    return compare_slabs(&document->slabs, &slabs, tree.node_count);
}
