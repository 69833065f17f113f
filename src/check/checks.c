#include "check/checks.h"

static const char *const IDS[CHECK_COUNT] = {
    [CHECK_INVALID_YAML] = "VL001",        [CHECK_DUPLICATE_KEY] = "VL002",      [CHECK_AMBIGUOUS_SCALAR] = "VL003",
    [CHECK_CHANGED_KEY] = "VL004",         [CHECK_REFUSED_BY_HELM] = "VL005",    [CHECK_SEVERAL_DOCUMENTS] = "VL006",
    [CHECK_MERGE_ORDER] = "VL007",         [CHECK_UNREADABLE_FILE] = "VL008",    [CHECK_UNUSED_SUPPRESSION] = "VL009",
    [CHECK_INVALID_SUPPRESSION] = "VL010", [CHECK_INVALID_CHART_YAML] = "VL011", [CHECK_RULE_FAILED] = "VL012",
    [CHECK_UNNEEDED_BASELINE] = "VL013",   [CHECK_HELM_VERSIONS] = "VL014",      [CHECK_INVISIBLE_CHARACTER] = "VL015",
    [CHECK_IGNORED_VALUES] = "VL016",      [CHECK_LARGE_FILE] = "VL017",         [CHECK_UNUSABLE_SCHEMA] = "VL018",
    [CHECK_REFUSED_BY_SCHEMA] = "VL019",   [CHECK_LOST_APP_VERSION] = "VL020",   [CHECK_NULL_DEFAULT] = "VL021",
    [CHECK_INVALID_VALUE] = "VL101",       [CHECK_UNKNOWN_KEY] = "VL102",        [CHECK_MISSING_KEY] = "VL103",
    [CHECK_LEGACY_PATH] = "VL104",         [CHECK_LEGACY_CONFLICT] = "VL105",    [CHECK_OLD_PATH_ELSEWHERE] = "VL106",
    [CHECK_FIX_WITHHELD] = "VL107",        [CHECK_MESH_PORT] = "VL801",          [CHECK_MESH_NOT_COVERED] = "VL802",
    [CHECK_MESH_WEAKER_MODE] = "VL803",    [CHECK_MESH_NOT_INJECTED] = "VL804",  [CHECK_MESH_UNKNOWN_SERVICE] = "VL805",
    [CHECK_MESH_NO_PODS] = "VL806",        [CHECK_RENDER_FAILS] = "VL901",       [CHECK_NEEDED_BLANK] = "VL902",
    [CHECK_GONE_READ] = "VL903",           [CHECK_UNREAD_VALUE] = "VL904",       [CHECK_BROKEN_TEMPLATE] = "VL905",
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
