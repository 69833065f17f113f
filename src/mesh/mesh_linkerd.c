/* Linkerd's kinds, https://linkerd.io/2/reference/authorization-policy/, and the Gateway API's routes, which Linkerd
 * has under a group of its own too. */
#include "mesh/mesh_read.h"

#define POLICY "policy.linkerd.io"

/* Whether a reference is to an object of `kind`; `implied` where it says nothing. */
static bool is_kind(const struct value *reference, const char *kind, const char *implied) {
    struct str of = mesh_text(reference, "kind");
    return str_eq(of.len ? of : str_from(implied), str_from(kind));
}

/* What `{name, namespace}` names; false where it has no name. */
static bool read_name(const struct mesh_reader *r, const struct value *reference, struct mesh_name *out) {
    const struct value *name = mesh_get(reference, "name");
    if (!name || name->kind != VALUE_STRING || name->string.len == 0) return false;
    *out = mesh_name(r, name->string, mesh_text(reference, "namespace"), name->span);
    return true;
}

static void read_backend(const struct mesh_reader *r, const struct value *backend) {
    struct mesh_name service;
    if (is_kind(backend, "Service", "Service") && read_name(r, backend, &service))
        mesh_refer(r, service, mesh_get(backend, "port"), false);
}

static void read_route_rule(const struct mesh_reader *r, const struct value *rule) {
    struct value_list backends = mesh_list(rule, "backendRefs"), filters = mesh_list(rule, "filters");
    for (uint32_t i = 0; i < backends.len; i++) read_backend(r, &backends.items[i]);
    for (uint32_t i = 0; i < filters.len; i++) {
        const struct value *mirror = mesh_get(&filters.items[i], "requestMirror.backendRef");
        if (mirror) read_backend(r, mirror);
    }
}

static void read_route(const struct mesh_reader *r, const struct value *manifest) {
    struct value_list parents = mesh_list(manifest, "spec.parentRefs"), rules = mesh_list(manifest, "spec.rules");
    struct mesh_route route = {.in = r->in};
    struct mesh_name parent;
    for (uint32_t i = 0; i < parents.len; i++) {
        const struct value *reference = &parents.items[i];
        if (!read_name(r, reference, &parent)) continue;
        if (is_kind(reference, "Server", "Gateway")) vec_push(r->out->arena, &route.servers, parent);
        if (!is_kind(reference, "Service", "Gateway")) continue;
        vec_push(r->out->arena, &route.services, parent);
        mesh_refer(r, parent, mesh_get(reference, "port"), false);
    }
    for (uint32_t i = 0; i < rules.len; i++) read_route_rule(r, &rules.items[i]);
    vec_push(r->out->arena, &r->out->routes, route);
}

static void read_server(const struct mesh_reader *r, const struct value *manifest) {
    const struct value *selector = mesh_get(manifest, "spec.podSelector");
    if (!selector) return; /* it is for an ExternalWorkload */
    struct mesh_server server = {r->in, mesh_selector(r, selector), r->in->span};
    if (server.selector.labels.len) server.span = server.selector.labels.items[0].span;
    vec_push(r->out->arena, &r->out->servers, server);
}

/* `NAME.NAMESPACE.serviceaccount.identity.linkerd.cluster.local` */
static void read_identities(const struct mesh_reader *r, struct value_list list, struct mesh_policy *policy) {
    for (uint32_t i = 0; i < list.len; i++) {
        struct str rest = list.items[i].kind == VALUE_STRING ? list.items[i].string : STR(""), name, namespace;
        if (str_find(rest, STR(".serviceaccount.")) == rest.len) continue;
        if (!str_split_next(&rest, '.', &name) || !str_split_next(&rest, '.', &namespace)) continue;
        vec_push(r->out->arena, &policy->accounts, mesh_name(r, name, namespace, list.items[i].span));
    }
}

static void read_accounts(const struct mesh_reader *r, struct value_list list, struct mesh_policy *policy) {
    struct mesh_name account;
    for (uint32_t i = 0; i < list.len; i++)
        if (is_kind(&list.items[i], "ServiceAccount", "ServiceAccount") && read_name(r, &list.items[i], &account))
            vec_push(r->out->arena, &policy->accounts, account);
}

static void read_server_authorization(const struct mesh_reader *r, const struct value *manifest) {
    struct mesh_policy policy = {.in = r->in, .type = MESH_LINKERD};
    const struct value *client = mesh_get(manifest, "spec.client.meshTLS");
    struct mesh_name server;
    if (read_name(r, mesh_get(manifest, "spec.server"), &server)) vec_push(r->out->arena, &policy.servers, server);
    else policy.everything = true; /* by labels of Servers */
    read_accounts(r, mesh_list(client, "serviceAccounts"), &policy);
    read_identities(r, mesh_list(client, "identities"), &policy);
    vec_push(r->out->arena, &r->out->policies, policy);
}

static void read_authorization(const struct mesh_reader *r, const struct value *manifest) {
    struct mesh_policy policy = {.in = r->in, .type = MESH_LINKERD};
    const struct value *target = mesh_get(manifest, "spec.targetRef");
    struct mesh_name name;
    if (!read_name(r, target, &name)) return;
    policy.everything = is_kind(target, "Namespace", "");
    if (is_kind(target, "Server", "")) vec_push(r->out->arena, &policy.servers, name);
    if (is_kind(target, "HTTPRoute", "") || is_kind(target, "GRPCRoute", ""))
        vec_push(r->out->arena, &policy.routes, name);
    read_accounts(r, mesh_list(manifest, "spec.requiredAuthenticationRefs"), &policy);
    vec_push(r->out->arena, &r->out->policies, policy);
}

/* The callers that an AuthorizationPolicy refers to stand in a manifest of their own. */
static void read_authentication(const struct mesh_reader *r, const struct value *manifest) {
    struct mesh_policy policy = {.in = r->in, .type = MESH_LINKERD};
    read_accounts(r, mesh_list(manifest, "spec.identityRefs"), &policy);
    read_identities(r, mesh_list(manifest, "spec.identities"), &policy);
    vec_push(r->out->arena, &r->out->policies, policy);
}

void mesh_linkerd_read(const struct mesh_reader *r, const struct value *manifest) {
    static const char *const groups[] = {POLICY, "gateway.networking.k8s.io"};
    static const char *const routes[] = {"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
            if (mesh_is(manifest, groups[g], routes[i])) read_route(r, manifest);
    if (mesh_is(manifest, POLICY, "Server")) read_server(r, manifest);
    if (mesh_is(manifest, POLICY, "ServerAuthorization")) read_server_authorization(r, manifest);
    if (mesh_is(manifest, POLICY, "AuthorizationPolicy")) read_authorization(r, manifest);
    if (mesh_is(manifest, POLICY, "MeshTLSAuthentication")) read_authentication(r, manifest);
}
