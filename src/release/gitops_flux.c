/* Flux: a HelmRelease names its chart by a path in a source, or by a name in a repository of charts; its values stand
 * in it (`spec.values`), in files beside the chart (`valuesFiles`) and in the cluster (`valuesFrom`). A HelmRelease
 * without a chart is a patch of another one, of the same name and namespace. */
#include "base/file.h"
#include "base/path.h"
#include "release/gitops.h"
#include "yaml/read.h"

static const struct str VALUES[] = {STR_INIT("spec"), STR_INIT("values")};

static void bind_values_from(struct gitops_reader *r, const struct gitops_release *release, const struct value *list) {
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        const struct value *target = value_get(item, STR("targetPath"));
        if (target && target->kind == VALUE_STRING) gitops_bind_value(r, release, target->string, target);
        else gitops_bind_unknown(r, release, "it takes values from the cluster (`valuesFrom`)");
    }
}

static void bind_release(struct gitops_reader *r, const struct gitops_release *release) {
    const struct value *spec = value_get(&release->object->values, STR("spec"));
    const struct value *values = value_get(spec, STR("values"));
    if (values && values->kind != VALUE_NULL) gitops_bind_part(r, release, VALUES, 2, false);
    bind_values_from(r, release, value_get(spec, STR("valuesFrom")));
}

/* Paths are relative to the source: the repository. */
static void bind_files(struct gitops_reader *r, const struct gitops_release *release, const struct value *chart) {
    const struct value *files = value_get(chart, STR("valuesFiles")), *one = value_get(chart, STR("valuesFile"));
    const struct value *ignore = value_get(chart, STR("ignoreMissingValuesFiles"));
    bool may_miss = ignore && ignore->kind == VALUE_BOOL && ignore->boolean;
    for (uint32_t i = 0; files && files->kind == VALUE_LIST && i < files->list.len; i++)
        if (files->list.items[i].kind == VALUE_STRING)
            gitops_bind_file(r, release, path_join(r->arena, r->graph->root, files->list.items[i].string),
                             &files->list.items[i], may_miss);
    if (one && one->kind == VALUE_STRING)
        gitops_bind_file(r, release, path_join(r->arena, r->graph->root, one->string), one, may_miss);
}

static void note_install(struct gitops_reader *r, const struct gitops_release *release) {
    const struct value *metadata = value_get(&release->object->values, STR("metadata"));
    struct str name = gitops_string(metadata, STR("name"));
    struct gitops_installs *installs = map_get(&r->installs, name);
    if (!installs) map_put(r->arena, &r->installs, name, installs = arena_new(r->arena, struct gitops_installs));
    vec_push(r->arena, installs,
             (struct gitops_install){gitops_string(metadata, STR("namespace")), release->chart, release->blocker});
}

static bool is_range(struct str version) {
    for (size_t i = 0; i < version.len; i++)
        if (strchr("^~<>=*xX| ", version.ptr[i])) return true;
    return false;
}

/* The chart of a repository of charts that may be built from here; NULL for none. */
static const struct release_chart *find_named(struct gitops_reader *r, struct str name, struct str version) {
    const struct gitops_charts *charts = gitops_charts_named(r, name);
    const struct release_chart *found = NULL;
    for (uint32_t i = 0; charts && i < charts->len; i++) {
        bool exact = version.len == 0 || str_eq(charts->items[i]->chart.version, version);
        if (!exact && !is_range(version)) continue;
        if (found) return NULL;
        found = charts->items[i];
    }
    return found;
}

static void read_release(struct gitops_reader *r, const struct gitops_object *object) {
    const struct value *spec = value_get(&object->values, STR("spec"));
    const struct value *chart = value_path(spec, (struct str[]){STR_INIT("chart"), STR_INIT("spec")}, 2);
    const struct value *name = value_get(chart, STR("chart")), *reference = value_get(spec, STR("chartRef"));
    struct str shown = arena_printf(r->arena, "the HelmRelease %.*s", STR_ARG(gitops_name(r->arena, &object->values)));
    struct gitops_release release = {.object = object, .shown = shown};
    if (!chart && !reference) {
        vec_push(r->arena, &r->patches, object);
        return;
    }
    if (!name || name->kind != VALUE_STRING) return;
    bool from_git = !str_eq(gitops_string(value_get(chart, STR("sourceRef")), STR("kind")), STR("HelmRepository"));
    if (gitops_is_open(name->string)) {
        gitops_unbound(r, object, name,
                       arena_printf(r->arena, "which chart %.*s installs is not known: `%.*s`", STR_ARG(shown),
                                    STR_ARG(name->string)),
                       "values of it that are at an old place hold moves back");
        release.blocker = STR("which chart it is for is unknown");
        bind_release(r, &release);
        return;
    }
    if (from_git) {
        release.chart = gitops_chart_at(r, r->graph->root, name->string);
        if (map_get(&r->pinned, gitops_string(value_get(chart, STR("sourceRef")), STR("name"))))
            release.blocker = STR("its source pins a revision, whose chart does not change");
    } else {
        release.chart = find_named(r, name->string, gitops_string(chart, STR("version")));
        release.blocker = STR("it installs the chart from a repository, which may not be built from this one");
    }
    if (!release.chart) return;
    note_install(r, &release);
    bind_files(r, &release, chart);
    bind_release(r, &release);
}

/* ---- Patches ---- */

static bool is_at_values(struct str pointer) {
    return str_starts(pointer, STR("/spec/values")) || str_starts(pointer, STR("/spec/chart"));
}

/* "/spec/values/a/b" -> "a.b" */
static struct str dotted_of(struct arena *a, struct str pointer) {
    struct str rest = str_slice(pointer, strlen("/spec/values/"), pointer.len);
    char *out = arena_alloc_raw(a, rest.len + 1);
    for (size_t i = 0; i < rest.len; i++) {
        out[i] = rest.ptr[i];
        if (out[i] == '/') out[i] = '.';
    }
    return (struct str){out, rest.len};
}

static void bind_operations(struct gitops_reader *r, const struct gitops_release *release, const struct value *list,
                            const struct value *at) {
    for (uint32_t i = 0; i < list->list.len; i++) {
        struct str path = gitops_string(&list->list.items[i], STR("path"));
        if (!is_at_values(path)) continue;
        if (path.len > strlen("/spec/values/")) gitops_bind_value(r, release, dotted_of(r->arena, path), at);
        else gitops_bind_unknown(r, release, "a JSON patch changes its values");
    }
}

/* The charts that a patch of a HelmRelease is for; a name may be missing, and then any is meant. */
static void bind_patch(struct gitops_reader *r, struct gitops_release *release, struct str space, struct str name,
                       const struct value *operations, const struct value *at) {
    for (uint32_t i = 0; i < r->installs.len; i++) {
        const struct gitops_installs *installs = r->installs.entries[i].value;
        if (name.len && !str_eq(r->installs.entries[i].key, name)) continue;
        for (uint32_t k = 0; k < installs->len; k++) {
            const struct gitops_install *install = &installs->items[k];
            if (space.len && install->space.len && !str_eq(space, install->space)) continue;
            release->chart = install->chart;
            release->blocker = install->blocker;
            if (operations) bind_operations(r, release, operations, at);
            else bind_release(r, release);
        }
    }
}

static bool read_beside(struct gitops_reader *r, const struct gitops_object *object, struct str name,
                        struct str *text) {
    struct str path = path_join(r->arena, arena_str(r->arena, path_folder(object->path)), name);
    struct error error;
    return file_read(r->arena, path.ptr, INPUT_MAX, text, &error);
}

/* Patches in a Kustomization: each is a text, either a partial object or operations. */
static void read_inline(struct gitops_reader *r, const struct gitops_object *object, const struct value *item,
                        const char *list, uint32_t number) {
    const struct value *patch = item->kind == VALUE_MAP ? value_get(item, STR("patch")) : item;
    const struct value *target = value_get(item, STR("target"));
    struct gitops_object *inner = arena_new(r->arena, struct gitops_object);
    struct helm_documents documents = {NULL, 0, 0};
    struct yaml_issues issues = {NULL, 0, 0};
    struct source source = {.path = object->path};
    struct yaml_issue issue;
    struct tree tree;
    *inner = *object;
    if (!patch) patch = value_get(item, STR("path"));
    if (!patch || patch->kind != VALUE_STRING) return;
    source.text = patch->string;
    bool in_file = patch == value_get(item, STR("path"));
    if (in_file && !read_beside(r, object, patch->string, &source.text)) return;
    if (!tree_parse(r->arena, &source, &tree, &issue) || !helm_documents(r->arena, &tree, &documents, &issues)) return;
    if (documents.len != 1) return;
    struct gitops_release release = {.object = inner, .shown = STR("a patch in the Kustomization")};
    if (documents.items[0].kind == VALUE_LIST) {
        if (!str_eq(gitops_string(target, STR("kind")), STR("HelmRelease"))) return;
        bind_patch(r, &release, gitops_string(target, STR("namespace")), gitops_string(target, STR("name")),
                   &documents.items[0], patch);
        return;
    }
    /* What stands in a file of its own is found there. */
    if (in_file || !str_eq(gitops_string(&documents.items[0], STR("kind")), STR("HelmRelease"))) return;
    struct str *keys = arena_array(r->arena, struct str, 3);
    keys[0] = str_from(list);
    keys[1] = arena_printf(r->arena, "%u", number);
    keys[2] = STR("patch");
    inner->inner = (struct part_place){object->document, keys, item->kind == VALUE_MAP ? 3 : 2, true};
    inner->values = documents.items[0];
    const struct value *metadata = value_get(&inner->values, STR("metadata"));
    struct str name = gitops_string(metadata, STR("name")), space = gitops_string(metadata, STR("namespace"));
    if (target) name = gitops_string(target, STR("name")), space = gitops_string(target, STR("namespace"));
    bind_patch(r, &release, space, name, NULL, patch);
}

static void read_kustomization(struct gitops_reader *r, const struct gitops_object *object) {
    static const char *const LISTS[] = {"patches", "patchesStrategicMerge", "patchesJson6902"};
    for (size_t l = 0; l < sizeof LISTS / sizeof *LISTS; l++) {
        const struct value *list = value_get(&object->values, str_from(LISTS[l]));
        for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++)
            read_inline(r, object, &list->list.items[i], LISTS[l], i);
    }
}

void gitops_read_source(struct gitops_reader *r, const struct gitops_object *object) {
    static const char *const PINS[] = {"tag", "semver", "commit"};
    const struct value *spec = value_get(&object->values, STR("spec")), *reference = value_get(spec, STR("ref"));
    struct str name = gitops_string(value_get(&object->values, STR("metadata")), STR("name"));
    if (!str_eq(gitops_string(&object->values, STR("kind")), STR("GitRepository"))) return;
    for (size_t i = 0; i < sizeof PINS / sizeof *PINS; i++)
        if (value_get(reference, str_from(PINS[i]))) map_put(r->arena, &r->pinned, name, r);
}

void gitops_read_flux(struct gitops_reader *r, const struct gitops_object *object) {
    if (str_eq(gitops_string(&object->values, STR("kind")), STR("HelmRelease"))) read_release(r, object);
    else vec_push(r->arena, &r->patches, object);
}

static void read_patch(struct gitops_reader *r, const struct gitops_object *object) {
    const struct value *metadata = value_get(&object->values, STR("metadata"));
    struct str name = gitops_name(r->arena, &object->values);
    struct gitops_release release = {
        .object = object, .shown = arena_printf(r->arena, "the patch of the HelmRelease %.*s", STR_ARG(name))};
    bind_patch(r, &release, gitops_string(metadata, STR("namespace")), gitops_string(metadata, STR("name")), NULL,
               NULL);
}

void gitops_read_flux_patches(struct gitops_reader *r) {
    for (uint32_t i = 0; i < r->patches.len; i++) {
        const struct gitops_object *object = r->patches.items[i];
        if (str_eq(gitops_string(&object->values, STR("kind")), STR("HelmRelease"))) read_patch(r, object);
        else read_kustomization(r, object);
    }
}
