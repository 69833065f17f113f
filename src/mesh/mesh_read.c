#include "mesh/mesh_read.h"

const struct value *mesh_get(const struct value *root, const char *path) {
    struct str rest = str_from(path), key;
    while (root && str_split_next(&rest, '.', &key)) root = value_get(root, key);
    return root;
}

struct str mesh_text(const struct value *root, const char *path) {
    const struct value *value = mesh_get(root, path);
    return value && value->kind == VALUE_STRING ? value->string : STR("");
}

struct value_list mesh_list(const struct value *root, const char *path) {
    const struct value *value = mesh_get(root, path);
    return value && value->kind == VALUE_LIST ? value->list : (struct value_list){NULL, 0};
}

bool mesh_is(const struct value *manifest, const char *group, const char *kind) {
    struct str version = mesh_text(manifest, "apiVersion");
    size_t slash = str_find_char(version, '/');
    struct str of = slash < version.len ? str_slice(version, 0, slash) : STR("");
    return str_eq(of, str_from(group)) && str_eq(mesh_text(manifest, "kind"), str_from(kind));
}

struct mesh_name mesh_name(const struct mesh_reader *r, struct str name, struct str in_namespace, struct span span) {
    struct arena *a = r->out->arena;
    struct str namespace = in_namespace.len ? arena_str(a, in_namespace) : r->in->namespace;
    return (struct mesh_name){arena_str(a, name), namespace, span};
}

bool mesh_host(const struct mesh_reader *r, const struct value *value, struct mesh_name *service) {
    struct str rest, name = STR(""), namespace = STR(""), svc = STR("svc");
    if (!value || value->kind != VALUE_STRING) return false;
    rest = str_slice(value->string, 0, str_find_char(value->string, ':'));
    if (str_find_char(rest, '*') < rest.len || !str_split_next(&rest, '.', &name) || name.len == 0) return false;
    if (str_split_next(&rest, '.', &namespace)) str_split_next(&rest, '.', &svc);
    if (!str_eq(svc, STR("svc"))) return false;
    *service = mesh_name(r, name, namespace, value->span);
    return true;
}

uint32_t mesh_port_of(const struct value *value) {
    bool fits = value && value->kind == VALUE_INT && value->integer > 0 && value->integer <= 65535;
    return fits ? (uint32_t)value->integer : 0;
}

void mesh_refer(const struct mesh_reader *r, struct mesh_name service, const struct value *port, bool may_be_new) {
    uint32_t number = mesh_port_of(port);
    vec_push(r->out->arena, &r->out->references,
             (struct mesh_reference){r->in, service, number, number ? port->span : service.span, may_be_new, false});
}

/* Adds a condition that the label `key` has the value `value`. */
static void add_label(const struct mesh_reader *r, struct mesh_selector *selector, struct str key,
                      const struct value *value) {
    bool name = str_eq(key, STR("app")) || str_eq(key, STR("app.kubernetes.io/name"));
    bool instance = str_eq(key, STR("app.kubernetes.io/instance"));
    if ((!name && !instance) || value->kind != VALUE_STRING) {
        selector->other = true;
        return;
    }
    struct mesh_label label = {name ? MESH_LABEL_NAME : MESH_LABEL_INSTANCE, arena_str(r->out->arena, value->string),
                               value->span};
    vec_push(r->out->arena, &selector->labels, label);
}

struct mesh_selector mesh_selector(const struct mesh_reader *r, const struct value *value) {
    struct mesh_selector selector = {{NULL, 0, 0}, false};
    const struct value *labels = mesh_get(value, "matchLabels");
    struct value_list expressions = mesh_list(value, "matchExpressions");
    for (uint32_t i = 0; labels && labels->kind == VALUE_MAP && i < labels->map.len; i++)
        add_label(r, &selector, labels->map.members[i].key, &labels->map.members[i].value);
    for (uint32_t i = 0; i < expressions.len; i++) {
        const struct value *expression = &expressions.items[i];
        struct value_list values = mesh_list(expression, "values");
        bool is = str_eq(mesh_text(expression, "operator"), STR("In")) && values.len == 1;
        if (is) add_label(r, &selector, mesh_text(expression, "key"), &values.items[0]);
        else selector.other = true;
    }
    return selector;
}

void mesh_refer_selector(const struct mesh_reader *r, const struct mesh_selector *selector) {
    for (uint32_t i = 0; i < selector->labels.len; i++) {
        const struct mesh_label *label = &selector->labels.items[i];
        struct mesh_name service = {label->value, r->in->namespace, label->span};
        if (label->kind != MESH_LABEL_NAME) continue;
        mesh_refer(r, service, NULL, false);
        r->out->references.items[r->out->references.len - 1].by_label = true;
    }
}
