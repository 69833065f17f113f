#include "mesh/mesh_judge.h"

#include "base/fuzzy.h"

static struct mesh_finding *add(struct mesh_judge *j, struct mesh_outcome *file, const struct settings *settings,
                                enum builtin_check which, struct span span, struct str message) {
    const struct check *check = j->mesh->checks->by[which];
    enum severity severity = settings->severity[check->index];
    if (!settings->enabled[check->index] || severity < settings->lowest) return NULL;
    struct finding finding = {
        .check = check, .severity = severity, .span = span, .message = message, .rank = file->findings.len};
    vec_push(j->arena, &file->findings, (struct mesh_finding){.finding = finding});
    return &file->findings.items[file->findings.len - 1];
}

struct mesh_finding *mesh_find(struct mesh_judge *j, const struct settings *settings, enum builtin_check check,
                               const struct mesh_manifest *in, struct span span, struct str message) {
    return add(j, &j->files[in->file], settings, check, span, message);
}

struct mesh_finding *mesh_find_in_values(struct mesh_judge *j, const struct mesh_chart *chart, enum builtin_check check,
                                         const struct mesh_place *place, struct str message) {
    struct mesh_outcome *file = map_get(&j->values, place->text->path);
    if (!file) {
        file = arena_new(j->arena, struct mesh_outcome);
        *file =
            (struct mesh_outcome){.path = place->text->path, .chart = chart->name, .text_length = place->text->length};
        map_put(j->arena, &j->values, file->path, file);
    }
    return add(j, file, chart->settings, check, place->span, message);
}

void mesh_relate(struct mesh_finding *finding, const struct mesh_place *place, struct str message) {
    if (!finding || !place->text || finding->related_count == MESH_PLACES_MOST) return;
    finding->related[finding->related_count++] = (struct mesh_related){place, message};
}

bool mesh_same_namespace(struct str named, struct str namespace) {
    return named.len == 0 || str_eq(named, namespace);
}

bool mesh_is_ours(const struct mesh_judge *j, struct str named) {
    return named.len == 0 || map_get(&j->mesh->namespaces, named);
}

const struct mesh_chart *mesh_next(const struct mesh_chart *chart, const struct mesh_name *service) {
    while (chart && !mesh_same_namespace(service->namespace, chart->namespace)) chart = chart->same_name;
    return chart;
}

/* The platform's templates call a service after its release and its chart: RELEASE-CHART. */
static bool may_be_of_release(const struct mesh_judge *j, struct str name) {
    for (size_t i = 1; i + 1 < name.len; i++)
        if (name.ptr[i] == '-' && map_get(&j->mesh->by_name, str_slice(name, i + 1, name.len))) return true;
    return false;
}

enum mesh_match mesh_service(const struct mesh_judge *j, const struct mesh_name *service,
                             const struct mesh_chart **chart) {
    *chart = mesh_next(map_get(&j->mesh->by_name, service->name), service);
    if (*chart) return MESH_YES;
    if (map_get(&j->mesh->services, service->name) || may_be_of_release(j, service->name)) return MESH_MAYBE;
    return MESH_NO;
}

bool mesh_is_called(const struct mesh_chart *chart, struct str name) {
    return str_eq(chart->name, name) ||
           (name.len && (str_eq(chart->other_names[0], name) || str_eq(chart->other_names[1], name)));
}

/* Whether `name` is that of the chart in a release. */
static bool ends_with_name(const struct mesh_chart *chart, struct str name) {
    return str_ends(name, chart->name) && name.len > chart->name.len && name.ptr[name.len - chart->name.len - 1] == '-';
}

static enum mesh_match match_label(const struct mesh_judge *j, const struct mesh_label *label,
                                   const struct mesh_chart *chart) {
    if (mesh_is_called(chart, label->value)) return MESH_YES;
    if (label->kind == MESH_LABEL_INSTANCE) /* the name of a release, which may be any other than a chart's */
        return map_get(&j->mesh->by_name, label->value) ? MESH_NO : MESH_MAYBE;
    if (map_get(&j->mesh->by_name, label->value)) return MESH_NO;
    return ends_with_name(chart, label->value) ? MESH_MAYBE : MESH_NO;
}

enum mesh_match mesh_selects(const struct mesh_judge *j, const struct mesh_selector *selector,
                             const struct mesh_chart *chart) {
    enum mesh_match match = selector->other && selector->labels.len == 0 ? MESH_MAYBE : MESH_YES;
    for (uint32_t i = 0; i < selector->labels.len; i++) {
        enum mesh_match label = match_label(j, &selector->labels.items[i], chart);
        if (label < match) match = label;
    }
    return match;
}

struct str mesh_suggest(const struct mesh_judge *j, struct str name) {
    uint32_t count = j->mesh->charts.len;
    struct str *names = arena_array(j->arena, struct str, count);
    for (uint32_t i = 0; i < count; i++) names[i] = j->mesh->charts.items[i]->name;
    struct str nearest = fuzzy_nearest(name, names, count);
    return nearest.len ? arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest)) : STR("");
}

struct str mesh_chart_names(struct arena *a, const struct mesh_chart *const *charts, uint32_t count) {
    struct str *names = arena_array(a, struct str, count);
    for (uint32_t i = 0; i < count; i++) names[i] = charts[i]->name;
    return reporter_list(a, names, count, MESH_PLACES_MOST);
}
