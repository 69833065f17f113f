/* Services and ports that the overlays name, against those that the charts have: VL801, VL805, VL806. */
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

static const struct mesh_chart_port *find_port(const struct mesh_chart *chart, uint32_t number) {
    for (uint32_t i = 0; i < chart->port_count; i++)
        if (chart->ports[i].number == number) return &chart->ports[i];
    return NULL;
}

static const struct mesh_chart_port *find_target(const struct mesh_chart *chart, uint32_t number) {
    for (uint32_t i = 0; i < chart->port_count; i++)
        if (chart->ports[i].target == number) return &chart->ports[i];
    return NULL;
}

/* "8089, 8090 and 9089" */
static struct str port_list(struct arena *a, const struct mesh_chart *chart) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < chart->port_count; i++)
        buf_addf(&out, "%s%u", i == 0 ? "" : i + 1 == chart->port_count ? " and " : ", ", chart->ports[i].number);
    return buf_str(&out);
}

static void report_port(struct mesh_judge *j, const struct mesh_reference *reference, const struct mesh_chart *chart) {
    struct arena *a = j->arena;
    struct str message = arena_printf(a, "%.*s `%.*s` names port %u of `%.*s`, whose values have only %.*s",
                                      STR_ARG(reference->in->kind), STR_ARG(reference->in->name), reference->port,
                                      STR_ARG(reference->service.name), STR_ARG(port_list(a, chart)));
    struct mesh_finding *finding =
        mesh_find(j, chart->settings, CHECK_MESH_PORT, reference->in, reference->port_span, message);
    if (!finding) return;
    const struct mesh_chart_port *target = find_target(chart, reference->port);
    const struct mesh_chart_port *shown = target ? target : &chart->ports[0];
    finding->finding.help = STR("name a port that the values have, or give the service this one");
    if (target)
        finding->finding.help =
            arena_printf(a, "name the port of the Service, %u; this one is the targetPort behind it", target->number);
    mesh_relate(finding, &shown->place, arena_printf(a, "`%.*s` is %u", STR_ARG(shown->path), shown->number));
}

/* A port is wrong where all charts of that name are known and none has it. */
static void judge_port(struct mesh_judge *j, const struct mesh_reference *reference, const struct mesh_chart *first) {
    const struct mesh_chart *chart = first;
    for (; chart; chart = mesh_next(chart->same_name, &reference->service))
        if (!chart->has_values || chart->port_count == 0 || find_port(chart, reference->port)) return;
    report_port(j, reference, first);
}

/* Whether the manifest has named this service before: it is told once. */
static bool is_told(const struct mesh_judge *j, uint32_t index) {
    const struct mesh_reference *of = &j->overlays->references.items[index];
    for (uint32_t i = index; i-- > 0;) {
        const struct mesh_reference *before = &j->overlays->references.items[i];
        if (before->in != of->in) return false;
        if (str_eq(before->service.name, of->service.name) && str_eq(before->service.namespace, of->service.namespace))
            return true;
    }
    return false;
}

static void judge_unknown(struct mesh_judge *j, uint32_t index) {
    const struct mesh_reference *reference = &j->overlays->references.items[index];
    const struct mesh_name *service = &reference->service;
    if (!j->mesh->covers || reference->may_be_new || !mesh_is_ours(j, service->namespace) || is_told(j, index)) return;
    struct str where = service->namespace.len
                           ? arena_printf(j->arena, " in the namespace `%.*s`", STR_ARG(service->namespace))
                           : STR("");
    struct str message = arena_printf(j->arena, "%.*s `%.*s` is about `%.*s`, but there is no chart of that name%.*s",
                                      STR_ARG(reference->in->kind), STR_ARG(reference->in->name),
                                      STR_ARG(service->name), STR_ARG(where));
    struct mesh_finding *finding =
        mesh_find(j, j->settings, CHECK_MESH_UNKNOWN_SERVICE, reference->in, service->span, message);
    if (finding) finding->finding.help = mesh_suggest(j, service->name);
}

static bool has_server(const struct mesh_judge *j, const struct mesh_name *name, bool *any) {
    bool found = false;
    *any = false;
    for (uint32_t i = 0; i < j->overlays->servers.len; i++) {
        const struct mesh_manifest *in = j->overlays->servers.items[i].in;
        bool here = mesh_same_namespace(name->namespace, in->namespace) || in->namespace.len == 0;
        *any = *any || here;
        found = found || (here && str_eq(in->name, name->name));
    }
    return found;
}

/* A policy of Linkerd for a Server that is not there, where the overlays have others. */
static void judge_servers(struct mesh_judge *j, const struct mesh_policy *policy) {
    for (uint32_t i = 0; i < policy->servers.len; i++) {
        const struct mesh_name *server = &policy->servers.items[i];
        bool any, found = has_server(j, server, &any);
        if (found || !any || !j->mesh->covers || !mesh_is_ours(j, server->namespace)) continue;
        mesh_find(j, j->settings, CHECK_MESH_UNKNOWN_SERVICE, policy->in, server->span,
                  arena_printf(j->arena, "%.*s `%.*s` is for the Server `%.*s`, which the overlays do not hold",
                               STR_ARG(policy->in->kind), STR_ARG(policy->in->name), STR_ARG(server->name)));
    }
}

/* The first label of the selector that is the name of no chart; NULL where each may be one. */
static const struct mesh_label *find_stranger(const struct mesh_judge *j, const struct mesh_server *server) {
    for (uint32_t i = 0; i < server->selector.labels.len; i++) {
        const struct mesh_label *label = &server->selector.labels.items[i];
        const struct mesh_name name = {label->value, server->in->namespace, label->span};
        const struct mesh_chart *chart;
        if (label->kind == MESH_LABEL_NAME && mesh_service(j, &name, &chart) == MESH_NO) return label;
    }
    return NULL;
}

static bool may_have_pods(const struct mesh_judge *j, const struct mesh_server *server) {
    for (uint32_t i = 0; i < server->selector.labels.len; i++) {
        const struct mesh_label *label = &server->selector.labels.items[i];
        const struct mesh_name name = {label->value, server->in->namespace, label->span};
        const struct mesh_chart *chart;
        if (label->kind == MESH_LABEL_NAME && mesh_service(j, &name, &chart) == MESH_MAYBE) return true;
    }
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_chart *chart = j->mesh->charts.items[i];
        if (!mesh_same_namespace(server->in->namespace, chart->namespace)) continue;
        if (mesh_selects(j, &server->selector, chart) != MESH_NO) return true;
    }
    return false;
}

static void judge_pods(struct mesh_judge *j, const struct mesh_server *server) {
    if (!j->mesh->covers || !mesh_is_ours(j, server->in->namespace) || may_have_pods(j, server)) return;
    const struct mesh_label *stranger = find_stranger(j, server);
    struct str message = arena_printf(
        j->arena, "the podSelector of Server `%.*s` matches the pods of no chart: no chart has all of its labels",
        STR_ARG(server->in->name));
    if (stranger)
        message = arena_printf(j->arena,
                               "the podSelector of Server `%.*s` matches the pods of no chart: none is called `%.*s`",
                               STR_ARG(server->in->name), STR_ARG(stranger->value));
    struct mesh_finding *finding =
        mesh_find(j, j->settings, CHECK_MESH_NO_PODS, server->in, stranger ? stranger->span : server->span, message);
    if (finding && stranger) finding->finding.help = mesh_suggest(j, stranger->value);
}

/* A port of a Service that some layer prints. */
static bool prints_port(const struct mesh_objects *services, uint32_t number, const struct value **target) {
    for (uint32_t i = 0; i < services->len; i++) {
        const struct value *all = mesh_get(services->items[i]->root, "spec.ports");
        struct value_list ports = mesh_list(services->items[i]->root, "spec.ports");
        if (mesh_is_unknown(all)) return true;
        for (uint32_t k = 0; k < ports.len; k++) {
            const struct value *port = mesh_get(&ports.items[k], "port"), *to = mesh_get(&ports.items[k], "targetPort");
            if (mesh_is_unknown(port) || mesh_is_unknown(&ports.items[k]) || mesh_port_of(port) == number) return true;
            if (mesh_port_of(to) == number) *target = port;
        }
    }
    return false;
}

static struct str printed_ports(struct arena *a, const struct mesh_objects *services) {
    struct buf out = buf_in(a);
    struct value_list ports = mesh_list(services->items[0]->root, "spec.ports");
    for (uint32_t i = 0; i < ports.len; i++)
        buf_addf(&out, "%s%u",
                 i == 0               ? ""
                 : i + 1 == ports.len ? " and "
                                      : ", ",
                 mesh_port_of(mesh_get(&ports.items[i], "port")));
    return buf_str(&out);
}

/* The same as judge_port, by the Services that are printed. */
static void judge_printed_port(struct mesh_judge *j, const struct mesh_reference *reference,
                               const struct mesh_objects *services) {
    const struct value *target = NULL;
    struct arena *a = j->arena;
    if (!reference->port || prints_port(services, reference->port, &target)) return;
    struct mesh_finding *finding =
        mesh_find(j, j->settings, CHECK_MESH_PORT, reference->in, reference->port_span,
                  arena_printf(a, "%.*s `%.*s` names port %u of `%.*s`, whose Service has only %.*s",
                               STR_ARG(reference->in->kind), STR_ARG(reference->in->name), reference->port,
                               STR_ARG(reference->service.name), STR_ARG(printed_ports(a, services))));
    if (!finding) return;
    finding->finding.help = STR("name a port that the Service has, or give it this one");
    if (target)
        finding->finding.help =
            arena_printf(a, "did you mean `%u`? that is the port of the Service, and this one the targetPort behind it",
                         mesh_port_of(target));
    struct value_list ports = mesh_list(services->items[0]->root, "spec.ports");
    if (!target && ports.len == 1 && services->len == 1)
        finding->finding.help =
            arena_printf(a, "did you mean `%u`? it is the only port", mesh_port_of(mesh_get(&ports.items[0], "port")));
    mesh_relate_object(j, finding, services->items[0],
                       target      ? target
                       : ports.len ? mesh_get(&ports.items[0], "port")
                                   : NULL,
                       STR("this is the Service"));
}

/* A chart of that name prints Services, but none of that name. */
static void judge_unprinted(struct mesh_judge *j, uint32_t index, const struct mesh_chart *chart) {
    const struct mesh_reference *reference = &j->overlays->references.items[index];
    if (!j->mesh->covers || reference->may_be_new || reference->by_label || is_told(j, index)) return;
    if (mesh_may_be_unprinted(j, reference->service.name)) return;
    struct mesh_finding *finding = mesh_find(
        j, chart->settings, CHECK_MESH_UNKNOWN_SERVICE, reference->in, reference->service.span,
        arena_printf(j->arena, "%.*s `%.*s` is about `%.*s`, but the chart of that name prints no such Service",
                     STR_ARG(reference->in->kind), STR_ARG(reference->in->name), STR_ARG(reference->service.name)));
    const struct mesh_objects *services = mesh_of_kind(j, "", "Service");
    for (uint32_t i = 0; finding && i < services->len; i++)
        if (services->items[i]->chart == chart && finding->related_count == 0) {
            finding->finding.help = arena_printf(j->arena, "its Service is `%.*s`, in a release `%.*s`",
                                                 STR_ARG(services->items[i]->name), STR_ARG(chart->name));
            mesh_relate_object(j, finding, services->items[i], NULL, STR("this is its Service"));
        }
}

static void judge_reference(struct mesh_judge *j, uint32_t index) {
    const struct mesh_reference *reference = &j->overlays->references.items[index];
    struct str namespace = reference->service.namespace.len ? reference->service.namespace : j->namespace;
    const struct mesh_objects *services = mesh_named(j, "", "Service", reference->service.name, namespace);
    const struct mesh_chart *chart;
    if (reference->by_label && j->index->prints) return; /* mesh_selectors.c tells more */
    if (services->len) {
        judge_printed_port(j, reference, services);
        return;
    }
    if (mesh_named(j, "networking.istio.io", "ServiceEntry", reference->service.name, namespace)->len) return;
    enum mesh_match match = mesh_service(j, &reference->service, &chart);
    if (match == MESH_NO) judge_unknown(j, index);
    if (match != MESH_YES) return;
    if (chart->prints) judge_unprinted(j, index, chart);
    else if (reference->port) judge_port(j, reference, chart);
}

void mesh_judge_routes(struct mesh_judge *j) {
    const struct mesh_overlays *o = j->overlays;
    for (uint32_t i = 0; i < o->references.len; i++) judge_reference(j, i);
    for (uint32_t i = 0; i < o->policies.len; i++) judge_servers(j, &o->policies.items[i]);
    for (uint32_t i = 0; i < o->servers.len && !j->index->prints; i++) judge_pods(j, &o->servers.items[i]);
}
