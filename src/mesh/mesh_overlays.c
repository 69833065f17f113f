#include "mesh/mesh_overlays.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/system.h"
#include "mesh/mesh_read.h"
#include "yaml/helm.h"

/* Folders inside each other; each is looked at once, whatever links lead to it. */
#define DEPTH_MAX 64

/* No file of manifests is larger. */
struct paths VEC(struct str);

/* Whether `value` is that of a label or annotation that switches something on. */
static bool is_on(const struct value *map, struct str key, bool any) {
    const struct value *value = value_get(map, key);
    if (!value || value->kind != VALUE_STRING) return value && value->kind == VALUE_BOOL && value->boolean;
    return str_eq(value->string, STR("enabled")) || str_eq(value->string, STR("true")) ||
           str_eq(value->string, STR("ingress")) || (any && value->string.len > 0);
}

static void read_namespace(const struct mesh_reader *r, const struct value *manifest) {
    const struct value *labels = mesh_get(manifest, "metadata.labels");
    const struct value *annotations = mesh_get(manifest, "metadata.annotations");
    struct mesh_namespace namespace = {.in = r->in};
    namespace.injected[MESH_ISTIO] = is_on(labels, STR("istio-injection"), false) ||
                                     is_on(labels, STR("istio.io/rev"), true) ||
                                     is_on(labels, STR("istio.io/dataplane-mode"), true);
    namespace.injected[MESH_LINKERD] =
        is_on(annotations, STR("linkerd.io/inject"), false) || is_on(labels, STR("linkerd.io/inject"), false);
    vec_push(r->out->arena, &r->out->namespaces, namespace);
}

static void add_object(struct mesh_overlays *out, const struct mesh_manifest *in, const struct value *manifest,
                       const struct object_document *document) {
    struct object object = {.document = document, .root = manifest, .kind = in->kind, .name = in->name};
    object.api_version = mesh_text(manifest, "apiVersion");
    vec_push(out->arena, &out->objects, (struct mesh_manifest_object){in, object});
}

static void read_manifest(struct mesh_overlays *out, uint32_t file, const struct value *manifest,
                          const struct object_document *document) {
    struct arena *a = out->arena;
    struct value_list items = mesh_list(manifest, "items");
    bool list = str_ends(mesh_text(manifest, "kind"), STR("List"));
    const struct value *name = mesh_get(manifest, "metadata.name");
    for (uint32_t i = 0; list && i < items.len; i++)
        if (!mesh_get(&items.items[i], "items")) read_manifest(out, file, &items.items[i], document);
    if (list || !name || name->kind != VALUE_STRING) return;
    struct mesh_manifest *in = arena_new(a, struct mesh_manifest);
    *in = (struct mesh_manifest){file, arena_str(a, mesh_text(manifest, "kind")), arena_str(a, name->string),
                                 arena_str(a, mesh_text(manifest, "metadata.namespace")), name->span};
    add_object(out, in, manifest, document);
    struct mesh_reader reader = {out, in};
    if (mesh_is(manifest, "", "Namespace")) read_namespace(&reader, manifest);
    mesh_istio_read(&reader, manifest);
    mesh_linkerd_read(&reader, manifest);
}

/* Whether an action of a template stands in `text`, outside of comments. */
static bool is_template(struct str text) {
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        struct str content = str_trim(line);
        if (str_starts(content, STR("#"))) continue;
        if (str_find(content, STR("{{")) < content.len) return true;
    }
    return false;
}

static void mark_broken(struct mesh_overlays *out, struct mesh_file *file, const struct yaml_issue *issue) {
    file->state = MESH_FILE_BROKEN;
    file->issue = *issue;
    file->issue.message = arena_str(out->arena, issue->message);
    file->issue.help = arena_str(out->arena, issue->help);
}

/* `text` lives in the arena of the records. */
static void read_text(struct mesh_overlays *out, uint32_t index, struct str text) {
    struct arena *a = out->arena;
    struct mesh_file *file = &out->files.items[index];
    struct object_document *document = arena_new(a, struct object_document);
    struct go_value *printed = arena_new(a, struct go_value);
    struct helm_documents documents = {NULL, 0, 0};
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue broken;

    *printed = go_string(text);
    *document = (struct object_document){.text = printed, .source = {.path = file->path, .text = text}};
    file->text_length = (uint32_t)text.len;
    file->has_comments = str_find(text, STR("valuelint:")) < text.len;
    if (is_template(text)) {
        file->state = MESH_FILE_TEMPLATE;
    } else if (!tree_parse(a, &document->source, &document->tree, &broken)) {
        mark_broken(out, file, &broken);
    } else if (!helm_documents(a, &document->tree, &documents, &issues)) {
        mark_broken(out, file, &issues.items[issues.len - 1]);
    }
    for (uint32_t i = 0; out->files.items[index].state == MESH_FILE_READ && i < documents.len; i++)
        read_manifest(out, index, &documents.items[i], document);
}

static uint32_t add_file(struct mesh_overlays *out, struct str path) {
    vec_push(out->arena, &out->files, (struct mesh_file){.path = path});
    return out->files.len - 1;
}

void mesh_overlays_add(struct mesh_overlays *overlays, struct str path, struct str text) {
    read_text(overlays, add_file(overlays, path), text);
}

static void add_broken(struct mesh_overlays *out, struct str path, const char *message) {
    struct mesh_file *file = &out->files.items[add_file(out, path)];
    file->state = MESH_FILE_UNREADABLE;
    file->issue.message = arena_str(out->arena, str_from(message));
}

static bool is_manifest(struct str name) {
    return str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml"));
}

static void find_files(struct mesh_overlays *out, struct str folder, int depth, struct map *seen, struct paths *paths) {
    struct arena *a = out->arena;
    struct system_entries entries;
    if (depth >= DEPTH_MAX || !file_visit(a, seen, folder.ptr)) return;
    int problem = system_list(a, folder.ptr, &entries);
    if (problem) {
        add_broken(out, folder, arena_printf(a, "cannot read %s: %s", folder.ptr, strerror(problem)).ptr);
        return;
    }
    bool chart = file_kind(path_join(a, folder, STR("Chart.yaml")).ptr) == FILE_REGULAR;
    for (uint32_t i = 0; !chart && i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        struct str path = path_join(a, folder, entry->name);
        enum file_kind kind = entry->is_link ? file_kind(path.ptr) : entry->kind;
        if (entry->name.ptr[0] == '.') kind = FILE_MISSING;
        if (kind == FILE_FOLDER) find_files(out, path, depth + 1, seen, paths);
        else if (kind == FILE_REGULAR && is_manifest(path)) vec_push(a, paths, path);
    }
}

static int path_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

void mesh_overlays_read(struct mesh_overlays *overlays, struct str folders) {
    struct paths paths = {NULL, 0, 0};
    struct map seen = {NULL, 0, 0, NULL, 0};
    struct error error;
    struct str text, folder;
    while (str_split_next(&folders, '\n', &folder))
        find_files(overlays, arena_str(overlays->arena, folder), 0, &seen, &paths);
    if (paths.len) qsort(paths.items, paths.len, sizeof *paths.items, path_cmp);
    for (uint32_t i = 0; i < paths.len; i++) {
        if (file_read_or(overlays->buffers, overlays->arena, paths.items[i], INPUT_MAX, &text, &error))
            read_text(overlays, add_file(overlays, paths.items[i]), text);
        else add_broken(overlays, paths.items[i], error.message);
    }
}
