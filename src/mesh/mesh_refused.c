/* What the webhooks of Istio and Linkerd refuse, though the types of the fields allow it: VL810. One function a kind.
 */
#include "base/ascii.h"
#include "mesh/mesh_judge.h"
#include "mesh/mesh_read.h"

struct refusal {
    struct mesh_judge *j;
    const struct mesh_manifest *in;
    const struct value *root;
    bool *spoilt;
};

static void refuse(const struct refusal *r, const struct value *at, const char *what, const char *help) {
    *r->spoilt = true;
    struct span span = at && span_len(at->span) ? at->span : r->in->span;
    struct mesh_finding *finding =
        mesh_find(r->j, r->j->settings, CHECK_MESH_REFUSED, r->in, span,
                  arena_printf(r->j->arena, "%.*s `%.*s` %s", STR_ARG(r->in->kind), STR_ARG(r->in->name), what));
    if (finding) finding->finding.help = str_from(help);
}

static bool is_text(const struct value *v, const char *text) {
    return v && v->kind == VALUE_STRING && str_eq(v->string, str_from(text));
}

/* Whether `text` is `word`, in letters of either case. */
static bool is_word(struct str text, const char *word) {
    bool same = text.len == strlen(word);
    for (size_t i = 0; same && i < text.len; i++) same = ascii_lower(text.ptr[i]) == ascii_lower(word[i]);
    return same;
}

static bool is_empty(const struct value *v) {
    return !v || v->kind == VALUE_NULL || (v->kind == VALUE_MAP && v->map.len == 0) ||
           (v->kind == VALUE_LIST && v->list.len == 0) || (v->kind == VALUE_STRING && v->string.len == 0);
}

/* An address with an optional prefix length: 10.0.0.0/8, fd00::/8. Others are told of roughly. */
static bool is_network(struct str s) {
    size_t slash = str_find_char(s, '/'), dots = 0, digits = 0, number = 0;
    struct str prefix = slash < s.len ? str_slice(s, slash + 1, s.len) : STR("0");
    struct str address = str_slice(s, 0, slash);
    unsigned length = 0;
    for (size_t i = 0; i < prefix.len; i++) {
        if (!ascii_is_digit(prefix.ptr[i])) return false;
        length = length * 10 + (unsigned)(prefix.ptr[i] - '0');
    }
    if (prefix.len == 0 || prefix.len > 3) return false;
    if (str_find_char(address, ':') < address.len) return length <= 128;
    for (size_t i = 0; i <= address.len; i++) {
        if (i < address.len && ascii_is_digit(address.ptr[i])) {
            number = number * 10 + (size_t)(address.ptr[i] - '0');
            digits++;
            continue;
        }
        if (digits == 0 || digits > 3 || number > 255 || (i < address.len && address.ptr[i] != '.')) return false;
        dots += i < address.len;
        digits = number = 0;
    }
    return dots == 3 && length <= 32;
}

static void refuse_networks(const struct refusal *r, struct value_list networks) {
    for (uint32_t i = 0; i < networks.len; i++) {
        const struct value *item = &networks.items[i],
                           *cidr = item->kind == VALUE_STRING ? item : mesh_get(item, "cidr");
        if (cidr && cidr->kind == VALUE_STRING && str_find_char(cidr->string, '*') == cidr->string.len &&
            !is_network(cidr->string))
            refuse(r, cidr, "has a network that is no address", "write it as 10.0.0.0/8");
    }
}

/* ---- Linkerd ---- */

static void refuse_server(const struct refusal *r) {
    static const char *const PROTOCOLS[] = {"unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS"};
    const struct value *protocol = mesh_get(r->root, "spec.proxyProtocol"), *port = mesh_get(r->root, "spec.port");
    bool known = !protocol || protocol->kind != VALUE_STRING;
    for (size_t i = 0; i < sizeof PROTOCOLS / sizeof *PROTOCOLS; i++) known = known || is_text(protocol, PROTOCOLS[i]);
    if (!known)
        refuse(r, protocol, "has a proxyProtocol that Linkerd refuses",
               "it is one of unknown, HTTP/1, HTTP/2, gRPC, opaque and TLS");
    if (port && port->kind == VALUE_INT && mesh_port_of(port) == 0)
        refuse(r, port, "has a port that is none", "ports are numbers from 1 to 65535");
}

static void refuse_server_authorization(const struct refusal *r) {
    const struct value *server = mesh_get(r->root, "spec.server"), *client = mesh_get(r->root, "spec.client");
    const struct value *tls = mesh_get(client, "meshTLS");
    if (server && is_empty(mesh_get(server, "name")) && !mesh_get(server, "selector"))
        refuse(r, server, "names no Server", "give it `name`, or a `selector` of Servers");
    if (client && !tls && !mesh_get(client, "unauthenticated"))
        refuse(r, client, "authorizes no client", "give it `meshTLS`, or `unauthenticated: true`");
    if (tls && tls->kind == VALUE_MAP && !mesh_get(tls, "unauthenticatedTLS") &&
        is_empty(mesh_get(tls, "identities")) && is_empty(mesh_get(tls, "serviceAccounts")))
        refuse(r, tls, "authorizes no client", "give meshTLS `serviceAccounts`, `identities` or `unauthenticatedTLS`");
    refuse_networks(r, mesh_list(client, "networks"));
}

static void refuse_linkerd_policy(const struct refusal *r) {
    static const char *const TARGETS[] = {"Server", "HTTPRoute", "GRPCRoute", "Namespace"};
    const struct value *kind = mesh_get(r->root, "spec.targetRef.kind");
    struct value_list needed = mesh_list(r->root, "spec.requiredAuthenticationRefs");
    bool known = !kind || kind->kind != VALUE_STRING;
    uint32_t meshes = 0, networks = 0;
    for (size_t i = 0; i < sizeof TARGETS / sizeof *TARGETS; i++) known = known || is_text(kind, TARGETS[i]);
    if (!known)
        refuse(r, kind, "has a target of a kind that Linkerd refuses",
               "it is a Server, HTTPRoute, GRPCRoute or Namespace");
    for (uint32_t i = 0; i < needed.len; i++) {
        const struct value *of = mesh_get(&needed.items[i], "kind");
        bool mesh = is_text(of, "MeshTLSAuthentication") || is_text(of, "ServiceAccount");
        bool network = is_text(of, "NetworkAuthentication");
        if (of && of->kind == VALUE_STRING && !mesh && !network)
            refuse(r, of, "requires an authentication of a kind that Linkerd refuses",
                   "it is a MeshTLSAuthentication, NetworkAuthentication or ServiceAccount");
        if ((mesh && ++meshes == 2) || (network && ++networks == 2))
            refuse(r, of, "requires two authentications of one kind", "put both into one");
    }
}

static void refuse_mesh_tls(const struct refusal *r) {
    const struct value *spec = mesh_get(r->root, "spec");
    if (spec && is_empty(mesh_get(spec, "identities")) && is_empty(mesh_get(spec, "identityRefs")))
        refuse(r, spec, "authenticates nobody", "give it `identities` or `identityRefs`");
}

static void refuse_network_authentication(const struct refusal *r) {
    refuse_networks(r, mesh_list(r->root, "spec.networks"));
}

static void refuse_http_route(const struct refusal *r) {
    struct value_list rules = mesh_list(r->root, "spec.rules");
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list matches = mesh_list(&rules.items[i], "matches");
        for (uint32_t k = 0; k < matches.len; k++) {
            const struct value *path = mesh_get(&matches.items[k], "path.value");
            bool regex = is_text(mesh_get(&matches.items[k], "path.type"), "RegularExpression");
            if (path && path->kind == VALUE_STRING && !regex && !str_starts(path->string, STR("/")))
                refuse(r, path, "has a path that is not absolute", "paths begin with `/`");
        }
    }
}

/* ---- Istio ---- */

static void refuse_rule_ports(const struct refusal *r, struct value_list ports) {
    for (uint32_t i = 0; i < ports.len; i++) {
        const struct value *port = &ports.items[i];
        unsigned number = 0;
        bool ok = port->kind == VALUE_STRING && port->string.len > 0 && port->string.len < 6;
        for (size_t k = 0; ok && k < port->string.len; k++) {
            ok = ascii_is_digit(port->string.ptr[k]);
            number = number * 10 + (unsigned)(port->string.ptr[k] - '0');
        }
        if (port->kind == VALUE_STRING && (!ok || number == 0 || number > 65535))
            refuse(r, port, "has a port that is none", "ports are numbers from 1 to 65535, in quotes");
    }
}

static void refuse_authorization(const struct refusal *r) {
    struct value_list rules = mesh_list(r->root, "spec.rules");
    const struct value *action = mesh_get(r->root, "spec.action");
    if (is_text(action, "CUSTOM") && is_empty(mesh_get(r->root, "spec.provider.name")))
        refuse(r, action, "has the action CUSTOM and no provider", "name one in `spec.provider.name`");
    for (uint32_t i = 0; i < rules.len; i++) {
        const struct value *rule = &rules.items[i], *from_value = mesh_get(rule, "from"),
                           *to_value = mesh_get(rule, "to");
        struct value_list from = mesh_list(rule, "from"), to = mesh_list(rule, "to");
        if (from_value && from_value->kind == VALUE_LIST && from.len == 0)
            refuse(r, from_value, "has an empty `from`", "leave it out, or name a source");
        if (to_value && to_value->kind == VALUE_LIST && to.len == 0)
            refuse(r, to_value, "has an empty `to`", "leave it out, or name an operation");
        for (uint32_t k = 0; k < from.len; k++) {
            const struct value *source = mesh_get(&from.items[k], "source");
            if (is_empty(source))
                refuse(r, &from.items[k], "has a source that is empty", "leave it out, or say who it is");
            refuse_networks(r, mesh_list(source, "ipBlocks"));
            refuse_networks(r, mesh_list(source, "notIpBlocks"));
        }
        for (uint32_t k = 0; k < to.len; k++) {
            const struct value *operation = mesh_get(&to.items[k], "operation");
            if (is_empty(operation))
                refuse(r, &to.items[k], "has an operation that is empty", "leave it out, or say what it is");
            refuse_rule_ports(r, mesh_list(operation, "ports"));
            refuse_rule_ports(r, mesh_list(operation, "notPorts"));
        }
    }
}

static void refuse_peer(const struct refusal *r) {
    const struct value *ports = mesh_get(r->root, "spec.portLevelMtls");
    if (!is_empty(ports) && is_empty(mesh_get(r->root, "spec.selector.matchLabels")))
        refuse(r, ports, "has portLevelMtls and selects no workload",
               "give it a selector: ports are those of workloads");
}

static bool has_pair(const struct value *tls, const char *first, const char *second) {
    return !is_empty(mesh_get(tls, first)) && !is_empty(mesh_get(tls, second));
}

static void refuse_gateway_tls(const struct refusal *r, const struct value *server) {
    const struct value *tls = mesh_get(server, "tls"), *mode = mesh_get(tls, "mode");
    const struct value *protocol = mesh_get(server, "port.protocol");
    bool secure = is_text(protocol, "HTTPS") || is_text(protocol, "TLS");
    bool serves = is_text(mode, "SIMPLE") || is_text(mode, "MUTUAL") || (tls && !mode && secure);
    bool has_certificate = !is_empty(mesh_get(tls, "credentialName")) || !is_empty(mesh_get(tls, "credentialNames")) ||
                           has_pair(tls, "serverCertificate", "privateKey") ||
                           !is_empty(mesh_get(tls, "tlsCertificates"));
    if (secure && !tls)
        refuse(r, protocol, "has a server for TLS without `tls`", "give it `tls.mode` and a certificate");
    if (serves && !has_certificate && !mesh_get(tls, "httpsRedirect"))
        refuse(r, mode ? mode : tls, "has a server for TLS without a certificate",
               "name the Secret in `tls.credentialName`");
    if (tls && is_text(protocol, "HTTP") && !mesh_get(tls, "httpsRedirect") && mode)
        refuse(r, mode, "has `tls` at a port of HTTP", "the protocol is HTTPS, or `tls` goes");
}

static void refuse_gateway(const struct refusal *r) {
    static const char *const PROTOCOLS[] = {"HTTP",  "HTTPS", "GRPC", "GRPC-WEB", "HTTP2", "MONGO",
                                            "MYSQL", "REDIS", "TCP",  "TLS",      "UDP"};
    struct value_list servers = mesh_list(r->root, "spec.servers");
    for (uint32_t i = 0; i < servers.len; i++) {
        const struct value *protocol = mesh_get(&servers.items[i], "port.protocol");
        bool known = !protocol || protocol->kind != VALUE_STRING;
        for (size_t k = 0; k < sizeof PROTOCOLS / sizeof *PROTOCOLS; k++)
            known = known || is_word(protocol->string, PROTOCOLS[k]);
        if (!known)
            refuse(r, protocol, "has a port of a protocol that Istio refuses",
                   "HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, MONGO, TCP or TLS");
        for (uint32_t k = 0; k < i; k++)
            if (!is_empty(mesh_get(&servers.items[i], "port.name")) &&
                str_eq(mesh_text(&servers.items[k], "port.name"), mesh_text(&servers.items[i], "port.name")))
                refuse(r, mesh_get(&servers.items[i], "port.name"), "has two ports of one name",
                       "names of ports differ within a Gateway");
        refuse_gateway_tls(r, &servers.items[i]);
    }
}

static void refuse_http(const struct refusal *r, const struct value *http) {
    struct value_list routes = mesh_list(http, "route");
    bool ends = !is_empty(mesh_get(http, "redirect")) || !is_empty(mesh_get(http, "directResponse"));
    bool goes = ends || routes.len || mesh_get(http, "delegate");
    int64_t sum = 0;
    bool weighed = false;
    if (!goes)
        refuse(r, http, "has a route that leads nowhere",
               "give it `route`, `redirect`, `directResponse` or `delegate`");
    if (ends && routes.len)
        refuse(r, mesh_get(http, "route"), "has a route beside a redirect or a direct response", "one of them goes");
    for (uint32_t i = 0; i < routes.len; i++) {
        const struct value *weight = mesh_get(&routes.items[i], "weight");
        if (weight && weight->kind == VALUE_INT && weight->integer < 0)
            refuse(r, weight, "has a weight below 0", "weights are 0 or more");
        weighed = weighed || weight;
        sum += weight && weight->kind == VALUE_INT ? weight->integer : 0;
    }
    if (weighed && sum == 0 && routes.len)
        refuse(r, mesh_get(&routes.items[0], "weight"), "has weights that are 0 in sum", "one of them is more than 0");
}

static void refuse_virtual_service(const struct refusal *r) {
    const struct value *spec = mesh_get(r->root, "spec");
    struct value_list http = mesh_list(spec, "http"), hosts = mesh_list(spec, "hosts");
    struct value_list gateways = mesh_list(spec, "gateways");
    bool mesh = gateways.len == 0;
    for (uint32_t i = 0; i < gateways.len; i++) mesh = mesh || is_text(&gateways.items[i], "mesh");
    for (uint32_t i = 0; i < hosts.len; i++)
        if (mesh && is_text(&hosts.items[i], "*"))
            refuse(r, &hosts.items[i], "is for all hosts of the mesh", "name its hosts, or a gateway");
    if (spec && spec->kind == VALUE_MAP && !mesh_get(spec, "http") && !mesh_get(spec, "tcp") && !mesh_get(spec, "tls"))
        refuse(r, spec, "has no routes", "give it `http`, `tls` or `tcp`");
    for (uint32_t i = 0; i < http.len; i++) refuse_http(r, &http.items[i]);
}

static void refuse_client_tls(const struct refusal *r, const struct value *policy) {
    const struct value *tls = mesh_get(policy, "tls"), *mode = mesh_get(tls, "mode");
    bool pair = has_pair(tls, "clientCertificate", "privateKey") || !is_empty(mesh_get(tls, "credentialName"));
    if (is_text(mode, "MUTUAL") && !pair)
        refuse(r, mode, "has the TLS mode MUTUAL without a client's certificate",
               "name clientCertificate and privateKey, or credentialName; between sidecars it is ISTIO_MUTUAL");
    if (is_text(mode, "ISTIO_MUTUAL") && pair)
        refuse(r, mode, "has the TLS mode ISTIO_MUTUAL with a certificate of its own",
               "the certificate goes, or the mode is MUTUAL");
}

static void refuse_destination_rule(const struct refusal *r) {
    struct value_list subsets = mesh_list(r->root, "spec.subsets");
    refuse_client_tls(r, mesh_get(r->root, "spec.trafficPolicy"));
    for (uint32_t i = 0; i < subsets.len; i++) {
        const struct value *name = mesh_get(&subsets.items[i], "name");
        refuse_client_tls(r, mesh_get(&subsets.items[i], "trafficPolicy"));
        for (uint32_t k = 0; k < i && name; k++)
            if (name->kind == VALUE_STRING && str_eq(mesh_text(&subsets.items[k], "name"), name->string))
                refuse(r, name, "has two subsets of one name", "names of subsets differ");
    }
}

static void refuse_service_entry(const struct refusal *r) {
    const struct value *resolution = mesh_get(r->root, "spec.resolution");
    const struct value *endpoints = mesh_get(r->root, "spec.endpoints");
    bool served = !is_empty(endpoints) || !is_empty(mesh_get(r->root, "spec.workloadSelector"));
    if (is_text(resolution, "STATIC") && !served)
        refuse(r, resolution, "has the resolution STATIC without endpoints",
               "give it `endpoints`, or a workloadSelector");
    if ((!resolution || is_text(resolution, "NONE")) && !is_empty(endpoints))
        refuse(r, endpoints, "has endpoints that its resolution NONE does not use", "the resolution is STATIC or DNS");
}

static void refuse_sidecar(const struct refusal *r) {
    struct value_list egress = mesh_list(r->root, "spec.egress");
    for (uint32_t i = 0; i < egress.len; i++) {
        struct value_list hosts = mesh_list(&egress.items[i], "hosts");
        for (uint32_t k = 0; k < hosts.len; k++)
            if (hosts.items[k].kind == VALUE_STRING &&
                str_find_char(hosts.items[k].string, '/') == hosts.items[k].string.len)
                refuse(r, &hosts.items[k], "has a host without a namespace",
                       "write NAMESPACE/HOST: `./*`, `*/*.example.com`");
    }
}

static void refuse_request(const struct refusal *r) {
    struct value_list rules = mesh_list(r->root, "spec.jwtRules");
    for (uint32_t i = 0; i < rules.len; i++) {
        const struct value *uri = mesh_get(&rules.items[i], "jwksUri");
        if (!is_empty(uri) && !is_empty(mesh_get(&rules.items[i], "jwks")))
            refuse(r, uri, "has jwksUri and jwks in one rule", "one of them goes");
        if (is_empty(mesh_get(&rules.items[i], "issuer")) && mesh_get(&rules.items[i], "issuer"))
            refuse(r, mesh_get(&rules.items[i], "issuer"), "has a rule without an issuer", "name it");
    }
}

static const struct {
    const char *group, *kind;
    void (*check)(const struct refusal *r);
} KINDS[] = {
    {"policy.linkerd.io", "Server", refuse_server},
    {"policy.linkerd.io", "ServerAuthorization", refuse_server_authorization},
    {"policy.linkerd.io", "AuthorizationPolicy", refuse_linkerd_policy},
    {"policy.linkerd.io", "MeshTLSAuthentication", refuse_mesh_tls},
    {"policy.linkerd.io", "NetworkAuthentication", refuse_network_authentication},
    {"policy.linkerd.io", "HTTPRoute", refuse_http_route},
    {"gateway.networking.k8s.io", "HTTPRoute", refuse_http_route},
    {"security.istio.io", "AuthorizationPolicy", refuse_authorization},
    {"security.istio.io", "PeerAuthentication", refuse_peer},
    {"security.istio.io", "RequestAuthentication", refuse_request},
    {"networking.istio.io", "Gateway", refuse_gateway},
    {"networking.istio.io", "VirtualService", refuse_virtual_service},
    {"networking.istio.io", "DestinationRule", refuse_destination_rule},
    {"networking.istio.io", "ServiceEntry", refuse_service_entry},
    {"networking.istio.io", "Sidecar", refuse_sidecar},
};

void mesh_judge_refused(struct mesh_judge *j) {
    for (uint32_t i = 0; i < j->overlays->objects.len; i++) {
        if (j->spoilt[i]) continue;
        const struct mesh_manifest_object *of = &j->overlays->objects.items[i];
        struct refusal r = {j, of->in, of->object.root, &j->spoilt[i]};
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++)
            if (mesh_is(of->object.root, KINDS[k].group, KINDS[k].kind)) KINDS[k].check(&r);
    }
}
