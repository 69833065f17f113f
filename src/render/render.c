#include "render/render.h"

#include "base/file.h"
#include "base/path.h"
#include "render/coalesce.h"
#include "render/dependencies.h"
#include "render/local.h"
#include "render/set_values.h"
#include "render/version.h"
#include "schema/schema.h"
#include "value/json.h"
#include "value/pointer.h"

static bool end(struct render_result *result, enum render_stage stage, struct arena *a, const struct error *error) {
    result->stage = stage;
    result->message = arena_str(a, str_from(error->message));
    return false;
}

/* ---- values from outside ---- */

static const struct value_layer *layer_of(struct arena *a, struct str path) {
    struct value_layer *layer = arena_new(a, struct value_layer);
    layer->path = path;
    return layer;
}

static bool set_all(struct go_env *env, struct go_map *values, const struct render_strings *texts, enum set_kind kind,
                    const char *option, struct error *error) {
    struct error problem;
    for (uint32_t i = 0; i < texts->len; i++) {
        if (set_values(env, values, texts->items[i], kind, layer_of(env->arena, str_from(option)), &problem)) continue;
        error_set(error, 0, "failed parsing %s data: %s", option, problem.message);
        return false;
    }
    return true;
}

/* An object in --set-json: Helm 4 lays it over what was given before. */
static bool set_json_object(struct go_env *env, struct go_map **values, struct str text, struct error *error) {
    struct json_error problem;
    struct value object;
    if (!json_parse(env->arena, text, &object, &problem) || object.kind != VALUE_MAP) {
        error_set(error, 0, "failed parsing --set-json data JSON: %.*s", STR_ARG(text));
        return false;
    }
    *values = merge_maps(env, *values, helm_value_from(env, &object, NULL, NULL).map);
    return true;
}

static bool set_json(struct go_env *env, struct go_map **values, const struct render_strings *texts,
                     struct error *error) {
    for (uint32_t i = 0; i < texts->len; i++) {
        struct str text = str_trim(texts->items[i]);
        struct render_strings one = {texts->items + i, 1, 1};
        bool object = env->helm == 4 && str_starts(text, STR("{"));
        bool fine = object ? set_json_object(env, values, text, error)
                           : set_all(env, *values, &one, SET_JSON, "--set-json", error);
        if (!fine) return false;
    }
    return true;
}

static bool read_given(struct go_env *env, const struct render_options *options, struct go_map **values,
                       struct error *error) {
    *values = go_map(env, &GO_TYPE_MAP, 0).map;
    if (options->in && options->in->overlay) *values = helm_value_from(env, options->in->overlay, NULL, NULL).map;
    for (uint32_t i = 0; i < options->values.len; i++) {
        struct str path = options->values.items[i], text;
        if (!render_input_read(env, options->in, path, INPUT_MAX, &text, error)) return false;
        struct go_map *map = helm_values_read(env, text, layer_of(env->arena, path), error);
        if (!map) return false;
        *values = merge_maps(env, *values, map);
    }
    return set_json(env, values, &options->set_json, error) &&
           set_all(env, *values, &options->set, SET_TYPED, "--set", error) &&
           set_all(env, *values, &options->set_string, SET_STRING, "--set-string", error);
}

/* ---- the chart's own schema ---- */

static struct value plain_value(struct arena *a, const struct go_value *v) {
    struct value made = {.kind = VALUE_NULL};
    switch (go_kind(v)) {
    case GO_BOOL: made.kind = VALUE_BOOL, made.boolean = v->boolean; break;
    case GO_INT: made.kind = VALUE_INT, made.integer = v->integer; break;
    case GO_FLOAT: made = value_from_number(v->real); break;
    case GO_STRING: made = value_from_string(v->text); break;
    case GO_SLICE: {
        struct value *items = arena_array(a, struct value, v->list.len + 1);
        for (uint32_t i = 0; i < v->list.len; i++) items[i] = plain_value(a, &v->list.items[i]);
        return value_from_items(a, items, v->list.len);
    }
    case GO_MAP:
        made = value_map_new(a, v->map->len);
        for (uint32_t i = 0; i < v->map->len; i++) {
            bool found;
            value_map_put(&made, v->map->members[i].key, &found)->value = plain_value(a, &v->map->members[i].value);
        }
        break;
    default: break;
    }
    return made;
}

/* The place that the nearest value around the JSON Pointer `pointer` shows. */
static const struct go_paths *paths_at(struct go_env *env, const struct go_value *v, struct str pointer) {
    struct str *keys;
    uint32_t count, index;
    const struct go_paths *paths = NULL;
    if (!pointer_parse(env->arena, pointer, &keys, &count)) return NULL;
    for (uint32_t i = 0; v; i++) {
        if (v->runs && v->runs->items[0].paths) paths = v->runs->items[0].paths;
        if (i == count) break;
        if (go_kind(v) == GO_MAP) v = go_map_get(v->map, keys[i]);
        else if (v->type == &GO_TYPE_LIST && pointer_index(keys[i], &index) && index < v->list.len)
            v = &v->list.items[index];
        else v = NULL;
    }
    return paths;
}

static bool fits_schema(struct go_env *env, const struct helm_chart *chart, const struct go_value *given,
                        const struct go_paths **at, struct error *error) {
    struct value plain = plain_value(env->arena, given), *values = &plain;
    struct json_error problem;
    struct value *document = arena_new(env->arena, struct value);
    struct schema_error wrong;
    struct violations violations = {0};
    if (!json_parse(env->arena, chart->schema, document, &problem)) {
        error_set(error, 0, "%.*s: values.schema.json is no JSON: %s", STR_ARG(chart->name), problem.message);
        return false;
    }
    const struct value *draft = document->kind == VALUE_MAP ? value_get(document, STR("$schema")) : NULL;
    bool old = draft && draft->kind == VALUE_STRING && str_find(draft->string, STR("draft-0")) < draft->string.len;
    struct schema_options options = {.draft = SCHEMA_DRAFT_2020_12, .assert_format = old};
    const struct schema *schema = schema_compile(env->arena, document, &options, &wrong);
    if (!schema) {
        error_set(error, 0, "%.*s: values.schema.json is no schema: %s", STR_ARG(chart->name), wrong.message);
        return false;
    }
    if (schema_validate(schema, env->arena, values, &violations)) return true;
    struct schema_message message = schema_violation_message(env->arena, &violations.items[0]);
    *at = paths_at(env, given, violations.items[0].pointer);
    error_set(error, 0, "values don't meet the specifications of the schema(s) in the following chart(s): %.*s: %.*s",
              STR_ARG(chart->name), STR_ARG(message.message));
    return false;
}

static bool fits_schemas(struct go_env *env, const struct helm_chart *chart, const struct go_value *values,
                         const struct go_paths **at, struct error *error) {
    if (chart->schema.len > 0 && !fits_schema(env, chart, values, at, error)) return false;
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        const struct go_value *below = go_map_get(values->map, chart->subcharts.items[i]->name);
        if (!below || go_kind(below) != GO_MAP) continue;
        if (!fits_schemas(env, chart->subcharts.items[i], below, at, error)) return false;
    }
    return true;
}

/* ---- printing ---- */

static void print_manifests(struct go_text *out, const struct manifests *list, bool skip_tests) {
    for (uint32_t i = 0; i < list->len; i++) {
        const struct manifest *m = &list->items[i];
        if (skip_tests && m->is_test) continue;
        go_text_add(out, STR("---\n# Source: "));
        go_text_add(out, m->source);
        go_text_add(out, STR("\n"));
        go_text_add_value(out, &m->text);
        go_text_add(out, STR("\n"));
    }
}

static bool has_manifest_extension(struct str name) {
    size_t dot = str_rfind_char(name, '.');
    char lower[6] = {0};
    if (dot == name.len || name.len - dot - 1 > 4) return false;
    for (size_t i = dot + 1; i < name.len; i++) lower[i - dot - 1] = (char)(name.ptr[i] | 0x20);
    return strcmp(lower, "yaml") == 0 || strcmp(lower, "yml") == 0 || strcmp(lower, "json") == 0;
}

static void print_crds(struct go_text *out, const struct helm_chart *chart) {
    struct str above = helm_chart_full_path(out->env->arena, chart);
    for (uint32_t i = 0; i < chart->files.len; i++) {
        const struct helm_file *file = &chart->files.items[i];
        if (!str_starts(file->name, STR("crds/")) || !has_manifest_extension(file->name)) continue;
        go_text_add(out,
                    arena_printf(out->env->arena, "---\n# Source: %.*s/%.*s\n", STR_ARG(above), STR_ARG(file->name)));
        go_text_add(out, file->text);
        go_text_add(out, STR("\n"));
    }
    for (uint32_t i = 0; i < chart->subcharts.len; i++) print_crds(out, chart->subcharts.items[i]);
}

static struct go_value trimmed(struct go_env *env, const struct go_value *text) {
    struct go_text out = go_text_in(env);
    struct str s = text->text, inner = str_trim(s);
    size_t from = inner.len ? (size_t)(inner.ptr - s.ptr) : 0;
    go_text_add_part(&out, text, from, from + inner.len);
    go_text_add(&out, STR("\n"));
    return go_text_value(&out);
}

/* The template that a document's `# Source:` line names, without the chart's name. */
static struct str source_of(struct str document) {
    struct str mark = STR("# Source: ");
    size_t at = str_find(document, mark);
    if (at == document.len) return STR("");
    struct str rest = str_slice(document, at + mark.len, document.len);
    rest = str_slice(rest, 0, str_find_char(rest, '\n'));
    return str_slice(rest, str_find_char(rest, '/') + 1, rest.len);
}

static bool show_only(struct go_env *env, const struct render_strings *patterns, struct go_value *text,
                      struct error *error) {
    struct manifests all = {0};
    struct go_text out = go_text_in(env);
    manifest_split(env, text, &all);
    for (uint32_t p = 0; p < patterns->len; p++) {
        bool found = false;
        for (uint32_t i = 0; i < all.len; i++) {
            struct str source = source_of(all.items[i].text.text);
            if (source.len == 0 || !path_match(patterns->items[p], source)) continue;
            found = true;
            go_text_add(&out, STR("---\n"));
            go_text_add_value(&out, &all.items[i].text);
            go_text_add(&out, STR("\n"));
        }
        if (found) continue;
        error_set(error, 0, "could not find template %.*s in chart", STR_ARG(patterns->items[p]));
        return false;
    }
    *text = go_text_value(&out);
    return true;
}

static bool print_all(struct go_env *env, const struct helm_chart *chart, const struct render_options *options,
                      struct render_result *result, struct error *error) {
    struct go_text out = go_text_in(env);
    if (options->include_crds) print_crds(&out, chart);
    print_manifests(&out, &result->manifests, false);
    struct go_value plain = go_text_value(&out);
    plain = trimmed(env, &plain);
    out = go_text_in(env);
    go_text_add_value(&out, &plain);
    if (!options->no_hooks) print_manifests(&out, &result->hooks, options->skip_tests);
    result->text = go_text_value(&out);
    return options->show_only.len == 0 || show_only(env, &options->show_only, &result->text, error);
}

/* ---- the whole ---- */

static bool check_chart(const struct helm_chart *chart, struct error *error) {
    if (chart->type.len && !str_eq(chart->type, STR("application"))) {
        error_set(error, 0, "%.*s charts are not installable", STR_ARG(chart->type));
        return false;
    }
    return dependencies_present(chart, error);
}

static bool check_kube_version(struct go_env *env, const struct helm_chart *chart, const struct root_options *root,
                               struct error *error) {
    if (chart->kube_version.len == 0 || version_meets(env, chart->kube_version, root->kube_version)) return true;
    error_set(error, 0, "chart requires kubeVersion: %.*s which is incompatible with Kubernetes %.*s",
              STR_ARG(chart->kube_version), STR_ARG(root->kube_version));
    return false;
}

/* The first place below `given`, and the chart's own values, where a subchart's values are no map. */
static const struct go_paths *mismatch_in(const struct helm_chart *chart, struct go_map *given) {
    for (uint32_t i = 0; i < chart->subcharts.len; i++) {
        const struct helm_chart *sub = chart->subcharts.items[i];
        const struct go_value *found = given ? go_map_get(given, sub->name) : NULL;
        if (!found && chart->values) found = go_map_get(chart->values, sub->name);
        bool map = found && go_kind(found) == GO_MAP;
        if (found && !map && !go_is_nil(found)) return found->runs ? found->runs->items[0].paths : NULL;
        const struct go_paths *below = mismatch_in(sub, map ? found->map : NULL);
        if (below) return below;
    }
    return NULL;
}

bool render_chart(struct go_env *env, const struct render_options *options, struct render_result *result) {
    struct arena *a = env->arena;
    struct root_options root = options->root;
    struct go_map *given;
    struct error error;
    *result = (struct render_result){.text = go_string(STR(""))};
    if (root.kube_version.len == 0) root.kube_version = kube_version_default(env->helm);
    if (!read_given(env, options, &given, &error)) return end(result, RENDER_LOAD, a, &error);
    struct helm_chart *chart = helm_chart_load(env, options->chart, options->in, &error);
    if (!chart) return end(result, RENDER_LOAD, a, &error);
    if (options->local.len) local_dependencies_add(env, chart, options->local);
    if (!check_chart(chart, &error)) return end(result, RENDER_CHART, a, &error);
    bool processed = dependencies_process(env, chart, given, &error);
    struct go_map *values = processed ? coalesce_values(env, chart, given, false, &error) : NULL;
    if (!values) {
        result->at = mismatch_in(chart, given);
        return end(result, RENDER_VALUES, a, &error);
    }
    result->chart = chart;
    struct go_value whole = {.type = &GO_TYPE_MAP, .map = values};
    if (!fits_schemas(env, chart, &whole, &result->at, &error)) return end(result, RENDER_VALUES, a, &error);
    if (!check_kube_version(env, chart, &root, &error)) return end(result, RENDER_CLUSTER, a, &error);
    result->values = copy_map_deeply(env, values);
    root_build(env, chart, values, &root, &result->files);
    if (!program_run(env, result->files.items, result->files.len, &result->template)) {
        result->stage = RENDER_TEMPLATE;
        result->message = result->template.text;
        return false;
    }
    if (!manifest_sort(env, &result->files, &result->manifests, &result->hooks, &result->refused, &error))
        return end(result, RENDER_OUTPUT, a, &error);
    if (!print_all(env, chart, options, result, &error)) return end(result, RENDER_LOAD, a, &error);
    result->stage = RENDER_DONE;
    return true;
}
