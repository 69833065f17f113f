/* What a rule's fix does: JSON Patch (RFC 6902) on the values.
 *
 * A `path` (and a `from`) is a JSON Pointer from the root of the values (`/service/metrics/port`), or, from the value
 * at the rule's `at`, a Relative JSON Pointer: `0` is that value, `0/port` a child of it, `1/METRICS_PORT` a sibling.
 */
#ifndef RULE_FIX_H
#define RULE_FIX_H

#include "rule/rule.h"

enum fix_op { FIX_ADD, FIX_REMOVE, FIX_REPLACE, FIX_MOVE, FIX_COPY, FIX_TEST, FIX_OPS };

struct fix_path {
    bool relative;
    uint32_t up; /* levels above the value at `at`, where relative */
    const struct str *keys;
    uint32_t count;
};

struct fix_operation {
    enum fix_op op;
    struct fix_path path;
    struct fix_path from;              /* of move and copy */
    struct value value;                /* of add, replace and test, where there is no program */
    const struct cel_program *program; /* gives the value, from the rule's variables; or NULL */
};

struct fix_operations VEC(struct fix_operation);

/* Reads a path; false where it is none. */
bool fix_path_parse(struct arena *a, struct str text, struct fix_path *path);

/* The operations of the fix of `rule`, which was compiled with `env`; none where it has no fix. */
void fix_read(struct arena *a, const struct cel_env *env, const struct rule *rule, struct fix_operations *operations);

#endif
