#include "check/checks.h"

static const char *const IDS[CHECK_COUNT] = {
#define X(check, id) [check] = id,
    BUILTIN_CHECKS(X)
#undef X
};

void checks_bind(const struct rule_set *set, struct checks *checks) {
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct rule *rule = rule_find(set, str_from(IDS[i]));
        if (!rule) base_panic("a built-in check has no entry in rules/");
        checks->by[i] = &rule->check;
    }
}

bool checks_is_of_mesh(const struct checks *checks, const struct check *check) {
    bool found = false;
    for (int i = CHECK_MESH_FIRST; i <= CHECK_MESH_LAST; i++) found = found || checks->by[i] == check;
    return found;
}
