/* Loading a chart: its files are collected as Helm's loader walks them, then sorted into what they are for. */
#include <errno.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/archive.h"
#include "chart/helmignore.h"
#include "chart/templates.h"
#include "render/helm_chart.h"
#include "render/version.h"
#include "yaml/read.h"

/* What Helm takes of one file. */
#define FILE_MAX ((size_t)5 << 20)
#define FOLDERS_MAX 64u /* nested: a link may lead into itself */
#define CHARTS_MAX 32u  /* nested */

struct loader {
    const struct render_input *in;
    struct go_env *env;
    struct arena *arena;
    const struct helmignore *ignore;
    struct str root;
    struct helm_files files;
    struct error *error;
    uint32_t depth;
};

static struct str without_mark(struct str text) {
    struct str mark = STR("\xEF\xBB\xBF");
    return str_starts(text, mark) ? str_slice(text, mark.len, text.len) : text;
}

/* What Helm always ignores: templates/.?* */
static bool is_hidden_template(struct str name) {
    struct str rest = str_slice(name, 10, name.len);
    return str_starts(name, STR("templates/")) && rest.len > 1 && rest.ptr[0] == '.' &&
           str_find_char(rest, '/') == rest.len;
}

static bool walk_folder(struct loader *l, struct str name);

bool render_input_read(struct go_env *env, const struct render_input *in, struct str path, size_t most,
                       struct str *text, struct error *error) {
    if (!in || !in->read) return file_read_or(env->texts, env->arena, path, most, text, error);
    return in->read(in->data, arena_str(env->arena, path_normalize(env->arena, path)), text, error);
}

static bool walk_file(struct loader *l, struct str name, struct str path) {
    struct helm_file file = {.name = name, .path = path};
    if (!render_input_read(l->env, l->in, path, FILE_MAX, &file.text, l->error)) return false;
    file.text = without_mark(file.text);
    vec_push(l->arena, &l->files, file);
    return true;
}

static bool walk(struct loader *l, struct str name) {
    struct str path = path_join(l->arena, l->root, name);
    struct system_info info;
    int problem = system_look(path.ptr, true, &info);
    if (problem) {
        error_set(l->error, problem, "cannot read %s: %s", path.ptr, strerror(problem));
        return false;
    }
    if (helmignore_excludes(l->ignore, info.kind == FILE_FOLDER ? path_join(l->arena, name, STR("")) : name))
        return true;
    if (is_hidden_template(name)) return true;
    if (info.kind == FILE_FOLDER) return walk_folder(l, name);
    if (info.kind == FILE_REGULAR) return walk_file(l, name, path);
    error_set(l->error, 0, "%s is no regular file", path.ptr);
    return false;
}

static bool walk_folder(struct loader *l, struct str name) {
    struct str path = path_join(l->arena, l->root, name);
    struct system_entries entries = {0};
    int problem = l->depth > FOLDERS_MAX ? ELOOP : system_list(l->arena, path.ptr, &entries);
    if (problem) {
        error_set(l->error, problem, "cannot read %s: %s", path.ptr, strerror(problem));
        return false;
    }
    l->depth++;
    for (uint32_t i = 0; i < entries.len; i++) {
        if (!walk(l, path_join(l->arena, name, entries.items[i].name))) return false;
    }
    l->depth--;
    return true;
}

/* ---- Chart.yaml ---- */

/* A field that Helm reads as a string. */
static struct str text_of(struct arena *a, struct str source, const struct value *map, struct str key) {
    return helm_text(a, source, value_get(map, key));
}

static void read_dependency(struct arena *a, struct helm_chart *chart, struct str source, const struct value *item) {
    struct helm_dependency *made = arena_new(a, struct helm_dependency),
                           dependency = {.name = text_of(a, source, item, STR("name")),
                                         .version = text_of(a, source, item, STR("version")),
                                         .repository = text_of(a, source, item, STR("repository")),
                                         .condition = text_of(a, source, item, STR("condition")),
                                         .alias = text_of(a, source, item, STR("alias")),
                                         .import_values = value_get(item, STR("import-values")),
                                         .enabled = value_get(item, STR("enabled")) != NULL};
    const struct value *tags = value_get(item, STR("tags"));
    for (uint32_t i = 0; tags && tags->kind == VALUE_LIST && i < tags->list.len; i++) {
        if (tags->list.items[i].kind == VALUE_STRING) vec_push(a, &dependency.tags, tags->list.items[i].string);
    }
    if (dependency.import_values && dependency.import_values->kind != VALUE_LIST) dependency.import_values = NULL;
    *made = dependency;
    vec_push(a, &chart->dependencies, made);
}

static void read_dependencies(struct arena *a, struct helm_chart *chart, struct str source,
                              const struct value *document) {
    const struct value *list = value_get(document, STR("dependencies"));
    if (!list || list->kind != VALUE_LIST) return;
    chart->has_dependencies = true;
    chart->dependencies.len = 0;
    for (uint32_t i = 0; i < list->list.len; i++) read_dependency(a, chart, source, &list->list.items[i]);
}

static bool refuse(struct loader *l, const struct helm_file *file, const char *why) {
    error_set(l->error, 0, "cannot load %.*s: %s", STR_ARG(file->path), why);
    return false;
}

/* What kinds of values Helm's loader takes for a field; null is fine everywhere. */
enum field_kind { FIELD_TEXT, FIELD_TEXTS, FIELD_BOOL, FIELD_MAPS, FIELD_TEXT_MAP };

static bool is_scalar(const struct value *v) {
    return v->kind != VALUE_LIST && v->kind != VALUE_MAP;
}

static bool fits_kind(const struct value *v, enum field_kind kind) {
    if (v->kind == VALUE_NULL) return true;
    switch (kind) {
    case FIELD_TEXT: return is_scalar(v);
    case FIELD_BOOL: return v->kind == VALUE_BOOL;
    case FIELD_TEXT_MAP:
        for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.len; i++) {
            if (!is_scalar(&v->map.members[i].value)) return false;
        }
        return v->kind == VALUE_MAP;
    default: break;
    }
    for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++) {
        const struct value *item = &v->list.items[i];
        if (kind == FIELD_TEXTS ? !is_scalar(item) : item->kind != VALUE_MAP) return false;
    }
    return v->kind == VALUE_LIST;
}

static const struct {
    const char *name;
    enum field_kind kind;
} FIELDS[] = {
    {"name", FIELD_TEXT},
    {"version", FIELD_TEXT},
    {"description", FIELD_TEXT},
    {"home", FIELD_TEXT},
    {"icon", FIELD_TEXT},
    {"apiVersion", FIELD_TEXT},
    {"condition", FIELD_TEXT},
    {"tags", FIELD_TEXT},
    {"appVersion", FIELD_TEXT},
    {"kubeVersion", FIELD_TEXT},
    {"type", FIELD_TEXT},
    {"sources", FIELD_TEXTS},
    {"keywords", FIELD_TEXTS},
    {"maintainers", FIELD_MAPS},
    {"dependencies", FIELD_MAPS},
    {"deprecated", FIELD_BOOL},
    {"annotations", FIELD_TEXT_MAP},
};

/* The field of Chart.yaml that Helm's loader cannot take as it is; NULL: none. */
static const char *wrong_field(const struct value *document) {
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        const struct value *v = value_get(document, str_from(FIELDS[i].name));
        if (v && !fits_kind(v, FIELDS[i].kind)) return FIELDS[i].name;
    }
    return NULL;
}

static bool is_alias(struct str s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!good) return false;
    }
    return true;
}

/* What Helm's validation says of a chart; NULL: it is fine. */
static const char *wrong_chart(struct go_env *env, const struct helm_chart *chart) {
    struct str name = chart->name;
    if (name.len == 0) return "it gives no name";
    if (str_eq(name, STR(".")) || str_eq(name, STR("..")) || str_find_char(name, '/') < name.len)
        return "its name is a path";
    if (chart->version.len == 0) return "it gives no version";
    if (!version_is(env, chart->version)) return "its version is none";
    if (chart->type.len && !str_eq(chart->type, STR("application")) && !str_eq(chart->type, STR("library")))
        return "its type is neither application nor library";
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct helm_dependency *one = chart->dependencies.items[i];
        if (!is_alias(one->alias)) return "a dependency's alias has other characters than letters, digits, - and _";
        for (uint32_t k = 0; k < i; k++) {
            const struct helm_dependency *other = chart->dependencies.items[k];
            if (str_eq(one->alias.len ? one->alias : one->name, other->alias.len ? other->alias : other->name))
                return "two dependencies have one name or alias";
        }
    }
    return NULL;
}

static bool read_metadata(struct loader *l, struct helm_chart *chart, const struct helm_file *file) {
    struct arena *a = l->arena;
    if (!read_plain_values(a, file->text, &chart->metadata)) return refuse(l, file, "it is no YAML that Helm reads");
    const char *field = wrong_field(&chart->metadata);
    if (field) return refuse(l, file, arena_printf(a, "%s has a value of the wrong kind", field).ptr);
    chart->metadata_text = file->text;
    chart->name = text_of(a, file->text, &chart->metadata, STR("name"));
    chart->version = text_of(a, file->text, &chart->metadata, STR("version"));
    chart->api_version = text_of(a, file->text, &chart->metadata, STR("apiVersion"));
    chart->type = text_of(a, file->text, &chart->metadata, STR("type"));
    chart->kube_version = text_of(a, file->text, &chart->metadata, STR("kubeVersion"));
    if (chart->api_version.len == 0) chart->api_version = STR("v1");
    read_dependencies(a, chart, file->text, &chart->metadata);
    return true;
}

/* ---- sorting the files ---- */

static struct helm_chart *build(struct loader *l, const struct helm_files *files, struct helm_chart *parent,
                                struct str path);

static bool read_requirements(struct loader *l, struct helm_chart *chart, const struct helm_file *file) {
    struct value document;
    if (!read_plain_values(l->arena, file->text, &document)) return refuse(l, file, "it is no YAML that Helm reads");
    read_dependencies(l->arena, chart, file->text, &document);
    if (str_eq(chart->api_version, STR("v1"))) vec_push(l->arena, &chart->files, *file);
    return true;
}

struct str helm_values_prefix(struct arena *a, const struct helm_chart *chart) {
    if (!chart->parent) return STR("");
    struct str above = helm_values_prefix(a, chart->parent);
    return above.len ? arena_printf(a, "%.*s.%.*s", STR_ARG(above), STR_ARG(chart->name)) : chart->name;
}

static bool read_values(struct loader *l, struct helm_chart *chart, const struct helm_file *file) {
    struct value_layer *layer = arena_new(l->arena, struct value_layer);
    *layer = (struct value_layer){file->path, helm_values_prefix(l->arena, chart)};
    chart->values = helm_values_read(l->env, file->text, layer, l->error);
    return chart->values;
}

/* Puts one file where it belongs; those below charts/ are left. */
static bool sort_file(struct loader *l, struct helm_chart *chart, const struct helm_file *file) {
    struct str name = file->name;
    if (str_eq(name, STR("Chart.yaml")) || str_eq(name, STR("Chart.lock"))) return true;
    if (str_eq(name, STR("values.yaml"))) return read_values(l, chart, file);
    if (str_eq(name, STR("requirements.yaml"))) return read_requirements(l, chart, file);
    if (str_eq(name, STR("requirements.lock")) && !str_eq(chart->api_version, STR("v1"))) return true;
    if (str_eq(name, STR("values.schema.json"))) chart->schema = file->text;
    else if (str_starts(name, STR("templates/"))) vec_push(l->arena, &chart->templates, *file);
    else if (!str_starts(name, STR("charts/")) || str_ends(name, STR(".prov")))
        vec_push(l->arena, &chart->files, *file);
    return true;
}

static bool add_packed(struct loader *l, struct helm_chart *chart, const struct helm_file *file) {
    struct archive archive = {0};
    struct helm_files files = {0};
    if (!archive_read(l->arena, file->text, NULL, &archive, l->error)) return false;
    for (uint32_t i = 0; i < archive.files.len; i++) {
        const struct archive_file *packed = &archive.files.items[i];
        struct str path = arena_printf(l->arena, "%.*s:%.*s", STR_ARG(file->path), STR_ARG(packed->path));
        vec_push(l->arena, &files, (struct helm_file){packed->path, path, packed->text});
    }
    struct helm_chart *sub = build(l, &files, chart, file->path);
    if (!sub) return false;
    vec_push(l->arena, &chart->subcharts, sub);
    return true;
}

/* The files [from, to) of `files` below charts/NAME/, as those of a chart of their own. */
static bool add_folder(struct loader *l, struct helm_chart *chart, const struct helm_files *files, struct str folder) {
    struct helm_files own = {0};
    struct str prefix = arena_printf(l->arena, "charts/%.*s/", STR_ARG(folder));
    for (uint32_t i = 0; i < files->len; i++) {
        struct helm_file file = files->items[i];
        if (!str_starts(file.name, prefix)) continue;
        file.name = str_slice(file.name, prefix.len, file.name.len);
        vec_push(l->arena, &own, file);
    }
    struct helm_chart *sub =
        build(l, &own, chart, path_join(l->arena, chart->path, str_slice(prefix, 0, prefix.len - 1)));
    if (!sub) return false;
    vec_push(l->arena, &chart->subcharts, sub);
    return true;
}

/* The charts below charts/, each once, in the order of their names. */
static bool add_subcharts(struct loader *l, struct helm_chart *chart, const struct helm_files *files) {
    struct map seen = {0};
    for (uint32_t i = 0; i < files->len; i++) {
        const struct helm_file *file = &files->items[i];
        if (!str_starts(file->name, STR("charts/")) || str_ends(file->name, STR(".prov"))) continue;
        struct str rest = str_slice(file->name, 7, file->name.len);
        struct str folder = str_slice(rest, 0, str_find_char(rest, '/'));
        if (folder.len == 0 || folder.ptr[0] == '_' || folder.ptr[0] == '.') continue;
        if (map_put(l->arena, &seen, folder, chart)) continue;
        if (str_ends(folder, STR(".tgz"))) {
            if (!add_packed(l, chart, file)) return false;
        } else if (folder.len < rest.len) {
            if (!add_folder(l, chart, files, folder)) return false;
        } else {
            error_set(l->error, 0, "%.*s is no chart, and Helm refuses other files in charts/", STR_ARG(file->path));
            return false;
        }
    }
    return true;
}

static struct helm_chart *build(struct loader *l, const struct helm_files *files, struct helm_chart *parent,
                                struct str path) {
    struct helm_chart *chart = arena_new(l->arena, struct helm_chart);
    bool found = false;
    chart->parent = parent;
    chart->path = path;
    if (l->depth++ > CHARTS_MAX) {
        error_set(l->error, 0, "%.*s: charts nest too deeply", STR_ARG(path));
        return NULL;
    }
    for (uint32_t i = 0; i < files->len; i++) {
        if (!str_eq(files->items[i].name, STR("Chart.yaml"))) continue;
        if (!read_metadata(l, chart, &files->items[i])) return NULL;
        found = true;
    }
    if (!found) {
        error_set(l->error, 0, "there is no Chart.yaml in %.*s", STR_ARG(path));
        return NULL;
    }
    for (uint32_t i = 0; i < files->len; i++) {
        if (!sort_file(l, chart, &files->items[i])) return NULL;
    }
    const char *wrong = wrong_chart(l->env, chart);
    if (wrong) {
        error_set(l->error, 0, "the Chart.yaml in %.*s: %s", STR_ARG(path), wrong);
        return NULL;
    }
    if (!add_subcharts(l, chart, files)) return NULL;
    l->depth--;
    return chart;
}

/* Helm 4 takes a chart of other API versions below charts/ only. */
static struct helm_chart *checked(struct loader *l, struct helm_chart *chart) {
    if (!chart || l->env->helm == 3) return chart;
    if (str_eq(chart->api_version, STR("v1")) || str_eq(chart->api_version, STR("v2"))) return chart;
    error_set(l->error, 0, "%.*s: its apiVersion is neither v1 nor v2", STR_ARG(chart->path));
    return NULL;
}

/* Adds the templates that charts share; one of the chart's own of the same name is used in its place. */
static bool add_shared(struct loader *l, struct helm_chart *chart, struct str folder) {
    struct chart_templates files = {NULL, 0, 0};
    if (!chart_list_shared(l->arena, folder, &files, l->error)) return false;
    for (uint32_t i = 0; i < files.len; i++) {
        struct helm_file file = {.path = files.items[i].path};
        bool own = false;
        file.name = path_join(l->arena, STR("templates"), path_relative(file.path, folder));
        for (uint32_t k = 0; k < chart->templates.len && !own; k++)
            own = str_eq(chart->templates.items[k].name, file.name);
        if (own) continue;
        if (!render_input_read(l->env, l->in, file.path, FILE_MAX, &file.text, l->error)) return false;
        file.text = without_mark(file.text);
        vec_push(l->arena, &chart->templates, file);
    }
    return true;
}

/* The same for all of `in`, and its values. */
static struct helm_chart *with_input(struct loader *l, struct helm_chart *chart) {
    if (!chart || !l->in) return chart;
    if (l->in->own) chart->values = helm_value_from(l->env, l->in->own, NULL, NULL).map;
    for (uint32_t i = 0; i < l->in->shared.len; i++)
        if (!add_shared(l, chart, l->in->shared.items[i])) return NULL;
    return chart;
}

struct helm_chart *helm_chart_load(struct go_env *env, struct str path, const struct render_input *in,
                                   struct error *error) {
    struct loader loader = {.env = env, .arena = env->arena, .error = error, .root = path, .in = in};
    if (file_kind(path.ptr) == FILE_REGULAR) {
        struct helm_chart holder = {0};
        struct helm_file packed = {.name = path, .path = path};
        if (!file_read(env->arena, path.ptr, ARCHIVE_TOTAL_MAX, &packed.text, error)) return NULL;
        if (!add_packed(&loader, &holder, &packed)) return NULL;
        holder.subcharts.items[0]->parent = NULL;
        return checked(&loader, holder.subcharts.items[0]);
    }
    loader.ignore = helmignore_read(env->arena, path);
    if (!walk_folder(&loader, STR(""))) return NULL;
    loader.depth = 0;
    return with_input(&loader, checked(&loader, build(&loader, &loader.files, NULL, path)));
}

struct str helm_chart_full_path(struct arena *a, const struct helm_chart *chart) {
    if (!chart->parent) return chart->name;
    return arena_printf(a, "%.*s/charts/%.*s", STR_ARG(helm_chart_full_path(a, chart->parent)), STR_ARG(chart->name));
}
