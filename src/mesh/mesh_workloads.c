/* Pods and Services that a mesh cannot serve as they are: the user of the proxy, ports whose protocol nobody can tell,
 * several Services over one port, injection that contradicts itself, protocols that do not fit: VL840, VL841, VL846 to
 * VL848, VL850. */
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

/* The user that Istio's proxy runs as; its traffic is not redirected. */
#define PROXY_USER 1337

/* Whether Istio is in the overlays at all. */
static bool has_istio(const struct mesh_judge *j) {
    return j->index->has_istio;
}

static void check_user(struct mesh_judge *j, const struct mesh_object *o, const struct value *security) {
    const struct value *user = mesh_get(security, "runAsUser");
    if (user && user->kind == VALUE_INT && user->integer == PROXY_USER)
        mesh_say(j, CHECK_MESH_USER, o, user, STR("runs as user 1337, which is the proxy's"),
                 "its traffic passes the proxy by: use another user");
}

static void check_pod(struct mesh_judge *j, const struct mesh_pod *pod) {
    static const char *const LISTS[] = {"containers", "initContainers"};
    check_user(j, pod->of, mesh_get(pod->spec, "securityContext"));
    for (size_t l = 0; l < sizeof LISTS / sizeof *LISTS; l++) {
        struct value_list containers = mesh_list(pod->spec, LISTS[l]);
        for (uint32_t i = 0; i < containers.len; i++) {
            struct str name = mesh_text(&containers.items[i], "name");
            if (!str_eq(name, STR("istio-proxy")))
                check_user(j, pod->of, mesh_get(&containers.items[i], "securityContext"));
        }
    }
}

/* ---- protocols ---- */

static const char *const PROTOCOLS[] = {"http", "http2", "https", "grpc",  "grpc-web", "tcp",
                                        "tls",  "udp",   "mongo", "mysql", "redis"};

static bool tells_protocol(struct str name) {
    for (size_t i = 0; i < sizeof PROTOCOLS / sizeof *PROTOCOLS; i++) {
        struct str protocol = str_from(PROTOCOLS[i]);
        if (str_starts(name, protocol) && (name.len == protocol.len || name.ptr[protocol.len] == '-')) return true;
    }
    return false;
}

static void check_port_names(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list ports = mesh_list(o->root, "spec.ports");
    bool external = str_eq(mesh_text(o->root, "spec.type"), STR("ExternalName"));
    if (!mesh_is_ours(j, o->namespace) || !has_istio(j)) return;
    for (uint32_t i = 0; i < ports.len; i++) {
        const struct value *name = mesh_get(&ports.items[i], "name"), *number = mesh_get(&ports.items[i], "port");
        bool udp = str_eq(mesh_text(&ports.items[i], "protocol"), STR("UDP"));
        struct str text = name && name->kind == VALUE_STRING ? name->string : STR("");
        if (mesh_is_unknown(name) || udp || mesh_is_unknown(&ports.items[i])) continue;
        if (external && (text.len == 0 || str_starts(text, STR("tcp"))))
            mesh_say(j, CHECK_MESH_PORT_PROTOCOL, o, name ? name : number,
                     STR("is an ExternalName with a port of TCP: it takes connections that are not meant"),
                     "name the port after its protocol: http, https, tls");
        else if (!mesh_get(&ports.items[i], "appProtocol") && !tells_protocol(text))
            mesh_say(j, CHECK_MESH_PORT_PROTOCOL, o, name ? name : number,
                     arena_printf(j->arena, "has a port whose protocol Istio cannot tell: `%.*s`", STR_ARG(text)),
                     "give it `appProtocol`, or a name that begins with the protocol: http-metrics, grpc, tcp-db");
    }
}

/* The protocol that a name or appProtocol tells: 'g' gRPC, 'h' HTTP, 0 none. */
static char protocol_of(struct str name) {
    if (str_starts(name, STR("grpc"))) return 'g';
    if (str_starts(name, STR("http")) && !str_starts(name, STR("https"))) return 'h';
    return 0;
}

/* The protocol of a pod's port, by its name and by the appProtocol of Services before it. */
static char pod_protocol(const struct mesh_judge *j, const struct mesh_pod *pod, const struct value *port) {
    struct value_list containers = mesh_list(pod->spec, "containers");
    const struct mesh_objects *services = mesh_selecting(j, "", "Service", "spec.selector", pod);
    struct str name = port->kind == VALUE_STRING ? port->string : STR("");
    for (uint32_t c = 0; c < containers.len; c++) {
        struct value_list ports = mesh_list(&containers.items[c], "ports");
        for (uint32_t i = 0; i < ports.len; i++)
            if (mesh_port_of(port) && mesh_port_of(mesh_get(&ports.items[i], "containerPort")) == mesh_port_of(port))
                name = mesh_text(&ports.items[i], "name");
    }
    for (uint32_t s = 0; s < services->len; s++) {
        struct value_list ports = mesh_list(services->items[s]->root, "spec.ports");
        if (mesh_match_labels(mesh_get(services->items[s]->root, "spec.selector"), mesh_pod_labels(pod)) != MESH_YES)
            continue;
        for (uint32_t i = 0; i < ports.len; i++) {
            const struct value *target = mesh_get(&ports.items[i], "targetPort");
            struct str app = mesh_text(&ports.items[i], "appProtocol");
            bool same = target && ((mesh_port_of(port) && mesh_port_of(target) == mesh_port_of(port)) ||
                                   (target->kind == VALUE_STRING && name.len && str_eq(target->string, name)));
            if (same && app.len) return protocol_of(app);
        }
    }
    return protocol_of(name);
}

/* Two Servers for one port of the same pods: Linkerd refuses the second. */
static bool check_same_server(struct mesh_judge *j, const struct mesh_object *o) {
    const struct mesh_objects *all =
        mesh_grouped(j, "policy.linkerd.io", "Server", mesh_workload_key, mesh_workload_key(j, o));
    const struct value *port = mesh_get(o->root, "spec.port"), *selector = mesh_get(o->root, "spec.podSelector");
    for (uint32_t i = 0; i < all->len && all->items[i] != o && port && selector; i++) {
        const struct mesh_object *other = all->items[i];
        const struct value *its = mesh_get(other->root, "spec.port"), *pods = mesh_get(other->root, "spec.podSelector");
        if (!str_eq(o->namespace, other->namespace) || !its || !pods || !value_equal(port, its) ||
            !value_equal(selector, pods))
            continue;
        if (o->chart && o->chart == other->chart && str_eq(o->name, other->name)) continue;
        struct mesh_finding *finding = mesh_report(
            j, CHECK_MESH_CONFLICT, o, port,
            arena_printf(j->arena, "Server `%.*s` is for the port of `%.*s`: Linkerd refuses the second one",
                         STR_ARG(o->name), STR_ARG(other->name)));
        mesh_relate_object(j, finding, other, its, STR("the other one"));
        return true;
    }
    return false;
}

static void check_server_protocol(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *protocol = mesh_get(o->root, "spec.proxyProtocol"), *port = mesh_get(o->root, "spec.port");
    struct str text = mesh_text(o->root, "spec.proxyProtocol");
    bool http = str_eq(text, STR("HTTP/1")), other = str_eq(text, STR("gRPC"));
    bool opaque = str_eq(text, STR("opaque"));
    if (check_same_server(j, o)) return;
    const struct mesh_pods *pods = mesh_candidates(j, mesh_get(o->root, "spec.podSelector"), false);
    for (uint32_t i = 0; port && (http || other || opaque) && i < pods->len; i++) {
        const struct mesh_pod *pod = pods->items[i];
        if (!str_eq(pod->of->namespace, o->namespace) ||
            mesh_match_selector(mesh_get(o->root, "spec.podSelector"), mesh_pod_labels(pod)) != MESH_YES)
            continue;
        char is = pod_protocol(j, pod, port);
        if ((is == 'g' && (http || opaque)) || (is == 'h' && (other || opaque))) {
            mesh_say(j, CHECK_MESH_PROTOCOL, o, protocol,
                     arena_printf(j->arena, "says %.*s at a port of %s", STR_ARG(text), is == 'g' ? "gRPC" : "HTTP"),
                     is == 'g' ? "did you mean `gRPC`?" : "did you mean `HTTP/1`?");
            return;
        }
    }
}

/* ---- several Services ---- */

static void compare_services(struct mesh_judge *j, const struct mesh_object *o, const struct mesh_object *other) {
    struct value_list ports = mesh_list(o->root, "spec.ports"), others = mesh_list(other->root, "spec.ports");
    for (uint32_t i = 0; i < ports.len; i++)
        for (uint32_t k = 0; k < others.len; k++) {
            const struct value *port = mesh_get(&ports.items[i], "port"), *its = mesh_get(&others.items[k], "port");
            const struct value *to = mesh_get(&ports.items[i], "targetPort"),
                               *too = mesh_get(&others.items[k], "targetPort");
            struct str protocol = mesh_text(&ports.items[i], "protocol"),
                       second = mesh_text(&others.items[k], "protocol");
            bool same_protocol = str_eq(protocol.len ? protocol : STR("TCP"), second.len ? second : STR("TCP"));
            if (!port || !its || mesh_is_unknown(port) || mesh_is_unknown(its)) continue;
            bool other_port = to && too && value_equal(to, too) && !value_equal(port, its) && same_protocol;
            if (!(value_equal(port, its) && !same_protocol) && !other_port) continue;
            struct str text =
                value_equal(port, its)
                    ? arena_printf(j->arena, "has a port that `%.*s` has with another protocol, for the same pods",
                                   STR_ARG(other->name))
                    : arena_printf(j->arena, "leads to a port of pods to which `%.*s` leads from another one",
                                   STR_ARG(other->name));
            mesh_say(j, CHECK_MESH_SERVICES, o, port, text,
                     "Istio knows a workload's port by one Service: make both the same");
            return;
        }
}

static void check_services(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *selector = mesh_get(o->root, "spec.selector");
    const struct mesh_object *last = NULL;
    if (!selector || selector->kind != VALUE_MAP || selector->map.len == 0 || !has_istio(j)) return;
    const struct mesh_pods *pods = mesh_candidates(j, selector, true);
    for (uint32_t p = 0; p < pods->len; p++) {
        if (mesh_match_labels(selector, mesh_pod_labels(pods->items[p])) != MESH_YES) continue;
        const struct mesh_objects *all = mesh_selecting(j, "", "Service", "spec.selector", pods->items[p]);
        for (uint32_t i = 0; i < all->len && all->items[i] != o; i++) {
            const struct mesh_object *other = all->items[i];
            bool apart = !str_eq(other->namespace, o->namespace) || str_eq(other->name, o->name) || other == last;
            const struct value *its = mesh_get(other->root, "spec.selector");
            if (apart || mesh_match_labels(its, mesh_pod_labels(pods->items[p])) != MESH_YES) continue;
            last = other;
            compare_services(j, o, other);
        }
    }
}

/* ---- injection ---- */

static void check_namespace(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *labels = mesh_get(o->root, "metadata.labels"), *rev = value_get(labels, STR("istio.io/rev"));
    const struct value *plain = value_get(labels, STR("istio-injection")),
                       *mode = value_get(labels, STR("istio.io/dataplane-mode"));
    bool on = plain && plain->kind == VALUE_STRING && str_eq(plain->string, STR("enabled"));
    if (plain && rev)
        mesh_say(j, CHECK_MESH_INJECTION, o, rev, STR("has istio-injection and istio.io/rev: the first counts"),
                 "one of them goes");
    if (mode && (on || rev) && mode->kind == VALUE_STRING && str_eq(mode->string, STR("ambient")))
        mesh_say(j, CHECK_MESH_INJECTION, o, mode, STR("is in the ambient mesh and gets sidecars"), "one of them goes");
}

/* `image: auto` is for pods that an injector completes. */
static void check_image(struct mesh_judge *j, const struct mesh_pod *pod) {
    struct value_list containers = mesh_list(pod->spec, "containers");
    const struct value *inject = value_get(mesh_pod_labels(pod), STR("sidecar.istio.io/inject"));
    const struct mesh_objects *spaces = mesh_named(j, "", "Namespace", pod->of->namespace, j->namespace);
    bool on = inject && !(inject->kind == VALUE_STRING && str_eq(inject->string, STR("false")));
    on = on || value_get(mesh_pod_labels(pod), STR("istio.io/rev"));
    for (uint32_t i = 0; i < spaces->len && !inject; i++) {
        const struct value *labels = mesh_get(spaces->items[i]->root, "metadata.labels");
        on = on || str_eq(mesh_text(labels, "istio-injection"), STR("enabled")) ||
             value_get(labels, STR("istio.io/rev"));
    }
    for (uint32_t i = 0; i < containers.len && !on && spaces->len; i++) {
        const struct value *image = mesh_get(&containers.items[i], "image");
        if (image && image->kind == VALUE_STRING && str_eq(image->string, STR("auto")))
            mesh_say(j, CHECK_MESH_INJECTION, pod->of, image, STR("has `image: auto`, and nothing injects it"),
                     "label the pods with `sidecar.istio.io/inject: \"true\"`");
    }
}

/* ---- deprecated fields ---- */

static void check_deprecated(struct mesh_judge *j, const struct mesh_object *o) {
    static const struct {
        const char *path, *instead;
    } FIELDS[] = {{"mirrorPercent", "mirrorPercentage"},
                  {"mirror_percent", "mirrorPercentage"},
                  {"fault.delay.percent", "fault.delay.percentage"}};
    struct value_list http = mesh_list(o->root, "spec.http");
    for (uint32_t i = 0; i < http.len; i++)
        for (size_t f = 0; f < sizeof FIELDS / sizeof *FIELDS; f++) {
            const struct value *value = mesh_get(&http.items[i], FIELDS[f].path);
            if (value)
                mesh_say(j, CHECK_MESH_DEPRECATED, o, value,
                         arena_printf(j->arena, "uses `%s`, which is deprecated", FIELDS[f].path),
                         arena_printf(j->arena, "write `%s`", FIELDS[f].instead).ptr);
        }
}

void mesh_judge_workloads(struct mesh_judge *j) {
    static const struct mesh_rule RULES[] = {
        {"", "Service", check_port_names},
        {"", "Service", check_services},
        {"", "Namespace", check_namespace},
        {"policy.linkerd.io", "Server", check_server_protocol},
        {"networking.istio.io", "VirtualService", check_deprecated},
    };
    mesh_run_rules(j, RULES, sizeof RULES / sizeof *RULES);
    for (uint32_t i = 0; i < j->index->pods.len && has_istio(j); i++) {
        check_pod(j, &j->index->pods.items[i]);
        check_image(j, &j->index->pods.items[i]);
    }
}
