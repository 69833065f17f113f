/* The source tree: a YAML text with the place of everything in it. Made once by tree_parse, then only read. */
#ifndef YAML_TREE_H
#define YAML_TREE_H

#include "text/source.h"
#include "yaml/issue.h"

enum node_kind { NODE_SCALAR, NODE_MAP, NODE_LIST, NODE_ALIAS };

enum node_style {
    STYLE_PLAIN,
    STYLE_SINGLE,  /* 'quoted' */
    STYLE_DOUBLE,  /* "quoted" */
    STYLE_LITERAL, /* | */
    STYLE_FOLDED,  /* > */
    STYLE_BLOCK,   /* a collection by indentation */
    STYLE_FLOW,    /* { } or [ ] */
    STYLE_EMPTY,   /* a null with no text at all */
};

struct node {
    enum node_kind kind;
    enum node_style style;
    uint32_t id;        /* its place in tree.nodes */
    uint32_t indent;    /* bytes between the start of its line and its first byte (of its properties, if any) */
    struct span span;   /* its text: quotes, block header and brackets included, properties not. A block scalar ends
                           behind its last line of content, a block collection behind its last child. STYLE_EMPTY: an
                           empty span behind the `:`, the `-` or the properties */
    struct span props;  /* its anchor and tag, as written; empty where it has none */
    struct str text;    /* a scalar's content; an alias' name without `*` */
    struct str anchor;  /* without `&`; empty where it has none */
    struct str tag;     /* as written, with its `!`; empty where it has none */
    struct node *parent;
    struct node *key;   /* of a member of a map; NULL for items and roots */
    struct node *target; /* of an alias: the node with that anchor */
    struct node *first, *last, *next; /* children: the values of a map (each with its `key`), the items of a list */
    uint32_t count;     /* of children */
};

struct tree {
    const struct source *source;
    struct node *root;     /* of the first document; NULL where the text holds no document */
    struct node **nodes;   /* all nodes of the first document by id, in order of the text; [0] is NULL */
    uint32_t node_count;   /* including [0] */
    uint32_t document_count;
    uint32_t second_document; /* offset of the second document's `---`, where there are two or more */
    uint32_t first_end;    /* offset where the first document ends */
};

/* Parses `source` into `tree`, which lives in the arena. On failure the tree is empty, and `issue` says what is wrong
 * where; never is a part of the text returned as if it were all of it. */
bool tree_parse(struct arena *a, const struct source *source, struct tree *tree, struct yaml_issue *issue);

/* The span of `node` with its key in front: of the whole entry, for a member of a map. */
struct span node_entry_span(const struct node *node);

#endif
