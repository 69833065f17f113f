/* Which values a template reads where, for whoever shows it: an editor. */
#ifndef TEMPLATE_REFS_READS_H
#define TEMPLATE_REFS_READS_H

#include "template/refs/rewrite.h"

/* A place in a template that reads the chart's value at `keys[0..count)`. */
struct refs_read {
    struct span span;              /* of the whole reference */
    const struct str *keys;        /* in the chart's values */
    const struct refs_part *parts; /* the last `part_count` of the keys, as they are written here */
    uint32_t count, part_count;
};

struct refs_read_list VEC(struct refs_read);

/* The reads of `file` (of the finished set), in the order of the text; without those that are certain to be of other
 * values, and those of which the text does not tell. In the arena. */
void refs_reads_of(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                   struct refs_read_list *reads);

#endif
