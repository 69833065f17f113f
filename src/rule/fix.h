/* What a rule's fix does: JSON Patch (RFC 6902) on the values.
 *
 * A `path` (and a `from`) is a JSON Pointer from the root of the values (`/service/metrics/port`), or, from the value
 * at the rule's `at`, a Relative JSON Pointer: `0` is that value, `0/port` a child of it, `1/METRICS_PORT` a sibling.
 */
#ifndef RULE_FIX_H
#define RULE_FIX_H

#include "rule/rule.h"

enum rule_fix_op {
    RULE_FIX_ADD,
    RULE_FIX_REMOVE,
    RULE_FIX_REPLACE,
    RULE_FIX_MOVE,
    RULE_FIX_COPY,
    RULE_FIX_TEST,
    RULE_FIX_OPS
};

struct rule_fix_path {
    bool relative;
    uint32_t up; /* levels above the value at `at`, where relative */
    const struct str *keys;
    uint32_t count;
};

struct rule_fix_operation {
    enum rule_fix_op op;
    struct rule_fix_path path;
    struct rule_fix_path from;         /* of move and copy */
    struct value value;                /* of add, replace and test, where there is no program */
    const struct cel_program *program; /* gives the value, from the rule's variables; or NULL */
};

struct rule_fix_operations VEC(struct rule_fix_operation);

/* Reads a path; false where it is none. */
bool rule_fix_path_parse(struct arena *a, struct str text, struct rule_fix_path *path);

/* The operations of the fix of `rule`, which was compiled with `env`; none where it has no fix. */
void rule_fix_read(struct arena *a, const struct cel_env *env, const struct rule *rule,
                   struct rule_fix_operations *operations);

#endif
