/* The lexical class of every byte of a parsed text: what the tree's nodes do not tell. */
#ifndef YAML_LEX_H
#define YAML_LEX_H

#include "yaml/tree.h"

enum lex_class {
    LEX_TOKEN,    /* of a scalar, an alias, an anchor, a tag, an indicator, a directive */
    LEX_COMMENT,  /* from `#` to the end of the line */
    LEX_WHITE,    /* space or tab outside of scalars; the byte order mark */
    LEX_LINE_END, /* outside of scalars */
};

struct spans VEC(struct span);

/* The class of each byte of the tree's text, which must have been parsed. One byte a class. */
uint8_t *yaml_lex_classify(struct arena *a, const struct tree *tree);

/* All comments in order, each from its `#` to the end of its line (line end excluded). */
void yaml_lex_comments(struct arena *a, const struct tree *tree, struct spans *comments);

#endif
