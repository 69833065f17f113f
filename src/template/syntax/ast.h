/* The tree of a Go template, as text/template/parse builds it: what is executed, in order, each part with its place in
 * the source. It tells what was written and no more: what a name means, and what a value is, is for those who walk it.
 *
 * All of it lives in the arena that the template was parsed in, and points into the source text. */
#ifndef TEMPLATE_SYNTAX_AST_H
#define TEMPLATE_SYNTAX_AST_H

#include "base/span.h"
#include "base/vec.h"

#define TMPL_NONE UINT32_MAX

struct tmpl_function; /* template/syntax/functions.h */

/* One field of a chain: `.name`. */
struct tmpl_field {
    struct str name;  /* without the dot */
    struct span span; /* with it */
};

/* A constant may be of several kinds at once, as in Go: 1 is an int, a uint and a float, 1.5 a float only. */
struct tmpl_number {
    bool is_int, is_uint, is_float, is_complex;
    int64_t integer;
    uint64_t natural;
    double real, imaginary; /* `imaginary` of a complex one alone */
};

enum tmpl_arg_kind {
    TMPL_IDENTIFIER, /* a function: without arguments, or the first word of a command */
    TMPL_FIELD,      /* .a.b: fields of the dot */
    TMPL_VARIABLE,   /* $x, $x.a.b */
    TMPL_CHAIN,      /* (pipeline).a.b, function.a.b */
    TMPL_PIPE,       /* (pipeline) */
    TMPL_DOT,
    TMPL_NIL,
    TMPL_BOOL,
    TMPL_NUMBER, /* a character constant too */
    TMPL_STRING, /* a raw one too */
};

/* One word of a command. */
struct tmpl_arg {
    enum tmpl_arg_kind kind;
    uint32_t field_count;
    /* Numbers the words of a tree, below its `word_count`: this is the number of what the word begins with, and the
     * next ones are those of its fields. A CHAIN's head has none. */
    uint32_t word;
    struct span span;                /* with all fields; of a PIPE with the parentheses */
    const struct tmpl_field *fields; /* of FIELD (at least one), VARIABLE and CHAIN (at least one) */
    /* IDENTIFIER: the function's name. VARIABLE: its name with the `$`. STRING: what it says, without quotes and
     * escapes. NUMBER: as it is written. */
    struct str name;
    union {
        const struct tmpl_function *function; /* IDENTIFIER */
        const struct tmpl_arg *head;          /* CHAIN: a PIPE or an IDENTIFIER */
        const struct tmpl_pipe *pipe;         /* PIPE */
        const struct tmpl_number *number;     /* NUMBER */
        bool boolean;                         /* BOOL */
    };
};

struct tmpl_command {
    struct span span;
    uint32_t arg_count; /* at least 1 */
    const struct tmpl_arg *args;
};

/* A variable that a pipeline declares or assigns to. */
struct tmpl_variable {
    struct str name; /* with its `$` */
    struct span span;
};

/* $x, $y := command | command */
struct tmpl_pipe {
    struct span span; /* from the first word, or variable, to the last */
    bool assigns;     /* `=`: the variables are there already */
    uint32_t variable_count;
    uint32_t command_count; /* at least 1 */
    const struct tmpl_variable *variables;
    const struct tmpl_command *commands; /* each one's value is the last argument of the next */
};

enum tmpl_node_kind {
    TMPL_TEXT,
    TMPL_ACTION, /* a pipeline; its value is printed unless it sets a variable */
    TMPL_IF,
    TMPL_WITH,
    TMPL_RANGE,
    TMPL_TEMPLATE, /* {{template}}; what {{block}} leaves at its place, too */
    TMPL_BREAK,
    TMPL_CONTINUE,
};

struct tmpl_node {
    enum tmpl_node_kind kind;
    /* TEXT: what is printed, so without the white space that trim markers take. Else the action, from {{ to }}; of
     * `else if` and `else with` that of the `else`. */
    struct span span;
    struct tmpl_node *next;
    const struct tmpl_pipe *pipe; /* ACTION, IF, WITH, RANGE; of TEMPLATE the dot, NULL where none is written */
    struct str name;              /* TEMPLATE */
    struct span name_span;        /* TEMPLATE: with the quotes */
    struct tmpl_node *body;       /* IF, WITH, RANGE: a list, NULL where it is empty */
    struct tmpl_node *otherwise;  /* the same for `else`; `else if` is an `else` that holds one IF alone */
    struct span else_action;      /* {{else}} and the like; empty where there is none */
    struct span end_action;       /* {{end}}; of all in an `else if` chain the same one */
    uint32_t define;              /* TEMPLATE of a {{block}}: its index in the tree's defines; else TMPL_NONE */
};

/* What {{define}} or {{block}} holds. */
struct tmpl_define {
    struct str name;
    struct span name_span; /* with the quotes */
    struct span span;      /* of its action */
    struct span end_action;
    struct tmpl_node *body;
    /* There is nothing but white space and comments in it: it replaces no other of its name, and any other replaces
     * it. */
    bool empty;
    bool block;
};

struct tmpl_tree {
    struct str text;
    struct tmpl_node *body; /* what stands outside of all defines */
    /* In the order in which they end. Of one name at most one is not empty. */
    struct VEC(struct tmpl_define) defines;
    /* The first function that only Helm 4 knows: Helm 3 refuses the template there. Empty where there is none. */
    struct span helm4_function;
    /* How deep blocks, `else if`s and parentheses nest at most: who walks the tree by recursion has to bound that. */
    uint32_t depth;
    uint32_t word_count;
};

/* Whether a NUMBER is an int where nothing asks for another kind: it fits, and is not written as a float (`1.0`,
 * `1e3`).
 */
bool tmpl_is_integer(const struct tmpl_arg *number);

/* Whether the word, or one in its parentheses near its start, is a chain through `.BasePath`: such names are those of
 * files of templates (print $.Template.BasePath "/x.yaml"). A bounded amount of work. */
bool tmpl_names_base_path(const struct tmpl_arg *arg);

#endif
