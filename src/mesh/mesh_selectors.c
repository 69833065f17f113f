/* Selectors of the overlays and of what charts print, against the labels that pods and Services have: VL815. */
#include "base/fuzzy.h"
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

/* Where Istio looks for what is meant for all namespaces. */
#define ROOT_NAMESPACE STR("istio-system")

/* What the selector of a kind is about. */
static const struct selector_kind {
    const char *group, *kind, *path;
    bool plain; /* a map of labels, without matchLabels */
} KINDS[] = {
    {"policy.linkerd.io", "Server", "spec.podSelector", false},
    {"security.istio.io", "AuthorizationPolicy", "spec.selector", false},
    {"security.istio.io", "PeerAuthentication", "spec.selector", false},
    {"security.istio.io", "RequestAuthentication", "spec.selector", false},
    {"telemetry.istio.io", "Telemetry", "spec.selector", false},
    {"extensions.istio.io", "WasmPlugin", "spec.selector", false},
    {"networking.istio.io", "Sidecar", "spec.workloadSelector.labels", true},
    {"networking.istio.io", "EnvoyFilter", "spec.workloadSelector.labels", true},
    {"networking.istio.io", "ServiceEntry", "spec.workloadSelector.labels", true},
    {"networking.istio.io", "ProxyConfig", "spec.selector", false},
    {"", "Service", "spec.selector", true},
};

static enum mesh_match match(const struct value *selector, bool plain, const struct value *labels) {
    return plain ? mesh_match_labels(selector, labels) : mesh_match_selector(selector, labels);
}

/* Whether pods of the namespace (any, where it is empty) have the labels. */
static enum mesh_match select_pods(const struct mesh_judge *j, const struct value *selector, bool plain,
                                   struct str namespace) {
    enum mesh_match best = MESH_NO;
    const struct mesh_objects *entries = mesh_of_kind(j, "networking.istio.io", "WorkloadEntry");
    const struct mesh_pods *pods = mesh_candidates(j, selector, plain);
    for (uint32_t i = 0; i < pods->len; i++) {
        const struct mesh_pod *pod = pods->items[i];
        if (namespace.len && !str_eq(pod->of->namespace, namespace)) continue;
        enum mesh_match of = match(selector, plain, mesh_pod_labels(pod));
        if (of > best) best = of;
    }
    for (uint32_t i = 0; i < entries->len; i++) {
        enum mesh_match of = match(selector, plain, mesh_get(entries->items[i]->root, "spec.labels"));
        if (of > best) best = of;
    }
    return best;
}

/* The first label that no pod has, where there is one; else NULL. `*key` is its key. */
static const struct value *find_stranger(const struct mesh_judge *j, const struct value *labels, struct str namespace,
                                         struct str *key) {
    for (uint32_t i = 0; labels && labels->kind == VALUE_MAP && i < labels->map.len; i++) {
        const struct member *member = &labels->map.members[i];
        struct value one = value_map_new(j->arena, 1);
        bool found;
        value_map_put(&one, member->key, &found)->value = member->value;
        if (select_pods(j, &one, true, namespace) != MESH_NO) continue;
        *key = member->key;
        return &member->value;
    }
    return NULL;
}

/* A value of the label `key` that pods have, or a key with the value, near to what is written. */
static struct str suggest_label(const struct mesh_judge *j, struct str key, const struct value *value,
                                struct str namespace) {
    struct str text = value->kind == VALUE_STRING ? value->string : STR("");
    struct VEC(struct str) values = {NULL, 0, 0};
    for (uint32_t i = 0; i < j->index->pods.len; i++) {
        const struct mesh_pod *pod = &j->index->pods.items[i];
        const struct value *labels = mesh_pod_labels(pod), *label = value_get(labels, key);
        if (namespace.len && !str_eq(pod->of->namespace, namespace)) continue;
        if (label && label->kind == VALUE_STRING) vec_push(j->arena, &values, label->string);
        for (uint32_t k = 0; !label && labels && labels->kind == VALUE_MAP && k < labels->map.len; k++)
            if (text.len && value_equal(&labels->map.members[k].value, value))
                return arena_printf(j->arena, "pods have `%.*s: %.*s`", STR_ARG(labels->map.members[k].key),
                                    STR_ARG(text));
    }
    struct str nearest = fuzzy_nearest(text, values.items, values.len);
    return nearest.len ? arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest)) : STR("");
}

static void report_selector(struct mesh_judge *j, const struct mesh_object *o, const struct value *selector,
                            const struct value *labels, struct str namespace) {
    struct str key = STR("");
    const struct value *stranger = find_stranger(j, labels, namespace, &key);
    struct str message =
        arena_printf(j->arena, "%.*s `%.*s` selects the pods of no chart", STR_ARG(o->kind), STR_ARG(o->name));
    if (stranger)
        message = arena_printf(j->arena, "%.*s: none has `%.*s: %.*s`", STR_ARG(message), STR_ARG(key),
                               STR_ARG(stranger->kind == VALUE_STRING ? stranger->string : STR("...")));
    struct mesh_finding *finding = mesh_report(j, CHECK_MESH_SELECTOR, o, stranger ? stranger : selector, message);
    if (finding && stranger) finding->finding.help = suggest_label(j, key, stranger, namespace);
}

/* Pods of gateways are not the charts': what everybody calls them. */
static const char *const GATEWAYS[] = {"ingressgateway", "egressgateway", "istio-ingressgateway", "istio-egressgateway",
                                       "istio-ingress",  "istio-egress",  "eastwestgateway"};

static bool is_gateway_label(const struct value *label) {
    for (size_t i = 0; i < sizeof GATEWAYS / sizeof *GATEWAYS; i++)
        if (label->kind == VALUE_STRING && str_eq(label->string, str_from(GATEWAYS[i]))) return true;
    return false;
}

static void check_selector(struct mesh_judge *j, const struct mesh_object *o, const struct selector_kind *kind) {
    const struct value *selector = mesh_get(o->root, kind->path);
    const struct value *labels = kind->plain ? selector : mesh_get(selector, "matchLabels");
    struct str namespace = str_eq(o->namespace, ROOT_NAMESPACE) ? STR("") : o->namespace;
    if (!selector || selector->kind != VALUE_MAP || (namespace.len && !mesh_knows_namespace(j, namespace))) return;
    if (namespace.len == 0 && !(j->mesh->covers && j->index->prints)) return;
    if (kind->plain && selector->map.len == 0) return;
    for (uint32_t i = 0; labels && labels->kind == VALUE_MAP && i < labels->map.len; i++)
        if (is_gateway_label(&labels->map.members[i].value)) return;
    if (select_pods(j, selector, kind->plain, namespace) != MESH_NO || mesh_any_may_be_unprinted(j, labels)) return;
    report_selector(j, o, selector, labels, namespace);
}

/* A Gateway's selector that is nearly one of theirs. */
static void check_gateway(struct mesh_judge *j, const struct mesh_object *o) {
    const struct value *selector = mesh_get(o->root, "spec.selector");
    struct str names[sizeof GATEWAYS / sizeof *GATEWAYS];
    for (size_t i = 0; i < sizeof GATEWAYS / sizeof *GATEWAYS; i++) names[i] = str_from(GATEWAYS[i]);
    if (!selector || selector->kind != VALUE_MAP || select_pods(j, selector, true, STR("")) != MESH_NO) return;
    for (uint32_t i = 0; i < selector->map.len; i++) {
        const struct value *label = &selector->map.members[i].value;
        if (label->kind != VALUE_STRING) continue;
        struct str nearest = fuzzy_nearest(label->string, names, sizeof GATEWAYS / sizeof *GATEWAYS);
        if (is_gateway_label(label) || nearest.len == 0) continue;
        struct mesh_finding *finding =
            mesh_report(j, CHECK_MESH_SELECTOR, o, label,
                        arena_printf(j->arena, "Gateway `%.*s` selects no gateway's pods: `%.*s: %.*s`",
                                     STR_ARG(o->name), STR_ARG(selector->map.members[i].key), STR_ARG(label->string)));
        if (finding) finding->finding.help = arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest));
    }
}

/* ---- subsets ---- */

/* Whether a pod that one of the Services selects has the labels of the subset too. */
static enum mesh_match select_subset(const struct mesh_judge *j, const struct mesh_objects *services,
                                     const struct value *labels) {
    enum mesh_match best = MESH_NO;
    const struct mesh_pods *pods = mesh_candidates(j, labels, true);
    for (uint32_t s = 0; s < services->len; s++)
        for (uint32_t i = 0; i < pods->len; i++) {
            const struct mesh_pod *pod = pods->items[i];
            if (!str_eq(pod->of->namespace, services->items[s]->namespace)) continue;
            const struct value *has = mesh_pod_labels(pod);
            enum mesh_match of = mesh_match_labels(mesh_get(services->items[s]->root, "spec.selector"), has);
            enum mesh_match too = mesh_match_labels(labels, has);
            if (too < of) of = too;
            if (of > best) best = of;
        }
    return best;
}

static void check_subsets(struct mesh_judge *j, const struct mesh_object *o) {
    struct value_list subsets = mesh_list(o->root, "spec.subsets");
    struct mesh_name service;
    const struct mesh_objects *services = mesh_services_of(j, mesh_get(o->root, "spec.host"), o->namespace, &service);
    if (!services || services->len == 0 || !mesh_knows_namespace(j, service.namespace)) return;
    for (uint32_t i = 0; i < subsets.len; i++) {
        const struct value *labels = mesh_get(&subsets.items[i], "labels"), *name = mesh_get(&subsets.items[i], "name");
        bool topology = false;
        struct str key = STR("");
        for (uint32_t k = 0; labels && labels->kind == VALUE_MAP && k < labels->map.len; k++)
            topology = topology || str_starts(labels->map.members[k].key, STR("topology."));
        if (topology || select_subset(j, services, labels) != MESH_NO) continue;
        const struct value *stranger = find_stranger(j, labels, service.namespace, &key);
        struct mesh_finding *finding = mesh_report(
            j, CHECK_MESH_SELECTOR, o, stranger ? stranger : name,
            arena_printf(j->arena, "the subset `%.*s` of DestinationRule `%.*s` selects no pod of `%.*s`",
                         STR_ARG(mesh_text(&subsets.items[i], "name")), STR_ARG(o->name), STR_ARG(service.name)));
        if (finding && stranger) finding->finding.help = suggest_label(j, key, stranger, service.namespace);
    }
}

void mesh_judge_selectors(struct mesh_judge *j) {
    static const struct mesh_rule RULES[] = {
        {"networking.istio.io", "Gateway", check_gateway},
        {"networking.istio.io", "DestinationRule", check_subsets},
    };
    for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
        const struct mesh_objects *objects = mesh_of_kind(j, KINDS[k].group, KINDS[k].kind);
        for (uint32_t i = 0; i < objects->len; i++)
            if (!objects->items[i]->spoilt) check_selector(j, objects->items[i], &KINDS[k]);
    }
    mesh_run_rules(j, RULES, sizeof RULES / sizeof *RULES);
}
