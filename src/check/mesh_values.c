#include "check/mesh_values.h"

#include "base/ascii.h"

static bool any_wanted(const struct checks *checks, const struct settings *settings, int first) {
    bool any = false;
    for (int i = first; i <= CHECK_MESH_LAST && settings->mesh.value.len; i++)
        any = any || settings->enabled[checks->by[i]->index];
    return any;
}

bool mesh_is_wanted(const struct checks *checks, const struct settings *settings) {
    return any_wanted(checks, settings, CHECK_MESH_FIRST);
}

bool mesh_is_printed(const struct checks *checks, const struct settings *settings) {
    return any_wanted(checks, settings, CHECK_MESH_PRINTED_FIRST);
}

struct str mesh_namespace_of(const struct settings *settings) {
    const struct setting *setting = map_get(&settings->variables, STR("namespace"));
    return setting ? setting->value : STR("");
}

static const struct value *get(const struct value *root, struct str first, struct str second) {
    return value_get(value_get(root, first), second);
}

static struct str text_of(const struct value *value) {
    return value && value->kind == VALUE_STRING ? value->string : STR("");
}

static uint32_t port_of(const struct value *value) {
    bool fits = value && value->kind == VALUE_INT && value->integer > 0 && value->integer <= 65535;
    return fits ? (uint32_t)value->integer : 0;
}

static void add_port(struct reporter *f, struct mesh_values *out, struct str path, const struct value *port,
                     const struct value *target) {
    struct mesh_port of = {path, port_of(port), port_of(target), port ? port->span : (struct span){0, 0}};
    if (of.number) vec_push(f->arena, &out->ports, of);
}

/* The ports at service.NAME.port; and those of the time before the standard: service.port, service.metricsPort. */
static void read_ports(struct reporter *f, const struct value *values, struct mesh_values *out) {
    const struct value *service = value_get(values, STR("service"));
    for (uint32_t i = 0; service && service->kind == VALUE_MAP && i < service->map.len; i++) {
        const struct member *member = &service->map.members[i];
        struct str key = member->key;
        bool old = str_eq(key, STR("port")) ||
                   (str_ends(key, STR("Port")) && !str_eq(key, STR("targetPort")) && !str_eq(key, STR("nodePort")));
        if (member->value.kind == VALUE_MAP)
            add_port(f, out, arena_printf(f->arena, "service.%.*s.port", STR_ARG(key)),
                     value_get(&member->value, STR("port")), value_get(&member->value, STR("targetPort")));
        else if (old)
            add_port(f, out, arena_printf(f->arena, "service.%.*s", STR_ARG(key)), &member->value,
                     str_eq(key, STR("port")) ? value_get(service, STR("targetPort")) : NULL);
    }
}

static void add_service(struct reporter *f, struct mesh_values *out, struct str name) {
    for (uint32_t i = 0; i < out->services.len; i++)
        if (str_eq(out->services.items[i], name)) return;
    if (name.len) vec_push(f->arena, &out->services, name);
}

static bool is_label_byte(char c) {
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-';
}

/* Adds the services of the namespace that `text` names: `postgres.marty.svc`. `mark` is ".marty.svc". */
static void find_services(struct reporter *f, struct mesh_values *out, struct str text, struct str mark) {
    for (size_t at; (at = str_find(text, mark)) < text.len;) {
        size_t start = at;
        while (start > 0 && is_label_byte(text.ptr[start - 1])) start--;
        add_service(f, out, str_slice(text, start, at));
        text = str_slice(text, at + mark.len, text.len);
    }
}

static void walk(struct reporter *f, struct mesh_values *out, const struct value *value, struct str mark) {
    if (value->kind == VALUE_STRING) find_services(f, out, value->string, mark);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++)
        walk(f, out, &value->map.members[i].value, mark);
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++)
        walk(f, out, &value->list.items[i], mark);
}

static void read_names(struct reporter *f, const struct chart *chart, const struct value *values,
                       struct mesh_values *out) {
    static const char *const keys[] = {"nameOverride", "fullnameOverride"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str name = text_of(value_get(values, str_from(keys[i])));
        if (name.len) vec_push(f->arena, &out->names, name);
    }
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        add_service(f, out, chart->dependencies.items[i].name);
        add_service(f, out, chart->dependencies.items[i].alias);
    }
    struct str namespace = mesh_namespace_of(f->settings);
    walk(f, out, values, arena_printf(f->arena, ".%.*s.svc", STR_ARG(namespace)));
}

static void read_mesh(struct reporter *f, const struct value *values, struct mesh_values *out) {
    const struct value *mesh = value_get(values, STR("serviceMesh")), *enabled = value_get(mesh, STR("enabled"));
    const struct value *mode = value_get(get(mesh, STR("istio"), STR("mtls")), STR("mode"));
    out->enabled = enabled && enabled->kind == VALUE_BOOL && enabled->boolean;
    out->type = text_of(value_get(mesh, STR("type")));
    out->mode = text_of(mode);
    if (mode) out->mode_span = reporter_value_span(f, mode);
    if (!out->enabled) return;
    out->enabled_span = reporter_value_span(f, enabled);
    reporter_add(f, CHECK_MESH_NOT_COVERED, out->enabled_span, STR("serviceMesh.enabled"), STR(""));
}

struct mesh_values *mesh_values_read(struct reporter *f, const struct chart *chart, const struct value *values,
                                     bool exempt) {
    struct mesh_values *out = arena_new(f->arena, struct mesh_values);
    out->exempt = exempt;
    read_names(f, chart, values, out);
    if (exempt) return out;
    read_ports(f, values, out);
    out->account = text_of(get(values, STR("serviceAccount"), STR("name")));
    read_mesh(f, values, out);
    return out;
}

void mesh_values_settle(struct reporter *f, struct mesh_values *values) {
    uint32_t kept = 0;
    if (!values) return;
    for (uint32_t i = 0; i < f->findings->len; i++) {
        const struct finding *finding = &f->findings->items[i];
        if (finding->check != f->checks->by[CHECK_MESH_NOT_COVERED]) f->findings->items[kept++] = *finding;
        else values->may_be_uncovered = true;
    }
    f->findings->len = kept;
}
