/* What parse.c (blocks) and parse_pipe.c (pipelines) share. Internal to this room. */
#ifndef TEMPLATE_SYNTAX_PARSER_H
#define TEMPLATE_SYNTAX_PARSER_H

#include "base/map.h"
#include "template/syntax/token.h"

/* A pipeline that is not complete: that of an action, or one in parentheses inside of it. */
struct tmpl_open_pipe {
    struct tmpl_pipe *pipe;
    struct span paren;       /* its opening one; empty for that of an action */
    uint32_t commands, args; /* where its commands, and the words of the one that is read, begin in the parser's */
};

/* A block that is not closed. */
struct tmpl_open_block {
    struct tmpl_node *first;    /* if, with, range; NULL for a define or block */
    struct tmpl_node *last;     /* that of the last `else if` */
    struct tmpl_define *define; /* or that */
    struct tmpl_node *call;     /* of a {{block}}, what it leaves at its place */
    struct tmpl_node **tail;    /* where the next node goes once it is closed */
    bool has_else;
    uint32_t depth, variables, ranges;
    struct map visible; /* outside of the define */
};

struct tmpl_parser {
    struct arena *arena;
    struct tmpl_lexer lexer;
    struct tmpl_token token; /* the one that is looked at */
    struct span before;      /* the token before it */
    struct tmpl_token ahead; /* the next one, where `has_ahead` */
    bool has_ahead;
    struct tmpl_tree *tree;
    struct tmpl_error *error;
    struct span action; /* the opening mark of the action that is read */
    struct VEC(struct tmpl_open_block) blocks;
    struct tmpl_node **tail; /* where the next node goes */
    uint32_t depth;          /* of blocks and `else if`s around this place */
    uint32_t ranges;         /* around this place, in its define */
    /* The variables that can be seen: name -> uint32_t, how often it is declared around this place; and these counts in
     * the order of the declarations. A define starts anew. */
    struct map visible;
    struct VEC(uint32_t *) variables;
    struct map bodies; /* names of defines that are not empty */
    /* The pipelines that are open, and their parts; what is complete is copied to its node. */
    struct VEC(struct tmpl_open_pipe) pipes;
    struct VEC(struct tmpl_command) commands;
    struct VEC(struct tmpl_arg) args;
    struct VEC(struct tmpl_field) fields;
};

static inline struct str tmpl_token_text(const struct tmpl_parser *p) {
    return span_text(p->lexer.text, p->token.span);
}

void tmpl_next(struct tmpl_parser *p);
const struct tmpl_token *tmpl_peek(struct tmpl_parser *p);

/* Sets the error, and gives false: at `span`; at the token, which is not expected (the lexer's error goes first); at
 * the whole action. */
bool tmpl_refuse(struct tmpl_parser *p, struct span span, struct str message);
bool tmpl_refuse_token(struct tmpl_parser *p);
bool tmpl_refuse_action(struct tmpl_parser *p, const char *message);

/* Notes how deep this place is. */
void tmpl_note_depth(struct tmpl_parser *p, uint32_t depth);

/* Reads the pipeline of an action, which the token begins, up to the `}}` behind it, which the token is then. Only that
 * of a `range` may declare two variables. */
bool tmpl_parse_pipe(struct tmpl_parser *p, bool range, struct tmpl_pipe *pipe);

#endif
