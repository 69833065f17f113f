#include "render/root.h"

#include "base/map.h"
#include "base/path.h"
#include "render/api_versions.h"
#include "render/coalesce.h"
#include "render/objects.h"
#include "template/eval/function.h"

#define COUNT(array) (uint32_t)(sizeof(array) / sizeof *(array))

/* What the releases of Helm 3.22.0 and 4.3.1 say of themselves; both are built with client-go 0.37. */
struct str kube_version_default(uint8_t helm) {
    (void)helm;
    return STR("v1.37.0");
}

static struct str helm_version(uint8_t helm) {
    return helm == 3 ? STR("v3.22.0") : STR("v4.3.1");
}

/* ---- versions of Kubernetes ---- */

/* The length of the numbers with dots between them that `s` begins with, and how many they are. */
static size_t numbers_length(struct str s, uint32_t *count) {
    size_t at = 0;
    *count = 0;
    for (;;) {
        size_t start = at;
        while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9') at++;
        if (at == start) return start > 0 ? start - 1 : 0;
        ++*count;
        if (at == s.len || s.ptr[at] != '.') return at;
        at++;
    }
}

bool kube_version_parse(struct arena *a, struct str text, struct str *version) {
    uint32_t count;
    struct str s = str_trim(text), out;
    if (s.len > 0 && s.ptr[0] == 'v') s = str_slice(s, 1, s.len);
    size_t len = numbers_length(s, &count);
    if (count < 2 || (s.ptr[0] == '0' && s.ptr[1] != '.')) return false;
    struct buf numbers = buf_in(a);
    for (struct str rest = str_slice(s, 0, len), part; str_split_next(&rest, '.', &part);) {
        while (part.len > 1 && part.ptr[0] == '0') part = str_slice(part, 1, part.len);
        if (numbers.len) buf_add_char(&numbers, '.');
        buf_add(&numbers, part);
    }
    out = buf_str(&numbers);
    *version = arena_printf(a, "v%.*s", STR_ARG(out));
    return true;
}

/* ---- .Capabilities ---- */

static bool version_set_has(struct go_call *call) {
    const struct go_list *list = &call->self->list;
    for (uint32_t i = 0; i < list->len; i++) {
        if (str_eq(list->items[i].text, call->args[0].text)) return go_give(call, go_bool(true));
    }
    return go_give(call, go_bool(false));
}

static bool kube_version_string(struct go_call *call) {
    return go_give(call, call->self->object.fields[0]);
}

static const struct go_function VERSION_SET_METHODS[] = {{"Has", "s:b", version_set_has, 0}, {0}};
static const struct go_function KUBE_VERSION_METHODS[] = {
    {"GitVersion", ":s", kube_version_string, 0}, {"String", ":s", kube_version_string, 0}, {0}};

static const struct go_type TYPES_VERSION_SET[] = {{.kind = GO_SLICE,
                                                    .name = STR_INIT("chartutil.VersionSet"),
                                                    .elem = &GO_TYPE_STRING,
                                                    .named = true,
                                                    .methods = VERSION_SET_METHODS},
                                                   {.kind = GO_SLICE,
                                                    .name = STR_INIT("common.VersionSet"),
                                                    .elem = &GO_TYPE_STRING,
                                                    .named = true,
                                                    .methods = VERSION_SET_METHODS}};

static const struct go_field KUBE_VERSION_FIELDS[] = {{STR_INIT("Version"), STR_INIT("Version"), false},
                                                      {STR_INIT("Major"), STR_INIT("Major"), false},
                                                      {STR_INIT("Minor"), STR_INIT("Minor"), false}};
static const struct go_type TYPES_KUBE_VERSION[] = {{.kind = GO_STRUCT,
                                                     .name = STR_INIT("chartutil.KubeVersion"),
                                                     .named = true,
                                                     .fields = KUBE_VERSION_FIELDS,
                                                     .field_count = 3,
                                                     .methods = KUBE_VERSION_METHODS},
                                                    {.kind = GO_STRUCT,
                                                     .name = STR_INIT("common.KubeVersion"),
                                                     .named = true,
                                                     .fields = KUBE_VERSION_FIELDS,
                                                     .field_count = 3,
                                                     .methods = KUBE_VERSION_METHODS}};

static const struct go_field BUILD_INFO_FIELDS[] = {
    {STR_INIT("Version"), STR_INIT("version"), true},
    {STR_INIT("GitCommit"), STR_INIT("git_commit"), true},
    {STR_INIT("GitTreeState"), STR_INIT("git_tree_state"), true},
    {STR_INIT("GoVersion"), STR_INIT("go_version"), true},
    {STR_INIT("KubeClientVersion"), STR_INIT("kube_client_version"), false}};
static const struct go_type TYPE_BUILD_INFO_3 = {.kind = GO_STRUCT,
                                                 .name = STR_INIT("version.BuildInfo"),
                                                 .named = true,
                                                 .fields = BUILD_INFO_FIELDS,
                                                 .field_count = 4};
static const struct go_type TYPE_BUILD_INFO_4 = {.kind = GO_STRUCT,
                                                 .name = STR_INIT("version.BuildInfo"),
                                                 .named = true,
                                                 .fields = BUILD_INFO_FIELDS,
                                                 .field_count = 5};

static const struct go_field CAPABILITIES_FIELDS[] = {{STR_INIT("KubeVersion"), STR_INIT("KubeVersion"), false},
                                                      {STR_INIT("APIVersions"), STR_INIT("APIVersions"), false},
                                                      {STR_INIT("HelmVersion"), STR_INIT("HelmVersion"), false}};
static const struct go_type TYPES_CAPABILITIES[] = {{.kind = GO_STRUCT,
                                                     .name = STR_INIT("*chartutil.Capabilities"),
                                                     .named = true,
                                                     .pointer = true,
                                                     .fields = CAPABILITIES_FIELDS,
                                                     .field_count = 3},
                                                    {.kind = GO_STRUCT,
                                                     .name = STR_INIT("*common.Capabilities"),
                                                     .named = true,
                                                     .pointer = true,
                                                     .fields = CAPABILITIES_FIELDS,
                                                     .field_count = 3}};

static struct go_value object_of(const struct go_type *type, const struct go_value *fields) {
    return (struct go_value){.type = type, .object = {fields, NULL}};
}

static struct go_value kube_version_value(struct go_env *env, struct str version) {
    struct go_value *fields = arena_array(env->arena, struct go_value, 3);
    struct str numbers = str_slice(version, 1, version.len), major = STR(""), minor = STR("");
    str_split_next(&numbers, '.', &major);
    str_split_next(&numbers, '.', &minor);
    fields[0] = go_string(version);
    fields[1] = go_string(major);
    fields[2] = go_string(minor);
    return object_of(&TYPES_KUBE_VERSION[env->helm == 4], fields);
}

static struct go_value build_info_value(struct go_env *env) {
    struct go_value *fields = arena_array(env->arena, struct go_value, 5);
    fields[0] = go_string(helm_version(env->helm));
    fields[1] = go_hole_value(env, &GO_TYPE_STRING, STR("the commit that Helm was built from"), -1, -1);
    fields[2] = go_hole_value(env, &GO_TYPE_STRING, STR("the state of the tree that Helm was built from"), -1, -1);
    fields[3] = go_hole_value(env, &GO_TYPE_STRING, STR("the version of Go that Helm was built with"), 1, -1);
    fields[4] = go_string(STR("v1.37"));
    return object_of(env->helm == 3 ? &TYPE_BUILD_INFO_3 : &TYPE_BUILD_INFO_4, fields);
}

struct go_value root_capabilities(struct go_env *env, const struct root_options *options) {
    struct go_value *fields = arena_array(env->arena, struct go_value, 3);
    uint32_t known = COUNT(API_VERSIONS), count = known + options->api_version_count;
    struct go_value *versions = arena_array(env->arena, struct go_value, count);
    for (uint32_t i = 0; i < known; i++) versions[i] = go_string(str_from(API_VERSIONS[i]));
    for (uint32_t i = known; i < count; i++) versions[i] = go_string(options->api_versions[i - known]);
    fields[0] = kube_version_value(env, options->kube_version);
    fields[1] = go_list(&TYPES_VERSION_SET[env->helm == 4], versions, count);
    fields[2] = build_info_value(env);
    return object_of(&TYPES_CAPABILITIES[env->helm == 4], fields);
}

/* ---- the roots ---- */

struct shared {
    struct go_env *env;
    struct go_value release, capabilities;
    struct template_files *files;
    struct map names; /* of files -> their index, as a pointer to uint32_t */
};

static struct go_value release_value(struct go_env *env, const struct root_options *options) {
    struct go_value map = go_map(env, &GO_TYPE_MAP, 6);
    go_map_set(env, map.map, STR("IsInstall"), go_bool(!options->is_upgrade));
    go_map_set(env, map.map, STR("IsUpgrade"), go_bool(options->is_upgrade));
    go_map_set(env, map.map, STR("Name"), go_string(options->release));
    go_map_set(env, map.map, STR("Namespace"), go_string(options->name_space));
    go_map_set(env, map.map, STR("Revision"), go_int(1));
    go_map_set(env, map.map, STR("Service"), go_string(STR("Helm")));
    return map;
}

/* Of two files of one name the later one stays, as in Helm's map. */
static void add_file(struct shared *s, const struct template_file *file) {
    uint32_t *index = map_get(&s->names, file->source.name);
    if (index) {
        s->files->items[*index] = *file;
        return;
    }
    index = arena_new(s->env->arena, uint32_t);
    *index = s->files->len;
    map_put(s->env->arena, &s->names, file->source.name, index);
    vec_push(s->env->arena, s->files, *file);
}

static void list_templates(struct shared *s, const struct helm_chart *chart, struct go_value dot) {
    struct arena *a = s->env->arena;
    struct str above = helm_chart_full_path(a, chart);
    bool library = chart->type.len == 7 && (chart->type.ptr[0] | 0x20) == 'l';
    dot.type = root_values_type(s->env);
    for (uint32_t i = 0; i < chart->templates.len; i++) {
        const struct helm_file *file = &chart->templates.items[i];
        bool partial = str_starts(path_name(file->name), STR("_"));
        if (library && !partial) continue;
        struct template_file made = {
            .source = {.name = arena_printf(a, "%.*s/%.*s", STR_ARG(above), STR_ARG(file->name)),
                       .path = file->path,
                       .text = file->text},
            .base_path = arena_printf(a, "%.*s/templates", STR_ARG(above)),
            .dot = dot,
            .runs = !partial};
        add_file(s, &made);
    }
}

static struct go_value build(struct shared *s, const struct helm_chart *chart, struct go_value values) {
    struct go_env *env = s->env;
    struct go_value dot = go_map(env, &GO_TYPE_MAP, 8), subcharts = go_map(env, &GO_TYPE_MAP, 0);
    values.type = root_values_type(env);
    go_map_set(env, dot.map, STR("Capabilities"), s->capabilities);
    go_map_set(env, dot.map, STR("Chart"), root_chart(env, chart));
    go_map_set(env, dot.map, STR("Files"), root_files(env, chart));
    go_map_set(env, dot.map, STR("Release"), s->release);
    go_map_set(env, dot.map, STR("Subcharts"), subcharts);
    go_map_set(env, dot.map, STR("Values"), values);
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        const struct helm_chart *sub = chart->subcharts.items[i];
        const struct go_value *below = go_map_get(values.map, sub->name);
        struct go_value own = below && go_kind(below) == GO_MAP ? *below : go_map(env, &GO_TYPE_MAP, 0);
        go_map_set(env, subcharts.map, sub->name, build(s, sub, own));
    }
    list_templates(s, chart, dot);
    return dot;
}

void root_build(struct go_env *env, const struct helm_chart *chart, struct go_map *values,
                const struct root_options *options, struct template_files *files) {
    struct shared shared = {env, release_value(env, options), root_capabilities(env, options), files, {0}};
    struct go_value given = {.type = root_values_type(env), .map = values};
    if (env->trace) given.runs = go_path_new(env, NULL, STR(""))->runs;
    build(&shared, chart, given);
}
