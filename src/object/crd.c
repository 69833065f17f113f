/* From the schema of a CustomResourceDefinition to types with fields, in the codes of scripts/crd-fields. What a
 * definition leaves open (unknown fields that are kept, embedded objects, anything without a type) is not judged. */
#include "object/crd.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "base/vec.h"
#include "yaml/helm.h"

/* Folders and schemas inside each other. */
#define DEPTH_MAX 64

struct builder {
    struct arena *arena;
    struct VEC(struct object_kind) kinds;
    struct VEC(struct object_type) types;
    struct VEC(struct object_field) fields;
    struct str problem;
};

static struct str text_of(const struct value *map, const char *key) {
    const struct value *v = value_get(map, str_from(key));
    return v && v->kind == VALUE_STRING ? v->string : STR("");
}

static bool is_true(const struct value *map, const char *key) {
    const struct value *v = value_get(map, str_from(key));
    return v && v->kind == VALUE_BOOL && v->boolean;
}

static struct str code_of(struct builder *b, const struct value *schema, struct str name, int depth);

static int field_cmp(const void *left, const void *right) {
    const struct object_field *a = left, *b = right;
    return str_cmp(a->name, b->name);
}

static bool is_required(const struct value *schema, struct str name) {
    const struct value *list = value_get(schema, STR("required"));
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++)
        if (list->list.items[i].kind == VALUE_STRING && str_eq(list->list.items[i].string, name)) return true;
    return false;
}

/* Adds the type of a mapping with properties; its fields are those of its place in the table, next to each other. */
static uint32_t add_type(struct builder *b, const struct value *schema, struct str name, bool root, int depth) {
    const struct value *properties = value_get(schema, STR("properties"));
    uint32_t count = properties->map.len;
    struct object_field *own = arena_array(b->arena, struct object_field, count + 3);
    for (uint32_t i = 0; i < count; i++) {
        const struct member *member = &properties->map.members[i];
        bool head = root && (str_eq(member->key, STR("metadata")) || str_eq(member->key, STR("status")));
        struct str code = head ? STR("x") : code_of(b, &member->value, member->key, depth + 1);
        own[i] = (struct object_field){member->key, code, is_required(schema, member->key) && !head};
    }
    static const char *const HEADS[] = {"apiVersion", "kind", "metadata"};
    for (size_t h = 0; root && h < sizeof HEADS / sizeof *HEADS; h++)
        if (!value_get(properties, str_from(HEADS[h])))
            own[count++] = (struct object_field){str_from(HEADS[h]), STR("x"), false};
    if (count) qsort(own, count, sizeof *own, field_cmp);
    struct object_type type = {name, b->fields.len, count, STR("")};
    for (uint32_t i = 0; i < count; i++) vec_push(b->arena, &b->fields, own[i]);
    vec_push(b->arena, &b->types, type);
    return b->types.len - 1;
}

/* The words of an enum of strings, `s=A|B`; `s` where there is none, or one that a code cannot hold. */
static struct str string_code(struct builder *b, const struct value *schema) {
    const struct value *words = value_get(schema, STR("enum"));
    struct buf out = buf_in(b->arena);
    if (!words || words->kind != VALUE_LIST || words->list.len == 0) return STR("s");
    buf_add(&out, STR("s="));
    for (uint32_t i = 0; i < words->list.len; i++) {
        const struct value *word = &words->list.items[i];
        if (word->kind != VALUE_STRING || word->string.len == 0 || str_find_char(word->string, '|') < word->string.len)
            return STR("s");
        if (i > 0) buf_add_char(&out, '|');
        buf_add(&out, word->string);
    }
    return buf_str(&out);
}

static struct str integer_code(struct builder *b, const struct value *schema) {
    const struct value *low = value_get(schema, STR("minimum")), *high = value_get(schema, STR("maximum"));
    if (!low || !high || low->kind != VALUE_INT || high->kind != VALUE_INT) return STR("i");
    return arena_printf(b->arena, "i%lld..%lld", (long long)low->integer, (long long)high->integer);
}

static bool has_least(const struct value *schema, const char *key) {
    const struct value *least = value_get(schema, str_from(key));
    return least && least->kind == VALUE_INT && least->integer > 0;
}

static struct str object_code(struct builder *b, const struct value *schema, struct str name, int depth) {
    const struct value *more = value_get(schema, STR("additionalProperties"));
    const struct value *properties = value_get(schema, STR("properties"));
    if (more && more->kind == VALUE_MAP)
        return arena_printf(b->arena, "%%%s%.*s", has_least(schema, "minProperties") ? "+" : "",
                            STR_ARG(code_of(b, more, name, depth + 1)));
    if (!properties || properties->kind != VALUE_MAP || properties->map.len == 0) return STR("x");
    return arena_printf(b->arena, "%u", add_type(b, schema, name, false, depth));
}

static struct str code_of(struct builder *b, const struct value *schema, struct str name, int depth) {
    struct str type = text_of(schema, "type");
    const struct value *items = value_get(schema, STR("items"));
    if (is_true(schema, "x-kubernetes-int-or-string")) return STR("p");
    bool open =
        is_true(schema, "x-kubernetes-preserve-unknown-fields") || is_true(schema, "x-kubernetes-embedded-resource");
    if (open || depth > DEPTH_MAX) return STR("x");
    if (str_eq(type, STR("array")) && items)
        return arena_printf(b->arena, "*%s%.*s", has_least(schema, "minItems") ? "+" : "",
                            STR_ARG(code_of(b, items, name, depth + 1)));
    if (str_eq(type, STR("object"))) return object_code(b, schema, name, depth);
    if (str_eq(type, STR("string"))) return string_code(b, schema);
    if (str_eq(type, STR("integer"))) return integer_code(b, schema);
    return str_eq(type, STR("number")) ? STR("n") : str_eq(type, STR("boolean")) ? STR("b") : STR("x");
}

static bool add_definition(struct builder *b, const struct value *document) {
    const struct value *spec = value_get(document, STR("spec")), *versions = value_get(spec, STR("versions"));
    struct str group = text_of(spec, "group"), kind = text_of(value_get(spec, STR("names")), "kind");
    if (!str_eq(text_of(document, "kind"), STR("CustomResourceDefinition")) || !versions ||
        versions->kind != VALUE_LIST)
        return false;
    for (uint32_t i = 0; i < versions->list.len; i++) {
        const struct value *version = &versions->list.items[i];
        const struct value *schema = value_get(value_get(version, STR("schema")), STR("openAPIV3Schema"));
        const struct value *properties = value_get(schema, STR("properties"));
        if (!properties || properties->kind != VALUE_MAP || is_true(schema, "x-kubernetes-preserve-unknown-fields"))
            continue;
        struct str api = arena_printf(b->arena, "%.*s/%.*s", STR_ARG(group), STR_ARG(text_of(version, "name")));
        struct object_kind of = {api, kind, add_type(b, schema, kind, true, 0), true};
        vec_push(b->arena, &b->kinds, of);
    }
    return true;
}

static const struct object_table *finish(struct builder *b) {
    struct object_table *table = arena_new(b->arena, struct object_table);
    *table = (struct object_table){b->kinds.items, b->kinds.len, b->types.items, b->fields.items};
    return table;
}

const struct object_table *object_crd(struct arena *a, const struct value *document) {
    struct builder b = {.arena = a};
    return add_definition(&b, document) ? finish(&b) : NULL;
}

/* The first problem is told. */
static void set_problem(struct builder *b, struct str problem) {
    if (b->problem.len == 0) b->problem = problem;
}

static void read_file(struct builder *b, struct str path) {
    struct source *source = arena_new(b->arena, struct source);
    struct tree *tree = arena_new(b->arena, struct tree);
    struct helm_documents documents = {NULL, 0, 0};
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue broken;
    struct error error;
    source->path = path;
    if (!file_read(b->arena, path.ptr, INPUT_MAX, &source->text, &error)) {
        set_problem(b, arena_str(b->arena, str_from(error.message)));
    } else if (!tree_parse(b->arena, source, tree, &broken) || !helm_documents(b->arena, tree, &documents, &issues)) {
        set_problem(b, arena_printf(b->arena, "%.*s is no YAML", STR_ARG(path)));
    }
    for (uint32_t i = 0; i < documents.len; i++) add_definition(b, &documents.items[i]);
}

static void read_folder(struct builder *b, struct str folder, int depth) {
    struct system_entries entries;
    int problem = depth < DEPTH_MAX ? system_list(b->arena, folder.ptr, &entries) : 0;
    if (problem) set_problem(b, arena_printf(b->arena, "cannot read %.*s: %s", STR_ARG(folder), strerror(problem)));
    if (problem || depth >= DEPTH_MAX) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        struct str path = path_join(b->arena, folder, entry->name);
        bool yaml = str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml"));
        if (entry->name.ptr[0] == '.' || entry->is_link) continue;
        if (entry->kind == FILE_FOLDER) read_folder(b, path, depth + 1);
        else if (entry->kind == FILE_REGULAR && yaml) read_file(b, path);
    }
}

const struct object_table *object_crds_read(struct arena *a, struct str folders, struct str *problem) {
    struct builder b = {.arena = a, .problem = STR("")};
    struct str folder;
    while (str_split_next(&folders, '\n', &folder)) read_folder(&b, arena_str(a, folder), 0);
    *problem = b.problem;
    return finish(&b);
}
