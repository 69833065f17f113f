/* What routes and destinations mean together: routes that are never reached, weights, gateways in conflict, hosts that
 * no gateway has, TLS that callers turn off: VL833 to VL838. */
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

#define NETWORKING "networking.istio.io"

/* ---- routes ---- */

static const struct value *first_member(const struct value *map) {
    return map && map->kind == VALUE_MAP && map->map.len ? &map->map.members[0].value : map;
}

/* Whether each request that `match` takes is taken by `other` too: each condition of `other` is one of `match`. */
static bool is_covered(const struct value *match, const struct value *other) {
    if (match->kind != VALUE_MAP || other->kind != VALUE_MAP) return false;
    for (uint32_t i = 0; i < other->map.len; i++) {
        const struct member *member = &other->map.members[i];
        const struct value *own = value_get(match, member->key);
        if (str_eq(member->key, STR("name"))) continue;
        const struct value *prefix = value_get(&member->value, STR("prefix"));
        const struct value *exact = value_get(own, STR("exact")), *longer = value_get(own, STR("prefix"));
        const struct value *text = exact ? exact : longer;
        bool below = str_eq(member->key, STR("uri")) && prefix && prefix->kind == VALUE_STRING && text &&
                     text->kind == VALUE_STRING && str_starts(text->string, prefix->string);
        if (!own || (!value_equal(own, &member->value) && !below)) return false;
    }
    return true;
}

static bool takes_all(const struct value *route) {
    return mesh_list(route, "match").len == 0;
}

static void check_reached(struct mesh_judge *j, const struct mesh_object *o, struct value_list routes, uint32_t index) {
    const struct value *route = &routes.items[index];
    struct value_list matches = mesh_list(route, "match");
    for (uint32_t before = 0; before < index; before++) {
        if (!takes_all(&routes.items[before])) continue;
        mesh_say(j, CHECK_MESH_ROUTE_SHADOWED, o, first_member(route),
                 STR("has a route behind one without `match`, which takes all"), "the route without `match` goes last");
        return;
    }
    for (uint32_t k = 0; k < matches.len; k++)
        for (uint32_t before = 0; before <= index; before++) {
            struct value_list others = mesh_list(&routes.items[before], "match");
            for (uint32_t m = 0; m < (before == index ? k : others.len); m++) {
                if (!is_covered(&matches.items[k], &others.items[m])) continue;
                mesh_say(j, CHECK_MESH_ROUTE_SHADOWED, o, first_member(&matches.items[k]),
                         before == index ? STR("repeats a match within one route")
                                         : STR("has a match that an earlier route takes"),
                         "put the more particular one first, or remove it");
                return;
            }
        }
}

static void check_weights(struct mesh_judge *j, const struct mesh_object *o, struct value_list to, const char *path) {
    int64_t sum = 0;
    const struct value *last = NULL;
    for (uint32_t i = 0; i < to.len; i++) {
        const struct value *weight = mesh_get(&to.items[i], path);
        if (!weight || weight->kind != VALUE_INT) return;
        sum += weight->integer;
        last = weight;
    }
    if (to.len < 2 || sum == 100 || sum < 50) return;
    mesh_say(j, CHECK_MESH_WEIGHTS, o, last, arena_printf(j->arena, "has weights that add up to %lld", (long long)sum),
             "they are shares: write them so that they add up to 100");
}

static void check_virtual_service(struct mesh_judge *j, const struct mesh_object *o) {
    static const char *const LISTS[] = {"spec.http", "spec.tcp", "spec.tls"};
    for (size_t l = 0; l < sizeof LISTS / sizeof *LISTS; l++) {
        struct value_list routes = mesh_list(o->root, LISTS[l]);
        for (uint32_t i = 0; i < routes.len; i++) {
            check_reached(j, o, routes, i);
            check_weights(j, o, mesh_list(&routes.items[i], "route"), "weight");
        }
    }
}

static void check_http_route(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list rules = mesh_list(o->root, "spec.rules");
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list matches = mesh_list(&rules.items[i], "matches");
        check_weights(j, o, mesh_list(&rules.items[i], "backendRefs"), "weight");
        for (uint32_t k = 0; k < matches.len; k++)
            for (uint32_t before = 0; before <= i; before++) {
                struct value_list others = mesh_list(&rules.items[before], "matches");
                for (uint32_t m = 0; m < (before == i ? k : others.len); m++)
                    if (value_equal(&matches.items[k], &others.items[m]))
                        mesh_say(j, CHECK_MESH_ROUTE_SHADOWED, o, first_member(&matches.items[k]),
                                 STR("repeats a match of an earlier rule"), "the first of equal matches counts");
            }
    }
}

static void check_split(struct mesh_judge *j, const struct mesh_object *o) {
    check_weights(j, o, mesh_list(o->root, "spec.backends"), "weight");
}

/* ---- gateways ---- */

/* Whether two hosts of gateways or VirtualServices (perhaps with `NAMESPACE/` or `*.`) may be one. */
static bool hosts_overlap(struct str a, struct str b) {
    size_t at = str_find_char(a, '/'), bt = str_find_char(b, '/');
    if (at < a.len) a = str_slice(a, at + 1, a.len);
    if (bt < b.len) b = str_slice(b, bt + 1, b.len);
    bool wild_a = str_starts(a, STR("*")), wild_b = str_starts(b, STR("*"));
    if (wild_a) a = str_slice(a, 1, a.len);
    if (wild_b) b = str_slice(b, 1, b.len);
    if (wild_a && wild_b) return str_ends(a, b) || str_ends(b, a);
    if (wild_a) return str_ends(b, a);
    if (wild_b) return str_ends(a, b);
    return str_eq(a, b);
}

static bool any_overlap(struct value_list a, struct value_list b) {
    for (uint32_t i = 0; i < a.len; i++)
        for (uint32_t k = 0; k < b.len; k++)
            if (a.items[i].kind == VALUE_STRING && b.items[k].kind == VALUE_STRING &&
                hosts_overlap(a.items[i].string, b.items[k].string))
                return true;
    return false;
}

static void compare_servers(struct mesh_judge *j, const struct mesh_object *o, const struct value *server,
                            const struct mesh_object *other, const struct value *before) {
    const struct value *port = mesh_get(server, "port.number"), *protocol = mesh_get(server, "port.protocol");
    const struct value *earlier = mesh_get(before, "port.number");
    bool same_port = port && earlier && value_equal(port, earlier);
    bool overlap = any_overlap(mesh_list(server, "hosts"), mesh_list(before, "hosts"));
    struct str first = mesh_text(before, "port.protocol"), second = mesh_text(server, "port.protocol");
    bool tls = str_eq(first, STR("HTTPS")) || str_eq(first, STR("TLS"));
    bool too = str_eq(second, STR("HTTPS")) || str_eq(second, STR("TLS"));
    if (same_port && tls != too) {
        mesh_say(j, CHECK_MESH_GATEWAY_CONFLICT, o, protocol,
                 arena_printf(j->arena, "speaks %.*s at the port %lld, at which `%.*s` speaks %.*s", STR_ARG(second),
                              (long long)port->integer, STR_ARG(other->name), STR_ARG(first)),
                 "one port speaks with TLS or without it");
        return;
    }
    if (same_port && overlap)
        mesh_say(j, CHECK_MESH_GATEWAY_CONFLICT, o, port,
                 arena_printf(j->arena, "has hosts at the port %lld that `%.*s` has too", (long long)port->integer,
                              STR_ARG(other->name)),
                 "one server serves a host at a port");
    const struct value *certificate = mesh_get(server, "tls.credentialName");
    bool apart = other != o && !(same_port && overlap);
    if (apart && certificate && certificate->kind == VALUE_STRING && certificate->string.len &&
        str_eq(certificate->string, mesh_text(before, "tls.credentialName")))
        mesh_say(j, CHECK_MESH_GATEWAY_CONFLICT, o, certificate,
                 arena_printf(j->arena, "has the certificate of `%.*s`", STR_ARG(other->name)),
                 "clients that reuse an HTTP/2 connection get 404: make one Gateway of both");
}

static void check_gateway(struct mesh_judge *j, const struct mesh_object *o) {
    const struct mesh_objects *gateways = mesh_of_kind(j, NETWORKING, "Gateway");
    struct value_list servers = mesh_list(o->root, "spec.servers");
    const struct value *selector = mesh_get(o->root, "spec.selector");
    for (uint32_t g = 0; g < gateways->len; g++) {
        const struct mesh_object *other = gateways->items[g];
        const struct value *its = mesh_get(other->root, "spec.selector");
        struct value_list before = mesh_list(other->root, "spec.servers");
        if (other->chart && other != o && other->chart == o->chart && str_eq(other->name, o->name)) continue;
        for (uint32_t i = 0; selector && its && value_equal(selector, its) && i < servers.len; i++)
            for (uint32_t k = 0; k < (other == o ? i : before.len); k++)
                compare_servers(j, o, &servers.items[i], other, &before.items[k]);
        if (other == o) break; /* each pair once */
    }
}

/* Whether the VirtualService is at the Gateway. */
static bool is_at(const struct mesh_object *service, const struct mesh_object *gateway) {
    struct value_list gateways = mesh_list(service->root, "spec.gateways");
    for (uint32_t i = 0; i < gateways.len; i++) {
        struct str name = gateways.items[i].kind == VALUE_STRING ? gateways.items[i].string : STR("");
        size_t slash = str_find_char(name, '/');
        struct str namespace = slash < name.len ? str_slice(name, 0, slash) : service->namespace;
        if (slash < name.len) name = str_slice(name, slash + 1, name.len);
        if (str_eq(name, gateway->name) && str_eq(namespace, gateway->namespace)) return true;
    }
    return false;
}

static bool serves(const struct mesh_object *gateway, struct value_list hosts) {
    struct value_list servers = mesh_list(gateway->root, "spec.servers");
    for (uint32_t i = 0; i < servers.len; i++)
        if (any_overlap(mesh_list(&servers.items[i], "hosts"), hosts)) return true;
    return false;
}

/* A host of the cluster is for callers within the mesh. */
static const struct value *outside_host(struct value_list hosts) {
    for (uint32_t i = 0; i < hosts.len; i++)
        if (hosts.items[i].kind == VALUE_STRING &&
            str_find(hosts.items[i].string, STR(".svc")) == hosts.items[i].string.len)
            return &hosts.items[i];
    return hosts.len ? &hosts.items[0] : NULL;
}

static void check_hosts(struct mesh_judge *j, const struct mesh_object *gateway) {
    const struct mesh_objects *services = mesh_of_kind(j, NETWORKING, "VirtualService");
    struct value_list servers = mesh_list(gateway->root, "spec.servers");
    bool any = false, all_served = true;
    for (uint32_t i = 0; i < services->len; i++) {
        struct value_list hosts = mesh_list(services->items[i]->root, "spec.hosts");
        if (!is_at(services->items[i], gateway)) continue;
        any = true;
        if (serves(gateway, hosts) || services->items[i]->spoilt) continue;
        all_served = false;
        mesh_say(j, CHECK_MESH_HOST_NOT_SERVED, services->items[i], outside_host(hosts),
                 arena_printf(j->arena, "has no host that the Gateway `%.*s` serves", STR_ARG(gateway->name)),
                 "the Gateway's servers list the hosts that are let in");
    }
    for (uint32_t s = 0; any && all_served && s < servers.len; s++) {
        bool used = false;
        for (uint32_t i = 0; i < services->len && !used; i++)
            used = is_at(services->items[i], gateway) && any_overlap(mesh_list(&servers.items[s], "hosts"),
                                                                     mesh_list(services->items[i]->root, "spec.hosts"));
        struct value_list hosts = mesh_list(&servers.items[s], "hosts");
        if (!used && hosts.len)
            mesh_say(j, CHECK_MESH_HOST_NOT_SERVED, gateway, &hosts.items[0],
                     STR("serves hosts that none of its VirtualServices has"), "requests for them are answered by 404");
    }
}

/* ---- two for one host ---- */

static bool is_exported(const struct mesh_object *o) {
    struct value_list to = mesh_list(o->root, "spec.exportTo");
    return !(to.len == 1 && to.items[0].kind == VALUE_STRING && str_eq(to.items[0].string, STR(".")));
}

static bool is_for_mesh(const struct mesh_object *o) {
    struct value_list gateways = mesh_list(o->root, "spec.gateways");
    bool mesh = gateways.len == 0;
    for (uint32_t i = 0; i < gateways.len; i++)
        mesh = mesh || (gateways.items[i].kind == VALUE_STRING && str_eq(gateways.items[i].string, STR("mesh")));
    return mesh;
}

/* A host in full where it is a service's. */
static struct str full_host(struct mesh_judge *j, const struct mesh_object *o, const struct value *host) {
    struct mesh_name name;
    if (!host || host->kind != VALUE_STRING) return STR("");
    if (!mesh_services_of(j, host, o->namespace, &name)) return host->string;
    return arena_printf(j->arena, "%.*s.%.*s.svc", STR_ARG(name.name), STR_ARG(name.namespace));
}

static bool see_each_other(const struct mesh_object *a, const struct mesh_object *b) {
    bool same_print = a->chart && a->chart == b->chart && str_eq(a->name, b->name);
    return !same_print && (str_eq(a->namespace, b->namespace) || (is_exported(a) && is_exported(b)));
}

/* Those before `o` that are for the host too; then `o` is one of them. */
static void see_host(struct mesh_judge *j, struct map *seen, const struct mesh_object *o, const struct value *host) {
    struct str key = full_host(j, o, host);
    struct mesh_objects *list = key.len ? map_get(seen, key) : NULL;
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct mesh_object *other = list->items[i];
        bool selects = mesh_get(o->root, "spec.workloadSelector") || mesh_get(other->root, "spec.workloadSelector");
        if (selects || other == o || !see_each_other(o, other)) continue;
        struct value_list hosts = mesh_list(other->root, "spec.hosts");
        struct mesh_finding *finding = mesh_report(
            j, CHECK_MESH_SAME_HOST, o, host,
            arena_printf(j->arena, "%.*s `%.*s` is for the host of `%.*s`: which of them counts is not defined",
                         STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(other->name)));
        mesh_relate_object(j, finding, other, hosts.len ? &hosts.items[0] : mesh_get(other->root, "spec.host"),
                           STR("the other one"));
        if (finding) finding->finding.help = STR("make one of both, or correct the host");
        break;
    }
    if (!list && key.len) {
        list = arena_new(j->arena, struct mesh_objects);
        map_put(j->arena, seen, key, list);
    }
    if (list) vec_push(j->arena, list, o);
}

static void judge_same_hosts(struct mesh_judge *j, const char *kind) {
    const struct mesh_objects *all = mesh_of_kind(j, NETWORKING, kind);
    struct map seen = {NULL, 0, 0, NULL, 0};
    for (uint32_t i = 0; i < all->len; i++) {
        struct value_list hosts = mesh_list(all->items[i]->root, "spec.hosts");
        const struct value *host = mesh_get(all->items[i]->root, "spec.host");
        if (all->items[i]->spoilt) continue;
        if (host) see_host(j, &seen, all->items[i], host);
        for (uint32_t k = 0; k < hosts.len && is_for_mesh(all->items[i]); k++)
            see_host(j, &seen, all->items[i], &hosts.items[k]);
    }
}

/* ---- TLS ---- */

/* Whether the mesh takes nothing but mTLS in the namespace. */
static bool is_strict(const struct mesh_judge *j, struct str namespace) {
    const struct mesh_objects *peers = mesh_of_kind(j, "security.istio.io", "PeerAuthentication");
    struct str mode = STR("");
    for (uint32_t i = 0; i < peers->len; i++) {
        const struct mesh_object *peer = peers->items[i];
        bool own = str_eq(peer->namespace, namespace), root = str_eq(peer->namespace, STR("istio-system"));
        if (mesh_get(peer->root, "spec.selector") || (!own && !root)) continue;
        struct str of = mesh_text(peer->root, "spec.mtls.mode");
        if (of.len && !str_eq(of, STR("UNSET")) && (own || mode.len == 0)) mode = of;
    }
    return str_eq(mode, STR("STRICT"));
}

/* Whether the host is one of the mesh's own: a Service, or a wildcard over the cluster's. */
static bool is_own_host(const struct mesh_judge *j, const struct mesh_object *o, struct str *namespace) {
    const struct value *host = mesh_get(o->root, "spec.host");
    struct mesh_name name;
    if (!host || host->kind != VALUE_STRING) return false;
    *namespace = o->namespace;
    if (str_starts(host->string, STR("*")))
        return str_eq(host->string, STR("*")) || str_ends(host->string, STR(".local")) ||
               str_find(host->string, STR(".svc")) < host->string.len;
    if (!mesh_services_of(j, host, o->namespace, &name)) return false;
    *namespace = name.namespace;
    return mesh_is_ours(j, name.namespace);
}

static void check_client_tls(struct mesh_judge *j, const struct mesh_object *o, const struct value *policy) {
    const struct value *tls = mesh_get(policy, "tls"), *mode = mesh_get(tls, "mode");
    struct str text = mesh_text(tls, "mode"), namespace = o->namespace;
    bool simple = str_eq(text, STR("SIMPLE")) || str_eq(text, STR("MUTUAL")), off = str_eq(text, STR("DISABLE"));
    bool own = is_own_host(j, o, &namespace);
    if (own && (simple || off) && is_strict(j, namespace)) {
        mesh_say(j, CHECK_MESH_CLIENT_TLS, o, mode,
                 arena_printf(j->arena, "calls with the TLS mode %.*s what takes Istio's mTLS alone", STR_ARG(text)),
                 "ISTIO_MUTUAL, or no `tls` at all: Istio finds out by itself");
        return;
    }
    bool verified =
        mesh_get(tls, "caCertificates") || mesh_get(tls, "credentialName") || mesh_get(tls, "caCertCredentialName");
    if (simple && !verified)
        mesh_say(j, CHECK_MESH_CLIENT_TLS, o, mode,
                 arena_printf(j->arena, "has the TLS mode %.*s and does not verify the server", STR_ARG(text)),
                 "name its authority in caCertificates");
}

static void check_destination_rule(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list subsets = mesh_list(o->root, "spec.subsets");
    struct value_list ports = mesh_list(o->root, "spec.trafficPolicy.portLevelSettings");
    check_client_tls(j, o, mesh_get(o->root, "spec.trafficPolicy"));
    for (uint32_t i = 0; i < ports.len; i++) check_client_tls(j, o, &ports.items[i]);
    for (uint32_t i = 0; i < subsets.len; i++) check_client_tls(j, o, mesh_get(&subsets.items[i], "trafficPolicy"));
}

void mesh_judge_traffic(struct mesh_judge *j) {
    static const struct mesh_rule RULES[] = {
        {NETWORKING, "VirtualService", check_virtual_service},
        {NETWORKING, "DestinationRule", check_destination_rule},
        {NETWORKING, "Gateway", check_gateway},
        {NETWORKING, "Gateway", check_hosts},
        {"gateway.networking.k8s.io", "HTTPRoute", check_http_route},
        {"policy.linkerd.io", "HTTPRoute", check_http_route},
        {"split.smi-spec.io", "TrafficSplit", check_split},
    };
    judge_same_hosts(j, "VirtualService");
    judge_same_hosts(j, "DestinationRule");
    mesh_run_rules(j, RULES, sizeof RULES / sizeof *RULES);
}
