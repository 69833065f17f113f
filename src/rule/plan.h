/* Where the rules of a set look, as one tree of paths: it is walked once for a file, and tells each rule whether what
 * it reads is there. Immutable, for any number of threads. */
#ifndef RULE_PLAN_H
#define RULE_PLAN_H

#include "rule/rule.h"

#define PLAN_NONE UINT32_MAX

/* A path that some rule names. Parents stand before their children, which follow them at once. */
struct plan_node {
    struct str key;
    uint32_t hash;
    uint32_t parent;
    uint32_t end; /* the first node that is not below it */
    bool deep;    /* a rule reads all that is below it */
};

/* What a rule whose `at` means several values reads below each of them. */
struct plan_below {
    const struct str *keys;
    uint32_t count;
    uint32_t required; /* the first of the keys must lead somewhere */
};

/* A rule at one of the paths of its `at`. */
struct plan_rule {
    const struct rule *rule;
    struct str path;          /* of the node `at`, dotted */
    bool reads_path;          /* its conditions name `path` */
    uint32_t at;              /* node of `at`, up to its first `*` */
    struct rule_path rest;    /* of `at`, from that `*` on; empty for none */
    uint32_t point;           /* node, or PLAN_NONE */
    const uint32_t *required; /* nodes that must be there */
    uint32_t required_count;
    const uint32_t *reads; /* nodes that it reads */
    uint32_t read_count;
    const struct plan_below *below;
    uint32_t below_count;
};

struct rule_plan {
    const struct plan_node *nodes; /* [0] is the root */
    uint32_t node_count;
    const struct plan_rule *rules;
    uint32_t rule_count;
};

/* Makes the plan of all compiled rules of `set`. */
const struct rule_plan *rule_plan_make(struct arena *a, const struct rule_set *set);

/* The dotted path of a node. */
struct str rule_plan_path(struct arena *a, const struct rule_plan *plan, uint32_t node);

#endif
