#include "config/standard.h"

#include "base/buf.h"
#include "config/annotations.h"
#include "config/convert.h"
#include "rule/path.h"

/* Reads the path at `at`, written as in rules, and adds it. NULL where it is none: then `problems` has grown. */
static struct legacy *add_legacy(struct arena *a, const struct standard_files *files, struct map *legacies,
                                 const struct value *at, const struct schema_property *target,
                                 struct problems *problems) {
    struct rule_path path;
    uint32_t offset;
    bool ok = rule_path_parse(a, at->string, &path, &offset);
    if (!ok || rule_path_is_wild(&path)) {
        standard_files_problem(
            files, problems, at->span,
            arena_printf(a, ok ? "the old place `%.*s` must be one path, without `*`" : "`%.*s` is no path",
                         STR_ARG(at->string)),
            ok ? STR("name each old place")
               : STR("write it as in a.b-c[\"d.e/f\"], with other characters in brackets and quotes"));
        return NULL;
    }
    struct str dotted = keys_dotted(a, path.keys, path.count);
    struct legacy *legacy = map_get(legacies, dotted);
    if (!legacy) {
        legacy = arena_new(a, struct legacy);
        *legacy = (struct legacy){.path = dotted, .keys = path.keys, .key_count = path.count};
        map_put(a, legacies, dotted, legacy);
    }
    vec_push(a, &legacy->targets, target);
    return legacy;
}

/* `legacy: [path, {"path": path, "split": part}]` of one property. */
static bool read_legacy(struct arena *a, struct standard *s, const struct schema_property *property,
                        struct problems *problems) {
    const struct value *list = value_get(property->annotation, STR("legacy"));
    bool ok = true;
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        const struct value *path = item->kind == VALUE_MAP ? value_get(item, STR("path")) : item;
        const struct cel_program *program;
        struct legacy *legacy = add_legacy(a, &s->files, &s->legacies, path, property, problems);
        const struct value *part = value_get(item, STR("split"));
        if (legacy && part && convert_stays(a, property, item)) legacy->split = true;
        else if (legacy && part) legacy->own_parts = true;
        ok = convert_compile(a, &s->files, property, item, &program, problems) && legacy && ok;
        if (legacy) vec_push(a, &legacy->converts, program);
    }
    return ok;
}

/* `suggested: [{"path": path}]` of one property. */
static bool read_suggested(struct arena *a, struct standard *s, const struct schema_property *property,
                           struct problems *problems) {
    const struct value *list = value_get(property->annotation, STR("suggested"));
    bool ok = true;
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *path = value_get(&list->list.items[i], STR("path"));
        ok = add_legacy(a, &s->files, &s->suggested, path, property, problems) && ok;
    }
    return ok;
}

static bool read_absorbs(struct arena *a, struct standard *s, const struct schema_property *property,
                         struct map *subtrees, struct problems *problems) {
    const struct value *list = value_get(property->annotation, STR("absorbs"));
    bool ok = true;
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        struct legacy *legacy = add_legacy(a, &s->files, subtrees, &list->list.items[i], property, problems);
        if (legacy) legacy->subtree = true;
        ok = ok && legacy;
    }
    return ok;
}

/* Reads the annotations of all properties. */
static bool read_annotations(struct arena *a, struct standard *s, struct problems *problems) {
    struct VEC(struct str) top = {NULL, 0, 0};
    struct map subtrees = {NULL, 0, 0, NULL, 0};
    bool ok = true;
    for (uint32_t i = 0; i < s->properties.len; i++) {
        const struct schema_property *property = &s->properties.items[i];
        const struct schema_property *before = map_get(&s->by_path, property->path);
        if (!before || (before->condition && !property->condition)) {
            map_put(a, &s->by_path, property->path, (void *)(uintptr_t)property);
            if (!before && property->key_count == 1) vec_push(a, &top, property->keys[0]);
        }
        if (!property->annotation) continue;
        ok = read_legacy(a, s, property, problems) && ok;
        ok = read_suggested(a, s, property, problems) && ok;
        ok = read_absorbs(a, s, property, &subtrees, problems) && ok;
    }
    for (uint32_t i = 0; i < subtrees.len; i++)
        if (!map_get(&s->legacies, subtrees.entries[i].key))
            map_put(a, &s->legacies, subtrees.entries[i].key, subtrees.entries[i].value);
    s->top_names = top.items;
    s->top_count = top.len;
    return ok;
}

static void link_children(struct arena *a, struct standard *s) {
    s->first_child = arena_array(a, uint32_t, s->properties.len);
    s->next_sibling = arena_array(a, uint32_t, s->properties.len);
    memset(s->first_child, 0xFF, sizeof *s->first_child * s->properties.len);
    memset(s->next_sibling, 0xFF, sizeof *s->next_sibling * s->properties.len);
    for (uint32_t i = s->properties.len; i-- > 0;) {
        int32_t parent = s->properties.items[i].parent;
        if (parent < 0) continue;
        s->next_sibling[i] = s->first_child[parent];
        s->first_child[parent] = i;
    }
}

static uint32_t rank_of(const struct schema_property *property) {
    const struct value *order = value_get(property->annotation, STR("order"));
    return order && order->kind == VALUE_INT && order->integer >= 0 && order->integer < UINT32_MAX
               ? (uint32_t)order->integer
               : UINT32_MAX;
}

/* What is asked of properties often, by their places. */
static void make_tables(struct arena *a, struct standard *s) {
    s->ranks = arena_array(a, uint32_t, s->properties.len + 1);
    s->derivation_of = arena_array(a, const struct derivation *, s->properties.len + 1);
    for (uint32_t i = 0; i < s->properties.len; i++) s->ranks[i] = rank_of(&s->properties.items[i]);
    for (uint32_t i = 0; i < s->derivations.len; i++)
        s->derivation_of[s->derivations.items[i].property - s->properties.items] = &s->derivations.items[i];
}

static bool is_secret(const struct schema_property *property) {
    const struct value *secret = value_get(property->annotation, STR("secret"));
    return secret && secret->kind == VALUE_BOOL && secret->boolean;
}

/* The places that hold secrets: whoever moves one must not lose it out of sight. */
static void find_secrets(struct arena *a, struct standard *s) {
    for (uint32_t i = 0; i < s->properties.len; i++) {
        const struct schema_property *property = &s->properties.items[i];
        if (property->annotation && is_secret(property))
            vec_push(a, &s->secrets, (struct standard_path){property->keys, property->key_count});
    }
    for (uint32_t i = 0; i < s->legacies.len; i++) {
        const struct legacy *legacy = s->legacies.entries[i].value;
        const struct schema_property *target = legacy->targets.items[0];
        if (!legacy->subtree && target->annotation && is_secret(target))
            vec_push(a, &s->secrets, (struct standard_path){legacy->keys, legacy->key_count});
    }
}

/* An error in a file of the standard stands at its span; one in another document is named by its URI. */
static void report_schema_error(struct arena *a, const struct standard *s, const struct schema_error *error,
                                struct problems *problems) {
    struct str message = str_from(error->message), uri = str_from(error->document);
    if (s->files.why.len && str_find(message, STR("leads nowhere")) < message.len)
        message = arena_printf(a, "\"$ref\": %.*s", STR_ARG(s->files.why));
    bool known = uri.len == 0;
    for (uint32_t i = 0; i < s->files.list.len; i++) known = known || str_starts(s->files.list.items[i]->uri, uri);
    if (!known) message = arena_printf(a, "in %.*s: %.*s", STR_ARG(uri), STR_ARG(message));
    standard_files_problem(&s->files, problems, known ? error->span : s->document->root.span, arena_str(a, message),
                           STR(""));
}

static bool check_conflicts(struct arena *a, const struct standard *s, struct problems *problems) {
    for (uint32_t i = 0; i < s->properties.conflict_count; i++) {
        const struct schema_conflict *conflict = &s->properties.conflicts[i];
        struct str other = standard_files_position(&s->files, conflict->first->span);
        standard_files_problem(&s->files, problems, conflict->second->span,
                               arena_printf(a, "`%.*s` of `%.*s` has another value at %.*s", STR_ARG(conflict->keyword),
                                            STR_ARG(conflict->path), STR_ARG(other)),
                               STR("say it in the schema that takes both over"));
    }
    return s->properties.conflict_count == 0;
}

const struct standard *standard_load(struct arena *a, struct str path, struct str around, struct problems *problems) {
    return standard_load_or(a, NULL, path, around, problems);
}

const struct standard *standard_load_or(struct arena *a, const struct file_texts *texts, struct str path,
                                        struct str around, struct problems *problems) {
    struct standard *s = arena_new(a, struct standard);
    struct standard_file *file = standard_files_open(&s->files, a, texts, path, around, problems);
    struct schema_options options = {
        .draft = SCHEMA_DRAFT_7, .assert_format = true, .resolve = standard_files_resolve, .resolve_data = &s->files};
    struct schema_error error;
    uint32_t before = problems->len;

    if (!file) return NULL;
    options.base_uri = file->uri;
    s->document = &file->document;
    s->is_builtin = standard_files_builtin(&s->files) != NULL;
    s->schema = schema_compile(a, &file->document.root, &options, &error);
    if (!s->schema) {
        if (problems->len == before) report_schema_error(a, s, &error, problems);
        return NULL;
    }
    const struct value *builtin = standard_files_builtin(&s->files);
    s->has_opinions = builtin && schema_takes_over(a, s->schema, builtin);
    s->properties = schema_properties(a, s->schema);
    link_children(a, s);
    bool read = check_conflicts(a, s, problems);
    read = read_annotations(a, s, problems) && read;
    read = derive_load(a, &s->files, &s->properties, &s->derivations, problems) && read;
    make_tables(a, s);
    find_secrets(a, s);
    if (!s->is_builtin) read = annotations_check_paths(a, s, problems) && read;
    return read ? s : NULL;
}

const struct schema_property *standard_property(const struct standard *standard, struct str path) {
    return map_get(&standard->by_path, path);
}

const struct derivation *standard_derivation(const struct standard *standard, const struct schema_property *property) {
    return standard->derivation_of[property - standard->properties.items];
}

const struct schema_property *standard_at(const struct standard *standard, const struct str *keys, uint32_t count) {
    char path[256];
    struct str text = keys_dotted_into(path, sizeof path, keys, count);
    return text.ptr ? map_get(&standard->by_path, text) : NULL;
}

bool standard_validate(const struct standard *standard, struct arena *a, struct schema_memo *memo,
                       struct regex_work *work, const struct value *values, struct violations *out) {
    uint32_t kept = out->len, first = out->len;
    schema_validate_again(standard->schema, a, memo, work, values, out);
    for (uint32_t i = first; i < out->len; i++) {
        const struct violation *violation = &out->items[i];
        bool unknown =
            violation->keyword == SCHEMA_ADDITIONAL_PROPERTIES || violation->keyword == SCHEMA_UNEVALUATED_PROPERTIES;
        const struct schema_property *property = unknown ? standard_property(standard, violation->path) : NULL;
        if (!property || !property->schema) out->items[kept++] = out->items[i];
    }
    out->len = kept;
    return kept == first;
}

uint32_t standard_rank(const struct standard *standard, const struct schema_property *property) {
    return standard->ranks[property - standard->properties.items];
}

const struct legacy *standard_legacy(const struct standard *standard, struct str path) {
    return map_get(&standard->legacies, path);
}
