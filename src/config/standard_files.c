#include "config/standard_files.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/fuzzy.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/boundary.h"
#include "config/annotations.h"
#include "config/standard.h"
#include "rule/place.h"
#include "schema/uri.h"

#define FILE_SCHEME STR("file://")
#define FILES_MAX 256

/* ---- Names ---- */

static struct str uri_of_path(struct arena *a, struct str path) {
    struct buf out = buf_in(a);
    buf_add(&out, FILE_SCHEME);
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (ascii_is_alnum(c) || c == '/' || c == '-' || c == '_' || c == '.') buf_add_char(&out, c);
        else buf_addf(&out, "%%%02X", (unsigned char)c);
    }
    return buf_str(&out);
}

/* The `$id` of a document, or an empty text. */
static struct str id_of(const struct standard_file *file) {
    const struct value *id = value_get(&file->document.root, STR("$id"));
    return id && id->kind == VALUE_STRING ? id->string : STR("");
}

/* The path of the file at `uri`; empty for none. A file's `$id` names the folder of its neighbours as well. */
static struct str path_of_uri(const struct standard_files *files, struct str uri) {
    struct arena *a = files->arena;
    if (str_starts(uri, FILE_SCHEME)) return uri_unescape(a, str_slice(uri, FILE_SCHEME.len, uri.len));
    for (uint32_t i = 0; i < files->list.len; i++) {
        const struct standard_file *file = files->list.items[i];
        struct str id = id_of(file), folder = str_slice(id, 0, str_rfind_char(id, '/'));
        if (file->path.len == 0 || folder.len == id.len || !str_starts(uri, folder) || uri.len <= folder.len + 1)
            continue;
        if (uri.ptr[folder.len] != '/') continue;
        struct str rest = uri_unescape(a, str_slice(uri, folder.len + 1, uri.len));
        return path_normalize(a, path_join(a, path_folder(file->path), rest));
    }
    return STR("");
}

/* ---- Files ---- */

/* Moves the spans of `v` by `by`. An anchor and its aliases share what is below them: `seen` holds what was moved. */
static void shift(struct arena *a, struct value *v, uint32_t by, struct map *seen) {
    const void *shared = v->kind == VALUE_LIST ? (const void *)v->list.items : (const void *)v->map.members;
    v->span = (struct span){v->span.start + by, v->span.end + by};
    bool holds = (v->kind == VALUE_LIST && v->list.len) || (v->kind == VALUE_MAP && v->map.len);
    if (!holds) return;
    const void **key = arena_new(a, const void *);
    *key = shared;
    if (map_put(a, seen, (struct str){(const char *)key, sizeof *key}, a)) return;
    for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++) shift(a, &v->list.items[i], by, seen);
    for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.len; i++) {
        struct member *member = &v->map.members[i];
        member->key_span = (struct span){member->key_span.start + by, member->key_span.end + by};
        shift(a, &member->value, by, seen);
    }
}

/* The offset behind all files; the built-in standard has the first ones, whether it is there or not. */
static uint64_t next_start(const struct standard_files *files) {
    uint64_t end = document_standard().source.text.len + 1;
    for (uint32_t i = 0; i < files->list.len; i++) {
        uint64_t behind = files->list.items[i]->start + files->list.items[i]->document.source.text.len + 1;
        if (behind > end) end = behind;
    }
    return end;
}

static void add(struct standard_files *files, struct standard_file *file) {
    struct map seen = {NULL, 0, 0, NULL, 0};
    file->start = (uint32_t)next_start(files);
    shift(files->arena, &file->document.root, file->start, &seen);
    vec_push(files->arena, &files->list, file);
}

static struct standard_file *find(const struct standard_files *files, struct str path) {
    for (uint32_t i = 0; i < files->list.len; i++)
        if (str_eq(files->list.items[i]->path, path)) return files->list.items[i];
    return NULL;
}

static struct standard_file *add_builtin(struct standard_files *files) {
    struct standard_file *file = arena_new(files->arena, struct standard_file);
    *file = (struct standard_file){document_standard(), STANDARD_BUILTIN, STR(""), 0};
    file->document.source.path = STANDARD_BUILTIN;
    vec_push(files->arena, &files->list, file);
    return file;
}

/* Reads the file, whose name messages show as `shown`. */
static struct standard_file *read_file(struct standard_files *files, struct str path, struct str shown) {
    struct standard_file *file = arena_new(files->arena, struct standard_file);
    *file = (struct standard_file){.path = path, .uri = uri_of_path(files->arena, path)};
    struct document *document = &file->document; /* problems keep its source */
    if (!document_read_or(files->arena, files->texts, shown, document, files->problems) ||
        !annotations_check(files->arena, document, files->problems))
        return NULL;
    if (files->list.len == FILES_MAX || next_start(files) + document->source.text.len >= UINT32_MAX) {
        problem_add(files->arena, files->problems, &document->source, (struct span){0, 0},
                    STR("the standard has too many files, or too large ones"), STR(""));
        return NULL;
    }
    add(files, file);
    return file;
}

struct standard_file *standard_files_open(struct standard_files *files, struct arena *a, const struct file_texts *texts,
                                          struct str path, struct str around, struct problems *problems) {
    *files = (struct standard_files){.arena = a, .problems = problems, .texts = texts};
    if (path.len == 0 || str_eq(path, STANDARD_BUILTIN)) return add_builtin(files);
    if (str_eq(path, STANDARD_EMPTY)) {
        struct standard_file *file = arena_new(a, struct standard_file);
        *file = (struct standard_file){{.source.text = STR("{}\n"), .root = value_map_new(a, 0)}, path, STR(""), 0};
        add(files, file);
        return file;
    }
    struct str absolute = path_absolute(a, path);
    files->boundary = boundary_of(a, path_folder(absolute), around);
    return read_file(files, absolute, path);
}

/* The name in its folder that is nearest to that of `path`. */
static struct str nearest_name(struct arena *a, struct str path) {
    struct system_entries entries = {NULL, 0, 0};
    struct VEC(struct str) names = {NULL, 0, 0};
    if (system_list(a, arena_str(a, path_folder(path)).ptr, &entries)) return STR("");
    for (uint32_t i = 0; i < entries.len; i++) vec_push(a, &names, entries.items[i].name);
    return fuzzy_nearest(path_name(path), names.items, names.len);
}

const struct value *standard_files_resolve(void *data, struct str uri) {
    struct standard_files *files = data;
    struct arena *a = files->arena;
    bool builtin = str_eq(path_name(uri), STANDARD_BUILTIN);
    struct str path = builtin ? STANDARD_BUILTIN : path_of_uri(files, uri);
    struct standard_file *known = path.len ? find(files, path) : NULL;
    if (builtin && !known) known = add_builtin(files);
    if (known) return &known->document.root;
    if (path.len == 0) {
        files->why =
            arena_printf(a, "%.*s is not loaded from the network; put the file beside the schema", STR_ARG(uri));
        return NULL;
    }
    struct str shown = path_between(a, path_absolute(a, STR(".")), path);
    if (!boundary_holds(a, files->boundary, path)) {
        files->why = arena_printf(a, "`%.*s` is outside of %.*s; a standard may only name files in its repository",
                                  STR_ARG(shown), STR_ARG(files->boundary));
    } else if (file_kind(arena_str(a, path).ptr) == FILE_MISSING) {
        struct str near = nearest_name(a, path);
        struct str question = near.len ? arena_printf(a, "; did you mean `%.*s`?", STR_ARG(near)) : STR("");
        files->why = arena_printf(a, "there is no file `%.*s`%.*s", STR_ARG(shown), STR_ARG(question));
    } else {
        struct standard_file *file = read_file(files, path, shown);
        return file ? &file->document.root : NULL;
    }
    return NULL;
}

const struct value *standard_files_builtin(const struct standard_files *files) {
    const struct standard_file *file = find(files, STANDARD_BUILTIN);
    return file ? &file->document.root : NULL;
}

/* ---- Places ---- */

const struct standard_file *standard_files_of(const struct standard_files *files, struct span span) {
    for (uint32_t i = 0; i < files->list.len; i++) {
        const struct standard_file *file = files->list.items[i];
        if (span.start >= file->start && span.start <= file->start + file->document.source.text.len) return file;
    }
    return files->list.items[0];
}

static struct span local(const struct standard_file *file, struct span span) {
    if (span.start < file->start) return (struct span){0, 0};
    return (struct span){span.start - file->start, span.end - file->start};
}

void standard_files_problem(const struct standard_files *files, struct problems *problems, struct span span,
                            struct str message, struct str help) {
    const struct standard_file *file = standard_files_of(files, span);
    problem_add(files->arena, problems, &file->document.source, local(file, span), message, help);
}

struct span standard_files_place(const struct standard_files *files, const struct value *value, struct span part) {
    const struct standard_file *file = standard_files_of(files, value->span);
    struct value here = *value;
    here.span = local(file, value->span);
    struct span span = place_of(file->document.source.text, &here, part);
    return (struct span){span.start + file->start, span.end + file->start};
}

struct str standard_files_position(const struct standard_files *files, struct span span) {
    const struct standard_file *file = standard_files_of(files, span);
    struct source source = file->document.source;
    source_lines(files->arena, &source);
    struct position position = source_position(&source, local(file, span).start);
    return arena_printf(files->arena, "%.*s:%u:%u", STR_ARG(source.path), position.line, position.column);
}
