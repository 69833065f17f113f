/* Names that objects give, followed to the objects that have them: gateways, subsets, credentials, Servers,
 * authentications, parents of routes: VL816. Services are followed by mesh_routes.c, accounts by mesh_identities.c. */
#include "base/fuzzy.h"
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

#define NETWORKING "networking.istio.io"
#define POLICY "policy.linkerd.io"
#define GATEWAY_API "gateway.networking.k8s.io"

/* Whether an object that is not found would be known: the overlays hold others of the kind, or the namespace is the
 * charts'. */
static bool would_be_known(const struct mesh_judge *j, const char *group, const char *kind, struct str namespace) {
    const struct mesh_objects *all = mesh_of_kind(j, group, kind);
    if (mesh_is_ours(j, namespace)) return true;
    for (uint32_t i = 0; i < all->len; i++)
        if (str_eq(all->items[i]->namespace, namespace)) return true;
    return false;
}

/* Reports that `at` of `o` names an object that nobody has. */
static void report_unknown(struct mesh_judge *j, const struct mesh_object *o, const struct value *at, const char *group,
                           const char *kind, struct str name, struct str namespace) {
    struct mesh_finding *finding = mesh_report(
        j, CHECK_MESH_REFERENCE, o, at,
        arena_printf(j->arena, "%.*s `%.*s` refers to the %s `%.*s`, which neither the overlays nor the charts hold",
                     STR_ARG(o->kind), STR_ARG(o->name), kind, STR_ARG(name)));
    if (finding) finding->finding.help = mesh_suggest_of(j, group, kind, name, namespace);
}

/* Follows a name of a kind that overlays hold themselves. */
static void follow(struct mesh_judge *j, const struct mesh_object *o, const struct value *name, const char *group,
                   const char *kind, struct str namespace) {
    if (!name || name->kind != VALUE_STRING || name->string.len == 0 || mesh_is_unknown(name)) return;
    if (mesh_named(j, group, kind, name->string, namespace)->len) return;
    if (!j->mesh->covers || !would_be_known(j, group, kind, namespace) || mesh_may_be_unprinted(j, name->string))
        return;
    report_unknown(j, o, name, group, kind, name->string, namespace);
}

/* ---- Istio ---- */

/* A gateway as a VirtualService names it: `mesh`, `NAME`, `NAMESPACE/NAME`. */
static void follow_gateway(struct mesh_judge *j, const struct mesh_object *o, const struct value *item) {
    if (item->kind != VALUE_STRING || str_eq(item->string, STR("mesh"))) return;
    size_t slash = str_find_char(item->string, '/');
    struct value name = *item;
    struct str namespace = slash < item->string.len ? str_slice(item->string, 0, slash) : o->namespace;
    if (slash < item->string.len) name.string = str_slice(item->string, slash + 1, item->string.len);
    if (str_find(name.string, STR(".svc.")) < name.string.len || str_find_char(name.string, '.') < name.string.len)
        return;
    follow(j, o, &name, NETWORKING, "Gateway", namespace);
}

/* Whether a gateway that the VirtualService is at is there, or may be. */
static bool is_followed(const struct mesh_judge *j, const struct mesh_object *o, const struct value *item) {
    if (item->kind != VALUE_STRING || str_eq(item->string, STR("mesh"))) return true;
    if (str_find_char(item->string, '/') < item->string.len || str_find_char(item->string, '.') < item->string.len)
        return true;
    return mesh_named(j, NETWORKING, "Gateway", item->string, o->namespace)->len ||
           !would_be_known(j, NETWORKING, "Gateway", o->namespace);
}

static void follow_gateways(struct mesh_judge *j, const struct mesh_object *o, struct value_list list) {
    for (uint32_t i = 0; i < list.len; i++) follow_gateway(j, o, &list.items[i]);
}

/* Whether a gateway of a match is one of the VirtualService's own: else the match is never tried. */
static void check_match_gateways(struct mesh_judge *j, const struct mesh_object *o, struct value_list of_match) {
    struct value_list own = mesh_list(o->root, "spec.gateways");
    for (uint32_t i = 0; i < own.len; i++)
        if (!is_followed(j, o, &own.items[i])) return; /* told already */
    for (uint32_t i = 0; i < of_match.len; i++) {
        bool found = own.len == 0 &&
                     value_equal(&of_match.items[i], &(struct value){.kind = VALUE_STRING, .string = STR("mesh")});
        for (uint32_t k = 0; k < own.len; k++) found = found || value_equal(&own.items[k], &of_match.items[i]);
        if (found || of_match.items[i].kind != VALUE_STRING) continue;
        mesh_report(j, CHECK_MESH_REFERENCE, o, &of_match.items[i],
                    arena_printf(j->arena, "VirtualService `%.*s` matches at the gateway `%.*s`, at which it is not",
                                 STR_ARG(o->name), STR_ARG(of_match.items[i].string)));
    }
}

/* Whether a DestinationRule for the host has the subset. */
static bool has_subset(const struct mesh_object *rule, struct str subset) {
    struct value_list subsets = mesh_list(rule->root, "spec.subsets");
    for (uint32_t i = 0; i < subsets.len; i++)
        if (str_eq(mesh_text(&subsets.items[i], "name"), subset)) return true;
    return false;
}

static bool same_host(const struct mesh_judge *j, const struct value *a, struct str a_namespace, const struct value *b,
                      struct str b_namespace) {
    struct mesh_name one, other;
    if (a && b && value_equal(a, b) && str_eq(a_namespace, b_namespace)) return true;
    bool services = a && b && mesh_services_of(j, a, a_namespace, &one) && mesh_services_of(j, b, b_namespace, &other);
    return services ? str_eq(one.name, other.name) && str_eq(one.namespace, other.namespace)
                    : a && b && value_equal(a, b);
}

static void follow_subset(struct mesh_judge *j, const struct mesh_object *o, const struct value *destination) {
    const struct value *subset = mesh_get(destination, "subset"), *host = mesh_get(destination, "host");
    const struct mesh_objects *rules = mesh_of_kind(j, NETWORKING, "DestinationRule");
    const struct mesh_object *near = NULL;
    if (!subset || subset->kind != VALUE_STRING || !host || !j->mesh->covers) return;
    for (uint32_t i = 0; i < rules->len; i++) {
        if (!same_host(j, host, o->namespace, mesh_get(rules->items[i]->root, "spec.host"), rules->items[i]->namespace))
            continue;
        if (has_subset(rules->items[i], subset->string)) return;
        near = rules->items[i];
    }
    struct mesh_finding *finding = mesh_report(
        j, CHECK_MESH_REFERENCE, o, subset,
        arena_printf(j->arena, "%.*s `%.*s` routes to the subset `%.*s`, which no DestinationRule of this host has",
                     STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(subset->string)));
    if (near) mesh_relate_object(j, finding, near, NULL, STR("this is the host's DestinationRule"));
}

static void follow_routes(struct mesh_judge *j, const struct mesh_object *o, struct value_list routes) {
    for (uint32_t i = 0; i < routes.len; i++) {
        struct value_list to = mesh_list(&routes.items[i], "route"), matches = mesh_list(&routes.items[i], "match");
        for (uint32_t k = 0; k < to.len; k++) follow_subset(j, o, mesh_get(&to.items[k], "destination"));
        const struct value *mirror = mesh_get(&routes.items[i], "mirror");
        if (mirror) follow_subset(j, o, mirror);
        for (uint32_t k = 0; k < matches.len; k++) check_match_gateways(j, o, mesh_list(&matches.items[k], "gateways"));
        const struct value *delegate = mesh_get(&routes.items[i], "delegate");
        struct str namespace = mesh_text(delegate, "namespace");
        follow(j, o, mesh_get(delegate, "name"), NETWORKING, "VirtualService",
               namespace.len ? namespace : o->namespace);
    }
}

static void check_virtual_service(struct mesh_judge *j, const struct mesh_object *o) {
    follow_gateways(j, o, mesh_list(o->root, "spec.gateways"));
    follow_routes(j, o, mesh_list(o->root, "spec.http"));
    follow_routes(j, o, mesh_list(o->root, "spec.tcp"));
    follow_routes(j, o, mesh_list(o->root, "spec.tls"));
}

/* Whether something in the namespace makes a Secret of that name; `*any` tells whether Secrets of it are known at all.
 */
static bool has_secret(const struct mesh_judge *j, struct str name, struct str namespace, bool *any) {
    static const struct {
        const char *group, *kind, *path;
    } MAKERS[] = {
        {"", "Secret", "metadata.name"},
        {"cert-manager.io", "Certificate", "spec.secretName"},
        {"external-secrets.io", "ExternalSecret", "spec.target.name"},
        {"external-secrets.io", "ExternalSecret", "metadata.name"},
        {"bitnami.com", "SealedSecret", "metadata.name"},
    };
    *any = false;
    for (size_t m = 0; m < sizeof MAKERS / sizeof *MAKERS; m++) {
        const struct mesh_objects *all = mesh_of_kind(j, MAKERS[m].group, MAKERS[m].kind);
        for (uint32_t i = 0; i < all->len; i++) {
            struct str is = mesh_text(all->items[i]->root, MAKERS[m].path);
            bool here = all->items[i]->in && str_eq(all->items[i]->namespace, namespace);
            *any = *any || here;
            if (here && str_eq(is, name)) return true;
        }
    }
    return false;
}

/* The Secret of a certificate stands in the namespace of the gateway's pods; where no Secret is in the overlays, nobody
 * knows. */
static void check_gateway(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list servers = mesh_list(o->root, "spec.servers");
    for (uint32_t i = 0; i < servers.len; i++) {
        const struct value *name = mesh_get(&servers.items[i], "tls.credentialName");
        bool here, there;
        if (!name || name->kind != VALUE_STRING || has_secret(j, name->string, o->namespace, &here)) continue;
        if (has_secret(j, name->string, STR("istio-system"), &there) || !(here || there)) continue;
        report_unknown(j, o, name, "", "Secret", name->string, here ? o->namespace : STR("istio-system"));
    }
}

static void check_targets(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list targets = mesh_list(o->root, "spec.targetRefs");
    for (uint32_t i = 0; i < targets.len; i++) {
        const struct value *name = mesh_get(&targets.items[i], "name");
        struct str kind = mesh_text(&targets.items[i], "kind");
        if (str_eq(kind, STR("Gateway"))) follow(j, o, name, GATEWAY_API, "Gateway", o->namespace);
        if (str_eq(kind, STR("ServiceEntry"))) follow(j, o, name, NETWORKING, "ServiceEntry", o->namespace);
    }
}

/* ---- Linkerd, Gateway API ---- */

/* Whether a selector of Servers selects one of the namespace. */
static void check_server_authorization(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *selector = mesh_get(o->root, "spec.server.selector");
    const struct mesh_objects *servers = mesh_of_kind(j, POLICY, "Server");
    if (!selector || !j->mesh->covers || servers->len == 0) return;
    for (uint32_t i = 0; i < servers->len; i++)
        if (str_eq(servers->items[i]->namespace, o->namespace) &&
            mesh_match_selector(selector, mesh_get(servers->items[i]->root, "metadata.labels")) != MESH_NO)
            return;
    mesh_report(j, CHECK_MESH_REFERENCE, o, selector,
                arena_printf(j->arena, "ServerAuthorization `%.*s` selects no Server", STR_ARG(o->name)));
}

static void check_linkerd_policy(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list needed = mesh_list(o->root, "spec.requiredAuthenticationRefs");
    static const char *const KINDS[] = {"MeshTLSAuthentication", "NetworkAuthentication"};
    const struct value *target = mesh_get(o->root, "spec.targetRef");
    static const char *const ROUTES[] = {"HTTPRoute", "GRPCRoute"};
    for (uint32_t i = 0; i < needed.len; i++)
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
            struct str namespace = mesh_text(&needed.items[i], "namespace");
            if (str_eq(mesh_text(&needed.items[i], "kind"), str_from(KINDS[k])))
                follow(j, o, mesh_get(&needed.items[i], "name"), POLICY, KINDS[k],
                       namespace.len ? namespace : o->namespace);
        }
    for (size_t k = 0; k < sizeof ROUTES / sizeof *ROUTES; k++) {
        struct str name = mesh_text(target, "name");
        if (!str_eq(mesh_text(target, "kind"), str_from(ROUTES[k]))) continue;
        if (!mesh_named(j, GATEWAY_API, ROUTES[k], name, o->namespace)->len)
            follow(j, o, mesh_get(target, "name"), POLICY, ROUTES[k], o->namespace);
    }
}

static bool has_listener(const struct mesh_object *gateway, struct str name) {
    struct value_list listeners = mesh_list(gateway->root, "spec.listeners");
    for (uint32_t i = 0; i < listeners.len; i++)
        if (str_eq(mesh_text(&listeners.items[i], "name"), name)) return true;
    return listeners.len == 0;
}

/* A kind of a parent or backend that is nearly one that there is. */
static void check_kind(struct mesh_judge *j, const struct mesh_object *o, const struct value *reference) {
    static const char *const KINDS[] = {"Gateway",       "Service",     "Server",       "ServiceEntry",
                                        "ServiceImport", "ListenerSet", "EgressNetwork"};
    const struct value *kind = mesh_get(reference, "kind");
    struct str names[sizeof KINDS / sizeof *KINDS];
    if (!kind || kind->kind != VALUE_STRING || mesh_is_unknown(kind)) return;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        names[i] = str_from(KINDS[i]);
        if (str_eq(kind->string, names[i])) return;
    }
    struct str nearest = fuzzy_nearest(kind->string, names, sizeof KINDS / sizeof *KINDS);
    if (nearest.len)
        mesh_say(j, CHECK_MESH_REFERENCE, o, kind,
                 arena_printf(j->arena, "refers to the kind `%.*s`, which is none", STR_ARG(kind->string)),
                 arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest)).ptr);
}

static void check_route(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list parents = mesh_list(o->root, "spec.parentRefs"), rules = mesh_list(o->root, "spec.rules");
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list backends = mesh_list(&rules.items[i], "backendRefs");
        for (uint32_t k = 0; k < backends.len; k++) check_kind(j, o, &backends.items[k]);
    }
    for (uint32_t i = 0; i < parents.len; i++) {
        check_kind(j, o, &parents.items[i]);
        const struct value *parent = &parents.items[i], *section = mesh_get(parent, "sectionName");
        struct str kind = mesh_text(parent, "kind"), given = mesh_text(parent, "namespace");
        struct str namespace = given.len ? given : o->namespace;
        if (str_eq(kind, STR("Server"))) follow(j, o, mesh_get(parent, "name"), POLICY, "Server", namespace);
        if (kind.len && !str_eq(kind, STR("Gateway"))) continue;
        follow(j, o, mesh_get(parent, "name"), GATEWAY_API, "Gateway", namespace);
        const struct mesh_objects *gateways =
            mesh_named(j, GATEWAY_API, "Gateway", mesh_text(parent, "name"), namespace);
        if (gateways->len == 0 || !section || section->kind != VALUE_STRING ||
            has_listener(gateways->items[0], section->string))
            continue;
        mesh_report(j, CHECK_MESH_REFERENCE, o, section,
                    arena_printf(j->arena, "%.*s `%.*s` refers to the listener `%.*s`, which the Gateway does not have",
                                 STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(section->string)));
    }
}

void mesh_judge_references(struct mesh_judge *j) {
    static const struct mesh_rule RULES[] = {
        {NETWORKING, "VirtualService", check_virtual_service},
        {NETWORKING, "Gateway", check_gateway},
        {"security.istio.io", "AuthorizationPolicy", check_targets},
        {"security.istio.io", "RequestAuthentication", check_targets},
        {"telemetry.istio.io", "Telemetry", check_targets},
        {POLICY, "ServerAuthorization", check_server_authorization},
        {POLICY, "AuthorizationPolicy", check_linkerd_policy},
        {POLICY, "HTTPRoute", check_route},
        {GATEWAY_API, "HTTPRoute", check_route},
        {GATEWAY_API, "GRPCRoute", check_route},
        {GATEWAY_API, "TLSRoute", check_route},
        {GATEWAY_API, "TCPRoute", check_route},
    };
    mesh_run_rules(j, RULES, sizeof RULES / sizeof *RULES);
}
