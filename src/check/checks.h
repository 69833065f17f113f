/* The checks that are decided in C, by their ids in rules/. */
#ifndef CHECK_CHECKS_H
#define CHECK_CHECKS_H

#include "rule/rule.h"

/* Each with the id of its entry in rules/. */
#define BUILTIN_CHECKS(X)                                                                                              \
    X(CHECK_INVALID_YAML, "VL001")                                                                                     \
    X(CHECK_DUPLICATE_KEY, "VL002")                                                                                    \
    X(CHECK_AMBIGUOUS_SCALAR, "VL003")                                                                                 \
    X(CHECK_CHANGED_KEY, "VL004")                                                                                      \
    X(CHECK_REFUSED_BY_HELM, "VL005")                                                                                  \
    X(CHECK_SEVERAL_DOCUMENTS, "VL006")                                                                                \
    X(CHECK_MERGE_ORDER, "VL007")                                                                                      \
    X(CHECK_UNREADABLE_FILE, "VL008")                                                                                  \
    X(CHECK_UNUSED_SUPPRESSION, "VL009")                                                                               \
    X(CHECK_INVALID_SUPPRESSION, "VL010")                                                                              \
    X(CHECK_INVALID_CHART_YAML, "VL011")                                                                               \
    X(CHECK_RULE_FAILED, "VL012")                                                                                      \
    X(CHECK_UNNEEDED_BASELINE, "VL013")                                                                                \
    X(CHECK_HELM_VERSIONS, "VL014")                                                                                    \
    X(CHECK_INVISIBLE_CHARACTER, "VL015")                                                                              \
    X(CHECK_IGNORED_VALUES, "VL016")                                                                                   \
    X(CHECK_LARGE_FILE, "VL017")                                                                                       \
    X(CHECK_UNUSABLE_SCHEMA, "VL018")                                                                                  \
    X(CHECK_REFUSED_BY_SCHEMA, "VL019")                                                                                \
    X(CHECK_LOST_APP_VERSION, "VL020")                                                                                 \
    X(CHECK_NULL_DEFAULT, "VL021")                                                                                     \
    X(CHECK_INVALID_VALUE, "VL101")                                                                                    \
    X(CHECK_UNKNOWN_KEY, "VL102")                                                                                      \
    X(CHECK_MISSING_KEY, "VL103")                                                                                      \
    X(CHECK_LEGACY_PATH, "VL104")                                                                                      \
    X(CHECK_LEGACY_CONFLICT, "VL105")                                                                                  \
    X(CHECK_OLD_PATH_ELSEWHERE, "VL106")                                                                               \
    X(CHECK_FIX_WITHHELD, "VL107")                                                                                     \
    X(CHECK_UNRESOLVED_BINDING, "VL108")                                                                               \
    X(CHECK_OLD_PATH_IN_TEXT, "VL109")                                                                                 \
    X(CHECK_MESH_PORT, "VL801")                                                                                        \
    X(CHECK_MESH_NOT_COVERED, "VL802")                                                                                 \
    X(CHECK_MESH_WEAKER_MODE, "VL803")                                                                                 \
    X(CHECK_MESH_NOT_INJECTED, "VL804")                                                                                \
    X(CHECK_MESH_UNKNOWN_SERVICE, "VL805")                                                                             \
    X(CHECK_MESH_NO_PODS, "VL806")                                                                                     \
    X(CHECK_MESH_UNKNOWN_FIELD, "VL807")                                                                               \
    X(CHECK_MESH_FIELD_VALUE, "VL808")                                                                                 \
    X(CHECK_MESH_FIELD_MISSING, "VL809")                                                                               \
    X(CHECK_MESH_REFUSED, "VL810")                                                                                     \
    X(CHECK_MESH_KEY, "VL811")                                                                                         \
    X(CHECK_MESH_SELECTOR, "VL815")                                                                                    \
    X(CHECK_MESH_REFERENCE, "VL816")                                                                                   \
    X(CHECK_MESH_IDENTITY, "VL817")                                                                                    \
    X(CHECK_MESH_POD_PORT, "VL818")                                                                                    \
    X(CHECK_MESH_PORT_NEEDED, "VL819")                                                                                 \
    X(CHECK_MESH_NAMESPACE, "VL820")                                                                                   \
    X(CHECK_MESH_MONITOR, "VL821")                                                                                     \
    X(CHECK_MESH_HOOK, "VL822")                                                                                        \
    X(CHECK_MESH_OPEN_RULE, "VL830")                                                                                   \
    X(CHECK_MESH_ALLOWS_ALL, "VL831")                                                                                  \
    X(CHECK_MESH_POLICY_SHADOWED, "VL832")                                                                             \
    X(CHECK_MESH_ROUTE_SHADOWED, "VL833")                                                                              \
    X(CHECK_MESH_WEIGHTS, "VL834")                                                                                     \
    X(CHECK_MESH_GATEWAY_CONFLICT, "VL835")                                                                            \
    X(CHECK_MESH_HOST_NOT_SERVED, "VL836")                                                                             \
    X(CHECK_MESH_SAME_HOST, "VL837")                                                                                   \
    X(CHECK_MESH_CLIENT_TLS, "VL838")                                                                                  \
    X(CHECK_MESH_PEERS, "VL839")                                                                                       \
    X(CHECK_MESH_USER, "VL840")                                                                                        \
    X(CHECK_MESH_PORT_PROTOCOL, "VL841")                                                                               \
    X(CHECK_MESH_EXEMPTION, "VL842")                                                                                   \
    X(CHECK_MESH_FILTER, "VL843")                                                                                      \
    X(CHECK_MESH_CONFLICT, "VL844")                                                                                    \
    X(CHECK_MESH_ENTRY, "VL845")                                                                                       \
    X(CHECK_MESH_SERVICES, "VL846")                                                                                    \
    X(CHECK_MESH_INJECTION, "VL847")                                                                                   \
    X(CHECK_MESH_DEPRECATED, "VL848")                                                                                  \
    X(CHECK_MESH_CLAIMS, "VL849")                                                                                      \
    X(CHECK_MESH_PROTOCOL, "VL850")                                                                                    \
    X(CHECK_MESH_INEFFECTIVE, "VL851")                                                                                 \
    X(CHECK_MESH_NOBODY, "VL852")                                                                                      \
    X(CHECK_MESH_REFUSED_CALL, "VL853")                                                                                \
    X(CHECK_MESH_DIFFER, "VL854")                                                                                      \
    X(CHECK_RENDER_FAILS, "VL901")                                                                                     \
    X(CHECK_NEEDED_BLANK, "VL902")                                                                                     \
    X(CHECK_GONE_READ, "VL903")                                                                                        \
    X(CHECK_UNREAD_VALUE, "VL904")                                                                                     \
    X(CHECK_BROKEN_TEMPLATE, "VL905")                                                                                  \
    X(CHECK_RENDER_ENDS, "VL906")                                                                                      \
    X(CHECK_VALUE_REQUIRED, "VL907")                                                                                   \
    X(CHECK_OUTPUT_REFUSED, "VL908")                                                                                   \
    X(CHECK_FIELD_TYPE, "VL909")                                                                                       \
    X(CHECK_FIELD_UNKNOWN, "VL910")                                                                                    \
    X(CHECK_FIELD_MISSING, "VL911")                                                                                    \
    X(CHECK_FIELD_FORMAT, "VL912")                                                                                     \
    X(CHECK_FIELD_REPEATED, "VL913")                                                                                   \
    X(CHECK_UNREAD_IN_OVERLAY, "VL914")                                                                                \
    X(CHECK_RENDER_BY_HELM, "VL915")                                                                                   \
    X(CHECK_NUMBER_ROUNDED, "VL916")                                                                                   \
    X(CHECK_NOT_EVALUATED, "VL917")                                                                                    \
    X(CHECK_UNDEFINED_VALUE, "VL918")                                                                                  \
    X(CHECK_NOT_SERVED, "VL919")

enum builtin_check {
#define X(check, id) check,
    BUILTIN_CHECKS(X)
#undef X
        CHECK_COUNT,
};

/* Those of a text in YAML, whatever its values are for. */
#define CHECK_YAML_FIRST CHECK_INVALID_YAML
#define CHECK_YAML_LAST CHECK_MERGE_ORDER

/* Those for which the templates are run. */
#define CHECK_PRINTED_FIRST CHECK_RENDER_ENDS
#define CHECK_PRINTED_LAST CHECK_NOT_SERVED

/* Those of a mesh's overlays. */
#define CHECK_MESH_FIRST CHECK_MESH_PORT
#define CHECK_MESH_LAST CHECK_MESH_DIFFER

/* Those for which what charts print is held against overlays. */
#define CHECK_MESH_PRINTED_FIRST CHECK_MESH_KEY

struct checks {
    const struct check *by[CHECK_COUNT];
};

/* Whether `check` is one of those of a mesh's overlays. */
bool checks_is_of_mesh(const struct checks *checks, const struct check *check);

/* Finds the built-in checks in `set`, which must hold the rules that are built into the program. */
void checks_bind(const struct rule_set *set, struct checks *checks);

#endif
