/* The tokens of a Go template, one after the other. Internal to this room.
 *
 * Follows text/template/parse/lex.go (https://pkg.go.dev/text/template#hdr-Actions). */
#ifndef TEMPLATE_SYNTAX_TOKEN_H
#define TEMPLATE_SYNTAX_TOKEN_H

#include "template/syntax/parse.h"

enum tmpl_token_kind {
    TMPL_TOKEN_ERROR, /* the lexer refuses what follows; its error is set. It is given again and again */
    TMPL_TOKEN_EOF,
    TMPL_TOKEN_TEXT,  /* outside of actions, without what trim markers take; never empty */
    TMPL_TOKEN_LEFT,  /* {{ or {{- */
    TMPL_TOKEN_RIGHT, /* }} or -}} */
    TMPL_TOKEN_STRING,
    TMPL_TOKEN_RAW_STRING,
    TMPL_TOKEN_CHARACTER, /* '...', with its quotes */
    TMPL_TOKEN_NUMBER,
    TMPL_TOKEN_COMPLEX, /* 1+2i */
    TMPL_TOKEN_BOOL,
    TMPL_TOKEN_IDENTIFIER,
    TMPL_TOKEN_VARIABLE, /* $ or $name */
    TMPL_TOKEN_FIELD,    /* .name */
    TMPL_TOKEN_DOT,
    TMPL_TOKEN_LEFT_PAREN,
    TMPL_TOKEN_RIGHT_PAREN,
    TMPL_TOKEN_PIPE,
    TMPL_TOKEN_DECLARE, /* := */
    TMPL_TOKEN_ASSIGN,  /* = */
    TMPL_TOKEN_COMMA,
    TMPL_TOKEN_OTHER, /* a printable character that no action can hold */
    /* keywords */
    TMPL_TOKEN_BLOCK,
    TMPL_TOKEN_BREAK,
    TMPL_TOKEN_CONTINUE,
    TMPL_TOKEN_DEFINE,
    TMPL_TOKEN_ELSE,
    TMPL_TOKEN_END,
    TMPL_TOKEN_IF,
    TMPL_TOKEN_NIL,
    TMPL_TOKEN_RANGE,
    TMPL_TOKEN_TEMPLATE,
    TMPL_TOKEN_WITH,
};

struct tmpl_token {
    enum tmpl_token_kind kind;
    struct span span;
    bool spaced; /* white space stands before it, in the action */
};

struct tmpl_lexer {
    struct arena *arena;
    struct str text;
    struct tmpl_error *error;
    size_t pos;
    size_t open; /* where the action or comment begins */
    uint32_t parens;
    bool inside; /* an action */
    bool failed;
};

struct tmpl_token tmpl_lex(struct tmpl_lexer *lexer);

/* Reads the constant of a token; false where Go's strconv refuses it. */
bool tmpl_read_number(struct str text, enum tmpl_token_kind kind, struct tmpl_number *number);

#endif
