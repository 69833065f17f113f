/* .Files and the methods of .Values. */
#include "base/path.h"
#include "render/coalesce.h"
#include "render/objects.h"
#include "template/eval/function.h"

/* The result of another function of templates. */
static bool call_function(struct go_call *call, const char *name, struct go_value argument) {
    const struct go_function *function = go_function_find(str_from(name), call->env->helm);
    struct go_call inner = {.env = call->env, .function = function, .args = &argument, .count = 1, .result = go_nil()};
    if (!function || !function->call(&inner)) return go_fail(call, "%.*s", STR_ARG(inner.error));
    return go_give(call, inner.result);
}

/* ---- globs: `*` and `?` stop at `/`, `**` does not, [a-z], [!a], {a,b} ---- */

/* The end of the group that begins at `open`, or the pattern's length. */
static size_t group_end(struct str pattern, size_t open) {
    uint32_t depth = 0;
    for (size_t i = open; i < pattern.len; i++) {
        if (pattern.ptr[i] == '\\') i++;
        else if (pattern.ptr[i] == '{') depth++;
        else if (pattern.ptr[i] == '}' && --depth == 0) return i;
    }
    return pattern.len;
}

/* How deep groups may nest; one more matches nothing. */
#define GROUPS_MAX 8u

static bool glob_match(struct arena *a, struct str pattern, struct str name, uint32_t depth) {
    size_t open = str_find_char(pattern, '{'), close = group_end(pattern, open);
    if (open == pattern.len) return path_match(pattern, name);
    if (close == pattern.len || depth > GROUPS_MAX) return false;
    struct str before = str_slice(pattern, 0, open), after = str_slice(pattern, close + 1, pattern.len);
    uint32_t inner = 0;
    for (size_t i = open + 1, from = i; i <= close; i++) {
        char c = pattern.ptr[i];
        if (c == '{') inner++;
        if (c == '}' && inner > 0) {
            inner--;
        } else if ((c == ',' && inner == 0) || i == close) {
            struct str whole =
                arena_printf(a, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(str_slice(pattern, from, i)), STR_ARG(after));
            if (glob_match(a, whole, name, depth + 1)) return true;
            from = i + 1;
        }
    }
    return false;
}

/* ---- .Files ---- */

static bool files_get_bytes(struct go_call *call) {
    const struct go_value *found = go_map_get(call->self->map, call->args[0].text);
    return go_give(call, found ? *found : go_bytes(STR("")));
}

static bool files_get(struct go_call *call) {
    const struct go_value *found = go_map_get(call->self->map, call->args[0].text);
    return go_give(call, go_string(found ? found->text : STR("")));
}

static bool files_glob(struct go_call *call) {
    struct go_value matched = go_map(call->env, call->self->type, 0);
    struct go_map *files = call->self->map;
    for (uint32_t i = 0; i < files->len; i++) {
        if (glob_match(call->env->arena, call->args[0].text, files->members[i].key, 0))
            go_map_set(call->env, matched.map, files->members[i].key, files->members[i].value);
    }
    return go_give(call, matched);
}

static bool files_as(struct go_call *call, bool secrets) {
    struct go_value map = go_map(call->env, &GO_TYPE_STRING_MAP, 0);
    struct go_map *files = call->self->map;
    for (uint32_t i = 0; i < files->len; i++) {
        struct go_value text = go_string(files->members[i].value.text);
        if (secrets) {
            if (!call_function(call, "b64enc", text)) return false;
            text = call->result;
        }
        go_map_set(call->env, map.map, path_name(files->members[i].key), text);
    }
    return call_function(call, "toYaml", map);
}

static bool files_as_config(struct go_call *call) {
    return files_as(call, false);
}

static bool files_as_secrets(struct go_call *call) {
    return files_as(call, true);
}

static bool files_lines(struct go_call *call) {
    const struct go_value *found = go_map_get(call->self->map, call->args[0].text);
    struct str rest = found ? found->text : STR("");
    struct VEC(struct go_value) lines = {0};
    if (rest.len > 0 && rest.ptr[rest.len - 1] == '\n') rest.len--;
    while (found && found->text.len > 0) {
        size_t end = str_find_char(rest, '\n');
        vec_push(call->env->arena, &lines, go_string(str_slice(rest, 0, end)));
        if (end == rest.len) break;
        rest = str_slice(rest, end + 1, rest.len);
    }
    return go_give(call, go_list(&GO_TYPE_STRINGS, lines.items, lines.len));
}

static const struct go_function FILES_METHODS[] = {
    {"AsConfig", ":s", files_as_config, 0},
    {"AsSecrets", ":s", files_as_secrets, 0},
    {"Get", "s:s", files_get, 0},
    {"GetBytes", "s:B", files_get_bytes, 0},
    {"Glob", "s:a", files_glob, 0},
    {"Lines", "s:S", files_lines, 0},
    {0},
};

static const struct go_type TYPE_FILES = {
    .kind = GO_MAP, .name = STR_INIT("engine.files"), .elem = &GO_TYPE_BYTES, .named = true, .methods = FILES_METHODS};

struct go_value root_files(struct go_env *env, const struct helm_chart *chart) {
    struct go_value files = go_map(env, &TYPE_FILES, chart->files.len);
    for (uint32_t i = 0; i < chart->files.len; i++)
        go_map_set(env, files.map, chart->files.items[i].name, go_bytes(chart->files.items[i].text));
    go_map_sort(files.map);
    return files;
}

/* ---- .Values ---- */

static bool values_as_map(struct go_call *call) {
    struct go_value map = *call->self;
    map.type = &GO_TYPE_MAP;
    return go_give(call, map);
}

static bool values_yaml(struct go_call *call) {
    if (!call_function(call, "toYaml", *call->self)) return false;
    struct go_text text = go_text_in(call->env);
    go_text_add_value(&text, &call->result);
    go_text_add(&text, STR("\n"));
    return go_give(call, go_text_value(&text));
}

static bool values_table_method(struct go_call *call) {
    struct go_map *table = values_table(call->self->map, call->args[0].text);
    if (!table) return go_fail(call, "\"%.*s\" is not a table", STR_ARG(call->args[0].text));
    return go_give(call, (struct go_value){.type = root_values_type(call->env), .map = table});
}

static bool values_path_value(struct go_call *call) {
    struct str path = call->args[0].text;
    if (path.len == 0) return go_fail(call, "YAML path cannot be empty");
    const struct go_value *found = values_scalar(call->self->map, path);
    if (!found) return go_fail(call, "\"%.*s\" is not a value", STR_ARG(path_name(path)));
    return go_give(call, *found);
}

static bool values_encode(struct go_call *call) {
    return go_fail(call, "it writes to what a template does not have");
}

static const struct go_function VALUES_METHODS[] = {
    {"AsMap", ":m", values_as_map, FN_HOLES},
    {"Encode", "a:a", values_encode, FN_HOLES},
    {"PathValue", "s:a", values_path_value, FN_HOLES},
    {"Table", "s:m", values_table_method, FN_HOLES},
    {"YAML", ":s", values_yaml, FN_HOLES},
    {0},
};

const struct go_type *root_values_type(const struct go_env *env) {
    static const struct go_type TYPES[] = {
        {.kind = GO_MAP, .name = STR_INIT("chartutil.Values"), .named = true, .methods = VALUES_METHODS},
        {.kind = GO_MAP, .name = STR_INIT("common.Values"), .named = true, .methods = VALUES_METHODS}};
    return &TYPES[env->helm == 4];
}
