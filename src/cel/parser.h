/* The parser at work, for parse.c and macro.c. */
#ifndef CEL_PARSER_H
#define CEL_PARSER_H

#include "cel/ast.h"
#include "cel/lex.h"

struct parser {
    struct arena *arena;
    struct lexer lexer;
    struct token token; /* at hand, not taken yet */
    uint32_t last_end;  /* where the token taken last ends */
    uint32_t nesting;   /* of the functions here */
    bool failed;        /* error is set: the first one counts */
    struct cel_error *error;
};

/* Notes the first error, and gives NULL. */
void *parse_fail(struct parser *p, struct span span, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A node over children of at most `child_depth`; NULL with an error where that is too deep. */
struct cel_node *parse_node(struct parser *p, enum node_kind kind, struct span span, uint32_t child_depth);

#endif
