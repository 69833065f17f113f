/* Making a source tree, node by node in the order of the text. Private to the three readers: plain.c, which reads the
 * plain part of YAML, grammar.c, which reads all that Helm takes, and parse.c, which takes libfyaml's events. */
#ifndef YAML_BUILD_H
#define YAML_BUILD_H

#include "base/map.h"
#include "yaml/tree.h"

/* A collection that is open. */
struct frame {
    struct node *node;
    struct node *key;  /* of a map: the key whose value comes next */
    struct node *last; /* child */
};

struct build {
    struct arena *arena;
    struct tree *tree;
    struct str text;
    struct VEC(struct frame) stack;
    struct VEC(struct node *) nodes;
    struct node *slab; /* nodes are made by the dozen */
    uint32_t slab_left;
    struct map anchors;    /* of the document */
    uint32_t second_first; /* id of the second document's first node; 0 while there is none */
};

/* The most at once; a text of few bytes has few nodes. */
#define BUILD_SLAB 64
#define BUILD_SLAB_BYTES 16

static inline struct node *build_node(struct build *b, enum node_kind kind, const struct props *props) {
    if (b->slab_left == 0) {
        size_t want = b->text.len / BUILD_SLAB_BYTES + 4;
        b->slab_left = want < BUILD_SLAB ? (uint32_t)want : BUILD_SLAB;
        b->slab = arena_alloc_raw(b->arena, sizeof(struct node) * b->slab_left);
    }
    struct node *node = b->slab++;
    b->slab_left--;
    *node = (struct node){.kind = (uint8_t)kind, .props = props, .id = b->nodes.len};
    vec_push(b->arena, &b->nodes, node);
    if (b->tree->document_count == 2 && b->second_first == 0) b->second_first = node->id;
    if (props && props->anchor.len) map_put(b->arena, &b->anchors, props->anchor, node);
    return node;
}

/* Puts `node` where the innermost open collection wants it: as a key, a value or an item. */
static inline void build_attach(struct build *b, struct node *node) {
    if (b->stack.len == 0) {
        if (b->tree->document_count == 1) b->tree->root = node;
        return;
    }
    struct frame *frame = &b->stack.items[b->stack.len - 1];
    struct node *parent = frame->node;
    node->parent = parent;
    if (parent->kind == NODE_MAP) {
        if (!frame->key) {
            frame->key = node;
            if (node->text.len == 2 && node->text.ptr[0] == '<' && node->text.ptr[1] == '<') b->tree->has_merge = true;
            return;
        }
        node->key = frame->key;
        frame->key = NULL;
    }
    if (frame->last) frame->last->next = node;
    else parent->first = node;
    frame->last = node;
    parent->count++;
}

/* A scalar in its place. */
static inline struct node *build_scalar(struct build *b, enum node_style style, const struct props *props,
                                        struct span span, struct str text) {
    struct node *node = build_node(b, NODE_SCALAR, props);
    node->style = (uint8_t)style;
    node->span = span;
    node->text = text;
    build_attach(b, node);
    return node;
}

/* Opens a collection, which ends at the end of its last child unless told otherwise (build_close). */
static inline struct node *build_open(struct build *b, enum node_kind kind, enum node_style style,
                                      const struct props *props, struct span span) {
    struct node *node = build_node(b, kind, props);
    node->style = (uint8_t)style;
    node->span = span;
    build_attach(b, node);
    vec_push(b->arena, &b->stack, (struct frame){node, NULL, NULL});
    return node;
}

#endif
