/* The checks that are decided in C, by their ids in rules/. */
#ifndef ENGINE_CHECKS_H
#define ENGINE_CHECKS_H

#include "rule/rule.h"

enum builtin_check {
    CHECK_INVALID_YAML,
    CHECK_DUPLICATE_KEY,
    CHECK_AMBIGUOUS_SCALAR,
    CHECK_CHANGED_KEY,
    CHECK_REFUSED_BY_HELM,
    CHECK_SEVERAL_DOCUMENTS,
    CHECK_MERGE_ORDER,
    CHECK_UNREADABLE_FILE,
    CHECK_UNUSED_SUPPRESSION,
    CHECK_INVALID_SUPPRESSION,
    CHECK_INVALID_CHART_YAML,
    CHECK_RULE_FAILED,
    CHECK_UNNEEDED_BASELINE,
    CHECK_INVALID_VALUE,
    CHECK_UNKNOWN_KEY,
    CHECK_MISSING_KEY,
    CHECK_LEGACY_PATH,
    CHECK_LEGACY_CONFLICT,
    CHECK_OLD_PATH_ELSEWHERE,
    CHECK_FIX_WITHHELD,
    CHECK_RENDER_FAILS,
    CHECK_GONE_READ,
    CHECK_UNREAD_VALUE,
    CHECK_BROKEN_TEMPLATE,
    CHECK_COUNT,
};

struct checks {
    const struct check *by[CHECK_COUNT];
};

/* Finds the built-in checks in `set`, which must hold the rules that are built into the program. */
void checks_bind(const struct rule_set *set, struct checks *checks);

#endif
