/* Istio's kinds: https://istio.io/latest/docs/reference/config/ */
#include "mesh/mesh_read.h"

#define NETWORKING "networking.istio.io"
#define SECURITY "security.istio.io"

/* `{host, port: {number}}` */
static void read_destination(const struct mesh_reader *r, const struct value *destination) {
    struct mesh_name service;
    if (mesh_host(r, mesh_get(destination, "host"), &service))
        mesh_refer(r, service, mesh_get(destination, "port.number"), false);
}

static void read_routes(const struct mesh_reader *r, struct value_list routes) {
    for (uint32_t i = 0; i < routes.len; i++) {
        struct value_list to = mesh_list(&routes.items[i], "route"), copies = mesh_list(&routes.items[i], "mirrors");
        for (uint32_t k = 0; k < to.len; k++) read_destination(r, mesh_get(&to.items[k], "destination"));
        for (uint32_t k = 0; k < copies.len; k++) read_destination(r, mesh_get(&copies.items[k], "destination"));
        read_destination(r, mesh_get(&routes.items[i], "mirror"));
    }
}

/* Whether the hosts of a VirtualService are those of services: those for gateways alone are names of the outside. */
static bool is_for_mesh(const struct value *manifest) {
    struct value_list gateways = mesh_list(manifest, "spec.gateways");
    bool mesh = gateways.len == 0;
    for (uint32_t i = 0; i < gateways.len; i++)
        mesh = mesh || (gateways.items[i].kind == VALUE_STRING && str_eq(gateways.items[i].string, STR("mesh")));
    return mesh;
}

static void read_virtual_service(const struct mesh_reader *r, const struct value *manifest) {
    struct value_list hosts = mesh_list(manifest, "spec.hosts");
    struct mesh_name service;
    for (uint32_t i = 0; i < hosts.len && is_for_mesh(manifest); i++)
        if (mesh_host(r, &hosts.items[i], &service)) mesh_refer(r, service, NULL, false);
    read_routes(r, mesh_list(manifest, "spec.http"));
    read_routes(r, mesh_list(manifest, "spec.tcp"));
    read_routes(r, mesh_list(manifest, "spec.tls"));
}

static void read_port_settings(const struct mesh_reader *r, struct mesh_name service, const struct value *of) {
    struct value_list settings = mesh_list(of, "trafficPolicy.portLevelSettings");
    for (uint32_t i = 0; i < settings.len; i++) {
        const struct value *port = mesh_get(&settings.items[i], "port.number");
        if (mesh_port_of(port)) mesh_refer(r, service, port, false);
    }
}

static void read_destination_rule(const struct mesh_reader *r, const struct value *manifest) {
    struct value_list subsets = mesh_list(manifest, "spec.subsets");
    struct mesh_name service;
    if (!mesh_host(r, mesh_get(manifest, "spec.host"), &service)) return;
    mesh_refer(r, service, NULL, false);
    read_port_settings(r, service, mesh_get(manifest, "spec"));
    for (uint32_t i = 0; i < subsets.len; i++) read_port_settings(r, service, &subsets.items[i]);
}

static void read_service_entry(const struct mesh_reader *r, const struct value *manifest) {
    struct value_list hosts = mesh_list(manifest, "spec.hosts"), ports = mesh_list(manifest, "spec.ports");
    struct mesh_name service;
    for (uint32_t i = 0; i < hosts.len; i++)
        for (uint32_t k = 0; mesh_host(r, &hosts.items[i], &service) && k < ports.len; k++)
            mesh_refer(r, service, mesh_get(&ports.items[k], "number"), true);
}

/* `cluster.local/ns/NAMESPACE/sa/NAME` */
static bool read_principal(const struct mesh_reader *r, const struct value *value, struct mesh_name *account) {
    if (value->kind != VALUE_STRING) return false;
    size_t ns = str_find(value->string, STR("/ns/")), sa = str_find(value->string, STR("/sa/"));
    if (sa == value->string.len) return false;
    struct str namespace = ns < sa ? str_slice(value->string, ns + 4, sa) : STR("");
    *account = mesh_name(r, str_slice(value->string, sa + 4, value->string.len), namespace, value->span);
    return account->name.len > 0 && !strchr(account->name.ptr, '*');
}

static void read_sources(const struct mesh_reader *r, const struct value *rule, struct mesh_policy *policy) {
    struct value_list from = mesh_list(rule, "from");
    struct mesh_name account;
    for (uint32_t i = 0; i < from.len; i++) {
        struct value_list principals = mesh_list(&from.items[i], "source.principals");
        for (uint32_t k = 0; k < principals.len; k++)
            if (read_principal(r, &principals.items[k], &account)) vec_push(r->out->arena, &policy->accounts, account);
    }
}

/* Reads the hosts that a rule is limited to; false where it is not. */
static bool read_hosts(const struct mesh_reader *r, const struct value *rule, struct mesh_policy *policy) {
    struct value_list to = mesh_list(rule, "to");
    bool limited = to.len > 0;
    for (uint32_t i = 0; i < to.len; i++) {
        struct value_list hosts = mesh_list(&to.items[i], "operation.hosts");
        limited = limited && hosts.len > 0;
        for (uint32_t k = 0; k < hosts.len; k++) {
            struct value host = hosts.items[k];
            struct mesh_name service;
            bool wild = host.kind == VALUE_STRING && str_ends(host.string, STR(".*"));
            if (wild) host.string.len -= 2;
            if (mesh_host(r, &host, &service)) vec_push(r->out->arena, &policy->services, service);
            else limited = false;
        }
    }
    return limited;
}

/* Reads what services a policy is attached to; false where it is attached to none. */
static bool read_targets(const struct mesh_reader *r, const struct value *manifest, struct mesh_policy *policy) {
    struct value_list targets = mesh_list(manifest, "spec.targetRefs");
    const struct value *single = mesh_get(manifest, "spec.targetRef");
    if (single && targets.len == 0) targets = (struct value_list){(struct value *)(uintptr_t)single, 1};
    for (uint32_t i = 0; i < targets.len; i++) {
        const struct value *name = mesh_get(&targets.items[i], "name");
        if (!str_eq(mesh_text(&targets.items[i], "kind"), STR("Service")) || !name || name->kind != VALUE_STRING)
            continue;
        struct mesh_name service = mesh_name(r, name->string, STR(""), name->span);
        mesh_refer(r, service, NULL, false);
        vec_push(r->out->arena, &policy->services, service);
    }
    return targets.len > 0;
}

static void read_authorization(const struct mesh_reader *r, const struct value *manifest) {
    struct mesh_policy policy = {.in = r->in, .type = MESH_ISTIO};
    struct str action = mesh_text(manifest, "spec.action");
    const struct value *selector = mesh_get(manifest, "spec.selector");
    struct value_list rules = mesh_list(manifest, "spec.rules");
    bool limited = rules.len > 0, targets = read_targets(r, manifest, &policy);

    for (uint32_t i = 0; i < rules.len; i++) {
        limited = read_hosts(r, &rules.items[i], &policy) && limited;
        read_sources(r, &rules.items[i], &policy);
    }
    if (selector) {
        struct mesh_selector labels = mesh_selector(r, selector);
        mesh_refer_selector(r, &labels);
        vec_push(r->out->arena, &policy.selectors, labels);
    }
    policy.denies = rules.len == 0 && !selector && !targets;
    policy.everything = !selector && !targets && !limited;
    if (action.len == 0 || str_eq(action, STR("ALLOW"))) {
        if (policy.denies || rules.len) vec_push(r->out->arena, &r->out->policies, policy);
    }
}

static void read_peer(const struct mesh_reader *r, const struct value *manifest) {
    const struct value *mode = mesh_get(manifest, "spec.mtls.mode"), *selector = mesh_get(manifest, "spec.selector");
    struct mesh_peer peer = {.in = r->in, .mode = STR(""), .span = mode ? mode->span : r->in->span};
    peer.selector = mesh_selector(r, selector);
    peer.selects = peer.selector.labels.len > 0 || peer.selector.other;
    if (mode && mode->kind == VALUE_STRING) peer.mode = arena_str(r->out->arena, mode->string);
    mesh_refer_selector(r, &peer.selector);
    vec_push(r->out->arena, &r->out->peers, peer);
}

void mesh_istio_read(const struct mesh_reader *r, const struct value *manifest) {
    if (mesh_is(manifest, NETWORKING, "VirtualService")) read_virtual_service(r, manifest);
    if (mesh_is(manifest, NETWORKING, "DestinationRule")) read_destination_rule(r, manifest);
    if (mesh_is(manifest, NETWORKING, "ServiceEntry")) read_service_entry(r, manifest);
    if (mesh_is(manifest, SECURITY, "AuthorizationPolicy")) read_authorization(r, manifest);
    if (mesh_is(manifest, SECURITY, "PeerAuthentication")) read_peer(r, manifest);
}
