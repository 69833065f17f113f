/* An expression as a tree. The parser makes it, the checker resolves names and functions in it, and then it is only
 * read. */
#ifndef CEL_AST_H
#define CEL_AST_H

#include "base/vec.h"
#include "cel/cel.h"

/* How deep a tree may be. The evaluator recurses this deep, too. */
#define CEL_DEPTH_MAX 400

enum node_kind {
    NODE_CONST,
    NODE_IDENT, /* a name; the checker makes it VAR, LOCAL, CONST or FAIL */
    NODE_VAR,
    NODE_LOCAL,
    NODE_SELECT,
    NODE_HAS,
    NODE_INDEX,
    NODE_CALL,
    NODE_LIST,
    NODE_MAP, /* key, value, key, value ... */
    NODE_AND, /* of two and more */
    NODE_OR,
    NODE_NOT,
    NODE_NEGATE,
    NODE_BINARY,
    NODE_COND,
    NODE_LOOP,
    NODE_BIND,
    NODE_FAIL, /* an error, found when nothing was to be checked */
};

enum op { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_IN };

enum loop {
    LOOP_ALL,
    LOOP_EXISTS,
    LOOP_EXISTS_ONE,
    LOOP_MAP,
    LOOP_FILTER,
    LOOP_TRANSFORM_LIST,
    LOOP_TRANSFORM_MAP,
    LOOP_TRANSFORM_MAP_ENTRY,
};

struct cel_function;
struct cel_regex;

struct node_list {
    struct cel_node **items;
    uint32_t len;
};

struct node_call {
    struct str name;
    struct cel_node *receiver; /* NULL for a global function; moved into args[0] by the checker */
    struct node_list args;
    const struct cel_function *const *candidates; /* of this style and number of arguments */
    uint32_t candidate_count;
    const struct cel_regex *regex; /* of a constant pattern */
};

struct node_loop {
    enum loop loop;
    struct str names[2]; /* names[1].ptr is NULL where there is one variable */
    uint32_t slots[2];
    struct cel_node *range;
    struct cel_node *filter; /* may be NULL */
    struct cel_node *body;   /* predicate or result; of filter() the predicate stands here */
};

struct cel_node {
    enum node_kind kind;
    uint16_t depth;
    struct span span;
    struct span name_span; /* of the name, field or operator */
    const struct cel_type *type;
    union {
        struct cel_value value; /* CONST, FAIL */
        struct {
            struct str name;
            bool absolute; /* written with a leading dot */
            uint32_t slot; /* VAR, LOCAL */
        } ident;
        struct {
            struct cel_node *of;
            struct str key;
            uint32_t hash;
        } select; /* SELECT, HAS */
        struct {
            enum op op;
            struct cel_node *a, *b, *c; /* NOT, NEGATE: a; INDEX, BINARY: a, b; COND: a ? b : c */
        } tuple;
        struct node_call call;
        struct node_list list; /* LIST, MAP, AND, OR */
        struct node_loop loop;
        struct {
            struct str name;
            uint32_t slot;
            struct cel_node *value;
            struct cel_node *body;
        } bind;
    };
};

struct cel_program {
    struct str text;
    const struct cel_env *env;
    struct cel_node *root;
    uint32_t local_count;
};

/* The operator as written. */
struct str op_name(enum op op);

#endif
