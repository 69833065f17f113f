/* The pipelines of one action: commands, their operands, and where each value goes. Internal to the template layer. */
#ifndef TEMPLATE_SYNTAX_PIPELINE_H
#define TEMPLATE_SYNTAX_PIPELINE_H

#include "template/syntax/lex.h"
#include "template/syntax/use.h"

/* One word of a command, with the fields chained to it. */
struct operand {
    uint32_t first; /* tokens [first, end) */
    uint32_t end;
    uint32_t fields;  /* the first FIELD of its chain; `end` where there is none */
    uint32_t command; /* index into the commands */
    uint32_t place;   /* from 0, in its command */
    uint32_t next;    /* the next operand of the command, or TEMPLATE_NONE */
};

/* Where a value goes. */
struct flow {
    enum template_use use;
    struct str function;
    uint32_t argument; /* from 1; of ARGUMENT */
    uint32_t command;  /* the command that takes it, or TEMPLATE_NONE */
};

struct command {
    uint32_t first_operand; /* TEMPLATE_NONE while empty */
    uint32_t last_operand;
    uint32_t operand_count;
    uint32_t pipeline;
    uint32_t next;       /* the command that its value is piped to, or TEMPLATE_NONE */
    uint32_t previous;   /* the command that pipes to it, or TEMPLATE_NONE */
    bool piped;          /* it takes the value of another one as its last argument */
    struct flow flow;    /* of its value */
    struct flow carried; /* the same behind dict, list and the like, which only hand a value on */
    uint8_t needs;       /* bits of enum template_needs: what is taken from its value */
};

struct pipeline {
    uint32_t operand; /* the parenthesis that it fills, or TEMPLATE_NONE for that of the action */
    uint32_t first_command;
    uint32_t last_command;
    uint32_t variable; /* token of the (last) variable that it sets, or TEMPLATE_NONE */
};

struct expression {
    struct operands VEC(struct operand) operands;
    struct commands VEC(struct command) commands;
    struct pipelines VEC(struct pipeline) pipelines;
};

/* Reads the pipeline in the tokens [from, to), which the scanner took and whose parentheses pair up. `e` is emptied
 * first; its memory is used again. `use` tells where the value of the whole goes. False with `error` set where Go's
 * parser would refuse it. */
bool pipeline_parse(struct arena *a, struct str text, const struct template_token *tokens, uint32_t from, uint32_t to,
                    enum template_use use, struct expression *e, struct template_error *error);

/* Where the value of an operand goes, and the same with what only hands it on left out. */
struct flow pipeline_flow(const struct expression *e, struct str text, const struct template_token *tokens,
                          const struct operand *o);
struct flow pipeline_carried(const struct expression *e, struct str text, const struct template_token *tokens,
                             const struct operand *o);

/* Bits of enum template_needs: what is taken from the value of an operand. */
uint8_t pipeline_needs(struct arena *a, const struct expression *e, struct str text,
                       const struct template_token *tokens, const struct operand *o);

/* The same for an argument of a command whose own needs are known (in needs.c), and for the value of an action's
 * pipeline, which may declare or assign to a variable. A bounded amount of work. */
uint8_t needs_of_argument(struct arena *a, const struct expression *e, struct str text,
                          const struct template_token *tokens, uint32_t command, uint32_t place);
uint8_t needs_of_action(enum template_use use, bool declares, bool assigns);

/* The name of the command's function; empty where its first word is none. */
struct str pipeline_function(const struct expression *e, struct str text, const struct template_token *tokens,
                             uint32_t command);

#endif
