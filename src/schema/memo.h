/* What validations of much the same values remember from one to the next: values share the parts that did not change,
 * and what fits a schema once, fits it again. */
#ifndef SCHEMA_MEMO_H
#define SCHEMA_MEMO_H

#include "schema/node.h"

/* A map that fits a node. */
struct memo_entry {
    const struct schema_node *node; /* NULL: the slot is free */
    struct member *members;
    uint32_t len;
    uint32_t steps; /* that it took to find out */
};

struct schema_memo {
    struct arena *arena;
    struct memo_entry *slots;
    uint32_t slot_count; /* a power of two, or 0 while nothing is known */
    uint32_t used;
};

/* How many steps it took to find out that the map `v`, which is not empty, fits `node`; 0 where that is not known. */
uint32_t memo_get(const struct schema_memo *memo, const struct schema_node *node, const struct value *v);
/* Remembers that it took so many steps. */
void memo_put(struct schema_memo *memo, const struct schema_node *node, const struct value *v, uint32_t steps);

#endif
