/* What policies mean together, though each of them is right by itself: VL830 to VL832, VL839, and what Istio's own
 * analyzer tells of Sidecars, Telemetries, EnvoyFilters and ServiceEntries: VL843 to VL845, VL849. */
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

#define NETWORKING "networking.istio.io"
#define SECURITY "security.istio.io"
#define POLICY "policy.linkerd.io"

/* ---- who is let in ---- */

static bool is_action(const struct mesh_object *o, const char *action) {
    struct str is = mesh_text(o->root, "spec.action");
    return str_eq(is.len ? is : STR("ALLOW"), str_from(action));
}

static bool has(const struct value *rule, const char *key) {
    const struct value *list = mesh_get(rule, key);
    return list && list->kind == VALUE_LIST && list->list.len > 0;
}

/* Paths that probes and monitors ask: whoever may ask them learns nothing. */
bool mesh_is_harmless_path(struct str path) {
    static const char *const PARTS[] = {"health", "ready",  "live",    "metrics",
                                        "ping",   "status", "startup", "prometheus"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        if (str_find(path, str_from(PARTS[i])) < path.len) return true;
    return false;
}

/* Whether all operations of a rule are for such paths. */
static bool is_exemption(const struct value *rule) {
    struct value_list to = mesh_list(rule, "to");
    for (uint32_t i = 0; i < to.len; i++) {
        struct value_list paths = mesh_list(&to.items[i], "operation.paths");
        if (paths.len == 0) return false;
        for (uint32_t k = 0; k < paths.len; k++)
            if (paths.items[k].kind != VALUE_STRING || !mesh_is_harmless_path(paths.items[k].string)) return false;
    }
    return to.len > 0;
}

static const struct value *place_of(const struct value *rule) {
    return rule->kind == VALUE_MAP && rule->map.len ? &rule->map.members[0].value : rule;
}

/* Whether the rule lets in whoever comes from any address. */
static bool is_from_anywhere(const struct value *rule) {
    struct value_list from = mesh_list(rule, "from");
    for (uint32_t i = 0; i < from.len; i++) {
        struct value_list blocks = mesh_list(&from.items[i], "source.ipBlocks");
        const struct value *source = mesh_get(&from.items[i], "source");
        for (uint32_t k = 0; k < blocks.len && source->kind == VALUE_MAP && source->map.len == 1; k++)
            if (blocks.items[k].kind == VALUE_STRING && str_eq(blocks.items[k].string, STR("0.0.0.0/0"))) return true;
    }
    return false;
}

static void check_open_rules(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list rules = mesh_list(o->root, "spec.rules");
    const struct value *sibling = NULL;
    if (!is_action(o, "ALLOW")) return;
    for (uint32_t i = 0; i < rules.len; i++)
        if (has(&rules.items[i], "from") && !has(&rules.items[i], "to") && !has(&rules.items[i], "when"))
            sibling = &rules.items[i];
    for (uint32_t i = 0; i < rules.len; i++) {
        const struct value *rule = &rules.items[i];
        bool open = !has(rule, "from") && !has(rule, "when"), anywhere = is_from_anywhere(rule);
        if ((!open && !anywhere) || is_exemption(rule)) continue;
        if (!open || !sibling) {
            mesh_say(j, CHECK_MESH_ALLOWS_ALL, o, place_of(rule), STR("has a rule that lets everybody in"),
                     "name the callers in `from`");
            continue;
        }
        struct mesh_finding *finding = mesh_report(j, CHECK_MESH_OPEN_RULE, o, place_of(rule),
                                                   arena_printf(j->arena,
                                                                "AuthorizationPolicy `%.*s` has a rule without `from` "
                                                                "beside one with only `from`: each lets in by itself",
                                                                STR_ARG(o->name)));
        if (finding)
            finding->finding.help = STR("items of `rules` are alternatives: make one of both, without the second `-`");
        mesh_relate_object(j, finding, o, place_of(sibling), STR("the rule with only `from`"));
    }
}

/* Whether a Server is for probes or metrics, by its port or its labels. */
static bool is_harmless_server(const struct mesh_judge *j, const struct mesh_object *server) {
    const struct value *labels = mesh_get(server->root, "metadata.labels"), *port = mesh_get(server->root, "spec.port");
    if (mesh_is_harmless_path(server->name)) return true;
    for (uint32_t i = 0; labels && labels->kind == VALUE_MAP && i < labels->map.len; i++)
        if (labels->map.members[i].value.kind == VALUE_STRING &&
            mesh_is_harmless_path(labels->map.members[i].value.string))
            return true;
    if (port && port->kind == VALUE_STRING) return mesh_is_harmless_path(port->string);
    for (uint32_t i = 0; i < j->index->pods.len; i++) {
        struct value_list containers = mesh_list(j->index->pods.items[i].spec, "containers");
        if (mesh_match_selector(mesh_get(server->root, "spec.podSelector"),
                                mesh_pod_labels(&j->index->pods.items[i])) != MESH_YES)
            continue;
        for (uint32_t c = 0; c < containers.len; c++) {
            const struct value *probe = mesh_get(&containers.items[c], "livenessProbe.httpGet.port");
            if (mesh_port_of(probe) && mesh_port_of(probe) == mesh_port_of(port)) return true;
        }
    }
    return false;
}

static void check_unauthenticated(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *client = mesh_get(o->root, "spec.client"), *open = mesh_get(client, "unauthenticated");
    struct value_list networks = mesh_list(client, "networks");
    const struct mesh_objects *servers = mesh_of_kind(j, POLICY, "Server");
    bool limited = networks.len > 0;
    for (uint32_t i = 0; i < networks.len; i++)
        limited = limited && !str_eq(mesh_text(&networks.items[i], "cidr"), STR("0.0.0.0/0"));
    if (!open || open->kind != VALUE_BOOL || !open->boolean || limited) return;
    for (uint32_t i = 0; i < servers->len; i++) {
        const struct mesh_object *server = servers->items[i];
        const struct value *selector = mesh_get(o->root, "spec.server.selector");
        bool meant = str_eq(mesh_text(o->root, "spec.server.name"), server->name) ||
                     (selector && mesh_match_selector(selector, mesh_get(server->root, "metadata.labels")) == MESH_YES);
        if (!meant || is_harmless_server(j, server)) continue;
        mesh_say(j, CHECK_MESH_ALLOWS_ALL, o, open, STR("lets everybody in, in plain text too"),
                 "name the callers in `client.meshTLS`, or their `networks`");
        return;
    }
}

/* ---- rules that others make void ---- */

/* Whether one of the alternatives in `list` of `wide` (none: all) takes what each in that of `narrow` takes. */
static bool list_covers(const struct value *wide, const struct value *narrow, const char *key) {
    struct value_list all = mesh_list(wide, key), own = mesh_list(narrow, key);
    if (all.len == 0) return true;
    for (uint32_t i = 0; i < own.len; i++) {
        bool found = false;
        for (uint32_t k = 0; k < all.len; k++) found = found || value_equal(&own.items[i], &all.items[k]);
        if (!found) return false;
    }
    return own.len > 0;
}

static bool rule_covers(const struct value *wide, const struct value *narrow) {
    return list_covers(wide, narrow, "from") && list_covers(wide, narrow, "to") && list_covers(wide, narrow, "when");
}

/* Whether the workloads of `wide` are those of `narrow` too, for sure. */
static bool workloads_cover(const struct mesh_object *wide, const struct mesh_object *narrow) {
    const struct value *all = mesh_get(wide->root, "spec.selector"), *own = mesh_get(narrow->root, "spec.selector");
    bool namespace = str_eq(wide->namespace, narrow->namespace) || str_eq(wide->namespace, STR("istio-system"));
    bool targets = mesh_get(wide->root, "spec.targetRefs") || mesh_get(narrow->root, "spec.targetRefs");
    return namespace && !targets && (!all || (own && value_equal(all, own)));
}

/* Whether a rule of `other` makes one of `o` void, which is reported. */
static bool shadows(struct mesh_judge *j, const struct mesh_object *o, const struct mesh_object *other) {
    struct value_list rules = mesh_list(o->root, "spec.rules"), others = mesh_list(other->root, "spec.rules");
    bool denies = is_action(other, "DENY");
    bool same = str_eq(mesh_text(other->root, "spec.action"), mesh_text(o->root, "spec.action"));
    if (other->spoilt || !(denies || same) || !workloads_cover(other, o) || (!denies && is_action(o, "DENY")))
        return false;
    for (uint32_t i = 0; i < rules.len; i++)
        for (uint32_t k = 0; k < others.len; k++) {
            bool self = other == o && k >= i;
            bool later = same && other->order > o->order && value_equal(&rules.items[i], &others.items[k]);
            if (self || later || !rule_covers(&others.items[k], &rules.items[i])) continue;
            struct mesh_finding *finding =
                mesh_report(j, CHECK_MESH_POLICY_SHADOWED, o, place_of(&rules.items[i]),
                            arena_printf(j->arena, "AuthorizationPolicy `%.*s` has a rule that %s", STR_ARG(o->name),
                                         denies && !same ? "another one denies whole" : "another one makes needless"));
            mesh_relate_object(j, finding, other, place_of(&others.items[k]),
                               arena_printf(j->arena, "of `%.*s`", STR_ARG(other->name)));
            return true;
        }
    return false;
}

static void check_shadowed(struct mesh_judge *j, const struct mesh_object *o) {
    struct str root = mesh_all_workloads(j, STR("istio-system")), own = mesh_workload_key(j, o);
    struct str wide = mesh_all_workloads(j, o->namespace);
    const struct str keys[] = {root, wide, own};
    for (int k = 0; k < 3; k++) {
        bool twice = (k > 0 && str_eq(keys[k], root)) || (k > 1 && str_eq(own, wide));
        const struct mesh_objects *all = mesh_grouped(j, SECURITY, "AuthorizationPolicy", mesh_workload_key, keys[k]);
        for (uint32_t i = 0; i < all->len && !twice; i++)
            if (shadows(j, o, all->items[i])) return;
    }
}

/* ---- PeerAuthentication ---- */

static int strength(struct str mode) {
    return str_eq(mode, STR("STRICT")) ? 3 : str_eq(mode, STR("PERMISSIVE")) ? 2 : str_eq(mode, STR("DISABLE")) ? 1 : 0;
}

/* A namespace's mode that is weaker than the mesh's. */
static void check_weaker(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *mode = mesh_get(o->root, "spec.mtls.mode");
    struct str root = STR("istio-system");
    const struct mesh_objects *all =
        mesh_grouped(j, SECURITY, "PeerAuthentication", mesh_workload_key, mesh_all_workloads(j, root));
    int own = strength(mesh_text(o->root, "spec.mtls.mode"));
    if (own == 0 || str_eq(o->namespace, root) || mesh_get(o->root, "spec.selector")) return;
    for (uint32_t i = 0; i < all->len; i++) {
        const struct mesh_object *other = all->items[i];
        struct str wide = mesh_text(other->root, "spec.mtls.mode");
        if (own >= strength(wide)) continue;
        struct mesh_finding *finding = mesh_report(
            j, CHECK_MESH_PEERS, o, mode,
            arena_printf(j->arena, "PeerAuthentication `%.*s` takes the namespace `%.*s` out of the mesh's %.*s",
                         STR_ARG(o->name), STR_ARG(o->namespace), STR_ARG(wide)));
        mesh_relate_object(j, finding, other, mesh_get(other->root, "spec.mtls.mode"), STR("the mode of the mesh"));
        if (finding) finding->finding.help = STR("limit it to the workloads and ports that need it");
        return;
    }
}

static void check_peer(struct mesh_judge *j, const struct mesh_object *o) {
    const struct mesh_objects *all =
        mesh_grouped(j, SECURITY, "PeerAuthentication", mesh_workload_key, mesh_workload_key(j, o));
    const struct value *selector = mesh_get(o->root, "spec.selector");
    check_weaker(j, o);
    for (uint32_t i = 0; i < all->len && all->items[i] != o; i++) {
        const struct mesh_object *other = all->items[i];
        const struct value *its = mesh_get(other->root, "spec.selector");
        bool same = selector ? its && value_equal(selector, its) : !its;
        if (!same || (o->chart && str_eq(o->name, other->name))) continue;
        struct mesh_finding *finding = mesh_report(
            j, CHECK_MESH_PEERS, o, NULL,
            arena_printf(j->arena, "PeerAuthentication `%.*s` is for the workloads of `%.*s`: the older one counts",
                         STR_ARG(o->name), STR_ARG(other->name)));
        mesh_relate_object(j, finding, other, NULL, STR("the other one"));
        return;
    }
}

/* ---- what Istio's analyzer tells ---- */

/* Two objects of a kind without a selector in one namespace, or for the same pods. */
static void check_conflict(struct mesh_judge *j, const struct mesh_object *o, const char *group, const char *path,
                           bool plain) {
    const struct mesh_objects *all = mesh_of_kind(j, group, o->kind.ptr[0] == 'S' ? "Sidecar" : "Telemetry");
    const struct value *own = mesh_get(o->root, path);
    for (uint32_t i = 0; i < all->len && all->items[i] != o; i++) {
        const struct mesh_object *other = all->items[i];
        const struct value *its = mesh_get(other->root, path);
        if (!str_eq(other->namespace, o->namespace) ||
            (o->chart && o->chart == other->chart && str_eq(o->name, other->name)))
            continue;
        bool conflict =
            !own && !its && !mesh_get(o->root, "spec.targetRefs") && !mesh_get(other->root, "spec.targetRefs");
        for (uint32_t p = 0; own && its && p < j->index->pods.len && !conflict; p++) {
            const struct mesh_pod *pod = &j->index->pods.items[p];
            const struct value *labels = mesh_pod_labels(pod);
            enum mesh_match one = plain ? mesh_match_labels(own, labels) : mesh_match_selector(own, labels);
            enum mesh_match two = plain ? mesh_match_labels(its, labels) : mesh_match_selector(its, labels);
            conflict = str_eq(pod->of->namespace, o->namespace) && one == MESH_YES && two == MESH_YES;
        }
        if (!conflict) continue;
        struct mesh_finding *finding = mesh_report(
            j, CHECK_MESH_CONFLICT, o, own,
            arena_printf(j->arena, "%.*s `%.*s` is for the workloads of `%.*s` too: which counts is not defined",
                         STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(other->name)));
        mesh_relate_object(j, finding, other, its, STR("the other one"));
        return;
    }
}

static void check_sidecar(struct mesh_judge *j, const struct mesh_object *o) {
    check_conflict(j, o, NETWORKING, "spec.workloadSelector.labels", true);
}

static void check_telemetry(struct mesh_judge *j, const struct mesh_object *o) {
    static const char *const PARTS[] = {"spec.metrics", "spec.tracing", "spec.accessLogging"};
    check_conflict(j, o, "telemetry.istio.io", "spec.selector", false);
    for (size_t p = 0; p < sizeof PARTS / sizeof *PARTS; p++) {
        struct value_list list = mesh_list(o->root, PARTS[p]);
        for (uint32_t i = 0; i < list.len; i++) {
            const struct value *providers = mesh_get(&list.items[i], "providers");
            if (providers && providers->kind == VALUE_LIST && providers->list.len == 0)
                mesh_say(j, CHECK_MESH_INEFFECTIVE, o, providers, STR("names no provider, and is ignored"),
                         "name one, or leave `providers` out");
        }
    }
}

/* Kubernetes' Gateways take no selector: policies are attached to them by targetRefs. */
static void check_gateway_selector(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *labels = mesh_get(o->root, "spec.selector.matchLabels");
    const struct value *label = value_get(labels, STR("gateway.networking.k8s.io/gateway-name"));
    if (!label) label = value_get(labels, STR("istio.io/gateway-name"));
    if (label)
        mesh_say(j, CHECK_MESH_INEFFECTIVE, o, label,
                 STR("selects a Kubernetes Gateway by labels, which has no effect"), "attach it with `targetRefs`");
}

static void check_filter(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list patches = mesh_list(o->root, "spec.configPatches");
    const struct value *priority = mesh_get(o->root, "spec.priority");
    for (uint32_t i = 0; i < patches.len; i++) {
        const struct value *operation = mesh_get(&patches.items[i], "patch.operation");
        struct str to = mesh_text(&patches.items[i], "applyTo"), is = mesh_text(&patches.items[i], "patch.operation");
        bool filter =
            str_eq(to, STR("HTTP_FILTER")) || str_eq(to, STR("NETWORK_FILTER")) || str_eq(to, STR("LISTENER_FILTER"));
        bool route = str_eq(to, STR("ROUTE_CONFIGURATION")) || str_eq(to, STR("HTTP_ROUTE"));
        bool relative = str_eq(is, STR("INSERT_BEFORE")) || str_eq(is, STR("INSERT_AFTER")) ||
                        str_eq(is, STR("REPLACE")) || str_eq(is, STR("MERGE")) || str_eq(is, STR("REMOVE"));
        if (str_eq(is, STR("REPLACE")) && !filter)
            mesh_say(j, CHECK_MESH_FILTER, o, operation, STR("replaces what cannot be replaced"),
                     "REPLACE is for HTTP_FILTER and NETWORK_FILTER");
        else if ((str_eq(is, STR("ADD")) || str_eq(is, STR("REMOVE"))) && route)
            mesh_say(j, CHECK_MESH_FILTER, o, operation, STR("adds or removes at an object where Istio ignores it"),
                     "ROUTE_CONFIGURATION and HTTP_ROUTE can be merged");
        else if (relative && !priority && filter && !str_eq(is, STR("MERGE")))
            mesh_say(j, CHECK_MESH_FILTER, o, operation, STR("is applied relative to others, and has no priority"),
                     "give it `priority`, or use INSERT_FIRST");
        else if (relative && !priority && mesh_get(&patches.items[i], "match.proxy.proxyVersion"))
            mesh_say(j, CHECK_MESH_FILTER, o, operation, STR("is for one version of the proxy, and has no priority"),
                     "during an upgrade it is not applied: give it `priority`");
    }
}

static void check_service_entry(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list ports = mesh_list(o->root, "spec.ports"), hosts = mesh_list(o->root, "spec.hosts");
    const struct mesh_objects *all = mesh_of_kind(j, NETWORKING, "ServiceEntry");
    for (uint32_t i = 0; i < ports.len; i++) {
        struct str protocol = mesh_text(&ports.items[i], "protocol");
        bool plain = protocol.len == 0 || str_eq(protocol, STR("TCP")) || str_eq(protocol, STR("tcp"));
        const struct value *allocated =
            value_get(mesh_get(o->root, "metadata.labels"), STR("networking.istio.io/enable-autoallocate-ip"));
        if (plain && mesh_list(o->root, "spec.addresses").len == 0 && !allocated)
            mesh_say(j, CHECK_MESH_ENTRY, o, mesh_get(&ports.items[i], "number"),
                     STR("has a port of TCP and no addresses: it takes all connections to that port"),
                     "give it `addresses`, or the port a protocol");
    }
    for (uint32_t e = 0; e < all->len && all->items[e] != o; e++) {
        struct value_list others = mesh_list(all->items[e]->root, "spec.ports"),
                          theirs = mesh_list(all->items[e]->root, "spec.hosts");
        bool same = false;
        for (uint32_t i = 0; i < hosts.len; i++)
            for (uint32_t k = 0; k < theirs.len; k++) same = same || value_equal(&hosts.items[i], &theirs.items[k]);
        for (uint32_t i = 0; same && i < ports.len; i++)
            for (uint32_t k = 0; k < others.len; k++) {
                const struct value *number = mesh_get(&ports.items[i], "number"),
                                   *other = mesh_get(&others.items[k], "number");
                if (number && other && value_equal(number, other) &&
                    !str_eq(mesh_text(&ports.items[i], "protocol"), mesh_text(&others.items[k], "protocol")))
                    mesh_say(j, CHECK_MESH_ENTRY, o, number,
                             arena_printf(j->arena,
                                          "speaks another protocol at this port than `%.*s`, for the same host",
                                          STR_ARG(all->items[e]->name)),
                             "one host speaks one protocol at a port");
            }
    }
}

/* Routing by claims of a token needs a RequestAuthentication that checks it, at the gateway. */
static void check_claims(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list http = mesh_list(o->root, "spec.http");
    if (mesh_of_kind(j, SECURITY, "RequestAuthentication")->len) return;
    for (uint32_t i = 0; i < http.len; i++) {
        struct value_list matches = mesh_list(&http.items[i], "match");
        for (uint32_t k = 0; k < matches.len; k++) {
            const struct value *headers = mesh_get(&matches.items[k], "headers");
            for (uint32_t h = 0; headers && headers->kind == VALUE_MAP && h < headers->map.len; h++)
                if (str_starts(headers->map.members[h].key, STR("@request.auth.claims")))
                    mesh_say(j, CHECK_MESH_CLAIMS, o, &headers->map.members[h].value,
                             STR("routes by claims of tokens that no RequestAuthentication checks"),
                             "add one for the gateway's pods");
        }
    }
}

void mesh_judge_meaning(struct mesh_judge *j) {
    static const struct mesh_rule RULES[] = {
        {SECURITY, "AuthorizationPolicy", check_open_rules},
        {SECURITY, "AuthorizationPolicy", check_shadowed},
        {SECURITY, "AuthorizationPolicy", check_gateway_selector},
        {SECURITY, "RequestAuthentication", check_gateway_selector},
        {SECURITY, "PeerAuthentication", check_peer},
        {POLICY, "ServerAuthorization", check_unauthenticated},
        {NETWORKING, "Sidecar", check_sidecar},
        {"telemetry.istio.io", "Telemetry", check_telemetry},
        {"telemetry.istio.io", "Telemetry", check_gateway_selector},
        {"extensions.istio.io", "WasmPlugin", check_gateway_selector},
        {NETWORKING, "EnvoyFilter", check_filter},
        {NETWORKING, "ServiceEntry", check_service_entry},
        {NETWORKING, "VirtualService", check_claims},
    };
    mesh_run_rules(j, RULES, sizeof RULES / sizeof *RULES);
}
