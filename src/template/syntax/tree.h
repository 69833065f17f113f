/* The tree of a template: what is executed, in order, with its pipelines. Internal to the template layer, like
 * pipeline.h. */
#ifndef TEMPLATE_SYNTAX_TREE_H
#define TEMPLATE_SYNTAX_TREE_H

#include "template/syntax/pipeline.h"

/* The pipeline of an action, kept. */
struct template_pipe {
    const struct operand *operands;
    const struct command *commands;
    const struct pipeline *pipelines; /* the first is that of the action */
    const uint32_t *inner;            /* by operand: the pipeline in its parenthesis, or TEMPLATE_NONE */
    uint32_t pipeline_count;
};

enum template_node_kind {
    TEMPLATE_NODE_PRINT, /* a pipeline whose value is printed, or given to a variable */
    TEMPLATE_NODE_IF,
    TEMPLATE_NODE_WITH,
    TEMPLATE_NODE_RANGE,
    TEMPLATE_NODE_CALL, /* template and block */
    TEMPLATE_NODE_BREAK,
    TEMPLATE_NODE_CONTINUE,
};

struct template_node {
    enum template_node_kind kind;
    struct span action;
    const struct template_pipe *pipe; /* NULL where a CALL has no dot */
    struct str name;                  /* of a CALL */
    struct template_node *body;
    struct template_node *otherwise; /* what `else` runs */
    struct template_node *next;
};

/* What a define or block holds. */
struct template_body {
    struct str name;
    struct span action;
    struct template_node *body;
    bool empty; /* there is nothing but white space and comments in it: it replaces no other of its name */
};

struct template_tree {
    struct str text;
    const struct template_token *tokens;
    struct template_node *body; /* outside of all defines */
    struct VEC(struct template_body) defines;
};

/* Reads `text`, which must live as long as the tree. False with `error` set where Helm would refuse to parse it,
 * whatever the values are: as template_refs, and for functions and variables that nobody knows. Linear in the length of
 * `text`, but for the number of variables that are known at one place. */
bool template_tree_read(struct arena *a, struct str text, struct template_tree *tree, struct template_error *error);

#endif
