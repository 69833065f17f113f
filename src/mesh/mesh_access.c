#include "mesh/mesh_access.h"

#include <stdio.h>

#include "mesh/mesh_read.h"

#define SECURITY "security.istio.io"
#define POLICY "policy.linkerd.io"
#define ROOT_NAMESPACE STR("istio-system")

bool mesh_has_policies(const struct mesh_judge *j, enum mesh_type type) {
    return type == MESH_ISTIO ? mesh_of_kind(j, SECURITY, "AuthorizationPolicy")->len > 0
                              : mesh_of_kind(j, POLICY, "Server")->len > 0;
}

static void grant(const struct mesh_judge *j, struct mesh_access *access, struct mesh_grant of) {
    vec_push(j->arena, &access->grants, of);
}

/* ---- Istio ---- */

/* Whether an operation is for the port. */
static bool takes_port(const struct value *operation, uint32_t port) {
    struct value_list ports = mesh_list(operation, "ports"), not_ports = mesh_list(operation, "notPorts");
    char text[16];
    snprintf(text, sizeof text, "%u", port);
    for (uint32_t i = 0; i < not_ports.len; i++)
        if (not_ports.items[i].kind == VALUE_STRING && str_eq(not_ports.items[i].string, str_from(text))) return false;
    for (uint32_t i = 0; i < ports.len; i++)
        if (ports.items[i].kind == VALUE_STRING && str_eq(ports.items[i].string, str_from(text))) return true;
    return ports.len == 0;
}

/* What operations of the rule are for the port: 0 none, 1 some of it, 2 all of it. */
static int operations_at(const struct value *rule, uint32_t port, bool *exempts) {
    struct value_list to = mesh_list(rule, "to");
    int best = to.len ? 0 : 2;
    *exempts = to.len > 0;
    for (uint32_t i = 0; i < to.len; i++) {
        const struct value *operation = mesh_get(&to.items[i], "operation");
        struct value_list paths = mesh_list(operation, "paths");
        bool limited = paths.len || mesh_get(operation, "methods") || mesh_get(operation, "notPaths") ||
                       mesh_get(operation, "notMethods") || mesh_get(operation, "hosts");
        if (!takes_port(operation, port)) continue;
        if (best < (limited ? 1 : 2)) best = limited ? 1 : 2;
        *exempts = *exempts && paths.len > 0;
        for (uint32_t k = 0; k < paths.len; k++)
            *exempts = *exempts && paths.items[k].kind == VALUE_STRING && mesh_is_harmless_path(paths.items[k].string);
    }
    return best;
}

/* `DOMAIN/ns/NAMESPACE/sa/NAME` */
static bool split_principal(struct str text, struct str *namespace, struct str *account) {
    size_t ns = str_find(text, STR("/ns/")), sa = str_find(text, STR("/sa/"));
    if (ns >= sa || sa == text.len) return false;
    *namespace = str_slice(text, ns + 4, sa);
    *account = str_slice(text, sa + 4, text.len);
    return true;
}

static void grant_source(const struct mesh_judge *j, struct mesh_access *access, const struct value *source,
                         struct mesh_grant base) {
    struct value_list who = mesh_list(source, "principals"), where = mesh_list(source, "namespaces");
    struct value_list blocks = mesh_list(source, "ipBlocks");
    for (uint32_t i = 0; i < who.len; i++) {
        struct mesh_grant of = base;
        struct str text = who.items[i].kind == VALUE_STRING ? who.items[i].string : STR("");
        of.kind = split_principal(text, &of.namespace, &of.account) ? MESH_CALLER_ACCOUNT
                  : str_eq(text, STR("*"))                          ? MESH_CALLER_MESHED
                                                                    : MESH_CALLER_OTHER;
        if (of.kind == MESH_CALLER_ACCOUNT && str_eq(of.account, STR("*"))) of.kind = MESH_CALLER_NAMESPACE;
        grant(j, access, of);
    }
    for (uint32_t i = 0; i < where.len; i++) {
        struct mesh_grant of = base;
        of.kind = MESH_CALLER_NAMESPACE;
        of.namespace = where.items[i].kind == VALUE_STRING ? where.items[i].string : STR("");
        grant(j, access, of);
    }
    for (uint32_t i = 0; i < blocks.len; i++) {
        struct mesh_grant of = base;
        of.kind = MESH_CALLER_NETWORK;
        of.account = blocks.items[i].kind == VALUE_STRING ? blocks.items[i].string : STR("");
        grant(j, access, of);
    }
    base.kind = MESH_CALLER_OTHER;
    if (who.len + where.len + blocks.len == 0) grant(j, access, base);
}

static void grant_rules(const struct mesh_judge *j, struct mesh_access *access, const struct mesh_object *policy) {
    struct value_list rules = mesh_list(policy->root, "spec.rules");
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list from = mesh_list(&rules.items[i], "from");
        bool exempts;
        int some = operations_at(&rules.items[i], access->port, &exempts);
        struct mesh_grant base = {policy, MESH_CALLER_ANYBODY, STR(""), STR(""), exempts, some < 2};
        if (some == 0) continue;
        if (from.len == 0 && mesh_get(&rules.items[i], "when")) base.kind = MESH_CALLER_OTHER;
        if (from.len == 0) grant(j, access, base);
        for (uint32_t k = 0; k < from.len; k++) grant_source(j, access, mesh_get(&from.items[k], "source"), base);
    }
}

/* Takes out what a DENY policy denies. */
static void deny_rules(struct mesh_access *access, const struct mesh_object *policy) {
    struct value_list rules = mesh_list(policy->root, "spec.rules");
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list from = mesh_list(&rules.items[i], "from");
        bool exempts;
        uint32_t kept = 0;
        if (operations_at(&rules.items[i], access->port, &exempts) < 2 || mesh_get(&rules.items[i], "when")) continue;
        access->denial = policy;
        for (uint32_t g = 0; g < access->grants.len; g++) {
            struct mesh_grant *of = &access->grants.items[g];
            bool denied = from.len == 0;
            for (uint32_t k = 0; k < from.len && !denied; k++) {
                struct value_list who = mesh_list(&from.items[k], "source.principals");
                for (uint32_t w = 0; w < who.len && !denied; w++) {
                    struct str namespace, account;
                    denied = who.items[w].kind == VALUE_STRING &&
                             split_principal(who.items[w].string, &namespace, &account) &&
                             of->kind == MESH_CALLER_ACCOUNT && str_eq(of->namespace, namespace) &&
                             (str_eq(of->account, account) || str_eq(account, STR("*")));
                }
            }
            if (!denied) access->grants.items[kept++] = *of;
        }
        access->grants.len = kept;
        if (from.len == 0) access->denies = true;
    }
}

/* The mode that the PeerAuthentication of the workload, the namespace or the mesh sets. */
static struct str peer_mode(const struct mesh_judge *j, const struct mesh_pod *pod, uint32_t port) {
    const struct mesh_objects *all = mesh_selecting(j, SECURITY, "PeerAuthentication", "spec.selector", pod);
    struct str mode = STR("PERMISSIVE");
    int best = 0;
    for (uint32_t i = 0; i < all->len; i++) {
        const struct mesh_object *peer = all->items[i];
        const struct value *selector = mesh_get(peer->root, "spec.selector");
        const struct value *ports = mesh_get(peer->root, "spec.portLevelMtls");
        bool own = str_eq(peer->namespace, pod->of->namespace), root = str_eq(peer->namespace, ROOT_NAMESPACE);
        struct str is = mesh_text(peer->root, "spec.mtls.mode");
        int rank = selector ? own && mesh_match_selector(selector, mesh_pod_labels(pod)) == MESH_YES ? 3 : 0
                   : own    ? 2
                            : root;
        for (uint32_t k = 0; rank == 3 && ports && ports->kind == VALUE_MAP && k < ports->map.len; k++) {
            char text[16];
            snprintf(text, sizeof text, "%u", port);
            if (!str_eq(ports->map.members[k].key, str_from(text))) continue;
            is = mesh_text(&ports->map.members[k].value, "mode");
            rank = 4;
        }
        if (rank <= best || is.len == 0 || str_eq(is, STR("UNSET"))) continue;
        best = rank;
        mode = is;
    }
    return mode;
}

static void istio_access(const struct mesh_judge *j, struct mesh_access *access) {
    const struct mesh_objects *all = mesh_selecting(j, SECURITY, "AuthorizationPolicy", "spec.selector", access->pod);
    static const char *const ACTIONS[] = {"ALLOW", "DENY"};
    struct str mode = peer_mode(j, access->pod, access->port);
    access->tls = str_eq(mode, STR("STRICT"))    ? "mTLS"
                  : str_eq(mode, STR("DISABLE")) ? "plain text"
                                                 : "mTLS or plain text";
    for (int a = 0; a < 2; a++)
        for (uint32_t i = 0; i < all->len; i++) {
            const struct mesh_object *policy = all->items[i];
            const struct value *selector = mesh_get(policy->root, "spec.selector");
            struct str action = mesh_text(policy->root, "spec.action");
            if (!str_eq(action.len ? action : STR("ALLOW"), str_from(ACTIONS[a]))) continue;
            if (!str_eq(policy->namespace, access->pod->of->namespace) && !str_eq(policy->namespace, ROOT_NAMESPACE))
                continue;
            if (mesh_get(policy->root, "spec.targetRefs")) continue;
            enum mesh_match match = mesh_match_selector(selector, mesh_pod_labels(access->pod));
            access->unsure = access->unsure || match == MESH_MAYBE || policy->spoilt;
            if (match != MESH_YES) continue;
            if (a == 0) {
                access->denies = true;
                if (!access->by || !selector) access->by = policy;
                grant_rules(j, access, policy);
            } else {
                deny_rules(access, policy);
            }
        }
}

/* ---- Linkerd ---- */

static void grant_identities(const struct mesh_judge *j, struct mesh_access *access, struct value_list identities,
                             struct mesh_grant base) {
    for (uint32_t i = 0; i < identities.len; i++) {
        struct mesh_grant of = base;
        struct str rest = identities.items[i].kind == VALUE_STRING ? identities.items[i].string : STR("");
        of.kind = str_eq(rest, STR("*")) ? MESH_CALLER_MESHED : MESH_CALLER_OTHER;
        if (str_find_char(rest, '*') == rest.len && str_split_next(&rest, '.', &of.account) &&
            str_split_next(&rest, '.', &of.namespace))
            of.kind = MESH_CALLER_ACCOUNT;
        grant(j, access, of);
    }
}

static void grant_accounts(const struct mesh_judge *j, struct mesh_access *access, struct value_list accounts,
                           struct mesh_grant base) {
    for (uint32_t i = 0; i < accounts.len; i++) {
        struct mesh_grant of = base;
        struct str kind = mesh_text(&accounts.items[i], "kind");
        of.account = mesh_text(&accounts.items[i], "name");
        of.namespace = mesh_text(&accounts.items[i], "namespace");
        if (of.namespace.len == 0) of.namespace = base.policy->namespace;
        of.kind = MESH_CALLER_ACCOUNT;
        if (str_eq(kind, STR("Namespace"))) {
            of.kind = MESH_CALLER_NAMESPACE;
            of.namespace = of.account;
        }
        if (kind.len == 0 || str_eq(kind, STR("ServiceAccount")) || of.kind == MESH_CALLER_NAMESPACE)
            grant(j, access, of);
    }
}

static void grant_client(const struct mesh_judge *j, struct mesh_access *access, const struct mesh_object *policy) {
    const struct value *client = mesh_get(policy->root, "spec.client"), *open = mesh_get(client, "unauthenticated");
    struct value_list networks = mesh_list(client, "networks");
    struct mesh_grant base = {policy, MESH_CALLER_ANYBODY, STR(""), STR(""), false, false};
    grant_identities(j, access, mesh_list(client, "meshTLS.identities"), base);
    grant_accounts(j, access, mesh_list(client, "meshTLS.serviceAccounts"), base);
    if (mesh_get(client, "meshTLS.unauthenticatedTLS")) base.kind = MESH_CALLER_MESHED;
    else if (!open || open->kind != VALUE_BOOL || !open->boolean) return;
    if (networks.len) {
        base.kind = MESH_CALLER_NETWORK;
        base.account = mesh_text(&networks.items[0], "cidr");
    }
    grant(j, access, base);
}

static void grant_required(const struct mesh_judge *j, struct mesh_access *access, const struct mesh_object *policy,
                           bool limited) {
    struct value_list needed = mesh_list(policy->root, "spec.requiredAuthenticationRefs");
    struct mesh_grant base = {policy, MESH_CALLER_ANYBODY, STR(""), STR(""), false, limited};
    bool mesh = false;
    struct str network = STR("");
    for (uint32_t i = 0; i < needed.len; i++) {
        struct str kind = mesh_text(&needed.items[i], "kind"), name = mesh_text(&needed.items[i], "name");
        struct str given = mesh_text(&needed.items[i], "namespace"), namespace = given.len ? given : policy->namespace;
        if (str_eq(kind, STR("NetworkAuthentication"))) network = name;
        if (str_eq(kind, STR("ServiceAccount")))
            grant_accounts(j, access, (struct value_list){&needed.items[i], 1}, base);
        mesh = mesh || !str_eq(kind, STR("NetworkAuthentication"));
        if (!str_eq(kind, STR("MeshTLSAuthentication"))) continue;
        const struct mesh_objects *found = mesh_named(j, POLICY, "MeshTLSAuthentication", name, namespace);
        for (uint32_t k = 0; k < found->len; k++) {
            grant_identities(j, access, mesh_list(found->items[k]->root, "spec.identities"), base);
            grant_accounts(j, access, mesh_list(found->items[k]->root, "spec.identityRefs"), base);
        }
    }
    if (mesh) return;
    base.kind = network.len ? MESH_CALLER_NETWORK : MESH_CALLER_ANYBODY;
    base.account = network;
    grant(j, access, base);
}

/* The Server that an authorization names; empty where it selects some. */
static struct str server_of(const struct mesh_judge *j, const struct mesh_object *o) {
    return arena_printf(j->arena, "%.*s/%.*s", STR_ARG(o->namespace), STR_ARG(mesh_text(o->root, "spec.server.name")));
}

/* What a policy is attached to. */
static struct str target_of(const struct mesh_judge *j, const struct mesh_object *o) {
    struct str kind = mesh_text(o->root, "spec.targetRef.kind"), name = mesh_text(o->root, "spec.targetRef.name");
    if (!str_eq(kind, STR("Server"))) name = STR(""); /* the namespace, or routes */
    return arena_printf(j->arena, "%.*s/%.*s", STR_ARG(o->namespace), STR_ARG(name));
}

static void grant_server(const struct mesh_judge *j, struct mesh_access *access, const struct mesh_object *server) {
    const struct value *labels = mesh_get(server->root, "metadata.labels");
    struct str named = arena_printf(j->arena, "%.*s/%.*s", STR_ARG(server->namespace), STR_ARG(server->name));
    struct str all = arena_printf(j->arena, "%.*s/", STR_ARG(server->namespace));
    for (int n = 0; n < 2; n++) {
        struct str key = n ? named : all;
        const struct mesh_objects *old = mesh_grouped(j, POLICY, "ServerAuthorization", server_of, key);
        const struct mesh_objects *policies = mesh_grouped(j, POLICY, "AuthorizationPolicy", target_of, key);
        for (uint32_t i = 0; i < old->len; i++) {
            const struct value *selector = mesh_get(old->items[i]->root, "spec.server.selector");
            access->unsure = access->unsure || old->items[i]->spoilt;
            if (n || (selector && mesh_match_selector(selector, labels) == MESH_YES))
                grant_client(j, access, old->items[i]);
        }
        for (uint32_t i = 0; i < policies->len; i++) {
            struct str kind = mesh_text(policies->items[i]->root, "spec.targetRef.kind");
            bool route = !n && !str_eq(kind, STR("Namespace"));
            access->unsure = access->unsure || policies->items[i]->spoilt || route;
            if (!route) grant_required(j, access, policies->items[i], false);
        }
    }
}

/* The default of the pods' namespace, or of the pods themselves. */
static struct str default_policy(const struct mesh_judge *j, const struct mesh_pod *pod,
                                 const struct mesh_object **by) {
    struct str key = STR("config.linkerd.io/default-inbound-policy");
    const struct value *own = value_get(value_get(pod->metadata, STR("annotations")), key);
    const struct mesh_objects *spaces = mesh_of_kind(j, "", "Namespace");
    if (own && own->kind == VALUE_STRING) return own->string;
    for (uint32_t i = 0; i < spaces->len; i++) {
        const struct value *of = value_get(mesh_get(spaces->items[i]->root, "metadata.annotations"), key);
        if (!str_eq(spaces->items[i]->name, pod->of->namespace) || !of || of->kind != VALUE_STRING) continue;
        *by = spaces->items[i];
        return of->string;
    }
    return STR("all-unauthenticated");
}

static void linkerd_access(const struct mesh_judge *j, struct mesh_access *access) {
    const struct mesh_objects *servers = mesh_selecting(j, POLICY, "Server", "spec.podSelector", access->pod);
    bool served = false;
    for (uint32_t i = 0; i < servers->len; i++) {
        const struct mesh_object *server = servers->items[i];
        const struct value *port = mesh_get(server->root, "spec.port");
        if (!str_eq(server->namespace, access->pod->of->namespace) || !port) continue;
        enum mesh_match match =
            mesh_match_selector(mesh_get(server->root, "spec.podSelector"), mesh_pod_labels(access->pod));
        bool at = mesh_port_of(port) ? mesh_port_of(port) == access->port
                                     : mesh_pod_number_of(access->pod, port) == access->port;
        access->unsure = access->unsure || server->spoilt || (at && match == MESH_MAYBE);
        if (match != MESH_YES || !at) continue;
        served = true;
        access->denies = !str_starts(mesh_text(server->root, "spec.accessPolicy"), STR("all-"));
        access->by = server;
        grant_server(j, access, server);
    }
    if (!served) {
        struct str policy = default_policy(j, access->pod, &access->by);
        access->denies = !str_eq(policy, STR("all-unauthenticated")) && !str_eq(policy, STR("audit"));
        struct mesh_grant base = {access->by, MESH_CALLER_MESHED, STR(""), STR(""), false, false};
        if (str_eq(policy, STR("cluster-unauthenticated"))) base.kind = MESH_CALLER_ANYBODY;
        if (access->denies && !str_eq(policy, STR("deny"))) grant(j, access, base);
    }
    access->tls = access->denies ? "mTLS" : "mTLS or plain text";
    for (uint32_t i = 0; i < access->grants.len; i++)
        if (access->grants.items[i].kind <= MESH_CALLER_NETWORK) access->tls = "mTLS or plain text";
}

/* ---- what is asked ---- */

struct mesh_access mesh_access_of(const struct mesh_judge *j, enum mesh_type type, const struct mesh_pod *pod,
                                  uint32_t port) {
    struct mesh_access access = {.pod = pod, .port = port};
    if (type == MESH_ISTIO) istio_access(j, &access);
    else linkerd_access(j, &access);
    return access;
}

bool mesh_access_lets_in(const struct mesh_access *access, struct str namespace, struct str account) {
    if (!access->denies || access->unsure) return true;
    for (uint32_t i = 0; i < access->grants.len; i++) {
        const struct mesh_grant *of = &access->grants.items[i];
        if (of->exempts) continue;
        if (of->kind != MESH_CALLER_ACCOUNT && of->kind != MESH_CALLER_NAMESPACE) return true;
        if (!str_eq(of->namespace, namespace)) continue;
        if (of->kind == MESH_CALLER_NAMESPACE || str_eq(of->account, account)) return true;
    }
    return false;
}

bool mesh_access_lets_somebody_in(const struct mesh_access *access) {
    if (!access->denies || access->unsure) return true;
    for (uint32_t i = 0; i < access->grants.len; i++)
        if (!access->grants.items[i].exempts) return true;
    return false;
}

struct str mesh_caller_text(struct arena *a, const struct mesh_grant *grant, struct str home) {
    switch (grant->kind) {
    case MESH_CALLER_ANYBODY: return STR("anybody");
    case MESH_CALLER_MESHED: return STR("anybody with mTLS");
    case MESH_CALLER_OTHER: return STR("some, by other conditions");
    case MESH_CALLER_NETWORK: return arena_printf(a, "from %.*s", STR_ARG(grant->account));
    case MESH_CALLER_NAMESPACE: return arena_printf(a, "%.*s/*", STR_ARG(grant->namespace));
    case MESH_CALLER_ACCOUNT: break;
    }
    if (str_eq(grant->namespace, home)) return grant->account;
    return arena_printf(a, "%.*s/%.*s", STR_ARG(grant->namespace), STR_ARG(grant->account));
}

uint32_t mesh_pod_number_of(const struct mesh_pod *pod, const struct value *name) {
    struct value_list containers = mesh_list(pod->spec, "containers");
    for (uint32_t c = 0; c < containers.len && name->kind == VALUE_STRING; c++) {
        struct value_list ports = mesh_list(&containers.items[c], "ports");
        for (uint32_t i = 0; i < ports.len; i++)
            if (str_eq(mesh_text(&ports.items[i], "name"), name->string))
                return mesh_port_of(mesh_get(&ports.items[i], "containerPort"));
    }
    return 0;
}

uint32_t mesh_target_of(const struct mesh_pod *pod, const struct value *port) {
    const struct value *target = mesh_get(port, "targetPort");
    if (!target || target->kind == VALUE_NULL) return mesh_port_of(mesh_get(port, "port"));
    return mesh_port_of(target) ? mesh_port_of(target) : mesh_pod_number_of(pod, target);
}
