#include "infer/facts.h"

#include "base/file.h"
#include "base/fuzzy.h"
#include "base/path.h"
#include "chart/parts.h"
#include "check/encrypted.h"
#include "check/exemption.h"
#include "check/lint.h"
#include "value/json.h"
#include "yaml/read.h"

/* What one render may cost: far more than most charts need. */
#define STEPS_MAX UINT64_C(3000000)
#define BYTES_MAX (UINT64_C(16) << 20)
/* More switches than this are not turned on. */
#define SWITCHES_MOST 64

/* What runs in a chart, the kind that tells most of it first. */
static const char *const RUNNING[] = {"Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"};
#define RUNNING_COUNT (sizeof RUNNING / sizeof *RUNNING)
#define SERVICE STR("Service")

/* The role of a chart that makes objects of these kinds: what runs in it and whether others reach it, else the first of
 * them. A Job beside a Deployment, or a second workload, makes no other role: charts of one role differ in that. */
static struct str role_of(struct arena *a, const struct map *kinds) {
    bool service = map_get(kinds, SERVICE) != NULL;
    for (size_t i = 0; i < RUNNING_COUNT; i++)
        if (map_get(kinds, str_from(RUNNING[i])))
            return arena_printf(a, "%s%s", RUNNING[i], service ? ", Service" : "");
    if (service) return SERVICE;
    return kinds->len ? kinds->entries[0].key : STR("");
}

static void add_kinds(struct arena *a, const struct manifests *manifests, struct map *kinds) {
    for (uint32_t i = 0; i < manifests->len; i++)
        if (manifests->items[i].kind.len) map_put(a, kinds, manifests->items[i].kind, kinds);
}

static bool is_switch(struct str key) {
    return str_eq(key, STR("enabled")) || str_eq(key, STR("create"));
}

/* Settings that turn on what is off by default, as --set-json takes them. */
static void find_switches(struct arena *a, const struct value *map, struct str above, struct render_strings *out) {
    for (uint32_t i = 0; i < map->map.len && out->len < SWITCHES_MOST; i++) {
        const struct member *member = &map->map.members[i];
        bool plain =
            str_find_char(member->key, '.') == member->key.len && str_find_char(member->key, '=') == member->key.len &&
            str_find_char(member->key, ',') == member->key.len && str_find_char(member->key, '[') == member->key.len;
        if (!plain) continue;
        struct str path = above.len ? arena_printf(a, "%.*s.%.*s", STR_ARG(above), STR_ARG(member->key)) : member->key;
        if (member->value.kind == VALUE_MAP) find_switches(a, &member->value, path, out);
        else if (member->value.kind == VALUE_BOOL && !member->value.boolean && is_switch(member->key))
            vec_push(a, out, arena_printf(a, "%.*s=true", STR_ARG(path)));
    }
}

static bool render(struct arena *a, struct facts *facts, struct str boundary, struct render_strings settings,
                   struct render_result *result) {
    struct go_env *env = arena_new(a, struct go_env);
    *env = (struct go_env){.arena = a, .budget = {STEPS_MAX, BYTES_MAX, 0}, .helm = 3, .trace = true};
    struct render_options options = {
        .chart = arena_str(a, facts->folder.len ? facts->folder : STR(".")),
        .root = {.release = STR("release-name"), .name_space = STR("default")},
        .set_json = settings,
        .local = boundary,
    };
    return render_chart(env, &options, result);
}

/* Whether the file's name is that of a kind: templates/deployment.yaml. */
static bool is_named_as(struct str path, struct str kind) {
    struct str name = path_name(path);
    return name.len > kind.len && name.ptr[kind.len] == '.' &&
           fuzzy_distance(str_slice(name, 0, kind.len), kind, 0) == 0;
}

/* Adds the kinds that a template writes out, or is named after, to `kinds`, and what it names to the facts. */
static void read_template(struct arena *a, struct facts *facts, struct str path, struct map *kinds) {
    struct template_file file = {.runs = false};
    struct template_files files = {&file, 1, 1};
    struct error error;
    struct str rest, line;
    if (!file_read(a, path.ptr, INPUT_MAX, &file.source.text, &error)) return;
    named_keys_collect(a, &files, &facts->names);
    for (rest = file.source.text; str_split_next(&rest, '\n', &line);)
        if (str_starts(line, STR("kind: ")) && str_find_char(line, '{') == line.len)
            map_put(a, kinds, str_trim(str_slice(line, 6, line.len)), kinds);
    for (size_t i = 0; i < RUNNING_COUNT; i++)
        if (is_named_as(path, str_from(RUNNING[i]))) map_put(a, kinds, str_from(RUNNING[i]), kinds);
    if (is_named_as(path, SERVICE)) map_put(a, kinds, SERVICE, kinds);
}

/* What is known of templates that cannot be run, since a dependency is missing: what they write out. */
static void read_templates(struct arena *a, struct facts *facts) {
    struct chart_templates list = {NULL, 0, 0};
    struct map kinds = {NULL, 0, 0, NULL, 0};
    struct error error;
    if (!chart_list_templates(a, facts->folder, &list, &error)) return;
    for (uint32_t i = 0; i < list.len; i++)
        if (list.items[i].kind <= CHART_TEMPLATE_SHARED) read_template(a, facts, list.items[i].path, &kinds);
    facts->role = role_of(a, &kinds);
    facts->has_names = facts->names.len > 0;
}

/* Runs the templates: with the values as they are, which tells the role, and with what is off turned on. */
static void run_templates(struct arena *a, struct facts *facts, struct str boundary) {
    struct render_strings switches = {NULL, 0, 0};
    struct map kinds = {NULL, 0, 0, NULL, 0};
    struct render_result *result = arena_new(a, struct render_result);
    bool done = render(a, facts, boundary, switches, result);
    facts->has_names = result->files.len > 0;
    named_keys_collect(a, &result->files, &facts->names);
    if (!done) read_templates(a, facts);
    if (done) {
        add_kinds(a, &result->manifests, &kinds);
        facts->role = role_of(a, &kinds);
        field_collect(a, result, &facts->fields);
    }
    if (facts->closely) find_switches(a, &facts->values, STR(""), &switches);
    if (switches.len == 0) return;
    result = arena_new(a, struct render_result);
    if (render(a, facts, boundary, switches, result)) field_collect(a, result, &facts->fields);
}

static struct str read_values(struct arena *a, const struct chart_paths *paths, struct facts *facts) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct error error;
    facts->source.path = paths->values;
    if (!file_read(a, paths->values.ptr, INPUT_MAX, &facts->source.text, &error))
        return STR("its values cannot be read");
    if (!read_text_values(a, &facts->source, &facts->tree, &facts->values, &issues))
        return STR("its values are not what Helm reads");
    if (encrypted_is(&facts->values)) return STR("its values are encrypted");
    return exemption_of(a, NULL, &facts->chart, paths->folder, paths->has_templates, &facts->values);
}

static void read_overlays(struct arena *a, const struct chart_paths *paths, struct facts *facts) {
    for (uint32_t i = 0; i < paths->overlays.len; i++) {
        struct value values;
        if (!read_file_values(a, paths->overlays.items[i], INPUT_MAX, &values)) continue;
        for (uint32_t k = 0; k < values.map.len; k++)
            if (!value_get(&facts->values, values.map.members[k].key))
                vec_push(a, &facts->overlay_keys, values.map.members[k].key);
    }
}

void facts_read(struct arena *a, const struct facts_request *request, struct facts *facts) {
    const struct chart_paths *paths = request->paths;
    *facts = (struct facts){.folder = paths->folder, .closely = request->closely};
    lint_read_chart(a, paths->folder, paths->has_chart_yaml, &facts->chart);
    facts->skipped = paths->values.len ? read_values(a, paths, facts) : STR("it has no values.yaml");
    if (str_eq(facts->chart.type, STR("library"))) facts->skipped = STR("library chart");
    if (facts->skipped.len) return;
    if (facts->closely) slab_lines(a, &facts->tree, &facts->slabs);
    parts_list_keys(a, paths->folder, paths->is_flat, &facts->chart, &facts->parts);
    read_overlays(a, paths, facts);
    if (paths->has_templates) run_templates(a, facts, request->boundary);
}
