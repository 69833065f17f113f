#include "mesh/mesh_table.h"

#include "mesh/mesh_access.h"
#include "mesh/mesh_read.h"
#include "value/json.h"

struct row {
    struct str mesh, environment, service, port_name, callers, policies, denied;
    uint32_t port, target;
    const char *tls;
};

struct table {
    struct mesh_judge *j;
    struct arena *arena; /* of the rows */
    struct VEC(struct row) rows;
};

struct words VEC(struct str);

static void add_word(struct arena *a, struct words *words, struct str word) {
    for (uint32_t i = 0; i < words->len; i++)
        if (str_eq(words->items[i], word)) return;
    vec_push(a, words, word);
}

static struct str join(struct arena *a, const struct words *words) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < words->len; i++) {
        if (i > 0) buf_add(&out, STR(", "));
        buf_add(&out, words->items[i]);
    }
    return buf_str(&out);
}

/* Whether an object is there in an environment: printed with its values file, or, by a chart without such a file, with
 * values.yaml alone. */
static bool is_in(const struct mesh_object *object, struct str environment) {
    const struct mesh_prints *prints = object->chart ? object->chart->prints : NULL;
    uint64_t layer = 1;
    for (uint32_t i = 1; prints && i < prints->layers.len; i++)
        if (str_eq(prints->layers.items[i], environment)) layer = UINT64_C(1) << i;
    return !prints || (object->layers & layer);
}

static void add_row(struct table *t, enum mesh_type type, struct str environment, const struct mesh_object *service,
                    const struct value *port, const struct mesh_access *access) {
    struct words callers = {NULL, 0, 0}, policies = {NULL, 0, 0};
    for (uint32_t i = 0; access->denies && i < access->grants.len; i++) {
        const struct mesh_grant *grant = &access->grants.items[i];
        struct str caller = mesh_caller_text(t->arena, grant, service->namespace);
        if (grant->limited) caller = arena_printf(t->arena, "%.*s (some paths)", STR_ARG(caller));
        add_word(t->arena, &callers, caller);
        if (grant->policy) add_word(t->arena, &policies, arena_str(t->arena, grant->policy->name));
    }
    if (!access->denies) add_word(t->arena, &callers, STR("anybody"));
    if (access->unsure) add_word(t->arena, &callers, STR("unknown"));
    struct row row = {.mesh = type == MESH_ISTIO ? STR("Istio") : STR("Linkerd"),
                      .environment = environment.len ? arena_str(t->arena, environment) : STR("default"),
                      .service = arena_str(t->arena, service->name),
                      .port_name = arena_str(t->arena, mesh_text(port, "name")),
                      .callers = callers.len ? join(t->arena, &callers) : STR("nobody"),
                      .policies = join(t->arena, &policies),
                      .port = mesh_port_of(mesh_get(port, "port")),
                      .target = access->port,
                      .tls = access->tls};
    if (row.policies.len == 0 && access->by) row.policies = arena_str(t->arena, access->by->name);
    vec_push(t->arena, &t->rows, row);
}

static void add_service(struct table *t, enum mesh_type type, struct str environment,
                        const struct mesh_object *service) {
    const struct value *selector = mesh_get(service->root, "spec.selector");
    struct value_list ports = mesh_list(service->root, "spec.ports");
    const struct mesh_pods *pods = mesh_candidates(t->j, selector, true);
    if (!selector || selector->kind != VALUE_MAP || selector->map.len == 0) return;
    for (uint32_t k = 0; k < ports.len; k++)
        for (uint32_t i = 0; i < pods->len; i++) {
            const struct mesh_pod *pod = pods->items[i];
            uint32_t number = mesh_target_of(pod, &ports.items[k]);
            bool behind = str_eq(pod->of->namespace, service->namespace) && is_in(pod->of, environment) &&
                          mesh_match_labels(selector, mesh_pod_labels(pod)) == MESH_YES;
            if (!behind || !number) continue;
            struct mesh_access access = mesh_access_of(t->j, type, pod, number);
            add_row(t, type, environment, service, &ports.items[k], &access);
            break;
        }
}

static void add_folder(struct mesh_judge *j, void *data) {
    struct table *t = data;
    const struct mesh_objects *services = mesh_of_kind(j, "", "Service");
    struct words environments = {NULL, 0, 0};
    t->j = j;
    vec_push(t->arena, &environments, STR(""));
    for (uint32_t i = 0; i < j->mesh->charts.len; i++) {
        const struct mesh_prints *prints = j->mesh->charts.items[i]->prints;
        for (uint32_t k = 1; prints && k < prints->layers.len; k++)
            add_word(t->arena, &environments, prints->layers.items[k]);
    }
    for (int type = MESH_ISTIO; type <= MESH_LINKERD; type++)
        for (uint32_t e = 0; mesh_has_policies(j, (enum mesh_type)type) && e < environments.len; e++)
            for (uint32_t i = 0; i < services->len; i++)
                if (is_in(services->items[i], environments.items[e]))
                    add_service(t, (enum mesh_type)type, environments.items[e], services->items[i]);
}

/* ---- formats ---- */

static struct str port_text(struct arena *a, const struct row *row) {
    struct str name = row->port_name.len ? arena_printf(a, " (%.*s)", STR_ARG(row->port_name)) : STR("");
    return arena_printf(a, "%u%.*s", row->port, STR_ARG(name));
}

static bool begins_section(const struct table *t, uint32_t index) {
    const struct row *row = &t->rows.items[index];
    return index == 0 || !str_eq(row->mesh, t->rows.items[index - 1].mesh) ||
           !str_eq(row->environment, t->rows.items[index - 1].environment);
}

static void pad(struct buf *out, struct str text, size_t width) {
    buf_add(out, text);
    buf_add_repeat(out, ' ', text.len < width ? width - text.len : 0);
    buf_add(out, STR("  "));
}

static void write_text(struct buf *out, const struct table *t) {
    size_t service = 7, port = 4, tls = 9;
    for (uint32_t i = 0; i < t->rows.len; i++) {
        const struct row *row = &t->rows.items[i];
        struct str text = port_text(t->arena, row);
        if (row->service.len > service) service = row->service.len;
        if (text.len > port) port = text.len;
        if (strlen(row->tls) > tls) tls = strlen(row->tls);
    }
    for (uint32_t i = 0; i < t->rows.len; i++) {
        const struct row *row = &t->rows.items[i];
        if (begins_section(t, i)) {
            buf_addf(out, "%s%.*s, %.*s\n", i ? "\n" : "", STR_ARG(row->mesh), STR_ARG(row->environment));
            pad(out, STR("  SERVICE"), service + 2);
            pad(out, STR("PORT"), port);
            pad(out, STR("TRANSPORT"), tls);
            buf_add(out, STR("CALLERS [POLICIES]\n"));
        }
        buf_add(out, STR("  "));
        pad(out, row->service, service);
        pad(out, port_text(t->arena, row), port);
        pad(out, str_from(row->tls), tls);
        buf_addf(out, "%.*s", STR_ARG(row->callers));
        if (row->policies.len) buf_addf(out, " [%.*s]", STR_ARG(row->policies));
        buf_add_char(out, '\n');
    }
}

/* A cell: what would end it, or begin markup, is escaped. */
static void write_cell(struct buf *out, struct str text) {
    buf_add(out, STR(" "));
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '|' || text.ptr[i] == '*' || text.ptr[i] == '_' || text.ptr[i] == '<' || text.ptr[i] == '`')
            buf_add_char(out, '\\');
        buf_add_char(out, text.ptr[i]);
    }
    buf_add(out, STR(" |"));
}

static void write_markdown(struct buf *out, const struct table *t) {
    for (uint32_t i = 0; i < t->rows.len; i++) {
        const struct row *row = &t->rows.items[i];
        if (begins_section(t, i))
            buf_addf(out,
                     "%s### %.*s, %.*s\n\n| service | port | transport | callers | policies |\n|---|---|---|---|---|\n",
                     i ? "\n" : "", STR_ARG(row->mesh), STR_ARG(row->environment));
        buf_add_char(out, '|');
        write_cell(out, row->service);
        write_cell(out, port_text(t->arena, row));
        write_cell(out, str_from(row->tls));
        write_cell(out, row->callers);
        write_cell(out, row->policies);
        buf_add_char(out, '\n');
    }
}

static void write_field(struct buf *out, const char *name, struct str text) {
    buf_addf(out, ",\"%s\":", name);
    json_write_string(out, text);
}

/* A list from a text with commas. */
static void write_list(struct buf *out, const char *name, struct str text) {
    struct str word;
    bool first = true;
    buf_addf(out, ",\"%s\":[", name);
    for (; str_split_next(&text, ',', &word); first = false) {
        if (!first) buf_add_char(out, ',');
        json_write_string(out, str_trim(word));
    }
    buf_add_char(out, ']');
}

static void write_json(struct buf *out, const struct table *t) {
    buf_add(out, STR("{\n  \"calls\": ["));
    for (uint32_t i = 0; i < t->rows.len; i++) {
        const struct row *row = &t->rows.items[i];
        buf_addf(out, "%s\n    {\"mesh\":", i ? "," : "");
        json_write_string(out, row->mesh);
        write_field(out, "environment", row->environment);
        write_field(out, "service", row->service);
        buf_addf(out, ",\"port\":%u,\"targetPort\":%u", row->port, row->target);
        write_field(out, "portName", row->port_name);
        write_field(out, "transport", str_from(row->tls));
        write_list(out, "callers", str_eq(row->callers, STR("nobody")) ? STR("") : row->callers);
        write_list(out, "policies", row->policies);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("\n  ]\n}\n"));
}

struct str mesh_table(struct mesh *mesh, struct arena *a, enum mesh_table_format format) {
    struct table table = {.arena = a};
    struct buf out = buf_in(a);
    mesh_each_folder(mesh, add_folder, &table);
    if (table.rows.len == 0 && format != MESH_TABLE_JSON) return STR("");
    if (format == MESH_TABLE_JSON) write_json(&out, &table);
    else if (format == MESH_TABLE_MARKDOWN) write_markdown(&out, &table);
    else write_text(&out, &table);
    return buf_str(&out);
}
