/* Who may call whom, as all policies together say, against who has to: VL842, VL852 to VL854. */
#include "mesh/mesh_access.h"
#include "mesh/mesh_read.h"

static const char *const MESHES[] = {[MESH_ISTIO] = "Istio", [MESH_LINKERD] = "Linkerd"};

struct names VEC(struct str);

/* Pods that stay: not those of hooks, nor of Jobs. */
static bool stays(const struct mesh_judge *j, const struct mesh_pod *pod) {
    return !pod->of->is_hook && !str_eq(pod->of->group, STR("batch")) && mesh_knows_namespace(j, pod->of->namespace);
}

/* The pods that a Service may select. */
static const struct mesh_pods *pods_behind(const struct mesh_judge *j, const struct mesh_object *service) {
    return mesh_candidates(j, mesh_get(service->root, "spec.selector"), true);
}

/* Whether a Service selects the pod. */
static bool is_behind(const struct mesh_object *service, const struct mesh_pod *pod) {
    const struct value *selector = mesh_get(service->root, "spec.selector");
    return selector && selector->kind == VALUE_MAP && selector->map.len &&
           str_eq(service->namespace, pod->of->namespace) &&
           mesh_match_labels(selector, mesh_pod_labels(pod)) == MESH_YES;
}

/* ---- exemptions ---- */

/* The number of the port that a pod's probes ask; 0 for none that the kubelet sends over the network. */
static uint32_t probe_port(const struct mesh_pod *pod) {
    static const char *const PROBES[] = {"livenessProbe", "readinessProbe", "startupProbe"};
    struct value_list containers = mesh_list(pod->spec, "containers");
    for (uint32_t c = 0; c < containers.len; c++)
        for (size_t p = 0; p < sizeof PROBES / sizeof *PROBES; p++) {
            const struct value *port = mesh_get(mesh_get(mesh_get(&containers.items[c], PROBES[p]), "httpGet"), "port");
            uint32_t number = mesh_port_of(port);
            if (!number && port) number = mesh_pod_number_of(pod, port);
            if (number) return number;
        }
    return 0;
}

static bool lets_strangers_in(const struct mesh_access *access) {
    if (!access->denies || access->unsure) return true;
    for (uint32_t i = 0; i < access->grants.len; i++)
        if (access->grants.items[i].kind <= MESH_CALLER_NETWORK) return true;
    return false;
}

/* Whether the kubelet's probes reach the pod past the policies: Istio sends them through a port of the proxy. */
static bool is_rewritten(const struct mesh_pod *pod) {
    const struct value *on =
        value_get(value_get(pod->metadata, STR("annotations")), STR("sidecar.istio.io/rewriteAppHTTPProbers"));
    return !on || !(on->kind == VALUE_STRING && str_eq(on->string, STR("false")));
}

struct missing {
    struct VEC(struct str) names; /* "ledger at 8090" */
    const struct mesh_object *by;
    bool somebody; /* others are exempted */
    bool needed;   /* it does not work without */
};

static void miss(struct mesh_judge *j, struct missing *all, const struct mesh_access *access, bool exempted) {
    if (exempted) {
        all->somebody = true;
        return;
    }
    struct str name = arena_printf(j->arena, "%.*s at %u", STR_ARG(access->pod->of->name), access->port);
    for (uint32_t i = 0; i < all->names.len; i++)
        if (str_eq(all->names.items[i], name)) return;
    vec_push(j->arena, &all->names, name);
    if (!all->by) all->by = access->by;
}

static void report_missing(struct mesh_judge *j, enum mesh_type type, const struct missing *all, const char *what,
                           const char *help) {
    if (all->names.len == 0 || !all->by || !(all->somebody || all->needed)) return;
    struct mesh_finding *finding =
        mesh_report(j, CHECK_MESH_EXEMPTION, all->by, NULL,
                    arena_printf(j->arena, "%s lets nobody ask the %s of %.*s", MESHES[type], what,
                                 STR_ARG(reporter_list(j->arena, all->names.items, all->names.len, 4))));
    if (finding) finding->finding.help = str_from(help);
}

static void judge_probes(struct mesh_judge *j, enum mesh_type type) {
    struct missing all = {.by = NULL};
    for (uint32_t i = 0; i < j->index->pods.len; i++) {
        const struct mesh_pod *pod = &j->index->pods.items[i];
        uint32_t port = stays(j, pod) ? probe_port(pod) : 0;
        if (!port) continue;
        struct mesh_access access = mesh_access_of(j, type, pod, port);
        bool exempted = lets_strangers_in(&access);
        miss(j, &all, &access, exempted);
        all.needed = all.needed || (!exempted && type == MESH_ISTIO && !is_rewritten(pod));
    }
    report_missing(j, type, &all, "health checks", "exempt the probes' port and paths, as for the other pods");
}

/* Whether a monitor asks pods at the port with the name. */
static bool is_monitored(const struct mesh_judge *j, const struct mesh_pod *pod, const struct mesh_object *service,
                         struct str port_name) {
    const struct mesh_objects *monitors = mesh_of_kind(j, "monitoring.coreos.com", "ServiceMonitor");
    (void)pod;
    for (uint32_t i = 0; i < monitors->len; i++) {
        struct value_list endpoints = mesh_list(monitors->items[i]->root, "spec.endpoints");
        if (mesh_match_selector(mesh_get(monitors->items[i]->root, "spec.selector"),
                                mesh_get(service->root, "metadata.labels")) != MESH_YES)
            continue;
        for (uint32_t k = 0; k < endpoints.len; k++)
            if (port_name.len && str_eq(mesh_text(&endpoints.items[k], "port"), port_name)) return true;
    }
    return false;
}

static void judge_metrics(struct mesh_judge *j, enum mesh_type type) {
    const struct mesh_objects *services = mesh_of_kind(j, "", "Service");
    struct missing all = {.needed = true};
    for (uint32_t s = 0; s < services->len; s++) {
        struct value_list ports = mesh_list(services->items[s]->root, "spec.ports");
        const struct mesh_pods *pods = pods_behind(j, services->items[s]);
        for (uint32_t i = 0; i < pods->len; i++) {
            const struct mesh_pod *pod = pods->items[i];
            if (!stays(j, pod) || !is_behind(services->items[s], pod)) continue;
            for (uint32_t k = 0; k < ports.len; k++) {
                uint32_t number = mesh_target_of(pod, &ports.items[k]);
                if (!number || !is_monitored(j, pod, services->items[s], mesh_text(&ports.items[k], "name"))) continue;
                struct mesh_access access = mesh_access_of(j, type, pod, number);
                miss(j, &all, &access, !access.denies || access.unsure || access.grants.len > 0);
            }
        }
    }
    report_missing(j, type, &all, "metrics", "let Prometheus' account or namespace in");
}

/* ---- nobody, and those who are refused ---- */

static bool is_harmless_port(const struct value *port) {
    return mesh_is_harmless_path(mesh_text(port, "name"));
}

/* The other rule that tells of a chart with the mesh on that no policy is for. */
static bool is_told_of(const struct mesh_access *access) {
    const struct mesh_chart *chart = access->pod->of->chart;
    return chart && chart->enabled && access->by && !mesh_get(access->by->root, "spec.selector");
}

static void judge_service(struct mesh_judge *j, enum mesh_type type, const struct mesh_object *service) {
    struct value_list ports = mesh_list(service->root, "spec.ports");
    struct mesh_access refused = {.by = NULL};
    const struct mesh_pods *pods = pods_behind(j, service);
    for (uint32_t i = 0; i < pods->len; i++) {
        const struct mesh_pod *pod = pods->items[i];
        if (!stays(j, pod) || !is_behind(service, pod)) continue;
        for (uint32_t k = 0; k < ports.len; k++) {
            uint32_t number = mesh_target_of(pod, &ports.items[k]);
            if (!number || is_harmless_port(&ports.items[k])) continue;
            struct mesh_access access = mesh_access_of(j, type, pod, number);
            if (mesh_access_lets_somebody_in(&access)) return;
            if (!refused.by) refused = access;
        }
    }
    const struct mesh_object *at = refused.denial ? refused.denial : refused.by;
    if (!at || is_told_of(&refused)) return;
    struct mesh_finding *finding =
        mesh_report(j, CHECK_MESH_NOBODY, at, NULL,
                    arena_printf(j->arena, "%s lets nobody call `%.*s`: all is denied, and no policy lets anybody in",
                                 MESHES[type], STR_ARG(service->name)));
    mesh_relate_object(j, finding, service, NULL, STR("this is its Service"));
    if (finding)
        finding->finding.help = STR("write a policy for its callers, or correct the one that was meant for it");
}

/* The accounts that a chart's pods run with. */
static bool find_account(const struct mesh_judge *j, const struct mesh_chart *chart, uint64_t layers,
                         struct str *account, struct str *namespace) {
    for (uint32_t i = 0; i < j->index->pods.len; i++) {
        const struct mesh_pod *pod = &j->index->pods.items[i];
        if (pod->of->chart != chart || !(pod->of->layers & layers) || !stays(j, pod)) continue;
        *account = mesh_pod_account(pod);
        *namespace = pod->of->namespace;
        return !mesh_is_unknown(value_get(pod->spec, STR("serviceAccountName")));
    }
    return false;
}

static void report_call(struct mesh_judge *j, const struct mesh_chart *chart, const struct mesh_call *call,
                        struct str message, const struct mesh_object *by) {
    if (call->place == 0) return;
    const struct mesh_print_place *of = &chart->prints->places.items[call->place - 1];
    struct mesh_text *text = arena_new(j->arena, struct mesh_text);
    *text = (struct mesh_text){of->path, of->length};
    struct mesh_place place = {text, of->span};
    struct mesh_finding *finding = mesh_find_in_values(j, chart, CHECK_MESH_REFUSED_CALL, &place, message);
    if (by) mesh_relate_object(j, finding, by, NULL, STR("this lets others in"));
}

static void judge_call(struct mesh_judge *j, const struct mesh_chart *chart, const struct mesh_call *call) {
    struct str namespace = call->namespace.len ? call->namespace : chart->namespace, account, home;
    const struct mesh_objects *services = mesh_named(j, "", "Service", call->name, namespace);
    if (services->len == 0 || services->items[0]->chart == chart || !mesh_knows_namespace(j, namespace)) return;
    struct value_list ports = mesh_list(services->items[0]->root, "spec.ports");
    const struct value *port = ports.len == 1 && !call->port ? &ports.items[0] : NULL;
    for (uint32_t k = 0; k < ports.len; k++)
        if (call->port && mesh_port_of(mesh_get(&ports.items[k], "port")) == call->port) port = &ports.items[k];
    bool known = ports.len > 0 && !mesh_is_unknown(mesh_get(services->items[0]->root, "spec.ports"));
    for (uint32_t k = 0; k < ports.len; k++) known = known && mesh_port_of(mesh_get(&ports.items[k], "port"));
    if (!port && call->port && known && services->len == 1) {
        report_call(j, chart, call,
                    arena_printf(j->arena, "`%.*s` calls `%.*s` at the port %u, which its Service does not have",
                                 STR_ARG(chart->name), STR_ARG(call->name), call->port),
                    services->items[0]);
        return;
    }
    const struct mesh_pods *pods = pods_behind(j, services->items[0]);
    if (!port || !find_account(j, chart, call->layers, &account, &home)) return;
    for (int type = MESH_ISTIO; type <= MESH_LINKERD; type++)
        for (uint32_t i = 0; i < pods->len && mesh_has_policies(j, (enum mesh_type)type) && !j->blamed[type]; i++) {
            const struct mesh_pod *pod = pods->items[i];
            if (!stays(j, pod) || !is_behind(services->items[0], pod)) continue;
            uint32_t number = mesh_target_of(pod, port);
            struct mesh_access access = mesh_access_of(j, (enum mesh_type)type, pod, number);
            if (!number || mesh_access_lets_in(&access, home, account)) continue;
            report_call(j, chart, call,
                        arena_printf(j->arena,
                                     "`%.*s` calls `%.*s` at the port %u, and %s refuses it: no policy lets `%.*s` in",
                                     STR_ARG(chart->name), STR_ARG(call->name), mesh_port_of(mesh_get(port, "port")),
                                     MESHES[type], STR_ARG(account)),
                        access.by);
            return;
        }
}

/* ---- two meshes ---- */

/* Callers of our own namespaces that `one` lets in and `other` does not. */
static void find_differences(struct mesh_judge *j, const struct mesh_access *one, const struct mesh_access *other,
                             struct names *callers, const struct mesh_grant **first) {
    for (uint32_t i = 0; i < one->grants.len; i++) {
        const struct mesh_grant *of = &one->grants.items[i];
        if (of->kind != MESH_CALLER_ACCOUNT || of->exempts || !mesh_is_ours(j, of->namespace)) continue;
        if (mesh_access_lets_in(other, of->namespace, of->account)) continue;
        bool known = false;
        for (uint32_t k = 0; k < callers->len; k++) known = known || str_eq(callers->items[k], of->account);
        if (!known) vec_push(j->arena, callers, of->account);
        if (!*first) *first = of;
    }
}

static void compare_pod(struct mesh_judge *j, const struct mesh_pod *pod) {
    struct value_list containers = mesh_list(pod->spec, "containers");
    for (int lets = MESH_ISTIO; lets <= MESH_LINKERD; lets++) {
        struct names callers = {NULL, 0, 0};
        const struct mesh_grant *first = NULL;
        const struct mesh_object *at = NULL;
        for (uint32_t c = 0; c < containers.len; c++) {
            struct value_list ports = mesh_list(&containers.items[c], "ports");
            for (uint32_t i = 0; i < ports.len; i++) {
                uint32_t number = mesh_port_of(mesh_get(&ports.items[i], "containerPort")), before = callers.len;
                if (!number) continue;
                struct mesh_access one = mesh_access_of(j, (enum mesh_type)lets, pod, number);
                struct mesh_access other = mesh_access_of(j, (enum mesh_type)(1 - lets), pod, number);
                if (!one.denies || !other.denies || one.unsure || other.unsure) continue;
                find_differences(j, &one, &other, &callers, &first);
                if (callers.len > before && !at) at = other.by;
            }
        }
        if (!at || !first) continue;
        struct mesh_finding *finding =
            mesh_report(j, CHECK_MESH_DIFFER, at, NULL,
                        arena_printf(j->arena, "%s lets %.*s call `%.*s`, and %s does not", MESHES[lets],
                                     STR_ARG(reporter_list(j->arena, callers.items, callers.len, 4)),
                                     STR_ARG(pod->of->name), MESHES[1 - lets]));
        mesh_relate_object(j, finding, first->policy, NULL, STR("what lets it in"));
        if (finding) finding->finding.help = STR("both meshes' overlays are for one platform: let the same callers in");
        return;
    }
}

/* Whether something is wrong already: then the meshes differ for that reason. */
static bool has_findings(const struct mesh_judge *j) {
    for (uint32_t i = 0; i < j->overlays->files.len; i++)
        for (uint32_t k = 0; k < j->files[i].findings.len; k++)
            if (j->files[i].findings.items[k].finding.severity > SEVERITY_INFO) return true;
    return false;
}

void mesh_judge_reach(struct mesh_judge *j) {
    const struct mesh_objects *services = mesh_of_kind(j, "", "Service");
    bool both = mesh_has_policies(j, MESH_ISTIO) && mesh_has_policies(j, MESH_LINKERD);
    for (int type = MESH_ISTIO; type <= MESH_LINKERD; type++) {
        if (!mesh_has_policies(j, (enum mesh_type)type) || j->blamed[type]) continue;
        judge_probes(j, (enum mesh_type)type);
        judge_metrics(j, (enum mesh_type)type);
        for (uint32_t i = 0; i < services->len; i++)
            if (i == 0 || !str_eq(services->items[i]->name, services->items[i - 1]->name))
                judge_service(j, (enum mesh_type)type, services->items[i]);
    }
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_chart *chart = j->mesh->charts.items[i];
        for (uint32_t k = 0; chart->prints && k < chart->prints->calls.len; k++)
            judge_call(j, chart, &chart->prints->calls.items[k]);
    }
    if (!both || has_findings(j)) return;
    for (uint32_t i = 0; i < j->index->pods.len; i++)
        if (stays(j, &j->index->pods.items[i])) compare_pod(j, &j->index->pods.items[i]);
}
