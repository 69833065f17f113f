/* Where the value of each word of a pipeline goes, and what the rest of its action takes from it, as far as the text
 * tells. Internal to this room. */
#ifndef TEMPLATE_REFS_FLOW_H
#define TEMPLATE_REFS_FLOW_H

#include "template/syntax/ast.h"

/* What happens to a value next. */
enum refs_use {
    REFS_USE_PRINT,    /* printed as it is */
    REFS_USE_ARGUMENT, /* handed to a function, as an argument or through a pipe */
    REFS_USE_COMPARE,  /* the same, to eq, ne, lt, semverCompare, ... */
    REFS_USE_COMPUTE,  /* the same, to add, mul, int, len, ... */
    REFS_USE_IF,
    REFS_USE_WITH,
    REFS_USE_RANGE,
    REFS_USE_CALL,     /* the dot of {{template}} or {{block}} */
    REFS_USE_SET,      /* given to a variable */
    REFS_USE_CHAINED,  /* a parenthesis whose result is read further: (.Values.a).b */
    REFS_USE_FUNCTION, /* stands where a function would, with arguments behind it */
};

/* What the rest of the action takes from a value, in bits: values that are alike in all of it print the same. */
enum refs_needs {
    REFS_NEEDS_TRUTH = 1,   /* whether it is empty: if, not, empty */
    REFS_NEEDS_TEXT = 2,    /* the text that it prints as; no value is another thing than an empty text: quote */
    REFS_NEEDS_PRINTED = 4, /* the same, but printed as it is: no value gives an empty text */
    REFS_NEEDS_ITEMS = 8,   /* what `range` goes over */
    REFS_NEEDS_KEY = 16,    /* whether its key is there: hasKey */
    REFS_NEEDS_ALL = 32,
    REFS_STOPS_EMPTY = 64, /* an empty value goes no further, and is like any other: default, with */
    REFS_FAILS_NIL = 128,  /* no value makes it fail: trunc, b64enc, nindent */
};

struct refs_flow_command;

/* Where a value goes. */
struct refs_flow {
    enum refs_use use;
    struct str function;                   /* of CALL, the template's name */
    uint32_t argument;                     /* from 1; of ARGUMENT, COMPARE, COMPUTE and FUNCTION */
    const struct refs_flow_command *taker; /* the command that takes it, or NULL */
};

/* A command in its place. */
struct refs_flow_command {
    const struct tmpl_command *command;
    struct refs_flow_pipe *pipe;
    bool piped;               /* it takes the value of the one before it as its last argument */
    struct refs_flow flow;    /* of its value */
    struct refs_flow carried; /* the same behind dict, list and the like, which only hand a value on */
    uint8_t needs;            /* bits of enum refs_needs: what is taken from its value */
};

/* A pipeline in its place. */
struct refs_flow_pipe {
    const struct tmpl_pipe *pipe;
    const struct tmpl_arg *arg; /* the parenthesis that it fills, with its fields; NULL for that of an action */
    const struct refs_flow_command *command; /* that of the parenthesis */
    uint32_t place;                          /* of the parenthesis in it */
    struct refs_flow_command *commands;
};

/* The pipeline of an action, whose value is used as `use` tells; of a CALL, `name` is the template's. */
struct refs_flow_pipe *refs_flow_of_action(struct arena *a, const struct tmpl_pipe *pipe, enum refs_use use,
                                           struct str name);

/* The pipeline in the parenthesis that is argument `place` of a command. `use` is that of the action's. */
struct refs_flow_pipe *refs_flow_of_parenthesis(struct arena *a, const struct refs_flow_command *c, uint32_t place,
                                                enum refs_use use);

/* Where the value of the command's argument `place` (from 0, the function itself) goes, and the same with what only
 * hands it on left out. */
struct refs_flow refs_flow_of_arg(const struct refs_flow_command *c, uint32_t place);
struct refs_flow refs_flow_carried(const struct refs_flow_command *c, uint32_t place);

/* Bits of enum refs_needs: what is taken from the value of an argument. A bounded amount of work. */
uint8_t refs_flow_needs(const struct refs_flow_command *c, uint32_t place);

/* The same for an argument of a command whose own needs are known (in needs.c), and for the value of an action's
 * pipeline. */
uint8_t refs_needs_of_argument(const struct refs_flow_command *c, uint32_t place);
uint8_t refs_needs_of_action(enum refs_use use, bool declares, bool assigns);

/* The name of the command's function; empty where its first word is none. */
static inline struct str refs_flow_function(const struct refs_flow_command *c) {
    const struct tmpl_arg *first = &c->command->args[0];
    return first->kind == TMPL_IDENTIFIER ? first->name : (struct str){NULL, 0};
}

#endif
