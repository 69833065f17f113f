/* Argo CD: an Application has one source or several. A source that is a path in the repository installs the chart
 * there; one with `ref` lends its files to the others (`$ref/path`). Within a source parameters win over valuesObject,
 * that over values, that over valueFiles; `.argocd-source*.yaml` in the chart's folder sets parameters on top. An
 * ApplicationSet holds the spec of its Applications under `template`. */
#include "base/ascii.h"
#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "release/gitops.h"
#include "yaml/read.h"

/* Keys that lead to a source from the object. */
#define WAY_MAX 8

struct way {
    struct str keys[WAY_MAX];
    uint32_t count;
};

static struct way step(const struct way *way, struct str key) {
    struct way out = *way;
    if (out.count < WAY_MAX) out.keys[out.count++] = key;
    return out;
}

/* Whether the revision is one commit or version, and not what a branch holds. */
static bool is_pinned(struct str revision) {
    uint32_t hex = 0, digits = 0, dots = 0;
    if (str_starts(revision, STR("v"))) revision = str_slice(revision, 1, revision.len);
    for (size_t i = 0; i < revision.len; i++) {
        hex += ascii_is_hex(revision.ptr[i]);
        digits += ascii_is_digit(revision.ptr[i]);
        dots += revision.ptr[i] == '.';
    }
    return (hex == revision.len && hex >= 7) || (revision.len && ascii_is_digit(revision.ptr[0]) && dots) ||
           (digits && digits == revision.len);
}

/* ---- Values of one source ---- */

static void bind_parameters(struct gitops_reader *r, const struct gitops_release *release, const struct value *helm) {
    static const char *const LISTS[] = {"parameters", "fileParameters"};
    for (size_t l = 0; l < sizeof LISTS / sizeof *LISTS; l++) {
        const struct value *list = value_get(helm, str_from(LISTS[l]));
        for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
            const struct value *name = value_get(&list->list.items[i], STR("name"));
            if (name && name->kind == VALUE_STRING) gitops_bind_value(r, release, name->string, name);
        }
    }
}

/* What writes of image updaters leave in the chart's folder. */
static void bind_sources_file(struct gitops_reader *r, const struct gitops_release *release) {
    struct system_entries entries = {NULL, 0, 0};
    if (!release->chart || system_list(r->arena, release->chart->folder.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        if (!str_starts(entries.items[i].name, STR(".argocd-source"))) continue;
        struct gitops_object *file = arena_new(r->arena, struct gitops_object);
        struct error error;
        file->path = path_join(r->arena, release->chart->folder, entries.items[i].name);
        if (!file_read(r->arena, file->path.ptr, INPUT_MAX, &file->text, &error)) continue;
        if (!read_plain_values(r->arena, file->text, &file->values)) continue;
        struct gitops_release of = {.object = file, .chart = release->chart, .shown = STR("")};
        bind_parameters(r, &of, value_get(&file->values, STR("helm")));
    }
}

/* The root that `$name/` stands for: that of the repository, where the source of that name is this one. */
static bool find_reference(struct gitops_reader *r, const struct value *sources, struct str file, struct str *path) {
    struct str rest = str_slice(file, 1, file.len), name;
    str_split_next(&rest, '/', &name);
    for (uint32_t i = 0; sources && sources->kind == VALUE_LIST && i < sources->list.len; i++) {
        if (!str_eq(gitops_string(&sources->list.items[i], STR("ref")), name)) continue;
        *path = path_join(r->arena, r->graph->root, rest);
        return true;
    }
    return false;
}

static void bind_file(struct gitops_reader *r, const struct gitops_release *release, const struct value *sources,
                      const struct value *named, bool may_miss) {
    struct str file = named->string, path = STR("");
    if (str_starts(file, STR("http://")) || str_starts(file, STR("https://"))) {
        gitops_bind_unknown(r, release, "it takes values from a URL");
        return;
    }
    if (gitops_is_open(file)) {
        gitops_unbound(r, release->object, named,
                       arena_printf(r->arena, "which values %.*s takes is not known: `%.*s`", STR_ARG(release->shown),
                                    STR_ARG(file)),
                       "name the files under `values:` in .valuelint.yaml");
        return;
    }
    if (str_starts(file, STR("$")) && !find_reference(r, sources, file, &path)) {
        gitops_unbound(r, release->object, named,
                       arena_printf(r->arena, "%.*s names `%.*s`, but no source has that `ref`",
                                    STR_ARG(release->shown), STR_ARG(file)),
                       "give a source that `ref`, or correct the name");
        return;
    }
    if (path.len == 0 && str_starts(file, STR("/")))
        path = path_join(r->arena, r->graph->root, str_slice(file, 1, file.len));
    if (path.len == 0 && release->chart) path = path_join(r->arena, release->chart->folder, file);
    if (path.len) gitops_bind_file(r, release, path, named, may_miss);
}

static void bind_helm(struct gitops_reader *r, const struct gitops_release *release, const struct value *sources,
                      const struct value *source, const struct way *way) {
    const struct value *helm = value_get(source, STR("helm"));
    const struct value *files = value_get(helm, STR("valueFiles")),
                       *ignore = value_get(helm, STR("ignoreMissingValueFiles"));
    const struct value *object = value_get(helm, STR("valuesObject")), *text = value_get(helm, STR("values"));
    struct way at = step(way, STR("helm"));
    bool may_miss = ignore && ignore->kind == VALUE_BOOL && ignore->boolean;
    for (uint32_t i = 0; files && files->kind == VALUE_LIST && i < files->list.len; i++)
        if (files->list.items[i].kind == VALUE_STRING) bind_file(r, release, sources, &files->list.items[i], may_miss);
    if (object && object->kind == VALUE_MAP && object->map.len) {
        struct way to = step(&at, STR("valuesObject"));
        gitops_bind_part(r, release, to.keys, to.count, false);
    } else if (text && text->kind == VALUE_STRING && str_trim(text->string).len) {
        struct way to = step(&at, STR("values"));
        gitops_bind_part(r, release, to.keys, to.count, true);
    }
    bind_parameters(r, release, helm);
    bind_sources_file(r, release);
}

/* ---- Sources ---- */

/* The one chart here of that name, which the source takes from a repository of charts. */
static const struct release_chart *find_named(struct gitops_reader *r, const struct value *source) {
    const struct gitops_charts *charts = gitops_charts_named(r, gitops_string(source, STR("chart")));
    struct str version = gitops_string(source, STR("targetRevision"));
    const struct release_chart *found = NULL;
    for (uint32_t i = 0; charts && i < charts->len; i++) {
        if (version.len && is_pinned(version) && !str_eq(charts->items[i]->chart.version, version)) continue;
        if (found) return NULL;
        found = charts->items[i];
    }
    return found;
}

static void read_source(struct gitops_reader *r, const struct gitops_object *object, struct str shown,
                        const struct value *sources, const struct value *source, const struct way *way) {
    const struct value *path = value_get(source, STR("path"));
    struct gitops_release release = {.object = object, .shown = shown};
    if (!value_get(source, STR("helm")) && !path) return;
    if (gitops_string(source, STR("chart")).len) {
        release.chart = find_named(r, source);
        release.blocker = STR("it installs the chart from a repository, which may not be built from this one");
        if (release.chart) bind_helm(r, &release, sources, source, way);
        return;
    }
    if (!path || path->kind != VALUE_STRING) return;
    if (gitops_is_open(path->string)) {
        gitops_unbound(r, object, path,
                       arena_printf(r->arena, "which chart %.*s installs is not known: `%.*s`", STR_ARG(shown),
                                    STR_ARG(path->string)),
                       "values of it that are at an old place hold moves back");
        release.blocker = STR("which chart it is for is unknown");
        bind_helm(r, &release, sources, source, way);
        return;
    }
    release.chart = gitops_chart_at(r, r->graph->root, path->string);
    if (!release.chart) return;
    if (is_pinned(gitops_string(source, STR("targetRevision"))))
        release.blocker = STR("it pins a revision, whose chart does not change");
    bind_helm(r, &release, sources, source, way);
}

static void read_spec(struct gitops_reader *r, const struct gitops_object *object, const char *kind,
                      const struct value *spec, const struct way *way) {
    const struct value *source = value_get(spec, STR("source")), *sources = value_get(spec, STR("sources"));
    struct str shown = arena_printf(r->arena, "the %s %.*s", kind, STR_ARG(gitops_name(r->arena, &object->values)));
    struct way one = step(way, STR("source")), all = step(way, STR("sources"));
    if (source && source->kind == VALUE_MAP) read_source(r, object, shown, NULL, source, &one);
    for (uint32_t i = 0; sources && sources->kind == VALUE_LIST && i < sources->list.len; i++) {
        struct way at = step(&all, arena_printf(r->arena, "%u", i));
        read_source(r, object, shown, sources, &sources->list.items[i], &at);
    }
}

void gitops_read_argo(struct gitops_reader *r, const struct gitops_object *object) {
    const struct value *spec = value_get(&object->values, STR("spec"));
    struct str kind = gitops_string(&object->values, STR("kind"));
    struct way way = {{STR_INIT("spec")}, 1};
    if (str_eq(kind, STR("Application"))) read_spec(r, object, "Application", spec, &way);
    if (!str_eq(kind, STR("ApplicationSet"))) return;
    struct way template = step(&way, STR("template")), inner = step(&template, STR("spec"));
    read_spec(r, object, "ApplicationSet", value_get(value_get(spec, STR("template")), STR("spec")), &inner);
}
