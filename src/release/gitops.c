/* Objects of GitOps tools. The files are found first, by the words in them: most repositories have none, and then
 * nothing more is read. Each document is parsed as a part of its file (part.h), so that what is found has its place
 * there. What an object binds to a chart of the repository becomes a binding; what points at nothing is noted. Objects
 * that install charts from elsewhere are no business of anybody here. */
#include "release/gitops.h"

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "yaml/read.h"

/* Folders inside each other. */
#define DEPTH_MAX 64
/* Larger files hold no objects that people write. */
#define OBJECT_FILE_MAX ((size_t)4 << 20)
/* Documents of one file. */
#define DOCUMENTS_MOST 2000

/* ---- Finding files ---- */

struct find {
    struct arena *arena;
    const struct map *charts;
    struct release_strs *files;
};

static bool is_helmfile(struct str name) {
    return str_starts(name, STR("helmfile")) &&
           (str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml")) || str_ends(name, STR(".gotmpl")));
}

static bool in_helmfile_folder(struct str path) {
    return str_eq(path_name(path_folder(path)), STR("helmfile.d"));
}

static bool may_hold_objects(struct arena *a, struct str path) {
    struct str name = path_name(path), text;
    struct error error;
    if (is_helmfile(name)) return true;
    if (!str_ends(name, STR(".yaml")) && !str_ends(name, STR(".yml"))) return false;
    if (in_helmfile_folder(path)) return true;
    struct arena_mark mark = arena_mark(a);
    bool found = file_read(a, path.ptr, OBJECT_FILE_MAX, &text, &error) &&
                 (str_find(text, STR("HelmRelease")) < text.len || str_find(text, STR("argoproj.io/")) < text.len ||
                  str_find(text, STR("GitRepository")) < text.len);
    arena_release(a, mark);
    return found;
}

static void find_below(struct find *f, struct str folder, int depth) {
    struct system_entries entries = {NULL, 0, 0};
    if (depth > DEPTH_MAX || map_get(f->charts, folder) || system_list(f->arena, folder.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len; i++)
        if (str_eq(entries.items[i].name, STR("Chart.yaml"))) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        if (entry->name.ptr[0] == '.' || entry->is_link || str_eq(entry->name, STR("node_modules"))) continue;
        struct str path = path_join(f->arena, folder, entry->name);
        if (entry->kind == FILE_FOLDER) find_below(f, path, depth + 1);
        else if (entry->kind == FILE_REGULAR && may_hold_objects(f->arena, path)) vec_push(f->arena, f->files, path);
    }
}

void release_find_objects(struct arena *a, struct str root, const struct map *charts, struct release_strs *files) {
    struct find find = {a, charts, files};
    find_below(&find, root, 0);
}

/* ---- For the readers ---- */

struct str gitops_string(const struct value *map, struct str key) {
    const struct value *value = value_get(map, key);
    return value && value->kind == VALUE_STRING ? value->string : STR("");
}

struct str gitops_name(struct arena *a, const struct value *object) {
    const struct value *metadata = value_get(object, STR("metadata"));
    struct str space = gitops_string(metadata, STR("namespace")), name = gitops_string(metadata, STR("name"));
    return space.len ? arena_printf(a, "%.*s/%.*s", STR_ARG(space), STR_ARG(name)) : name;
}

bool gitops_is_open(struct str text) {
    return part_is_templated(text) || str_find(text, STR("${")) < text.len;
}

const struct release_chart *gitops_chart_at(struct gitops_reader *r, struct str base, struct str path) {
    while (str_starts(path, STR("/"))) path = str_slice(path, 1, path.len);
    struct str folder = path_real(r->arena, path_join(r->arena, base, path));
    return folder.len ? map_get(&r->graph->by_folder, folder) : NULL;
}

const struct gitops_charts *gitops_charts_named(struct gitops_reader *r, struct str name) {
    if (r->by_name.len == 0) {
        for (uint32_t i = 0; i < r->graph->charts.len; i++) {
            const struct release_chart *chart = r->graph->charts.items[i];
            if (str_eq(path_name(path_folder(chart->folder)), STR("charts")) &&
                map_get(&r->graph->by_folder, path_folder(path_folder(chart->folder))))
                continue;
            struct gitops_charts *charts = map_get(&r->by_name, chart->chart.name);
            if (!charts)
                map_put(r->arena, &r->by_name, chart->chart.name, charts = arena_new(r->arena, struct gitops_charts));
            vec_push(r->arena, charts, chart);
        }
    }
    return map_get(&r->by_name, name);
}

static struct str folder_of(const struct gitops_release *release) {
    return release->chart ? release->chart->folder : STR("");
}

static struct release_binding binding_of(const struct gitops_release *release) {
    struct release_binding binding = {
        .path = release->object->path, .shown = release->shown, .blocker = release->blocker};
    binding.place = (struct part_place){release->object->document, NULL, 0, false};
    if (release->object->templated) binding.blocker = STR("the file is a template, which is never written");
    return binding;
}

static void bind(struct gitops_reader *r, const struct gitops_release *release, const struct release_binding *binding) {
    release_bind(r->arena, r->bound, folder_of(release), binding);
}

void gitops_bind_part(struct gitops_reader *r, const struct gitops_release *release, const struct str *keys,
                      uint32_t key_count, bool is_text) {
    struct release_binding binding = binding_of(release);
    struct str *kept = arena_array(r->arena, struct str, key_count);
    for (uint32_t i = 0; i < key_count; i++) kept[i] = keys[i];
    binding.place.keys = kept;
    binding.place.key_count = key_count;
    binding.place.is_text = is_text;
    if (release->object->inner.key_count) {
        binding.place = release->object->inner;
        binding.keys = kept;
        binding.key_count = key_count;
    }
    bind(r, release, &binding);
}

void gitops_bind_value(struct gitops_reader *r, const struct gitops_release *release, struct str sets,
                       const struct value *at) {
    struct release_binding binding = binding_of(release);
    binding.sets = arena_str(r->arena, sets);
    binding.span = at->span;
    bind(r, release, &binding);
}

void gitops_bind_file(struct gitops_reader *r, const struct gitops_release *release, struct str path,
                      const struct value *named, bool may_miss) {
    struct release_binding binding = binding_of(release);
    struct str real = path_real(r->arena, path);
    if (real.len == 0 || file_kind(real.ptr) != FILE_REGULAR) {
        if (may_miss) return;
        gitops_unbound(r, release->object, named,
                       arena_printf(r->arena, "%.*s names `%.*s`, which is not in the repository",
                                    STR_ARG(release->shown), STR_ARG(named->string)),
                       "correct the path; values in files that cannot be found are not checked, nor moved along");
        return;
    }
    if (!path_is_below(real, r->graph->root)) return;
    /* The object may be a template; whether the file is one, whoever reads it sees. */
    binding.path = real;
    binding.place = (struct part_place){0, NULL, 0, false};
    binding.shown = STR("");
    binding.blocker = release->blocker;
    bind(r, release, &binding);
}

void gitops_bind_unknown(struct gitops_reader *r, const struct gitops_release *release, const char *why) {
    struct release_binding binding = binding_of(release);
    binding.is_unknown = true;
    binding.blocker = str_from(why);
    bind(r, release, &binding);
}

void gitops_unbound(struct gitops_reader *r, const struct gitops_object *object, const struct value *at,
                    struct str message, const char *help) {
    struct release_unbound unbound = {object->path, at ? at->span : (struct span){0, 0}, message, str_from(help)};
    vec_push(r->arena, &r->bound->unbound, unbound);
}

/* ---- Reading ---- */

/* A template that is not YAML until it is filled in: what it binds nobody can tell. */
static void note_unparsed(struct gitops_reader *r, const struct gitops_object *object) {
    gitops_unbound(r, object, NULL, STR("the file is a template that is not YAML itself; what it binds is unknown"),
                   "name the files of values and their charts under `values:` in .valuelint.yaml");
}

static void read_document(struct gitops_reader *r, struct gitops_object *object) {
    struct part_place place = {.document = object->document};
    struct yaml_issues issues = {NULL, 0, 0};
    struct tree *tree = arena_new(r->arena, struct tree);
    struct source *source = arena_new(r->arena, struct source);
    struct span within;
    struct str part, why;
    if (!part_read(r->arena, object->text, &place, &part, &within, &why)) return;
    *source = (struct source){.path = object->path, .text = part};
    if (!read_text_values(r->arena, source, tree, &object->values, &issues)) {
        if (object->templated) note_unparsed(r, object);
        return;
    }
    vec_push(r->arena, &r->all, object);
}

static void read_object(struct gitops_reader *r, const struct gitops_object *object) {
    struct str api = gitops_string(&object->values, STR("apiVersion"));
    if (str_starts(api, STR("argoproj.io/"))) gitops_read_argo(r, object);
    else if (str_starts(api, STR("helm.toolkit.fluxcd.io/")) || str_starts(api, STR("kustomize.config.k8s.io/")) ||
             str_eq(path_name(object->path), STR("kustomization.yaml")))
        gitops_read_flux(r, object);
    else if (is_helmfile(path_name(object->path)) || in_helmfile_folder(object->path)) gitops_read_helmfile(r, object);
}

static void read_file(struct gitops_reader *r, struct str path) {
    struct error error;
    struct str text;
    if (!file_read(r->arena, path.ptr, OBJECT_FILE_MAX, &text, &error)) return;
    uint32_t count = part_count(text);
    bool templated = part_is_templated(text);
    for (uint32_t i = 0; i < count && i < DOCUMENTS_MOST; i++) {
        struct gitops_object *object = arena_new(r->arena, struct gitops_object);
        *object = (struct gitops_object){.path = path, .text = text, .document = i, .templated = templated};
        read_document(r, object);
    }
}

void release_bind_objects(struct arena *a, const struct release_graph *graph, const struct release_strs *files,
                          struct release_bound *bound) {
    struct gitops_reader reader = {.arena = a, .graph = graph, .bound = bound};
    for (uint32_t i = 0; i < files->len; i++) read_file(&reader, files->items[i]);
    for (uint32_t i = 0; i < reader.all.len; i++) gitops_read_source(&reader, reader.all.items[i]);
    for (uint32_t i = 0; i < reader.all.len; i++) read_object(&reader, reader.all.items[i]);
    gitops_read_flux_patches(&reader);
}
