/* What the overlays say of the mesh itself, against what the values say of it: VL802, VL803, VL804. */
#include "mesh/mesh_judge.h"

/* Where Istio looks for what is meant for all namespaces. */
#define ROOT_NAMESPACE STR("istio-system")

static const char *const TYPES[] = {[MESH_ISTIO] = "istio", [MESH_LINKERD] = "linkerd"};

static bool is_judged(const struct mesh_judge *j, const struct mesh_chart *chart) {
    return chart->enabled && str_eq(chart->settings->mesh.value, j->folder);
}

static bool is_of_type(const struct mesh_chart *chart, enum mesh_type type) {
    return str_eq(chart->type, str_from(TYPES[type]));
}

static bool names_account(const struct mesh_policy *policy, const struct mesh_chart *chart) {
    for (uint32_t i = 0; i < policy->accounts.len; i++) {
        const struct mesh_name *account = &policy->accounts.items[i];
        bool named =
            mesh_is_called(chart, account->name) || (account->name.len && str_eq(account->name, chart->account));
        if (named && mesh_same_namespace(account->namespace, chart->namespace)) return true;
    }
    return false;
}

static bool names_chart(const struct mesh_names *services, const struct mesh_chart *chart) {
    for (uint32_t i = 0; i < services->len; i++)
        if (mesh_is_called(chart, services->items[i].name) &&
            mesh_same_namespace(services->items[i].namespace, chart->namespace))
            return true;
    return false;
}

/* Whether a Server of Linkerd is for the chart. One that is not among the overlays is known by its name alone. */
static bool server_is_for(const struct mesh_judge *j, struct str name, const struct mesh_chart *chart) {
    bool found = false;
    for (uint32_t i = 0; i < j->overlays->servers.len; i++) {
        const struct mesh_server *server = &j->overlays->servers.items[i];
        if (!str_eq(server->in->name, name) || !mesh_same_namespace(server->in->namespace, chart->namespace)) continue;
        if (mesh_selects(j, &server->selector, chart) != MESH_NO) return true;
        found = true;
    }
    bool begins = str_starts(name, chart->name) && (name.len == chart->name.len || name.ptr[chart->name.len] == '-');
    return !found && begins;
}

static bool route_is_for(const struct mesh_judge *j, struct str name, const struct mesh_chart *chart) {
    for (uint32_t i = 0; i < j->overlays->routes.len; i++) {
        const struct mesh_route *route = &j->overlays->routes.items[i];
        if (!str_eq(route->in->name, name)) continue;
        if (names_chart(&route->services, chart)) return true;
        for (uint32_t k = 0; k < route->servers.len; k++)
            if (server_is_for(j, route->servers.items[k].name, chart)) return true;
    }
    return false;
}

static bool is_covered_by(const struct mesh_judge *j, const struct mesh_policy *policy,
                          const struct mesh_chart *chart) {
    struct str namespace = policy->in->namespace;
    bool root = policy->type == MESH_ISTIO && str_eq(namespace, ROOT_NAMESPACE);
    if (policy->denies) return false;
    if (!root && !mesh_same_namespace(namespace, chart->namespace)) return false;
    if (policy->everything || names_account(policy, chart) || names_chart(&policy->services, chart)) return true;
    for (uint32_t i = 0; i < policy->selectors.len; i++)
        if (mesh_selects(j, &policy->selectors.items[i], chart) != MESH_NO) return true;
    for (uint32_t i = 0; i < policy->servers.len; i++)
        if (server_is_for(j, policy->servers.items[i].name, chart)) return true;
    for (uint32_t i = 0; i < policy->routes.len; i++)
        if (route_is_for(j, policy->routes.items[i].name, chart)) return true;
    return false;
}

/* The place of a policy in the overlays. */
static const struct mesh_place *place_of(struct mesh_judge *j, const struct mesh_manifest *in) {
    struct mesh_place *place = arena_new(j->arena, struct mesh_place);
    struct mesh_text *text = arena_new(j->arena, struct mesh_text);
    const struct mesh_file *file = &j->overlays->files.items[in->file];
    *text = (struct mesh_text){file->path, file->text_length};
    *place = (struct mesh_place){text, in->span};
    return place;
}

static void judge_cover(struct mesh_judge *j, const struct mesh_chart *chart) {
    enum mesh_type type = is_of_type(chart, MESH_LINKERD) ? MESH_LINKERD : MESH_ISTIO;
    const struct mesh_policy *denies = NULL;
    if (!chart->may_be_uncovered || !is_of_type(chart, type)) return;
    for (uint32_t i = 0; i < j->overlays->policies.len; i++) {
        const struct mesh_policy *policy = &j->overlays->policies.items[i];
        if (policy->type != type) continue;
        if (is_covered_by(j, policy, chart)) return;
        if (policy->denies && mesh_same_namespace(policy->in->namespace, chart->namespace)) denies = policy;
    }
    const char *kinds = type == MESH_ISTIO ? "AuthorizationPolicy of Istio with the action ALLOW"
                                           : "ServerAuthorization or AuthorizationPolicy of Linkerd";
    struct mesh_finding *finding =
        mesh_find_in_values(j, chart, CHECK_MESH_NOT_COVERED, &chart->enabled_place,
                            arena_printf(j->arena, "the mesh is on, but no %s in the namespace `%.*s` covers `%.*s`",
                                         kinds, STR_ARG(chart->namespace), STR_ARG(chart->name)));
    if (!finding) return;
    finding->finding.path = STR("serviceMesh.enabled");
    finding->finding.help = arena_printf(j->arena, "add one to the overlays in `%.*s`",
                                         STR_ARG(settings_mesh_text(j->arena, chart->settings)));
    if (denies) mesh_relate(finding, place_of(j, denies->in), STR("this denies what no other one allows"));
}

/* How near a PeerAuthentication is to the chart: the nearest one that sets a mode counts. */
static int rank_of(const struct mesh_judge *j, const struct mesh_peer *peer, const struct mesh_chart *chart) {
    struct str namespace = peer->in->namespace;
    bool here = mesh_same_namespace(namespace, chart->namespace);
    if (peer->mode.len == 0 || str_eq(peer->mode, STR("UNSET"))) return 0;
    if (peer->selects) return here && mesh_selects(j, &peer->selector, chart) == MESH_YES ? 3 : 0;
    return here ? 2 : str_eq(namespace, ROOT_NAMESPACE) ? 1 : 0;
}

static const struct mesh_peer *peer_of(const struct mesh_judge *j, const struct mesh_chart *chart) {
    const struct mesh_peer *nearest = NULL;
    int best = 0;
    for (uint32_t i = 0; i < j->overlays->peers.len; i++) {
        int rank = rank_of(j, &j->overlays->peers.items[i], chart);
        if (rank <= best) continue;
        best = rank;
        nearest = &j->overlays->peers.items[i];
    }
    return nearest;
}

static void report_mode(struct mesh_judge *j, const struct mesh_peer *peer, const struct mesh_charts *charts) {
    struct arena *a = j->arena;
    bool off = str_eq(peer->mode, STR("DISABLE"));
    struct mesh_finding *finding =
        mesh_find(j, charts->items[0]->settings, CHECK_MESH_WEAKER_MODE, peer->in, peer->span,
                  arena_printf(a, "PeerAuthentication `%.*s` %s, but the values of %.*s say STRICT",
                               STR_ARG(peer->in->name), off ? "turns mTLS off" : "takes plain text as well",
                               STR_ARG(mesh_chart_names(a, charts->items, charts->len))));
    if (finding) finding->finding.help = STR("use STRICT here, or say in the values what holds");
    for (uint32_t i = 0; i < charts->len; i++)
        mesh_relate(finding, &charts->items[i]->mode_place,
                    arena_printf(a, "what `%.*s` says", STR_ARG(charts->items[i]->name)));
}

/* All charts for which a PeerAuthentication is too weak are one finding. */
static void judge_modes(struct mesh_judge *j) {
    const struct mesh_overlays *o = j->overlays;
    const struct check *check = j->mesh->checks->by[CHECK_MESH_WEAKER_MODE];
    struct mesh_charts *by_peer = arena_array(j->arena, struct mesh_charts, o->peers.len);
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_chart *chart = j->mesh->charts.items[i];
        if (!is_judged(j, chart) || !is_of_type(chart, MESH_ISTIO) || !str_eq(chart->mode, STR("STRICT"))) continue;
        const struct mesh_peer *peer = peer_of(j, chart);
        if (!peer || !chart->settings->enabled[check->index] || str_eq(peer->mode, STR("STRICT"))) continue;
        vec_push(j->arena, &by_peer[peer - o->peers.items], chart);
    }
    for (uint32_t i = 0; i < o->peers.len; i++)
        if (by_peer[i].len) report_mode(j, &o->peers.items[i], &by_peer[i]);
}

/* The charts of a mesh in a namespace. */
static struct mesh_charts charts_in(struct mesh_judge *j, struct str namespace, enum mesh_type type) {
    const struct check *check = j->mesh->checks->by[CHECK_MESH_NOT_INJECTED];
    struct mesh_charts charts = {NULL, 0, 0};
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_chart *chart = j->mesh->charts.items[i];
        if (!is_judged(j, chart) || !is_of_type(chart, type) || !str_eq(chart->namespace, namespace)) continue;
        if (chart->settings->enabled[check->index]) vec_push(j->arena, &charts, chart);
    }
    return charts;
}

/* Several manifests may define one namespace: one of them has to have it injected. */
static bool is_injected(const struct mesh_overlays *o, struct str name, enum mesh_type type) {
    for (uint32_t i = 0; i < o->namespaces.len; i++)
        if (str_eq(o->namespaces.items[i].in->name, name) && o->namespaces.items[i].injected[type]) return true;
    return false;
}

static bool is_first(const struct mesh_overlays *o, uint32_t index) {
    for (uint32_t i = 0; i < index; i++)
        if (str_eq(o->namespaces.items[i].in->name, o->namespaces.items[index].in->name)) return false;
    return true;
}

static void judge_injection(struct mesh_judge *j, const struct mesh_manifest *in, enum mesh_type type) {
    struct mesh_charts charts = charts_in(j, in->name, type);
    if (charts.len == 0 || is_injected(j->overlays, in->name, type)) return;
    bool istio = type == MESH_ISTIO;
    struct mesh_finding *finding = mesh_find(
        j, charts.items[0]->settings, CHECK_MESH_NOT_INJECTED, in, in->span,
        arena_printf(j->arena, "%s is not injected into the namespace `%.*s`, but %.*s %s the mesh on",
                     istio ? "Istio" : "Linkerd", STR_ARG(in->name),
                     STR_ARG(mesh_chart_names(j->arena, charts.items, charts.len)), charts.len == 1 ? "has" : "have"));
    if (finding)
        finding->finding.help = istio ? STR("give it the label `istio-injection: enabled`, or `istio.io/rev`")
                                      : STR("give it the annotation `linkerd.io/inject: enabled`");
    for (uint32_t i = 0; i < charts.len; i++)
        mesh_relate(finding, &charts.items[i]->enabled_place,
                    arena_printf(j->arena, "the mesh is on for `%.*s`", STR_ARG(charts.items[i]->name)));
}

void mesh_judge_policies(struct mesh_judge *j) {
    const struct mesh_overlays *o = j->overlays;
    for (uint32_t i = 0; i < j->mesh->charts.len; i++)
        if (is_judged(j, j->mesh->charts.items[i])) judge_cover(j, j->mesh->charts.items[i]);
    judge_modes(j);
    for (uint32_t i = 0; i < o->namespaces.len; i++) {
        if (!is_first(o, i)) continue;
        judge_injection(j, o->namespaces.items[i].in, MESH_ISTIO);
        judge_injection(j, o->namespaces.items[i].in, MESH_LINKERD);
    }
}
