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

/* An anchor and a tag, which stand before a node's own text. */
struct props {
    struct span span;  /* from the first to the end of the last */
    struct str anchor; /* without `&`; empty where there is none */
    struct str tag;    /* as written, with its `!`; empty where there is none */
};

struct node {
    struct span span; /* its text: quotes, block header, brackets and `*` included, properties not. A block scalar ends
                         behind its last line of content, a block collection behind its last child. STYLE_EMPTY: an
                         empty span behind the `:`, the `-` or the properties */
    struct str text;  /* a scalar's content; an alias' name without `*` */
    const struct props *props; /* NULL where it has none */
    struct node *parent;       /* the collection that it stands in, also for a key; NULL for a document's root */
    struct node *key;          /* of a member of a map; NULL for items, keys and roots */
    union {
        struct node
            *first; /* of a collection: its children, the values of a map (each with its `key`) or items of a list */
        struct node *target; /* of an alias: the node with that anchor; NULL where there is none above it */
    };
    struct node *next; /* sibling */
    uint32_t id;       /* its place in tree.nodes */
    uint32_t count;    /* of children */
    uint8_t kind;      /* enum node_kind */
    uint8_t style;     /* enum node_style */
};

struct tree {
    const struct source *source;
    struct node *root;   /* of the first document; NULL where the text holds no document, or an empty one */
    struct node **nodes; /* the nodes of all documents by id, in order of the text; [0] is NULL */
    uint32_t node_count; /* including [0] */
    uint32_t document_count;
    uint32_t second_document; /* offset where the second document starts (its `---`), where there are two or more */
    bool has_alias;           /* an alias stands in it */
    bool has_merge;           /* a key `<<` stands in it */
    bool has_break;           /* a line break of YAML 1.1 that YAML 1.2 does not know (U+0085, U+2028, U+2029) */
    bool has_tab;
    bool is_plain;                    /* it was read by plain.c, and holds nothing on which YAML's dialects differ */
    const struct yaml_issue *refusal; /* why Helm's parser refuses this text, which YAML 1.2 takes; else NULL */
};

/* Levels of collections inside each other, keys counted; more are refused. Readers may recurse as deep as that. */
#define TREE_DEPTH_MAX 1000

/* Parses `source` into `tree`, which lives in the arena. On failure the tree is empty, and `issue` says what is wrong
 * where; never is a part of the text returned as if it were all of it. */
bool tree_parse(struct arena *a, const struct source *source, struct tree *tree, struct yaml_issue *issue);

/* The readers of a text: plain.h, else grammar.h, else libfyaml for what Helm refuses; the same without plain.h;
 * libfyaml alone. For the tests that compare them. */
enum tree_reader { READ_BY_ANY, READ_BY_GRAMMAR, READ_BY_LIBRARY };
bool tree_parse_by(struct arena *a, const struct source *source, enum tree_reader reader, struct tree *tree,
                   struct yaml_issue *issue);

/* Where `node` starts, its properties included. */
static inline uint32_t node_start(const struct node *node) {
    return node->props ? node->props->span.start : node->span.start;
}

/* Where the entry starts that `node` is the value of: its key, or the node itself for an item or a root. */
static inline uint32_t node_entry_start(const struct node *node) {
    return node_start(node->key ? node->key : node);
}

/* The version of libfyaml that runs, such as "0.7.12"; static. */
const char *tree_library_version(void);

#endif
