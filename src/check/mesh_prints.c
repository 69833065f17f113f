/* From the documents of a render to copies that outlive it. Most of an object is of no interest to a mesh, and what is
 * left is a few hundred bytes; equal objects of several layers are one. */
#include "check/mesh_prints.h"

#include "base/ascii.h"
#include "base/path.h"

static const char UNKNOWN[1] = "";

bool mesh_is_unknown(const struct value *value) {
    return value && value->kind == VALUE_STRING && value->string.ptr == UNKNOWN;
}

struct copier {
    struct mesh_prints *prints;
    const struct object *object;
    uint64_t layer;
};

static bool is_unknown(const struct copier *c, struct span span) {
    const struct go_runs *runs = c->object->document->text->runs;
    for (uint32_t i = object_run_at(runs, span.start); runs && i < runs->count; i++) {
        if (i > 0 && runs->items[i - 1].end >= span.end) return false;
        if (runs->items[i].hole) return true;
    }
    return false;
}

/* The number of the place that printed `span`. */
static uint32_t place_of(const struct copier *c, struct span span) {
    struct mesh_prints *prints = c->prints;
    struct object_origin origin = object_origin(c->object->document->text, span);
    const struct go_site *site = origin.site;
    while (site && ((const struct template_source *)site->file)->path.len == 0) site = site->caller;
    if (!site) return 0;
    const struct template_source *source = site->file;
    struct span at = site == origin.site && span_len(origin.within) ? origin.within : span_make(site->start, site->end);
    struct mesh_print_place place = {path_normalize(prints->arena, source->path), (uint32_t)source->text.len, at};
    for (uint32_t i = prints->places.len; i-- > 0 && prints->places.len - i < 8;) {
        const struct mesh_print_place *last = &prints->places.items[i];
        if (last->span.start == at.start && last->span.end == at.end && str_eq(last->path, place.path)) return i + 1;
    }
    vec_push(prints->arena, &prints->places, place);
    return prints->places.len;
}

/* Keys below which nothing is of interest to a mesh. */
static bool is_left_out(struct str key) {
    static const char *const KEYS[] = {"env",      "envFrom",     "volumes",   "volumeMounts", "resources",
                                       "affinity", "tolerations", "args",      "command",      "status",
                                       "data",     "stringData",  "binaryData"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        if (str_eq(key, str_from(KEYS[i]))) return true;
    return false;
}

static struct value copy(const struct copier *c, const struct value *from, bool whole);

static struct value copy_map(const struct copier *c, const struct value *from, bool whole) {
    struct value to = value_map_new(c->prints->arena, from->map.len);
    for (uint32_t i = 0; i < from->map.len; i++) {
        const struct member *member = &from->map.members[i];
        bool found;
        if ((!whole && is_left_out(member->key)) || is_unknown(c, member->key_span)) continue;
        struct member *put = value_map_put(&to, arena_str(c->prints->arena, member->key), &found);
        put->value = copy(c, &member->value, whole);
        if (put->value.node == 0) put->value.node = place_of(c, member->key_span);
    }
    return to;
}

static struct value copy(const struct copier *c, const struct value *from, bool whole) {
    struct arena *a = c->prints->arena;
    struct value to = *from;
    bool scalar = from->kind != VALUE_MAP && from->kind != VALUE_LIST;
    if (from->kind == VALUE_MAP) to = copy_map(c, from, whole);
    if (from->kind == VALUE_LIST && from->list.len) {
        to.list.items = arena_array(a, struct value, from->list.len);
        for (uint32_t i = 0; i < from->list.len; i++) to.list.items[i] = copy(c, &from->list.items[i], whole);
    }
    if (from->kind == VALUE_STRING) to.string = arena_str(a, from->string);
    if (scalar && span_len(from->span) && is_unknown(c, from->span)) {
        to.kind = VALUE_STRING;
        to.string = (struct str){UNKNOWN, 0};
    }
    to.node = scalar && span_len(from->span) ? place_of(c, from->span) : 0;
    to.span = (struct span){0, 0};
    return to;
}

/* ---- services that texts name ---- */

static bool is_host_byte(char c) {
    return ascii_is_alnum(c) || c == '-' || c == '.';
}

static bool is_service_name(struct str s) {
    bool ok = s.len > 0 && s.len <= 63 && ascii_is_alpha(s.ptr[0]) && s.ptr[s.len - 1] != '-';
    for (size_t i = 0; i < s.len; i++)
        ok = ok && (s.ptr[i] == '-' || ascii_is_digit(s.ptr[i]) || (s.ptr[i] >= 'a' && s.ptr[i] <= 'z'));
    return ok;
}

static void add_call(const struct copier *c, struct mesh_call call) {
    struct mesh_prints *prints = c->prints;
    for (uint32_t i = 0; i < prints->calls.len; i++) {
        struct mesh_call *old = &prints->calls.items[i];
        if (!str_eq(old->name, call.name) || !str_eq(old->namespace, call.namespace) || old->port != call.port)
            continue;
        old->layers |= call.layers;
        return;
    }
    call.name = arena_str(prints->arena, call.name);
    call.namespace = arena_str(prints->arena, call.namespace);
    vec_push(prints->arena, &prints->calls, call);
}

/* A host as URLs and `HOST:PORT` have it: NAME, NAME.NAMESPACE, NAME.NAMESPACE.svc and what follows. */
static bool read_host(struct str host, struct mesh_call *call) {
    struct str rest = host, svc = STR("svc");
    if (!str_split_next(&rest, '.', &call->name) || !is_service_name(call->name)) return false;
    if (str_split_next(&rest, '.', &call->namespace)) {
        if (!is_service_name(call->namespace)) return false;
        str_split_next(&rest, '.', &svc);
    }
    return str_eq(svc, STR("svc"));
}

/* Whether a host begins at `at` that is meant as one: behind `//` or `@`, or at the start of an item. */
static bool begins_host(struct str text, size_t at) {
    if (at == 0) return true;
    char before = text.ptr[at - 1];
    return before == '@' || before == ',' || before == ' ' || before == '"' || before == '\'' || before == '=' ||
           before == '\n' || (before == '/' && at > 1 && text.ptr[at - 2] == '/');
}

static void find_calls(const struct copier *c, const struct value *value) {
    struct str text = value->string;
    for (size_t at = 0; at < text.len; at++) {
        size_t end = at, digits;
        struct mesh_call call = {.namespace = STR(""), .layers = c->layer};
        if (!is_host_byte(text.ptr[at])) continue;
        while (end < text.len && is_host_byte(text.ptr[end])) end++;
        for (digits = end + 1; digits < text.len && ascii_is_digit(text.ptr[digits]); digits++)
            call.port = call.port * 10 + (uint32_t)(text.ptr[digits] - '0');
        bool has_port = end < text.len && text.ptr[end] == ':' && digits > end + 1 && digits - end < 7;
        bool url = at > 1 && text.ptr[at - 1] == '/' && text.ptr[at - 2] == '/';
        if (!has_port) call.port = 0;
        struct str host = str_slice(text, at, end);
        bool named = str_find(host, STR(".svc")) < host.len || has_port || url;
        if (begins_host(text, at) && named && read_host(host, &call)) {
            call.place = place_of(c, value->span);
            add_call(c, call);
        }
        at = end;
    }
}

static void walk_texts(const struct copier *c, const struct value *value) {
    if (value->kind == VALUE_STRING && !is_unknown(c, value->span)) find_calls(c, value);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++)
        walk_texts(c, &value->map.members[i].value);
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++) walk_texts(c, &value->list.items[i]);
}

/* ---- objects ---- */

enum keep { KEEP_NOT, KEEP_NAME, KEEP_PARTS, KEEP_ALL };

static const struct {
    const char *api, *kind; /* NULL: any of the group */
    enum keep keep;
    bool calls; /* its texts may name services */
} KINDS[] = {
    {"v1", "Service", KEEP_PARTS, false},
    {"v1", "ServiceAccount", KEEP_NAME, false},
    {"v1", "Pod", KEEP_PARTS, true},
    {"v1", "Namespace", KEEP_PARTS, false},
    {"v1", "Secret", KEEP_NAME, false},
    {"v1", "ConfigMap", KEEP_NAME, true},
    {"apps/", NULL, KEEP_PARTS, true},
    {"batch/", NULL, KEEP_PARTS, true},
    {"networking.istio.io/", NULL, KEEP_ALL, false},
    {"security.istio.io/", NULL, KEEP_ALL, false},
    {"telemetry.istio.io/", NULL, KEEP_ALL, false},
    {"extensions.istio.io/", NULL, KEEP_ALL, false},
    {"policy.linkerd.io/", NULL, KEEP_ALL, false},
    {"linkerd.io/", NULL, KEEP_ALL, false},
    {"gateway.networking.k8s.io/", NULL, KEEP_ALL, false},
    {"monitoring.coreos.com/", NULL, KEEP_ALL, false},
    {"split.smi-spec.io/", NULL, KEEP_ALL, false},
};

static void add_object(struct copier *c, enum keep keep, bool is_hook) {
    struct mesh_prints *prints = c->prints;
    struct value root = *c->object->root, name;
    bool found;
    if (keep == KEEP_NAME) {
        name = value_map_new(prints->arena, 4);
        static const char *const HEADS[] = {"apiVersion", "kind", "type", "metadata"};
        for (size_t i = 0; i < sizeof HEADS / sizeof *HEADS; i++) {
            const struct member *member = value_member(&root, str_from(HEADS[i]));
            if (member) *value_map_put(&name, member->key, &found) = *member;
        }
        root = name;
    }
    root = copy(c, &root, keep == KEEP_ALL || is_hook);
    for (uint32_t i = 0; i < prints->objects.len; i++) {
        struct mesh_print *old = &prints->objects.items[i];
        if (old->is_hook != is_hook || !value_equal(&old->root, &root)) continue;
        old->layers |= c->layer;
        return;
    }
    vec_push(prints->arena, &prints->objects, (struct mesh_print){root, c->layer, is_hook});
}

static void add_document(struct mesh_prints *prints, const struct manifest *manifest, uint64_t layer) {
    struct object_document *document = arena_new(prints->arena, struct object_document);
    struct objects objects = {NULL, 0, 0};
    if (!object_read(prints->arena, &manifest->text, document, &objects)) {
        prints->partial = true;
        return;
    }
    for (uint32_t i = 0; i < objects.len; i++) {
        struct copier c = {prints, &objects.items[i], layer};
        for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
            struct str api = str_from(KINDS[k].api);
            bool same = KINDS[k].kind
                            ? str_eq(c.object->api_version, api) && str_eq(c.object->kind, str_from(KINDS[k].kind))
                            : str_starts(c.object->api_version, api);
            if (!same) continue;
            add_object(&c, KINDS[k].keep, manifest->is_hook);
            if (KINDS[k].calls) walk_texts(&c, c.object->root);
        }
    }
}

void mesh_prints_add(struct mesh_prints *prints, struct str name, const struct manifests *manifests,
                     const struct manifests *hooks) {
    if (prints->layers.len == MESH_LAYERS_MAX) return;
    uint64_t layer = UINT64_C(1) << prints->layers.len;
    vec_push(prints->arena, &prints->layers, name);
    for (uint32_t i = 0; i < manifests->len; i++) add_document(prints, &manifests->items[i], layer);
    for (uint32_t i = 0; i < hooks->len; i++) add_document(prints, &hooks->items[i], layer);
}

/* ---- copies for the run ---- */

static struct value copy_value(struct arena *a, const struct value *from) {
    struct value to = *from;
    bool found;
    if (from->kind == VALUE_STRING && !mesh_is_unknown(from)) to.string = arena_str(a, from->string);
    if (from->kind == VALUE_LIST && from->list.len) {
        to.list.items = arena_array(a, struct value, from->list.len);
        for (uint32_t i = 0; i < from->list.len; i++) to.list.items[i] = copy_value(a, &from->list.items[i]);
    }
    if (from->kind != VALUE_MAP) return to;
    to = value_map_new(a, from->map.len);
    to.node = from->node;
    for (uint32_t i = 0; i < from->map.len; i++) {
        struct member *put = value_map_put(&to, arena_str(a, from->map.members[i].key), &found);
        put->value = copy_value(a, &from->map.members[i].value);
    }
    return to;
}

const struct mesh_prints *mesh_prints_copy(struct arena *a, const struct mesh_prints *from) {
    struct mesh_prints *to = arena_new(a, struct mesh_prints);
    *to = (struct mesh_prints){.arena = a, .partial = from->partial};
    for (uint32_t i = 0; i < from->layers.len; i++) vec_push(a, &to->layers, arena_str(a, from->layers.items[i]));
    for (uint32_t i = 0; i < from->places.len; i++) {
        struct mesh_print_place place = from->places.items[i];
        bool same = i > 0 && str_eq(place.path, from->places.items[i - 1].path);
        place.path = same ? to->places.items[i - 1].path : arena_str(a, place.path);
        vec_push(a, &to->places, place);
    }
    for (uint32_t i = 0; i < from->objects.len; i++) {
        const struct mesh_print *print = &from->objects.items[i];
        vec_push(a, &to->objects, (struct mesh_print){copy_value(a, &print->root), print->layers, print->is_hook});
    }
    for (uint32_t i = 0; i < from->calls.len; i++) {
        struct mesh_call call = from->calls.items[i];
        call.name = arena_str(a, call.name);
        call.namespace = arena_str(a, call.namespace);
        vec_push(a, &to->calls, call);
    }
    return to;
}
