/* A field is named so that the same one of two charts has the same name, and two that mean different things have
 * different ones:
 *
 *     Pod.spec.containers[0].imagePullPolicy         pods are one thing, whatever makes them: a Deployment, a CronJob
 *     Workload.spec.replicas                         so are the kinds that keep pods running
 *     Pod.spec.containers[0].ports[http].name        an item of a list by the name that its template writes out,
 *     Service.spec.ports[0].port                     else by its place; the first container is the chart's own
 *
 * What holds names of its own under each chart (labels, annotations, data) is no field, nor are words of a command and
 * variables whose name the chart takes from elsewhere. */
#include "infer/field.h"

#include "object/object.h"

/* Parts that objects of several kinds have: each path as it is by then, and the name that it gets. */
static const struct {
    struct str path, name;
} SHARED[] = {
    {STR_INIT("CronJob.spec.jobTemplate"), STR_INIT("Job")},  {STR_INIT("Job.spec.template"), STR_INIT("Pod")},
    {STR_INIT("Deployment.spec"), STR_INIT("Workload.spec")}, {STR_INIT("StatefulSet.spec"), STR_INIT("Workload.spec")},
    {STR_INIT("DaemonSet.spec"), STR_INIT("Workload.spec")},  {STR_INIT("Workload.spec.template"), STR_INIT("Pod")},
};

/* Mappings whose keys are anybody's. */
static const char *const FREE[] = {"labels",      "annotations",  "data",        "stringData",
                                   "binaryData",  "nodeSelector", "matchLabels", "selector",
                                   "podSelector", "args",         "command"};

struct walk {
    struct arena *arena;
    const struct object *object;
    struct field_uses *uses;
};

static bool is_free(struct str key) {
    for (size_t i = 0; i < sizeof FREE / sizeof *FREE; i++)
        if (str_eq(key, str_from(FREE[i]))) return true;
    return false;
}

static struct str shared_name(struct str path) {
    for (size_t i = 0; i < sizeof SHARED / sizeof *SHARED; i++)
        if (str_eq(path, SHARED[i].path)) return SHARED[i].name;
    return path;
}

/* The values that the bytes `span` of the document show, and whether they show nothing else. */
static const struct go_paths *paths_of(const struct walk *w, struct span span, bool *alone) {
    const struct go_value *text = w->object->document->text;
    const struct go_paths *found = NULL;
    uint32_t run = object_run_at(text->runs, span.start);
    uint32_t from = run > 0 ? text->runs->items[run - 1].end : 0;
    *alone = true;
    for (; text->runs && run < text->runs->count && from < span.end; run++) {
        const struct go_run *at = &text->runs->items[run];
        uint32_t start = from > span.start ? from : span.start, end = at->end < span.end ? at->end : span.end;
        struct str bytes = str_slice(text->text, start, end);
        bool quotes = str_eq(bytes, STR("\"")) || str_eq(bytes, STR("'"));
        from = at->end;
        if (bytes.len == 0 || (!at->paths && quotes)) continue;
        if (!at->paths || at->hole || at->paths->count != 1 || at->paths->more) *alone = false;
        if (found && at->paths != found) *alone = false;
        if (at->paths) found = at->paths;
    }
    return found;
}

static void add_leaf(const struct walk *w, const struct value *leaf, struct str field) {
    bool alone;
    const struct go_paths *paths = paths_of(w, leaf->span, &alone);
    for (uint32_t i = 0; paths && i < paths->count; i++)
        vec_push(w->arena, w->uses, (struct field_use){paths->items[i], field, alone});
}

/* The name of a list's item, where the template writes it out. */
static struct str literal_name(const struct walk *w, const struct value *item) {
    const struct value *name = value_get(item, STR("name"));
    if (!name || name->kind != VALUE_STRING) return STR("");
    struct object_origin origin = object_origin(w->object->document->text, name->span);
    return origin.site && !origin.values && span_len(origin.within) ? name->string : STR("");
}

/* The name of the `index`th item of the list `field`; empty where it means something else in every chart. */
static struct str item_name(const struct walk *w, const struct value *item, struct str field, uint32_t index) {
    struct str name = literal_name(w, item);
    bool own = str_ends(field, STR(".containers")) && index == 0;
    if (name.len && !own) return arena_printf(w->arena, "%.*s[%.*s]", STR_ARG(field), STR_ARG(name));
    if (str_ends(field, STR(".env"))) return STR("");
    return arena_printf(w->arena, "%.*s[%u]", STR_ARG(field), index);
}

static void walk(const struct walk *w, const struct value *value, struct str field) {
    struct arena *a = w->arena;
    if (value->kind == VALUE_MAP) {
        for (uint32_t i = 0; i < value->map.len; i++) {
            const struct member *member = &value->map.members[i];
            if (is_free(member->key)) continue;
            struct str below = arena_printf(a, "%.*s.%.*s", STR_ARG(field), STR_ARG(member->key));
            walk(w, &member->value, shared_name(below));
        }
    } else if (value->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < value->list.len; i++) {
            struct str name = item_name(w, &value->list.items[i], field, i);
            if (name.len) walk(w, &value->list.items[i], name);
        }
    } else if (span_len(value->span)) {
        add_leaf(w, value, field);
    }
}

static void collect(struct arena *a, const struct manifests *manifests, struct field_uses *uses) {
    for (uint32_t i = 0; i < manifests->len; i++) {
        struct object_document *document = arena_new(a, struct object_document);
        struct objects objects = {NULL, 0, 0};
        if (!object_read(a, &manifests->items[i].text, document, &objects)) continue;
        for (uint32_t k = 0; k < objects.len; k++) {
            struct walk w = {a, &objects.items[k], uses};
            walk(&w, objects.items[k].root, objects.items[k].kind);
        }
    }
}

void field_collect(struct arena *a, const struct render_result *result, struct field_uses *uses) {
    collect(a, &result->manifests, uses);
}
