/* What the parts of the validator share. */
#ifndef SCHEMA_VALIDATE_H
#define SCHEMA_VALIDATE_H

#include "schema/memo.h"

/* How deeply checks may nest, in schemas applied. The readers stop at values 1000 levels deep. */
#define SCHEMA_DEPTH_MAX 4000

/* The dynamic scope: the resources that the way here led through, the innermost first. */
struct scope {
    const struct scope *outer;
    const struct resource *resource;
};

/* One validation. */
struct run {
    const struct schema *schema;
    struct arena *a;          /* NULL where `out` is */
    struct violations *out;   /* NULL: only yes or no is asked, and the first violation ends it */
    struct schema_memo *memo; /* of earlier validations; may be NULL */
    const struct scope *scope;
    struct regex_work *regex;
    uint64_t steps; /* that are left */
    uint32_t depth;
    bool gave_up; /* too long or too deep: everything is false from here on */
};

/* Whether `v` fits `node`; says why not into run->out, if that is wanted. `step` leads to `v`. */
bool validate_check(struct run *run, const struct schema_node *node, const struct value *v, const struct step *step);

/* The same, only yes or no. */
bool validate_quietly(struct run *run, const struct schema_node *node, const struct value *v);

/* Adds a violation of `keyword` of `node`; the caller fills in what is special to it. Valid until the next one. */
struct violation *validate_report(struct run *run, enum schema_keyword keyword, const struct schema_node *node,
                                  const struct value *instance, const struct step *step);

/* What the dynamic reference of `apply` leads to here. */
const struct schema_node *validate_dynamic_target(const struct run *run, const struct apply_checks *apply);

/* The members (or items) [first, first + 64) of `v` that some keyword of `node` or of what it applies to `v` has looked
 * at, as bits; `own` leaves out what the node's own unevaluated* keywords do. `v` has passed the checks of `node`. */
uint64_t evaluated_bits(struct run *run, const struct schema_node *node, const struct value *v, uint32_t first,
                        bool own);

/* The keys that `node` and what it applies know by name, for suggestions. */
void evaluated_names(struct run *run, const struct schema_node *node, const struct str **names, uint32_t *count);

/* anyOf, oneOf: whether `v` fits as many of the alternatives as it must, and in which way it does not. */
bool alternatives_check(struct run *run, const struct schema_node *node, enum schema_keyword keyword,
                        const struct value *v, const struct step *step);

/* The two equal items of a list, the later one first found; false where all are different. */
bool unique_find_equal(const struct value *list, uint32_t *first, uint32_t *second);

#endif
