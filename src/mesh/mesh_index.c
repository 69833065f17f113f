#include "mesh/mesh_index.h"

#include "base/fuzzy.h"
#include "mesh/mesh_read.h"

static const struct mesh_objects NONE;

static struct str key_of(struct arena *a, struct str group, struct str kind) {
    return arena_printf(a, "%.*s/%.*s", STR_ARG(group), STR_ARG(kind));
}

static void add_to(struct arena *a, struct map *map, struct str key, const struct mesh_object *object) {
    struct mesh_objects *list = map_get(map, key);
    if (!list) {
        list = arena_new(a, struct mesh_objects);
        map_put(a, map, key, list);
    }
    vec_push(a, list, object);
}

/* The metadata and the spec of a workload's pods. */
static bool find_template(const struct mesh_object *o, struct mesh_pod *pod) {
    const char *path = "";
    if (str_eq(o->kind, STR("CronJob"))) path = "spec.jobTemplate.spec.template";
    else if (str_eq(o->group, STR("apps")) || str_eq(o->group, STR("batch"))) path = "spec.template";
    else if (o->group.len || !str_eq(o->kind, STR("Pod"))) return false;
    const struct value *template = path[0] ? mesh_get(o->root, path) : o->root;
    *pod = (struct mesh_pod){o, value_get(template, STR("metadata")), value_get(template, STR("spec"))};
    return pod->spec != NULL;
}

static void blame(struct mesh_judge *j, const struct mesh_object *object) {
    if (str_eq(object->group, STR("security.istio.io"))) j->blamed[MESH_ISTIO] = true;
    if (str_eq(object->group, STR("policy.linkerd.io"))) j->blamed[MESH_LINKERD] = true;
}

static void add_object(struct mesh_judge *j, struct mesh_index *index, const struct mesh_object *from) {
    struct arena *a = j->arena;
    struct mesh_object *o = arena_new(a, struct mesh_object);
    struct mesh_pod pod;
    *o = *from;
    struct str version = mesh_text(o->root, "apiVersion"), named = mesh_text(o->root, "metadata.namespace");
    size_t slash = str_find_char(version, '/');
    o->group = slash < version.len ? str_slice(version, 0, slash) : STR("");
    o->kind = mesh_text(o->root, "kind");
    o->name = mesh_text(o->root, "metadata.name");
    o->namespace = named.len ? named : o->chart ? o->chart->namespace : j->namespace;
    if (o->spoilt) blame(j, o);
    bool labelled = value_get(mesh_get(o->root, "metadata.labels"), STR("istio-injection"));
    index->has_istio = index->has_istio || labelled || str_ends(o->group, STR("istio.io"));
    o->order = index->objects.len;
    vec_push(a, &index->objects, o);
    struct str kind = key_of(a, o->group, o->kind);
    add_to(a, &index->by_kind, kind, o);
    add_to(a, &index->by_name,
           arena_printf(a, "%.*s %.*s/%.*s", STR_ARG(kind), STR_ARG(o->namespace), STR_ARG(o->name)), o);
    if (!find_template(o, &pod)) return;
    vec_push(a, &index->pods, pod);
}

void mesh_index_build(struct mesh_judge *j, struct mesh_index *index) {
    for (uint32_t i = 0; i < j->overlays->objects.len; i++) {
        const struct mesh_manifest_object *of = &j->overlays->objects.items[i];
        add_object(
            j, index,
            &(struct mesh_object){.in = of->in, .root = of->object.root, .layers = UINT64_MAX, .spoilt = j->spoilt[i]});
    }
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_chart *chart = j->mesh->charts.items[i];
        index->prints = index->prints || chart->prints;
        for (uint32_t k = 0; chart->prints && k < chart->prints->objects.len; k++) {
            const struct mesh_print *print = &chart->prints->objects.items[k];
            add_object(j, index,
                       &(struct mesh_object){
                           .chart = chart, .root = &print->root, .layers = print->layers, .is_hook = print->is_hook});
        }
    }
    mesh_index_pods(j, index);
}

const struct mesh_objects *mesh_of_kind(const struct mesh_judge *j, const char *group, const char *kind) {
    const struct mesh_objects *list = map_get(&j->index->by_kind, key_of(j->arena, str_from(group), str_from(kind)));
    return list ? list : &NONE;
}

const struct mesh_objects *mesh_named(const struct mesh_judge *j, const char *group, const char *kind, struct str name,
                                      struct str namespace) {
    struct str key = arena_printf(j->arena, "%s/%s %.*s/%.*s", group, kind, STR_ARG(namespace), STR_ARG(name));
    const struct mesh_objects *list = map_get(&j->index->by_name, key);
    return list ? list : &NONE;
}

struct str mesh_suggest_of(const struct mesh_judge *j, const char *group, const char *kind, struct str name,
                           struct str namespace) {
    const struct mesh_objects *all = mesh_of_kind(j, group, kind);
    struct str *names = arena_array(j->arena, struct str, all->len + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->len; i++)
        if (str_eq(all->items[i]->namespace, namespace)) names[count++] = all->items[i]->name;
    struct str nearest = fuzzy_nearest(name, names, count);
    return nearest.len ? arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest)) : STR("");
}

const struct mesh_objects *mesh_services_of(const struct mesh_judge *j, const struct value *host, struct str namespace,
                                            struct mesh_name *service) {
    struct mesh_manifest in = {.namespace = namespace};
    struct mesh_overlays records = {.arena = j->arena};
    struct mesh_reader reader = {&records, &in};
    if (mesh_is_unknown(host) || !mesh_host(&reader, host, service)) return NULL;
    return mesh_named(j, "", "Service", service->name, service->namespace);
}

/* ---- what is not known ---- */

static bool contains(struct str text, struct str part) {
    return part.len > 0 && str_find(text, part) < text.len;
}

/* RELEASE-CHART: what a chart prints in a release of another name than its own. */
static bool may_be_of_release(const struct mesh_judge *j, struct str name) {
    for (size_t i = 1; i + 1 < name.len; i++)
        if (name.ptr[i] == '-' && map_get(&j->mesh->by_name, str_slice(name, i + 1, name.len))) return true;
    return false;
}

bool mesh_may_be_unprinted(const struct mesh_judge *j, struct str name) {
    const struct mesh_chart *known = map_get(&j->mesh->by_name, name);
    if (!known && (map_get(&j->mesh->services, name) || may_be_of_release(j, name))) return true;
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_chart *chart = j->mesh->charts.items[i];
        if (chart->prints && !chart->prints->partial) continue;
        if (contains(name, chart->name) || contains(name, chart->other_names[0]) ||
            contains(name, chart->other_names[1]))
            return true;
    }
    return false;
}

bool mesh_any_may_be_unprinted(const struct mesh_judge *j, const struct value *labels) {
    bool any = false;
    for (uint32_t i = 0; labels && labels->kind == VALUE_MAP && i < labels->map.len; i++) {
        const struct value *value = &labels->map.members[i].value;
        any = any || (value->kind == VALUE_STRING && mesh_may_be_unprinted(j, value->string));
    }
    return any;
}

bool mesh_knows_namespace(const struct mesh_judge *j, struct str namespace) {
    return j->mesh->covers && j->index->prints && mesh_is_ours(j, namespace);
}

/* ---- findings ---- */

/* The place of a value that a chart prints: its own, else that of the object's name or kind. */
static bool find_print_place(struct mesh_judge *j, const struct mesh_object *object, const struct value *at,
                             struct mesh_place *place) {
    const struct value *tries[] = {at, mesh_get(object->root, "metadata.name"), mesh_get(object->root, "kind")};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        if (!tries[i] || tries[i]->node == 0) continue;
        const struct mesh_print_place *of = &object->chart->prints->places.items[tries[i]->node - 1];
        struct mesh_text *text = arena_new(j->arena, struct mesh_text);
        *text = (struct mesh_text){of->path, of->length};
        *place = (struct mesh_place){text, of->span};
        return true;
    }
    return false;
}

static struct mesh_finding *report(struct mesh_judge *j, enum builtin_check check, const struct mesh_object *object,
                                   const struct value *at, struct str message) {
    struct mesh_place place;
    if (object->in) {
        struct span span = at && span_len(at->span) ? at->span : object->in->span;
        return mesh_find(j, j->settings, check, object->in, span, message);
    }
    return find_print_place(j, object, at, &place) ? mesh_find_in_values(j, object->chart, check, &place, message)
                                                   : NULL;
}

struct mesh_finding *mesh_report(struct mesh_judge *j, enum builtin_check check, const struct mesh_object *object,
                                 const struct value *at, struct str message) {
    struct mesh_finding *finding = report(j, check, object, at, message);
    bool means_more = check != CHECK_MESH_EXEMPTION; /* what it says of one port is not what others follow from */
    if (finding && finding->finding.severity > SEVERITY_INFO && means_more) blame(j, object);
    return finding;
}

void mesh_say(struct mesh_judge *j, enum builtin_check check, const struct mesh_object *object, const struct value *at,
              struct str what, const char *help) {
    struct str message =
        arena_printf(j->arena, "%.*s `%.*s` %.*s", STR_ARG(object->kind), STR_ARG(object->name), STR_ARG(what));
    struct mesh_finding *finding = mesh_report(j, check, object, at, message);
    if (finding) finding->finding.help = str_from(help);
}

void mesh_relate_object(struct mesh_judge *j, struct mesh_finding *finding, const struct mesh_object *object,
                        const struct value *at, struct str message) {
    struct mesh_place *place = arena_new(j->arena, struct mesh_place);
    if (!finding) return;
    if (!object->in) {
        if (find_print_place(j, object, at, place)) mesh_relate(finding, place, message);
        return;
    }
    struct mesh_text *text = arena_new(j->arena, struct mesh_text);
    const struct mesh_file *file = &j->overlays->files.items[object->in->file];
    *text = (struct mesh_text){file->path, file->text_length};
    *place = (struct mesh_place){text, at && span_len(at->span) ? at->span : object->in->span};
    mesh_relate(finding, place, message);
}

void mesh_run_rules(struct mesh_judge *j, const struct mesh_rule *rules, size_t count) {
    for (size_t r = 0; r < count; r++) {
        const struct mesh_objects *objects = mesh_of_kind(j, rules[r].group, rules[r].kind);
        for (uint32_t i = 0; i < objects->len; i++)
            if (!objects->items[i]->spoilt) rules[r].check(j, objects->items[i]);
    }
}
