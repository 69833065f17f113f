/* .Chart: what Chart.yaml says, as a struct in Helm 3 and as a map by the names of its fields in Helm 4. */
#include "render/objects.h"

/* A field of Chart.yaml, of a maintainer or of a dependency. */
enum field_kind {
    FIELD_TEXT,
    FIELD_TEXTS,
    FIELD_BOOL,
    FIELD_TEXT_MAP,
    FIELD_MAINTAINERS,
    FIELD_DEPENDENCIES,
    FIELD_ANY
};

struct field {
    struct go_field go;
    enum field_kind kind;
};

#define FIELD(name, json, kind)                                                                                        \
    { {STR_INIT(name), STR_INIT(json), true}, kind }

static const struct field MAINTAINER[] = {FIELD("Name", "name", FIELD_TEXT), FIELD("Email", "email", FIELD_TEXT),
                                          FIELD("URL", "url", FIELD_TEXT)};

static const struct field DEPENDENCY[] = {{{STR_INIT("Name"), STR_INIT("name"), false}, FIELD_TEXT},
                                          FIELD("Version", "version", FIELD_TEXT),
                                          {{STR_INIT("Repository"), STR_INIT("repository"), false}, FIELD_TEXT},
                                          FIELD("Condition", "condition", FIELD_TEXT),
                                          FIELD("Tags", "tags", FIELD_TEXTS),
                                          FIELD("Enabled", "enabled", FIELD_BOOL),
                                          FIELD("ImportValues", "import-values", FIELD_ANY),
                                          FIELD("Alias", "alias", FIELD_TEXT)};

static const struct field METADATA[] = {FIELD("Name", "name", FIELD_TEXT),
                                        FIELD("Home", "home", FIELD_TEXT),
                                        FIELD("Sources", "sources", FIELD_TEXTS),
                                        FIELD("Version", "version", FIELD_TEXT),
                                        FIELD("Description", "description", FIELD_TEXT),
                                        FIELD("Keywords", "keywords", FIELD_TEXTS),
                                        FIELD("Maintainers", "maintainers", FIELD_MAINTAINERS),
                                        FIELD("Icon", "icon", FIELD_TEXT),
                                        FIELD("APIVersion", "apiVersion", FIELD_TEXT),
                                        FIELD("Condition", "condition", FIELD_TEXT),
                                        FIELD("Tags", "tags", FIELD_TEXT),
                                        FIELD("AppVersion", "appVersion", FIELD_TEXT),
                                        FIELD("Deprecated", "deprecated", FIELD_BOOL),
                                        FIELD("Annotations", "annotations", FIELD_TEXT_MAP),
                                        FIELD("KubeVersion", "kubeVersion", FIELD_TEXT),
                                        FIELD("Dependencies", "dependencies", FIELD_DEPENDENCIES),
                                        FIELD("Type", "type", FIELD_TEXT),
                                        {{STR_INIT("IsRoot"), STR_INIT("IsRoot"), false}, FIELD_BOOL}};

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

/* White space becomes a space, and what cannot be printed goes, as Helm does with texts of Chart.yaml. */
static struct str sanitize(struct arena *a, struct str s) {
    struct buf out = buf_in(a);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\n' || c == '\t' || c == '\r' || c == '\v' || c == '\f') buf_add_char(&out, ' ');
        else if ((unsigned char)c >= 0x20 && c != 0x7f) buf_add_char(&out, c);
    }
    return buf_str(&out);
}

static struct go_value text_value(struct go_env *env, struct str source, const struct value *v) {
    return go_string(sanitize(env->arena, helm_text(env->arena, source, v)));
}

static struct go_value texts_value(struct go_env *env, struct str source, const struct value *v) {
    uint32_t count = v && v->kind == VALUE_LIST ? v->list.len : 0;
    struct go_value *items = arena_alloc_raw(env->arena, sizeof *items * (count + 1));
    for (uint32_t i = 0; i < count; i++) items[i] = text_value(env, source, &v->list.items[i]);
    return go_list(env->helm == 3 ? &GO_TYPE_STRINGS : &GO_TYPE_LIST, items, count);
}

static struct go_value text_map_value(struct go_env *env, struct str source, const struct value *v) {
    struct go_value map = go_map(env, &GO_TYPE_STRING_MAP, 0);
    map.map->nil = !v || v->kind != VALUE_MAP;
    for (uint32_t i = 0; !map.map->nil && i < v->map.len; i++) {
        struct go_value text = go_string(helm_text(env->arena, source, &v->map.members[i].value));
        go_map_set(env, map.map, v->map.members[i].key, text);
    }
    return map;
}

static const struct go_type *struct_type(struct go_env *env, const char *name, bool pointer, const struct field *fields,
                                         uint32_t count) {
    struct go_type *type = arena_new(env->arena, struct go_type);
    struct go_field *list = arena_array(env->arena, struct go_field, count);
    for (uint32_t i = 0; i < count; i++) list[i] = fields[i].go;
    *type = (struct go_type){
        .kind = GO_STRUCT, .name = str_from(name), .pointer = pointer, .fields = list, .field_count = count};
    return type;
}

/* A struct with its fields, in Helm 3; a map of them in Helm 4. */
static struct go_value make(struct go_env *env, const struct go_type *type, const struct go_value *values) {
    if (env->helm == 3) return (struct go_value){.type = type, .object = {values, NULL}};
    struct go_value map = go_map(env, &GO_TYPE_MAP, type->field_count);
    for (uint32_t i = 0; i < type->field_count; i++) go_map_set(env, map.map, type->fields[i].name, values[i]);
    return map;
}

static struct go_value field_value(struct go_env *env, struct str source, enum field_kind kind, const struct value *v) {
    switch (kind) {
    case FIELD_TEXT: return text_value(env, source, v);
    case FIELD_TEXTS: return texts_value(env, source, v);
    case FIELD_BOOL: return go_bool(v && v->kind == VALUE_BOOL && v->boolean);
    case FIELD_TEXT_MAP: return text_map_value(env, source, v);
    case FIELD_ANY:
        return v && v->kind == VALUE_LIST ? helm_value_from(env, v, NULL, NULL) : go_list(&GO_TYPE_LIST, NULL, 0);
    default: return go_nil();
    }
}

static struct go_value list_of(struct go_env *env, const struct go_type *elem, const char *name,
                               const struct go_value *items, uint32_t count) {
    if (env->helm == 4) return go_list(&GO_TYPE_LIST, items, count);
    struct go_type *type = arena_new(env->arena, struct go_type);
    *type = (struct go_type){.kind = GO_SLICE, .name = str_from(name), .elem = elem};
    return go_list(type, items, count);
}

static struct go_value maintainers_value(struct go_env *env, struct str source, const struct value *v) {
    const struct go_type *type = struct_type(env, "*chart.Maintainer", true, MAINTAINER, COUNT(MAINTAINER));
    uint32_t count = v && v->kind == VALUE_LIST ? v->list.len : 0;
    struct go_value *items = arena_alloc_raw(env->arena, sizeof *items * (count + 1));
    for (uint32_t i = 0; i < count; i++) {
        struct go_value *fields = arena_array(env->arena, struct go_value, COUNT(MAINTAINER));
        for (uint32_t f = 0; f < COUNT(MAINTAINER); f++)
            fields[f] =
                field_value(env, source, MAINTAINER[f].kind, value_get(&v->list.items[i], MAINTAINER[f].go.json));
        items[i] = make(env, type, fields);
    }
    return list_of(env, type, "[]*chart.Maintainer", items, count);
}

static struct go_value dependencies_value(struct go_env *env, const struct helm_chart *chart) {
    const struct go_type *type = struct_type(env, "*chart.Dependency", true, DEPENDENCY, COUNT(DEPENDENCY));
    uint32_t count = chart->dependencies.len;
    struct go_value *items = arena_alloc_raw(env->arena, sizeof *items * (count + 1));
    for (uint32_t i = 0; i < count; i++) {
        const struct helm_dependency *d = chart->dependencies.items[i];
        struct go_value *fields = arena_array(env->arena, struct go_value, COUNT(DEPENDENCY));
        struct go_value *tags = arena_alloc_raw(env->arena, sizeof *tags * (d->tags.len + 1));
        for (uint32_t t = 0; t < d->tags.len; t++) tags[t] = go_string(d->tags.items[t]);
        fields[0] = go_string(d->name);
        fields[1] = go_string(d->version);
        fields[2] = go_string(d->repository);
        fields[3] = go_string(d->condition);
        fields[4] = go_list(env->helm == 3 ? &GO_TYPE_STRINGS : &GO_TYPE_LIST, tags, d->tags.len);
        fields[5] = go_bool(d->enabled);
        fields[6] = field_value(env, STR(""), FIELD_ANY, d->import_values);
        fields[7] = go_string(d->alias);
        items[i] = make(env, type, fields);
    }
    return list_of(env, type, "[]*chart.Dependency", items, count);
}

struct go_value root_chart(struct go_env *env, const struct helm_chart *chart) {
    struct go_value *fields = arena_array(env->arena, struct go_value, COUNT(METADATA));
    for (uint32_t i = 0; i < COUNT(METADATA); i++) {
        const struct value *v = value_get(&chart->metadata, METADATA[i].go.json);
        if (METADATA[i].kind == FIELD_MAINTAINERS) fields[i] = maintainers_value(env, chart->metadata_text, v);
        else if (METADATA[i].kind == FIELD_DEPENDENCIES) fields[i] = dependencies_value(env, chart);
        else fields[i] = field_value(env, chart->metadata_text, METADATA[i].kind, v);
    }
    fields[0] = go_string(chart->name);
    fields[8] = go_string(chart->api_version);
    fields[COUNT(METADATA) - 1] = go_bool(!chart->parent);
    return make(env, struct_type(env, "struct { chart.Metadata; IsRoot bool }", false, METADATA, COUNT(METADATA)),
                fields);
}
