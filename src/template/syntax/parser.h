/* What parse.c (blocks) and parse_pipe.c (pipelines) share. Internal to this room. */
#ifndef TEMPLATE_SYNTAX_PARSER_H
#define TEMPLATE_SYNTAX_PARSER_H

#include "base/map.h"
#include "template/syntax/token.h"

struct tmpl_parser {
    struct arena *arena;
    struct tmpl_lexer lexer;
    struct tmpl_token token; /* the one that is looked at */
    struct tmpl_token ahead; /* the next one, where `has_ahead` */
    bool has_ahead;
    struct tmpl_tree *tree;
    struct tmpl_error *error;
    struct span action; /* the opening mark of the action that is read */
    /* The variables that can be seen: name -> uint32_t, how often it is declared around this place; and these counts in
     * the order of the declarations. A define starts anew. */
    struct map visible;
    struct VEC(uint32_t *) variables;
    uint32_t ranges; /* around this place, in its define */
    uint32_t depth;
    struct map bodies; /* names of defines that are not empty */
    /* Parts of the pipeline that is read; what is complete is copied to its node. */
    struct VEC(struct tmpl_arg) args;
    struct VEC(struct tmpl_command) commands;
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

/* Goes one block or parenthesis deeper, and out of it; false where that is too deep. */
bool tmpl_descend(struct tmpl_parser *p);
void tmpl_ascend(struct tmpl_parser *p);

/* Where a pipeline stands. */
enum tmpl_context { TMPL_IN_ACTION, TMPL_IN_RANGE, TMPL_IN_PARENS };

/* Reads a pipeline and the `}}` or, IN_PARENS, the `)` behind it: the token is then the closing one. */
bool tmpl_parse_pipe(struct tmpl_parser *p, enum tmpl_context context, struct tmpl_pipe *pipe);

#endif
