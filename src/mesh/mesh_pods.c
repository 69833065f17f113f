/* Pods, and which of them a selector selects. Of a thousand pods few have a label: they are found by it. */
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

/* ---- selectors ---- */

static enum mesh_match least(enum mesh_match a, enum mesh_match b) {
    return a < b ? a : b;
}

static enum mesh_match match_label(struct str key, const struct value *wanted, const struct value *labels) {
    if (mesh_is_unknown(labels) || mesh_is_unknown(wanted)) return MESH_MAYBE;
    const struct value *label = value_get(labels, key);
    if (mesh_is_unknown(label)) return MESH_MAYBE;
    bool release = str_eq(key, STR("app.kubernetes.io/instance")) || str_eq(key, STR("release"));
    if (release && label && wanted->kind == VALUE_STRING) return MESH_YES; /* a release may have any name */
    return label && value_equal(label, wanted) ? MESH_YES : MESH_NO;
}

enum mesh_match mesh_match_labels(const struct value *wanted, const struct value *labels) {
    enum mesh_match match = mesh_is_unknown(wanted) ? MESH_MAYBE : MESH_YES;
    for (uint32_t i = 0; wanted && wanted->kind == VALUE_MAP && i < wanted->map.len; i++)
        match = least(match, match_label(wanted->map.members[i].key, &wanted->map.members[i].value, labels));
    return match;
}

static enum mesh_match match_expression(const struct value *expression, const struct value *labels) {
    struct str how = mesh_text(expression, "operator"), key = mesh_text(expression, "key");
    struct value_list values = mesh_list(expression, "values");
    const struct value *label = value_get(labels, key);
    enum mesh_match in = MESH_NO;
    if (mesh_is_unknown(labels) || mesh_is_unknown(label)) return MESH_MAYBE;
    for (uint32_t i = 0; i < values.len; i++)
        if (label && (mesh_is_unknown(&values.items[i]) || value_equal(label, &values.items[i]))) in = MESH_YES;
    if (str_eq(how, STR("In"))) return in;
    if (str_eq(how, STR("NotIn"))) return in == MESH_YES ? MESH_NO : MESH_YES;
    if (str_eq(how, STR("Exists"))) return label ? MESH_YES : MESH_NO;
    if (str_eq(how, STR("DoesNotExist"))) return label ? MESH_NO : MESH_YES;
    return MESH_MAYBE;
}

enum mesh_match mesh_match_selector(const struct value *selector, const struct value *labels) {
    struct value_list expressions = mesh_list(selector, "matchExpressions");
    enum mesh_match match = mesh_is_unknown(selector) ? MESH_MAYBE : MESH_YES;
    match = least(match, mesh_match_labels(mesh_get(selector, "matchLabels"), labels));
    for (uint32_t i = 0; i < expressions.len; i++)
        match = least(match, match_expression(&expressions.items[i], labels));
    return match;
}

/* ---- by label ---- */

static struct str label_key(struct arena *a, struct str key, struct str value) {
    return arena_printf(a, "%.*s=%.*s", STR_ARG(key), STR_ARG(value));
}

void mesh_index_pods(struct mesh_judge *j, struct mesh_index *index) {
    for (uint32_t i = 0; i < index->pods.len; i++) {
        const struct mesh_pod *pod = &index->pods.items[i];
        const struct value *labels = mesh_pod_labels(pod);
        bool unsure = mesh_is_unknown(labels);
        vec_push(j->arena, &index->all_pods, pod);
        for (uint32_t k = 0; labels && labels->kind == VALUE_MAP && k < labels->map.len; k++) {
            const struct value *value = &labels->map.members[k].value;
            unsure = unsure || mesh_is_unknown(value) || value->kind != VALUE_STRING;
            if (value->kind != VALUE_STRING || mesh_is_unknown(value)) continue;
            struct str key = label_key(j->arena, labels->map.members[k].key, value->string);
            struct mesh_pods *list = map_get(&index->by_label, key);
            if (!list) {
                list = arena_new(j->arena, struct mesh_pods);
                map_put(j->arena, &index->by_label, key, list);
            }
            vec_push(j->arena, list, pod);
        }
        if (unsure) vec_push(j->arena, &index->unsure_pods, pod);
    }
}

const struct mesh_pods *mesh_candidates(const struct mesh_judge *j, const struct value *selector, bool plain) {
    const struct value *labels = plain ? selector : mesh_get(selector, "matchLabels");
    const struct mesh_index *index = j->index;
    for (uint32_t k = 0; labels && labels->kind == VALUE_MAP && k < labels->map.len; k++) {
        const struct value *value = &labels->map.members[k].value;
        bool release = str_eq(labels->map.members[k].key, STR("app.kubernetes.io/instance")) ||
                       str_eq(labels->map.members[k].key, STR("release"));
        if (value->kind != VALUE_STRING || mesh_is_unknown(value) || release) continue;
        const struct mesh_pods *list =
            map_get(&index->by_label, label_key(j->arena, labels->map.members[k].key, value->string));
        if (!list) return &index->unsure_pods;
        if (index->unsure_pods.len == 0) return list;
        struct mesh_pods *both = arena_new(j->arena, struct mesh_pods);
        for (uint32_t i = 0; i < list->len; i++) vec_push(j->arena, both, list->items[i]);
        for (uint32_t i = 0; i < index->unsure_pods.len; i++) vec_push(j->arena, both, index->unsure_pods.items[i]);
        return both;
    }
    return &index->all_pods;
}

/* The objects of a kind that may be for each pod, by its place among all. */
static struct mesh_objects *find_selecting(const struct mesh_judge *j, const char *group, const char *kind,
                                           const char *path) {
    const struct mesh_objects *objects = mesh_of_kind(j, group, kind);
    struct mesh_objects *by_pod = arena_array(j->arena, struct mesh_objects, j->index->pods.len + 1);
    for (uint32_t i = 0; i < objects->len; i++) {
        const struct value *selector = mesh_get(objects->items[i]->root, path);
        bool plain = group[0] == '\0';
        const struct mesh_pods *pods = mesh_candidates(j, selector, plain);
        if (plain && (!selector || selector->kind != VALUE_MAP || selector->map.len == 0)) continue;
        for (uint32_t k = 0; k < pods->len; k++)
            if ((plain ? mesh_match_labels(selector, mesh_pod_labels(pods->items[k]))
                       : mesh_match_selector(selector, mesh_pod_labels(pods->items[k]))) != MESH_NO)
                vec_push(j->arena, &by_pod[pods->items[k] - j->index->pods.items], objects->items[i]);
    }
    return by_pod;
}

const struct mesh_objects *mesh_selecting(const struct mesh_judge *j, const char *group, const char *kind,
                                          const char *path, const struct mesh_pod *pod) {
    struct map *cache = &j->index->selecting;
    struct mesh_objects *by_pod = map_get(cache, str_from(kind));
    if (!by_pod) {
        by_pod = find_selecting(j, group, kind, path);
        map_put(j->arena, cache, str_from(kind), by_pod);
    }
    return &by_pod[pod - j->index->pods.items];
}

/* ---- by what they are about ---- */

const struct mesh_objects *mesh_grouped(const struct mesh_judge *j, const char *group, const char *kind,
                                        struct str (*key_of)(const struct mesh_judge *, const struct mesh_object *),
                                        struct str key) {
    static const struct mesh_objects none;
    struct str name = arena_printf(j->arena, "%s/%s %zx", group, kind, (size_t)(uintptr_t)key_of);
    struct map *by_key = map_get(&j->index->grouped, name);
    if (!by_key) {
        const struct mesh_objects *objects = mesh_of_kind(j, group, kind);
        by_key = arena_new(j->arena, struct map);
        map_put(j->arena, &j->index->grouped, name, by_key);
        for (uint32_t i = 0; i < objects->len; i++) {
            struct str of = key_of(j, objects->items[i]);
            struct mesh_objects *list = map_get(by_key, of);
            if (!list) {
                list = arena_new(j->arena, struct mesh_objects);
                map_put(j->arena, by_key, of, list);
            }
            vec_push(j->arena, list, objects->items[i]);
        }
    }
    const struct mesh_objects *found = map_get(by_key, key);
    return found ? found : &none;
}

struct str mesh_all_workloads(const struct mesh_judge *j, struct str namespace) {
    return arena_printf(j->arena, "%.*s *", STR_ARG(namespace));
}

struct str mesh_workload_key(const struct mesh_judge *j, const struct mesh_object *object) {
    static const char *const PATHS[] = {"spec.selector.matchLabels", "spec.podSelector.matchLabels",
                                        "spec.workloadSelector.labels"};
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        const struct value *labels = mesh_get(object->root, PATHS[i]);
        if (!labels || labels->kind != VALUE_MAP || labels->map.len == 0) continue;
        const struct member *first = &labels->map.members[0];
        struct str text = first->value.kind == VALUE_STRING ? first->value.string : STR("");
        return arena_printf(j->arena, "%.*s %.*s=%.*s", STR_ARG(object->namespace), STR_ARG(first->key), STR_ARG(text));
    }
    return mesh_all_workloads(j, object->namespace);
}

/* ---- accounts and ports ---- */

const struct value *mesh_pod_labels(const struct mesh_pod *pod) {
    return value_get(pod->metadata, STR("labels"));
}

struct str mesh_pod_account(const struct mesh_pod *pod) {
    const struct value *account = value_get(pod->spec, STR("serviceAccountName"));
    if (!account) account = value_get(pod->spec, STR("serviceAccount"));
    return account && account->kind == VALUE_STRING && !mesh_is_unknown(account) ? account->string : STR("default");
}

static enum mesh_match same_port(const struct value *port, const struct value *name, uint32_t number) {
    if (mesh_is_unknown(port) || mesh_is_unknown(name)) return MESH_MAYBE;
    if (port && port->kind == VALUE_INT) return number && (uint32_t)port->integer == number ? MESH_YES : MESH_NO;
    return port && name && port->kind == VALUE_STRING && name->kind == VALUE_STRING &&
                   str_eq(port->string, name->string)
               ? MESH_YES
               : MESH_NO;
}

static enum mesh_match container_has_port(const struct value *container, const struct value *port) {
    static const char *const PROBES[] = {"livenessProbe", "readinessProbe", "startupProbe"};
    static const char *const HANDLERS[] = {"httpGet", "tcpSocket", "grpc"};
    struct value_list ports = mesh_list(container, "ports");
    enum mesh_match match = mesh_is_unknown(mesh_get(container, "ports")) ? MESH_MAYBE : MESH_NO;
    for (uint32_t i = 0; i < ports.len; i++) {
        const struct value *number = mesh_get(&ports.items[i], "containerPort");
        enum mesh_match same = same_port(port, mesh_get(&ports.items[i], "name"), mesh_port_of(number));
        if (mesh_is_unknown(number) || mesh_is_unknown(&ports.items[i])) same = MESH_MAYBE;
        if (same > match) match = same;
    }
    for (size_t p = 0; p < sizeof PROBES / sizeof *PROBES; p++)
        for (size_t h = 0; h < sizeof HANDLERS / sizeof *HANDLERS; h++) {
            const struct value *of = mesh_get(mesh_get(mesh_get(container, PROBES[p]), HANDLERS[h]), "port");
            enum mesh_match same = of && of->kind == VALUE_INT ? same_port(port, NULL, mesh_port_of(of)) : MESH_NO;
            if (same > match) match = same;
        }
    return match;
}

enum mesh_match mesh_pod_has_port(const struct mesh_pod *pod, const struct value *port) {
    static const char *const LISTS[] = {"containers", "initContainers"};
    enum mesh_match match = MESH_NO;
    for (size_t l = 0; l < sizeof LISTS / sizeof *LISTS; l++) {
        struct value_list containers = mesh_list(pod->spec, LISTS[l]);
        if (mesh_is_unknown(mesh_get(pod->spec, LISTS[l])) && match == MESH_NO) match = MESH_MAYBE;
        for (uint32_t i = 0; i < containers.len; i++) {
            enum mesh_match of = container_has_port(&containers.items[i], port);
            if (of > match) match = of;
        }
    }
    return match;
}

enum mesh_match mesh_pod_has_number(const struct mesh_pod *pod, uint32_t number) {
    struct value port = {.kind = VALUE_INT, .integer = number};
    return mesh_pod_has_port(pod, &port);
}
