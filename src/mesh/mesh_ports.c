/* Ports that overlays and monitors name, against those of the pods and Services that are meant: VL818, VL819, VL821.
 * The ports of routes are followed by mesh_routes.c. */
#include "base/ascii.h"
#include "base/fuzzy.h"
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

#define NETWORKING "networking.istio.io"

/* Pods that a policy is for: those that a selector selects, or (for NULL) all of the namespace. */
struct pods {
    struct VEC(const struct mesh_pod *) list;
    bool unsure; /* it may be for others too */
};

static struct pods find_pods(const struct mesh_judge *j, const struct value *selector, bool plain,
                             struct str namespace) {
    struct pods pods = {.unsure = false};
    const struct mesh_pods *candidates = mesh_candidates(j, selector, plain);
    for (uint32_t i = 0; i < candidates->len; i++) {
        const struct mesh_pod *pod = candidates->items[i];
        const struct value *labels = mesh_pod_labels(pod);
        if (!str_eq(pod->of->namespace, namespace)) continue;
        enum mesh_match match = plain ? mesh_match_labels(selector, labels) : mesh_match_selector(selector, labels);
        if (match == MESH_YES) vec_push(j->arena, &pods.list, pod);
        pods.unsure = pods.unsure || match == MESH_MAYBE;
    }
    const struct value *labels = plain ? selector : mesh_get(selector, "matchLabels");
    pods.unsure = pods.unsure || mesh_any_may_be_unprinted(j, labels);
    for (uint32_t i = 0; !selector && i < j->mesh->charts.len; i++)
        pods.unsure = pods.unsure || !j->mesh->charts.items[i]->prints;
    return pods;
}

/* "8089, 9090": the ports of the pods' containers. */
static struct str port_list(struct mesh_judge *j, const struct pods *pods, bool names) {
    struct VEC(struct str) list = {NULL, 0, 0};
    for (uint32_t i = 0; i < pods->list.len; i++) {
        struct value_list containers = mesh_list(pods->list.items[i]->spec, "containers");
        for (uint32_t c = 0; c < containers.len; c++) {
            struct value_list ports = mesh_list(&containers.items[c], "ports");
            for (uint32_t k = 0; k < ports.len; k++) {
                struct str name = mesh_text(&ports.items[k], "name");
                uint32_t number = mesh_port_of(mesh_get(&ports.items[k], "containerPort"));
                struct str text = names ? name : arena_printf(j->arena, "%u", number);
                bool known = text.len == 0 || (!names && number == 0);
                for (uint32_t n = 0; n < list.len; n++) known = known || str_eq(list.items[n], text);
                if (!known) vec_push(j->arena, &list, text);
            }
        }
    }
    return reporter_list(j->arena, list.items, list.len, 6);
}

/* Reports a port that none of the pods has. */
static void need_port(struct mesh_judge *j, const struct mesh_object *o, const struct pods *pods,
                      const struct value *at, const struct value *port) {
    if (pods->list.len == 0 || pods->unsure) return;
    for (uint32_t i = 0; i < pods->list.len; i++)
        if (mesh_pod_has_port(pods->list.items[i], port) != MESH_NO) return;
    struct str text = port->kind == VALUE_INT ? arena_printf(j->arena, "%lld", (long long)port->integer) : port->string;
    bool names = port->kind == VALUE_STRING;
    struct mesh_finding *finding =
        mesh_report(j, CHECK_MESH_POD_PORT, o, at,
                    arena_printf(j->arena, "%.*s `%.*s` names the port %.*s, which no container of these pods has",
                                 STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(text)));
    if (!finding) return;
    finding->finding.help = arena_printf(j->arena, "the pods have %.*s", STR_ARG(port_list(j, pods, names)));
    const struct value *spec = pods->list.items[0]->spec;
    struct value_list containers = mesh_list(spec, "containers");
    const struct value *first = containers.len ? mesh_get(&containers.items[0], "ports") : NULL;
    mesh_relate_object(
        j, finding, pods->list.items[0]->of,
        first && first->kind == VALUE_LIST && first->list.len ? mesh_get(&first->list.items[0], "containerPort") : NULL,
        arena_printf(j->arena, "these are the pods of `%.*s`", STR_ARG(pods->list.items[0]->of->name)));
}

static bool is_number(struct str text, uint32_t *number) {
    *number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.ptr[i]) || text.len > 5) return false;
        *number = *number * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    return text.len > 0;
}

static void need_number(struct mesh_judge *j, const struct mesh_object *o, const struct pods *pods,
                        const struct value *at, struct str text) {
    uint32_t number;
    if (!is_number(text, &number)) return;
    need_port(j, o, pods, at, &(struct value){.kind = VALUE_INT, .integer = number});
}

static void check_authorization(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list rules = mesh_list(o->root, "spec.rules");
    const struct value *selector = mesh_get(o->root, "spec.selector");
    if (!mesh_knows_namespace(j, o->namespace) || mesh_get(o->root, "spec.targetRefs")) return;
    struct pods pods = find_pods(j, selector, false, o->namespace);
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list to = mesh_list(&rules.items[i], "to");
        for (uint32_t k = 0; k < to.len; k++) {
            struct value_list ports = mesh_list(&to.items[k], "operation.ports");
            for (uint32_t p = 0; p < ports.len; p++)
                if (ports.items[p].kind == VALUE_STRING)
                    need_number(j, o, &pods, &ports.items[p], ports.items[p].string);
        }
    }
}

static void check_peer(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *ports = mesh_get(o->root, "spec.portLevelMtls"), *selector = mesh_get(o->root, "spec.selector");
    if (!ports || ports->kind != VALUE_MAP || !selector || !mesh_knows_namespace(j, o->namespace)) return;
    struct pods pods = find_pods(j, selector, false, o->namespace);
    for (uint32_t i = 0; i < ports->map.len; i++) {
        struct value at = ports->map.members[i].value;
        at.span = ports->map.members[i].key_span;
        need_number(j, o, &pods, o->in ? &at : &ports->map.members[i].value, ports->map.members[i].key);
    }
}

static void check_server(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *port = mesh_get(o->root, "spec.port"), *selector = mesh_get(o->root, "spec.podSelector");
    uint32_t number;
    if (!port || !selector || mesh_is_unknown(port) || !mesh_knows_namespace(j, o->namespace)) return;
    struct pods pods = find_pods(j, selector, false, o->namespace);
    if (port->kind == VALUE_STRING && is_number(port->string, &number)) need_number(j, o, &pods, port, port->string);
    else need_port(j, o, &pods, port, port);
}

static void check_sidecar(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list ingress = mesh_list(o->root, "spec.ingress");
    if (!mesh_knows_namespace(j, o->namespace)) return;
    struct pods pods = find_pods(j, mesh_get(o->root, "spec.workloadSelector.labels"), true, o->namespace);
    for (uint32_t i = 0; i < ingress.len; i++) {
        const struct value *port = mesh_get(&ingress.items[i], "port.number");
        if (mesh_port_of(port)) need_port(j, o, &pods, port, port);
    }
}

/* Whether a Service is before the pods of a Gateway: what it selects is among the Gateway's labels. */
static bool is_before(const struct mesh_object *service, const struct value *selector) {
    const struct value *its = mesh_get(service->root, "spec.selector");
    return its && its->kind == VALUE_MAP && its->map.len && mesh_match_labels(its, selector) == MESH_YES;
}

/* A port at which no Service leads to the Gateway's pods. */
static void check_gateway(struct mesh_judge *j, const struct mesh_object *o) {
    const struct mesh_objects *services = mesh_of_kind(j, "", "Service");
    const struct value *selector = mesh_get(o->root, "spec.selector");
    struct value_list servers = mesh_list(o->root, "spec.servers");
    for (uint32_t i = 0; i < servers.len; i++) {
        const struct value *port = mesh_get(&servers.items[i], "port.number");
        bool known = false, led = false;
        for (uint32_t s = 0; s < services->len; s++) {
            struct value_list ports = mesh_list(services->items[s]->root, "spec.ports");
            if (!is_before(services->items[s], selector)) continue;
            known = true;
            for (uint32_t k = 0; k < ports.len; k++) {
                const struct value *target = mesh_get(&ports.items[k], "targetPort");
                if (!target) target = mesh_get(&ports.items[k], "port");
                led = led || target->kind != VALUE_INT || mesh_port_of(target) == mesh_port_of(port);
            }
        }
        if (known && !led && mesh_port_of(port))
            mesh_say(j, CHECK_MESH_POD_PORT, o, port,
                     arena_printf(j->arena, "listens at the port %u, to which its Service does not lead",
                                  mesh_port_of(port)),
                     "the port is the targetPort of the gateway's Service");
    }
}

/* A Service's targetPort by name; a number may be one that no container declares. */
static void check_service(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list ports = mesh_list(o->root, "spec.ports");
    const struct value *selector = mesh_get(o->root, "spec.selector");
    if (!selector || !mesh_knows_namespace(j, o->namespace)) return;
    struct pods pods = find_pods(j, selector, true, o->namespace);
    for (uint32_t i = 0; i < ports.len; i++) {
        const struct value *target = mesh_get(&ports.items[i], "targetPort");
        if (target && target->kind == VALUE_STRING && !mesh_is_unknown(target)) need_port(j, o, &pods, target, target);
    }
}

/* ---- a port of several has to be named ---- */

static void check_destination(struct mesh_judge *j, const struct mesh_object *o, const struct value *destination) {
    struct mesh_name service;
    const struct value *host = mesh_get(destination, "host");
    if (!host || mesh_get(destination, "port")) return;
    const struct mesh_objects *services = mesh_services_of(j, host, o->namespace, &service);
    if (!services || services->len == 0 || mesh_list(services->items[0]->root, "spec.ports").len < 2) return;
    struct mesh_finding *finding = mesh_report(
        j, CHECK_MESH_PORT_NEEDED, o, host,
        arena_printf(j->arena, "%.*s `%.*s` routes to `%.*s` without a port, which has %u", STR_ARG(o->kind),
                     STR_ARG(o->name), STR_ARG(service.name), mesh_list(services->items[0]->root, "spec.ports").len));
    if (finding) finding->finding.help = STR("name the port in `destination.port.number`");
}

/* Whether a match is for callers within the mesh. */
static bool is_in_mesh(const struct value *match, bool service_is) {
    struct value_list gateways = mesh_list(match, "gateways");
    for (uint32_t i = 0; i < gateways.len; i++)
        if (gateways.items[i].kind != VALUE_STRING || !str_eq(gateways.items[i].string, STR("mesh"))) return false;
    return gateways.len ? true : service_is;
}

/* The port that a match is for is one of the host's Service. */
static void check_match_port(struct mesh_judge *j, const struct mesh_object *o, const struct value *match) {
    struct value_list hosts = mesh_list(o->root, "spec.hosts"), gateways = mesh_list(o->root, "spec.gateways");
    const struct value *port = mesh_get(match, "port");
    struct mesh_name service;
    bool known = false;
    if (!mesh_port_of(port) || !is_in_mesh(match, gateways.len == 0)) return;
    for (uint32_t h = 0; h < hosts.len; h++) {
        const struct mesh_objects *services = mesh_services_of(j, &hosts.items[h], o->namespace, &service);
        for (uint32_t s = 0; services && s < services->len; s++) {
            struct value_list ports = mesh_list(services->items[s]->root, "spec.ports");
            known = true;
            for (uint32_t k = 0; k < ports.len; k++) {
                const struct value *has = mesh_get(&ports.items[k], "port");
                if (mesh_is_unknown(has) || mesh_port_of(has) == mesh_port_of(port)) return;
            }
        }
    }
    if (known)
        mesh_say(
            j, CHECK_MESH_PORT, o, port,
            arena_printf(j->arena, "matches calls to the port %u, which its hosts do not have", mesh_port_of(port)),
            "name a port of the Service");
}

static void check_virtual_service(struct mesh_judge *j, const struct mesh_object *o) {
    static const char *const LISTS[] = {"spec.http", "spec.tcp", "spec.tls"};
    for (size_t l = 0; l < sizeof LISTS / sizeof *LISTS; l++) {
        struct value_list routes = mesh_list(o->root, LISTS[l]);
        for (uint32_t i = 0; i < routes.len; i++) {
            struct value_list to = mesh_list(&routes.items[i], "route");
            struct value_list matches = mesh_list(&routes.items[i], "match");
            for (uint32_t k = 0; k < to.len; k++) check_destination(j, o, mesh_get(&to.items[k], "destination"));
            for (uint32_t k = 0; k < matches.len; k++) check_match_port(j, o, &matches.items[k]);
        }
    }
}

/* ---- monitors ---- */

/* Whether a monitor looks into the namespace. */
static bool looks_into(const struct mesh_object *o, struct str namespace) {
    const struct value *any = mesh_get(o->root, "spec.namespaceSelector.any");
    struct value_list names = mesh_list(o->root, "spec.namespaceSelector.matchNames");
    bool found = any && any->kind == VALUE_BOOL && any->boolean;
    for (uint32_t i = 0; i < names.len; i++)
        found = found || mesh_is_unknown(&names.items[i]) ||
                (names.items[i].kind == VALUE_STRING && str_eq(names.items[i].string, namespace));
    return found || (names.len == 0 && str_eq(o->namespace, namespace));
}

/* Whether a monitor of `o` is about the charts alone: else what it does not find may be elsewhere. */
static bool is_about_charts(const struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list names = mesh_list(o->root, "spec.namespaceSelector.matchNames");
    const struct value *any = mesh_get(o->root, "spec.namespaceSelector.any");
    if (any || !j->mesh->covers || !j->index->prints) return false;
    for (uint32_t i = 0; i < names.len; i++)
        if (names.items[i].kind != VALUE_STRING || !mesh_is_ours(j, names.items[i].string)) return false;
    return names.len || mesh_is_ours(j, o->namespace);
}

static bool same_layers(const struct mesh_object *a, const struct mesh_object *b) {
    return !a->chart || a->chart != b->chart || (a->layers & b->layers);
}

static void report_monitor(struct mesh_judge *j, const struct mesh_object *o, const struct value *at, struct str what,
                           struct str help) {
    struct mesh_finding *finding =
        mesh_report(j, CHECK_MESH_MONITOR, o, at,
                    arena_printf(j->arena, "%.*s `%.*s` %.*s", STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(what)));
    if (finding) finding->finding.help = help;
}

struct service_ports {
    struct VEC(struct str) names;
    bool found, unsure;
};

/* The names of the ports of the Services that a ServiceMonitor selects. */
static struct service_ports monitored_ports(struct mesh_judge *j, const struct mesh_object *o) {
    const struct mesh_objects *services = mesh_of_kind(j, "", "Service");
    struct service_ports all = {.found = false};
    for (uint32_t i = 0; i < services->len; i++) {
        const struct mesh_object *service = services->items[i];
        struct value_list ports = mesh_list(service->root, "spec.ports");
        if (!looks_into(o, service->namespace) || !same_layers(o, service)) continue;
        enum mesh_match match =
            mesh_match_selector(mesh_get(o->root, "spec.selector"), mesh_get(service->root, "metadata.labels"));
        if (match == MESH_NO) continue;
        all.unsure = all.unsure || match == MESH_MAYBE || mesh_is_unknown(mesh_get(service->root, "spec.ports"));
        all.found = true;
        for (uint32_t k = 0; k < ports.len; k++) {
            const struct value *name = mesh_get(&ports.items[k], "name");
            all.unsure = all.unsure || mesh_is_unknown(name) || mesh_is_unknown(&ports.items[k]);
            if (name && name->kind == VALUE_STRING) vec_push(j->arena, &all.names, name->string);
        }
    }
    return all;
}

static void check_service_monitor(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list endpoints = mesh_list(o->root, "spec.endpoints");
    const struct value *selector = mesh_get(o->root, "spec.selector");
    if (!selector || !is_about_charts(j, o)) return;
    struct service_ports ports = monitored_ports(j, o);
    if (ports.unsure || (!ports.found && mesh_any_may_be_unprinted(j, mesh_get(selector, "matchLabels")))) return;
    if (!ports.found)
        report_monitor(j, o, selector, STR("selects no Service"), STR("its labels are those of Services, not of pods"));
    for (uint32_t i = 0; ports.found && i < endpoints.len; i++) {
        const struct value *port = mesh_get(&endpoints.items[i], "port");
        bool has = !port || port->kind != VALUE_STRING || mesh_is_unknown(port);
        for (uint32_t k = 0; k < ports.names.len && !has; k++) has = str_eq(ports.names.items[k], port->string);
        if (has) continue;
        struct str nearest = fuzzy_nearest(port->string, ports.names.items, ports.names.len);
        struct str list = reporter_list(j->arena, ports.names.items, ports.names.len, 6);
        report_monitor(
            j, o, port,
            arena_printf(j->arena, "asks the port `%.*s`, which its Service does not have", STR_ARG(port->string)),
            nearest.len ? arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest))
                        : arena_printf(j->arena, "the Service has %.*s", STR_ARG(list)));
    }
}

/* Ports of the containers that the meshes inject. */
static bool is_proxy_port(struct str name) {
    static const char *const NAMES[] = {"http-envoy-prom", "linkerd-admin", "status-port", "istio-proxy"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(name, str_from(NAMES[i]))) return true;
    return false;
}

static void check_pod_monitor(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list endpoints = mesh_list(o->root, "spec.podMetricsEndpoints");
    const struct value *selector = mesh_get(o->root, "spec.selector");
    struct pods pods = {.unsure = false};
    if (!selector || !is_about_charts(j, o)) return;
    const struct mesh_pods *candidates = mesh_candidates(j, selector, false);
    for (uint32_t i = 0; i < candidates->len; i++) {
        const struct mesh_pod *pod = candidates->items[i];
        enum mesh_match match = mesh_match_selector(selector, mesh_pod_labels(pod));
        if (!looks_into(o, pod->of->namespace) || !same_layers(o, pod->of)) continue;
        if (match == MESH_YES) vec_push(j->arena, &pods.list, pod);
        pods.unsure = pods.unsure || match == MESH_MAYBE;
    }
    if (pods.unsure || (pods.list.len == 0 && mesh_any_may_be_unprinted(j, mesh_get(selector, "matchLabels")))) return;
    if (pods.list.len == 0) report_monitor(j, o, selector, STR("selects no pod"), STR("its labels are those of pods"));
    for (uint32_t i = 0; pods.list.len && i < endpoints.len; i++) {
        const struct value *port = mesh_get(&endpoints.items[i], "port");
        bool has = !port || port->kind != VALUE_STRING || mesh_is_unknown(port) || is_proxy_port(port->string);
        for (uint32_t k = 0; k < pods.list.len && !has; k++)
            has = mesh_pod_has_port(pods.list.items[k], port) != MESH_NO;
        if (has) continue;
        report_monitor(
            j, o, port,
            arena_printf(j->arena, "asks the port `%.*s`, which no container of its pods has", STR_ARG(port->string)),
            arena_printf(j->arena, "the pods have %.*s", STR_ARG(port_list(j, &pods, true))));
    }
}

void mesh_judge_ports(struct mesh_judge *j) {
    static const struct mesh_rule RULES[] = {
        {"security.istio.io", "AuthorizationPolicy", check_authorization},
        {"security.istio.io", "PeerAuthentication", check_peer},
        {"policy.linkerd.io", "Server", check_server},
        {NETWORKING, "Sidecar", check_sidecar},
        {NETWORKING, "Gateway", check_gateway},
        {NETWORKING, "VirtualService", check_virtual_service},
        {"", "Service", check_service},
        {"monitoring.coreos.com", "ServiceMonitor", check_service_monitor},
        {"monitoring.coreos.com", "PodMonitor", check_pod_monitor},
    };
    mesh_run_rules(j, RULES, sizeof RULES / sizeof *RULES);
}
