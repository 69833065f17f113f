/* Where the value of each word of a pipeline goes, and what the rest of its action takes from it, as far as the text
 * tells. Internal to this room. */
#ifndef TEMPLATE_REFS_FLOW_H
#define TEMPLATE_REFS_FLOW_H

#include "template/syntax/ast.h"

/* What happens to a value next. */
enum template_use {
    TEMPLATE_PRINT,    /* printed as it is */
    TEMPLATE_ARGUMENT, /* handed to a function, as an argument or through a pipe */
    TEMPLATE_COMPARE,  /* the same, to eq, ne, lt, semverCompare, ... */
    TEMPLATE_COMPUTE,  /* the same, to add, mul, int, len, ... */
    TEMPLATE_IF_SUBJECT,
    TEMPLATE_WITH_SUBJECT,
    TEMPLATE_RANGE_SUBJECT,
    TEMPLATE_CALL,     /* the dot of {{template}} or {{block}} */
    TEMPLATE_SET,      /* given to a variable */
    TEMPLATE_CHAINED,  /* a parenthesis whose result is read further: (.Values.a).b */
    TEMPLATE_FUNCTION, /* stands where a function would, with arguments behind it */
};

/* What the rest of the action takes from a value, in bits: values that are alike in all of it print the same. */
enum template_needs {
    TEMPLATE_NEEDS_TRUTH = 1,   /* whether it is empty: if, not, empty */
    TEMPLATE_NEEDS_TEXT = 2,    /* the text that it prints as; no value is another thing than an empty text: quote */
    TEMPLATE_NEEDS_PRINTED = 4, /* the same, but printed as it is: no value gives an empty text */
    TEMPLATE_NEEDS_ITEMS = 8,   /* what `range` goes over */
    TEMPLATE_NEEDS_KEY = 16,    /* whether its key is there: hasKey */
    TEMPLATE_NEEDS_ALL = 32,
    TEMPLATE_STOPS_EMPTY = 64, /* an empty value goes no further, and is like any other: default, with */
    TEMPLATE_FAILS_NIL = 128,  /* no value makes it fail: trunc, b64enc, nindent */
};

struct flow_command;

/* Where a value goes. */
struct flow {
    enum template_use use;
    struct str function;              /* of CALL, the template's name */
    uint32_t argument;                /* from 1; of ARGUMENT, COMPARE, COMPUTE and FUNCTION */
    const struct flow_command *taker; /* the command that takes it, or NULL */
};

/* A command in its place. */
struct flow_command {
    const struct tmpl_command *command;
    struct flow_pipe *pipe;
    bool piped;          /* it takes the value of the one before it as its last argument */
    struct flow flow;    /* of its value */
    struct flow carried; /* the same behind dict, list and the like, which only hand a value on */
    uint8_t needs;       /* bits of enum template_needs: what is taken from its value */
};

/* A pipeline in its place. */
struct flow_pipe {
    const struct tmpl_pipe *pipe;
    const struct tmpl_arg *arg;         /* the parenthesis that it fills, with its fields; NULL for that of an action */
    const struct flow_command *command; /* that of the parenthesis */
    uint32_t place;                     /* of the parenthesis in it */
    struct flow_command *commands;
};

/* The pipeline of an action, whose value is used as `use` tells; of a CALL, `name` is the template's. */
struct flow_pipe *flow_of_action(struct arena *a, const struct tmpl_pipe *pipe, enum template_use use, struct str name);

/* The pipeline in the parenthesis that is argument `place` of a command. `use` is that of the action's. */
struct flow_pipe *flow_of_parenthesis(struct arena *a, const struct flow_command *c, uint32_t place,
                                      enum template_use use);

/* Where the value of the command's argument `place` (from 0, the function itself) goes, and the same with what only
 * hands it on left out. */
struct flow flow_of_arg(const struct flow_command *c, uint32_t place);
struct flow flow_carried(const struct flow_command *c, uint32_t place);

/* Bits of enum template_needs: what is taken from the value of an argument. A bounded amount of work. */
uint8_t flow_needs(const struct flow_command *c, uint32_t place);

/* The same for an argument of a command whose own needs are known (in needs.c), and for the value of an action's
 * pipeline. */
uint8_t needs_of_argument(const struct flow_command *c, uint32_t place);
uint8_t needs_of_action(enum template_use use, bool declares, bool assigns);

/* The name of the command's function; empty where its first word is none. */
static inline struct str flow_function(const struct flow_command *c) {
    const struct tmpl_arg *first = &c->command->args[0];
    return first->kind == TMPL_IDENTIFIER ? first->name : (struct str){NULL, 0};
}

#endif
