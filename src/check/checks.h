/* The checks that are decided in C, by their ids in rules/. */
#ifndef CHECK_CHECKS_H
#define CHECK_CHECKS_H

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
    CHECK_HELM_VERSIONS,
    CHECK_INVISIBLE_CHARACTER,
    CHECK_IGNORED_VALUES,
    CHECK_LARGE_FILE,
    CHECK_UNUSABLE_SCHEMA,
    CHECK_REFUSED_BY_SCHEMA,
    CHECK_LOST_APP_VERSION,
    CHECK_NULL_DEFAULT,
    CHECK_INVALID_VALUE,
    CHECK_UNKNOWN_KEY,
    CHECK_MISSING_KEY,
    CHECK_LEGACY_PATH,
    CHECK_LEGACY_CONFLICT,
    CHECK_OLD_PATH_ELSEWHERE,
    CHECK_FIX_WITHHELD,
    CHECK_MESH_PORT,
    CHECK_MESH_NOT_COVERED,
    CHECK_MESH_WEAKER_MODE,
    CHECK_MESH_NOT_INJECTED,
    CHECK_MESH_UNKNOWN_SERVICE,
    CHECK_MESH_NO_PODS,
    CHECK_RENDER_FAILS,
    CHECK_NEEDED_BLANK,
    CHECK_GONE_READ,
    CHECK_UNREAD_VALUE,
    CHECK_BROKEN_TEMPLATE,
    CHECK_COUNT,
};

/* Those of a text in YAML, whatever its values are for. */
#define CHECK_YAML_FIRST CHECK_INVALID_YAML
#define CHECK_YAML_LAST CHECK_MERGE_ORDER

/* Those of a mesh's overlays. */
#define CHECK_MESH_FIRST CHECK_MESH_PORT
#define CHECK_MESH_LAST CHECK_MESH_NO_PODS

struct checks {
    const struct check *by[CHECK_COUNT];
};

/* Whether `check` is one of those of a mesh's overlays. */
bool checks_is_of_mesh(const struct checks *checks, const struct check *check);

/* Finds the built-in checks in `set`, which must hold the rules that are built into the program. */
void checks_bind(const struct rule_set *set, struct checks *checks);

#endif
