/* Whether templates print the same with other values, as far as their text tells. What is not certain is a difference.
 */
#ifndef TEMPLATE_REFS_EQUIVALENCE_H
#define TEMPLATE_REFS_EQUIVALENCE_H

#include "template/refs/rewrite.h"
#include "value/value.h"

enum refs_effect {
    REFS_PRINTS_OTHER, /* or may: nothing shows that it prints the same */
    REFS_FAILS,        /* the chart would not render where the reference is reached */
};

/* A place that stands against a change of values. */
struct refs_difference {
    enum refs_effect effect;
    bool type_mismatch; /* it reads another kind of value than the template was written for, and nobody wants what comes
                         * of it
                         */
    struct span span;   /* of the reference or call in the file before; empty at 0 where it is about the file */
    const struct str *keys; /* the path that it reads, in the file before; none where it may read all values */
    uint32_t key_count;
    const struct str *new_keys; /* the same in the file after */
    uint32_t new_key_count;
    struct str reason; /* for a person: "`toYaml .Values.service` would read another value" */
};

struct refs_differences VEC(struct refs_difference);

/* Appends a difference for each reference and call in `before` that may print otherwise, or fail, once the values are
 * `values_after` and the file is `after`. Values are those that Helm renders the chart with: where they are no map,
 * there are none. The sets are finished; `after` is `before` with references rewritten, and both may be the same. A
 * reference that fails with the values before may do anything. Nothing is appended where all is certain to print the
 * same. True where a mapping that is read by parts was compared by how
 * empty it is alone, or the root stands in a dict: refs_compare_parts, for each file of the set, looks at these. */
bool refs_compare(struct arena *a, const struct refs_set *set_before, const struct refs_file *before,
                  const struct value *values_before, const struct refs_set *set_after, const struct refs_file *after,
                  const struct value *values_after, struct refs_differences *differences);

/* Appends a difference for each of the relatives, as above, and for what reads the root in a dict as a whole. */
void refs_compare_parts(struct arena *a, const struct refs_set *set_before, const struct refs_file *before,
                        const struct value *values_before, const struct refs_set *set_after,
                        const struct refs_file *after, const struct value *values_after,
                        struct refs_differences *differences);

#endif
