/* Labels and annotations by which the meshes take pods in and set their proxies: VL811. The tables hold the keys of
 * Istio 1.32 (istio.io/api, annotation and label, Apache-2.0) and Linkerd 2.x (its reference of proxy annotations,
 * Apache-2.0). */
#include "base/ascii.h"
#include "base/fuzzy.h"
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

enum {
    POD = 1,
    NAMESPACE = 2,
    SERVICE = 4,
    OTHER = 8, /* of kinds that are not looked at here */
    OLD = 16,  /* deprecated */
    ANY = POD | NAMESPACE | SERVICE | OTHER,
    PROXY = POD | NAMESPACE,
};

struct key {
    const char *name;
    unsigned on;
    const char *values; /* A|B: what it may say; NULL: anything */
};

#define SWITCH "true|false"
#define POLICIES "all-unauthenticated|all-authenticated|cluster-unauthenticated|cluster-authenticated|deny|audit"

static const struct key ANNOTATIONS[] = {
    {"prometheus.istio.io/merge-metrics", POD, SWITCH},
    {"alpha.istio.io/kubernetes-serviceaccounts", SERVICE | OLD, NULL},
    {"alpha.istio.io/canonical-serviceaccounts", SERVICE | OLD, NULL},
    {"networking.istio.io/exportTo", SERVICE, NULL},
    {"sidecar.istio.io/inject", POD | OLD, SWITCH},
    {"sidecar.istio.io/status", POD, NULL},
    {"sidecar.istio.io/rewriteAppHTTPProbers", POD, SWITCH},
    {"sidecar.istio.io/discoveryAddress", POD | OLD, NULL},
    {"sidecar.istio.io/proxyImage", POD, NULL},
    {"sidecar.istio.io/proxyImageType", POD, NULL},
    {"sidecar.istio.io/proxyCPU", POD, NULL},
    {"sidecar.istio.io/proxyCPULimit", POD, NULL},
    {"sidecar.istio.io/proxyMemory", POD, NULL},
    {"sidecar.istio.io/proxyMemoryLimit", POD, NULL},
    {"sidecar.istio.io/interceptionMode", POD, "REDIRECT|TPROXY|NONE"},
    {"sidecar.istio.io/bootstrapOverride", POD, NULL},
    {"sidecar.istio.io/statsInclusionPrefixes", POD | OLD, NULL},
    {"sidecar.istio.io/statsInclusionSuffixes", POD | OLD, NULL},
    {"sidecar.istio.io/statsInclusionRegexps", POD | OLD, NULL},
    {"sidecar.istio.io/statsHistogramBuckets", POD, NULL},
    {"sidecar.istio.io/statsFlushInterval", POD, NULL},
    {"sidecar.istio.io/statsEvictionInterval", POD, NULL},
    {"sidecar.istio.io/statsHistogramBins", POD, NULL},
    {"sidecar.istio.io/statsCompression", POD | OLD, NULL},
    {"sidecar.istio.io/userVolume", POD, NULL},
    {"sidecar.istio.io/userVolumeMount", POD, NULL},
    {"sidecar.istio.io/logLevel", POD, NULL},
    {"sidecar.istio.io/componentLogLevel", POD, NULL},
    {"sidecar.istio.io/agentLogLevel", POD, NULL},
    {"sidecar.istio.io/nativeSidecar", POD, SWITCH},
    {"sidecar.istio.io/extraStatTags", POD | OLD, NULL},
    {"status.sidecar.istio.io/port", POD, NULL},
    {"readiness.status.sidecar.istio.io/initialDelaySeconds", POD, NULL},
    {"readiness.status.sidecar.istio.io/periodSeconds", POD, NULL},
    {"readiness.status.sidecar.istio.io/failureThreshold", POD, NULL},
    {"readiness.status.sidecar.istio.io/applicationPorts", POD, NULL},
    {"traffic.istio.io/nodeSelector", SERVICE, NULL},
    {"traffic.sidecar.istio.io/includeOutboundIPRanges", POD, NULL},
    {"traffic.sidecar.istio.io/excludeOutboundIPRanges", POD, NULL},
    {"traffic.sidecar.istio.io/includeInboundPorts", POD, NULL},
    {"traffic.sidecar.istio.io/excludeInboundPorts", POD, NULL},
    {"traffic.sidecar.istio.io/excludeInterfaces", POD, NULL},
    {"traffic.sidecar.istio.io/includeOutboundPorts", POD, NULL},
    {"traffic.sidecar.istio.io/excludeOutboundPorts", POD, NULL},
    {"traffic.sidecar.istio.io/kubevirtInterfaces", POD | OLD, NULL},
    {"galley.istio.io/analyze-suppress", ANY, NULL},
    {"proxy.istio.io/config", POD, NULL},
    {"proxy.istio.io/overrides", POD, NULL},
    {"istio.io/dry-run", OTHER, SWITCH},
    {"istio.io/rev", POD, NULL},
    {"inject.istio.io/templates", POD, NULL},
    {"topology.istio.io/controlPlaneClusters", NAMESPACE, NULL},
    {"gateway.istio.io/controller-version", ANY, NULL},
    {"ambient.istio.io/redirection", POD, "enabled|disabled"},
    {"ambient.istio.io/bypass-inbound-capture", POD, SWITCH},
    {"ambient.istio.io/dns-capture", POD, SWITCH},
    {"ambient.istio.io/waypoint-inbound-binding", OTHER, NULL},
    {"networking.istio.io/service-type", OTHER, NULL},
    {"networking.istio.io/traffic-distribution", NAMESPACE | SERVICE | OTHER, NULL},
    {"istio.io/reroute-virtual-interfaces", POD, NULL},
    {"istio.io/use-waypoint-canary-weight", NAMESPACE | SERVICE | OTHER, NULL},
    {"istio.io/workloadController", OTHER, NULL},
    {"istio.io/autoRegistrationGroup", OTHER, NULL},
    {"linkerd.io/inject", PROXY | SERVICE | OTHER, "enabled|disabled|ingress"},
    {"linkerd.io/created-by", ANY, NULL},
    {"linkerd.io/proxy-version", ANY, NULL},
    {"linkerd.io/identity-mode", PROXY, NULL},
    {"linkerd.io/trust-root-sha256", ANY, NULL},
    {"config.linkerd.io/access-log", PROXY, "apache|json"},
    {"config.linkerd.io/admin-port", PROXY, NULL},
    {"config.linkerd.io/close-wait-timeout", PROXY, NULL},
    {"config.linkerd.io/control-port", PROXY, NULL},
    {"config.linkerd.io/debug-image", PROXY, NULL},
    {"config.linkerd.io/debug-image-pull-policy", PROXY, NULL},
    {"config.linkerd.io/debug-image-version", PROXY, NULL},
    {"config.linkerd.io/default-inbound-policy", PROXY, POLICIES},
    {"config.linkerd.io/disable-identity", PROXY | OLD, SWITCH},
    {"config.linkerd.io/disable-tap", PROXY | OLD, SWITCH},
    {"config.linkerd.io/enable-debug-sidecar", PROXY, SWITCH},
    {"config.linkerd.io/enable-external-profiles", PROXY, SWITCH},
    {"config.linkerd.io/image-pull-policy", PROXY, NULL},
    {"config.linkerd.io/inbound-port", PROXY, NULL},
    {"config.linkerd.io/init-image", PROXY, NULL},
    {"config.linkerd.io/init-image-version", PROXY, NULL},
    {"config.linkerd.io/opaque-ports", PROXY | SERVICE, NULL},
    {"config.linkerd.io/outbound-port", PROXY, NULL},
    {"config.linkerd.io/pod-inbound-ports", PROXY, NULL},
    {"config.linkerd.io/proxy-admin-shutdown", PROXY, "enabled|disabled"},
    {"config.linkerd.io/proxy-await", PROXY, "enabled|disabled"},
    {"config.linkerd.io/proxy-cpu-limit", PROXY, NULL},
    {"config.linkerd.io/proxy-cpu-ratio-limit", PROXY, NULL},
    {"config.linkerd.io/proxy-cpu-request", PROXY, NULL},
    {"config.linkerd.io/proxy-disable-inbound-protocol-detect-timeout", PROXY, SWITCH},
    {"config.linkerd.io/proxy-disable-outbound-protocol-detect-timeout", PROXY, SWITCH},
    {"config.linkerd.io/proxy-ephemeral-storage-limit", PROXY, NULL},
    {"config.linkerd.io/proxy-ephemeral-storage-request", PROXY, NULL},
    {"config.linkerd.io/proxy-gid", PROXY, NULL},
    {"config.linkerd.io/proxy-image", PROXY, NULL},
    {"config.linkerd.io/proxy-inbound-connect-timeout", PROXY, NULL},
    {"config.linkerd.io/proxy-inbound-discovery-cache-unused-timeout", PROXY, NULL},
    {"config.linkerd.io/proxy-log-format", PROXY, "plain|json"},
    {"config.linkerd.io/proxy-log-http-headers", PROXY, NULL},
    {"config.linkerd.io/proxy-log-level", PROXY, NULL},
    {"config.linkerd.io/proxy-memory-limit", PROXY, NULL},
    {"config.linkerd.io/proxy-memory-request", PROXY, NULL},
    {"config.linkerd.io/proxy-outbound-connect-timeout", PROXY, NULL},
    {"config.linkerd.io/proxy-outbound-discovery-cache-unused-timeout", PROXY, NULL},
    {"config.linkerd.io/proxy-require-identity-inbound-ports", PROXY, NULL},
    {"config.linkerd.io/proxy-uid", PROXY, NULL},
    {"config.linkerd.io/proxy-version", PROXY, NULL},
    {"config.linkerd.io/shutdown-grace-period", PROXY, NULL},
    {"config.linkerd.io/skip-inbound-ports", PROXY, NULL},
    {"config.linkerd.io/skip-outbound-ports", PROXY, NULL},
    {"config.linkerd.io/skip-subnets", PROXY, NULL},
    {"config.linkerd.io/trace-collector", PROXY, NULL},
    {"config.alpha.linkerd.io/proxy-enable-native-sidecar", PROXY | OLD, SWITCH},
    {"config.alpha.linkerd.io/proxy-wait-before-exit-seconds", PROXY, NULL},
    {"config.beta.linkerd.io/proxy-enable-native-sidecar", PROXY, SWITCH},
    {"balancer.linkerd.io/failure-accrual", SERVICE, NULL},
    {"viz.linkerd.io/disable-tap", PROXY, SWITCH},
};

static const struct key LABELS[] = {
    {"istio-injection", NAMESPACE, "enabled|disabled"},
    {"security.istio.io/tlsMode", POD | OLD, NULL},
    {"service.istio.io/canonical-name", POD, NULL},
    {"service.istio.io/canonical-revision", POD, NULL},
    {"service.istio.io/workload-name", POD | OTHER, NULL},
    {"networking.istio.io/gatewayPort", SERVICE, NULL},
    {"istio.io/rev", NAMESPACE | POD | OTHER, NULL},
    {"istio.io/tag", OTHER, NULL},
    {"operator.istio.io/component", ANY, NULL},
    {"operator.istio.io/managed", ANY, NULL},
    {"operator.istio.io/version", ANY, NULL},
    {"topology.istio.io/subzone", OTHER, NULL},
    {"topology.istio.io/network", NAMESPACE | POD | SERVICE, NULL},
    {"topology.istio.io/cluster", POD, NULL},
    {"topology.istio.io/locality", POD, NULL},
    {"sidecar.istio.io/inject", POD, SWITCH},
    {"gateway.istio.io/managed", ANY, NULL},
    {"istio.io/dataplane-mode", POD | NAMESPACE, "ambient|none"},
    {"istio.io/use-waypoint", ANY, NULL},
    {"istio.io/use-waypoint-namespace", ANY, NULL},
    {"istio.io/use-waypoint-canary", ANY, NULL},
    {"istio.io/use-waypoint-canary-namespace", ANY, NULL},
    {"istio.io/ingress-use-waypoint", ANY, SWITCH},
    {"istio.io/waypoint-for", OTHER, NULL},
    {"networking.istio.io/enable-autoallocate-ip", OTHER, SWITCH},
    {"linkerd.io/inject", PROXY, "enabled|disabled|ingress"},
    {"linkerd.io/is-control-plane", ANY, NULL},
    {"linkerd.io/control-plane-ns", ANY, NULL},
    {"linkerd.io/control-plane-component", ANY, NULL},
    {"linkerd.io/extension", ANY, NULL},
    {"linkerd.io/workload-ns", ANY, NULL},
    {"linkerd.io/proxy-deployment", POD, NULL},
    {"config.linkerd.io/admission-webhooks", NAMESPACE, "enabled|disabled"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct place {
    struct mesh_judge *j;
    const struct mesh_object *o;
    unsigned on;
    const char *what; /* annotation, label */
};

/* Whether a key is one of the meshes', or meant to be: its domain is one of theirs. */
static bool is_of_mesh(struct str key) {
    struct str domain = str_slice(key, 0, str_find_char(key, '/'));
    return domain.len < key.len && (str_ends(domain, STR("istio.io")) || str_ends(domain, STR("linkerd.io")));
}

static const struct key *find_key(const struct key *table, size_t count, struct str name) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_from(table[i].name))) return &table[i];
    return NULL;
}

static struct str nearest_key(struct arena *a, const struct key *table, size_t count, struct str name) {
    struct str *names = arena_array(a, struct str, (uint32_t)count);
    for (size_t i = 0; i < count; i++) names[i] = str_from(table[i].name);
    struct str nearest = fuzzy_nearest(name, names, count);
    return nearest.len && fuzzy_distance(name, nearest, 3) <= 3 ? nearest : STR("");
}

static void report_key(const struct place *p, const struct member *member, struct str what, struct str help) {
    struct value at = member->value;
    if (p->o->in && span_len(member->key_span)) at.span = member->key_span;
    struct mesh_finding *finding =
        mesh_report(p->j, CHECK_MESH_KEY, p->o, &at,
                    arena_printf(p->j->arena, "the %s `%.*s` of %.*s `%.*s` %.*s", p->what, STR_ARG(member->key),
                                 STR_ARG(p->o->kind), STR_ARG(p->o->name), STR_ARG(what)));
    if (finding) finding->finding.help = help;
}

/* What is wrong with a list of ports, 80,90-100; false: nothing. */
static bool is_port_list(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.ptr[i]) && text.ptr[i] != ',' && text.ptr[i] != '-' && text.ptr[i] != ' ')
            return false;
    return true;
}

static void check_value(const struct place *p, const struct key *key, const struct member *member) {
    struct arena *a = p->j->arena;
    const struct value *value = &member->value;
    struct str words = str_from(key->values), word, names[8], name = str_from(key->name);
    struct str text = value->kind == VALUE_BOOL ? value->boolean ? STR("true") : STR("false") : value->string;
    uint32_t count = 0;
    if (mesh_is_unknown(value) || (value->kind != VALUE_STRING && value->kind != VALUE_BOOL)) return;
    bool ports = str_ends(name, STR("-ports")) || str_ends(name, STR("Ports"));
    if (ports && value->kind == VALUE_STRING && !str_eq(text, STR("*")) && !is_port_list(text) &&
        str_starts(name, STR("config.")) && !str_eq(name, STR("config.linkerd.io/opaque-ports")))
        report_key(p, member, arena_printf(a, "is no list of ports: `%.*s`", STR_ARG(text)), STR("write 80,90-100"));
    if (!key->values) return;
    while (count < 8 && str_split_next(&words, '|', &word)) {
        if (str_eq(word, text)) return;
        names[count++] = word;
    }
    struct str nearest = fuzzy_nearest(text, names, count);
    report_key(p, member, arena_printf(a, "cannot be `%.*s`", STR_ARG(text)),
               nearest.len ? arena_printf(a, "did you mean `%.*s`?", STR_ARG(nearest))
                           : arena_printf(a, "it is one of %s", key->values));
}

static void check_member(const struct place *p, const struct key *table, size_t count, const struct key *other,
                         size_t other_count, const struct member *member) {
    struct arena *a = p->j->arena;
    const struct key *key = find_key(table, count, member->key);
    if (key) {
        if (!(key->on & p->on))
            report_key(p, member, STR("has no effect there"), STR("it is for another kind of object"));
        else if ((key->on & OLD) && !find_key(other, other_count, member->key))
            report_key(p, member, STR("is deprecated"), STR(""));
        else check_value(p, key, member);
        return;
    }
    struct str nearest = nearest_key(a, table, count, member->key);
    bool swapped = find_key(other, other_count, member->key);
    if (swapped && str_starts(member->key, STR("istio")))
        report_key(p, member, STR("has no effect there"), arena_printf(a, "labels and annotations are not the same"));
    if (swapped ||
        (!nearest.len && !(is_of_mesh(member->key) &&
                           str_ends(str_slice(member->key, 0, str_find_char(member->key, '/')), STR("istio.io")))))
        return;
    report_key(p, member, STR("is known to no mesh"),
               nearest.len ? arena_printf(a, "did you mean `%.*s`?", STR_ARG(nearest)) : STR(""));
}

static void check_metadata(struct mesh_judge *j, const struct mesh_object *o, const struct value *metadata,
                           unsigned on) {
    const struct value *annotations = value_get(metadata, STR("annotations")),
                       *labels = value_get(metadata, STR("labels"));
    struct place p = {j, o, on, "annotation"};
    for (uint32_t i = 0; annotations && annotations->kind == VALUE_MAP && i < annotations->map.len; i++)
        check_member(&p, ANNOTATIONS, COUNT(ANNOTATIONS), LABELS, COUNT(LABELS), &annotations->map.members[i]);
    p.what = "label";
    for (uint32_t i = 0; labels && labels->kind == VALUE_MAP && i < labels->map.len; i++)
        check_member(&p, LABELS, COUNT(LABELS), ANNOTATIONS, COUNT(ANNOTATIONS), &labels->map.members[i]);
}

void mesh_judge_keys(struct mesh_judge *j) {
    static const struct {
        const char *kind;
        unsigned on;
    } KINDS[] = {{"Namespace", NAMESPACE}, {"Service", SERVICE}};
    for (size_t k = 0; k < COUNT(KINDS); k++) {
        const struct mesh_objects *objects = mesh_of_kind(j, "", KINDS[k].kind);
        for (uint32_t i = 0; i < objects->len; i++)
            check_metadata(j, objects->items[i], mesh_get(objects->items[i]->root, "metadata"), KINDS[k].on);
    }
    for (uint32_t i = 0; i < j->index->pods.len; i++)
        check_metadata(j, j->index->pods.items[i].of, j->index->pods.items[i].metadata, POD);
}
