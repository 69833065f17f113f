/* How a file is written, so that new text looks as if its author had typed it. */
#ifndef YAML_STYLE_H
#define YAML_STYLE_H

#include "base/buf.h"
#include "value/value.h"
#include "yaml/slab.h"

enum style_quote { QUOTE_NONE, QUOTE_SINGLE, QUOTE_DOUBLE };

struct style {
    uint32_t step;          /* columns from a mapping to the one inside of it; 2 where the file does not tell */
    uint32_t list_step;     /* columns from a key to the `-` of its list: 0, or as `step` */
    struct str line_end;    /* "\n" or "\r\n", whichever most lines have */
    enum style_quote quote; /* for strings that need quotes: the file's usual ones; double where it does not tell */
};

/* Where a scalar is written. */
enum style_place { PLACE_BLOCK, PLACE_FLOW };

/* Looks at the whole file. */
struct style style_detect(const struct tree *tree, const struct slabs *slabs);

/* The quotes of most strings that need none among the children of `collection` (QUOTE_NONE where most have none, or it
 * is NULL or empty). */
enum style_quote style_siblings_quote(const struct node *collection);

/* Whether `text` as a plain scalar is that string to Helm and to YAML 1.2, also as a key. */
bool style_is_plain(struct str text, enum style_place place);

/* Writes the string `text`: with the quotes `wanted` where they can hold it (QUOTE_NONE: without, where that is safe,
 * else with those of `style`). Always on one line. */
void style_write_string(struct buf *out, const struct style *style, struct str text, enum style_quote wanted,
                        enum style_place place);

/* Writes a null, boolean, number or string. */
void style_write_scalar(struct buf *out, const struct style *style, const struct value *scalar, enum style_quote wanted,
                        enum style_place place);

/* Writes any value as one line: `{a: 1, b: [x, y]}`; `{}` and `[]` where it is empty. */
void style_write_flow(struct buf *out, const struct style *style, const struct value *value, enum style_quote wanted);

/* Writes a map or list with members as whole lines of block style, each with a line end: `column` is where its keys or
 * dashes stand. */
void style_write_block(struct buf *out, const struct style *style, const struct value *value, uint32_t column,
                       enum style_quote wanted);

#endif
