/* Values files as Go values. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/coalesce.h"
#include "render/helm_chart.h"
#include "template/go/number.h"
#include "yaml/read.h"
#include "yaml/scalar.h"

static const struct go_path *place_below(struct go_env *env, const struct go_path *path, struct str key,
                                         const struct value_layer *layer, struct span span) {
    if (!path) return NULL;
    struct go_path *below = go_path_new(env, path, key);
    below->layer = layer;
    below->span = span;
    return below;
}

static struct go_value list_from(struct go_env *env, const struct value *v, const struct value_layer *layer,
                                 const struct go_path *path) {
    struct go_value *items = arena_alloc_raw(env->arena, sizeof *items * (v->list.len + 1));
    for (uint32_t i = 0; i < v->list.len; i++) {
        const struct value *item = &v->list.items[i];
        struct str key = path ? arena_printf(env->arena, "%u", i) : STR("");
        items[i] = go_kept(helm_value_from(env, item, layer, place_below(env, path, key, layer, item->span)));
    }
    return go_list(&GO_TYPE_LIST, items, v->list.len);
}

static struct go_value map_from(struct go_env *env, const struct value *v, const struct value_layer *layer,
                                const struct go_path *path) {
    struct go_value map = go_map(env, &GO_TYPE_MAP, v->map.len);
    for (uint32_t i = 0; i < v->map.len; i++) {
        const struct member *member = &v->map.members[i];
        const struct go_path *below = place_below(env, path, member->key, layer, member->value.span);
        go_map_set(env, map.map, member->key, helm_value_from(env, &member->value, layer, below));
    }
    return map;
}

struct go_value helm_value_from(struct go_env *env, const struct value *v, const struct value_layer *layer,
                                const struct go_path *path) {
    struct go_value made = go_nil();
    switch (v->kind) {
    case VALUE_NULL: break;
    case VALUE_BOOL: made = go_bool(v->boolean); break;
    case VALUE_INT: made = go_float((double)v->integer); break;
    case VALUE_FLOAT: made = go_float(v->real); break;
    case VALUE_STRING: made = go_string(v->string); break;
    case VALUE_LIST: made = list_from(env, v, layer, path); break;
    case VALUE_MAP: made = map_from(env, v, layer, path); break;
    }
    made.runs = path ? path->runs : NULL;
    return made;
}

static const struct go_path *path_of(const struct go_value *v) {
    const struct go_paths *paths = v->runs ? v->runs->items[0].paths : NULL;
    return paths && paths->count == 1 ? paths->items[0] : NULL;
}

static const struct go_path *path_moved(struct go_env *env, const struct go_path *path, struct str prefix) {
    const struct go_path *parent = path->parent ? path_moved(env, path->parent, prefix) : NULL;
    struct go_path *moved = go_path_new(env, parent, path->key);
    moved->span = path->span;
    if (path->layer) {
        struct value_layer *layer = arena_new(env->arena, struct value_layer);
        *layer = (struct value_layer){path->layer->path, prefix};
        moved->layer = layer;
    }
    return moved;
}

static struct go_value value_moved(struct go_env *env, const struct go_value *v, struct str prefix) {
    struct go_value moved = *v;
    const struct go_path *path = path_of(v);
    if (path) moved.runs = path_moved(env, path, prefix)->runs;
    if (go_kind(v) == GO_MAP) moved.map = helm_values_move(env, v->map, prefix);
    if (go_kind(v) == GO_SLICE && v->type == &GO_TYPE_LIST) {
        struct go_value *items = arena_alloc_raw(env->arena, sizeof *items * (v->list.len + 1));
        for (uint32_t i = 0; i < v->list.len; i++) items[i] = value_moved(env, &v->list.items[i], prefix);
        moved.list.items = items;
    }
    return moved;
}

struct go_map *helm_values_move(struct go_env *env, struct go_map *values, struct str prefix) {
    struct go_map *moved = go_map(env, &GO_TYPE_MAP, values->len).map;
    for (uint32_t i = 0; i < values->len; i++)
        go_map_set(env, moved, values->members[i].key, value_moved(env, &values->members[i].value, prefix));
    return moved;
}

/* A float as Helm's YAML library makes it a string: with the digits of 32 bits. */
static void add_short_float(struct buf *out, double number) {
    float wanted = (float)number;
    char digits[40];
    if (!isfinite(wanted)) {
        buf_add(out, wanted < 0 ? STR("-Inf") : wanted > 0 ? STR("+Inf") : STR("NaN"));
        return;
    }
    for (int precision = 1; precision <= 9; precision++) {
        snprintf(digits, sizeof digits, "%.*e", precision - 1, (double)wanted);
        if (strtof(digits, NULL) == wanted) break;
    }
    go_format_float(out, strtod(digits, NULL), 'g', -1);
}

struct str helm_text(struct arena *a, struct str source, const struct value *v) {
    struct buf out = buf_in(a);
    if (!v || v->kind == VALUE_NULL || v->kind == VALUE_LIST || v->kind == VALUE_MAP) return STR("");
    if (v->kind == VALUE_STRING) return v->string;
    if (v->kind == VALUE_BOOL) return v->boolean ? STR("true") : STR("false");
    struct scalar scalar = scalar_resolve_helm(span_text(source, v->span));
    switch (scalar.kind) {
    case SCALAR_INT: buf_add_int(&out, scalar.integer); break;
    case SCALAR_UINT: buf_addf(&out, "%llu", (unsigned long long)scalar.natural); break;
    case SCALAR_FLOAT: add_short_float(&out, scalar.real); break;
    default: add_short_float(&out, value_number(v)); break;
    }
    return buf_str(&out);
}

static struct str issue_text(struct arena *a, const struct source *source, const struct yaml_issues *issues) {
    const struct yaml_issue *issue = &issues->items[issues->len - 1];
    struct source lines = *source;
    source_lines(a, &lines);
    struct position at = source_position(&lines, issue->span.start);
    return arena_printf(a, "line %u, column %u: %.*s", at.line, at.column, STR_ARG(issue->message));
}

static bool read_document(struct go_env *env, struct str text, const struct value_layer *layer, struct go_map **map,
                          struct error *error) {
    struct arena *a = env->arena;
    struct source *source = arena_new(a, struct source);
    struct yaml_issues issues = {NULL, 0, 0};
    struct tree *tree = arena_new(a, struct tree);
    struct value values;
    source->path = layer ? layer->path : STR("");
    source->text = text;
    if (!read_text_values(a, source, tree, &values, &issues)) {
        error_set(error, 0, "cannot read %.*s: %.*s", STR_ARG(source->path), STR_ARG(issue_text(a, source, &issues)));
        return false;
    }
    const struct go_path *root = env->trace && layer ? go_path_new(env, NULL, STR("")) : NULL;
    *map = map_from(env, &values, layer, root).map;
    return true;
}

/* The end of the document that begins at `from`: where a line begins with `---`, as Helm 4 cuts. False with `error` set
 * where more than a comment stands behind it there. */
static bool document_end(struct str text, size_t from, size_t *end, struct error *error) {
    for (*end = from; *end < text.len; ++*end) {
        bool line = *end == 0 || text.ptr[*end - 1] == '\n';
        if (!line || !str_starts(str_slice(text, *end, text.len), STR("---"))) continue;
        struct str rest = str_slice(text, *end + 3, text.len);
        rest = str_trim(str_slice(rest, 0, str_find_char(rest, '\n')));
        if (rest.len > 0 && rest.ptr[0] != '#') {
            error_set(error, 0, "invalid Yaml document separator: %.*s", STR_ARG(rest));
            return false;
        }
        if (*end > from) return true;
    }
    return true;
}

/* With a line end behind the last line, as Helm 4 reads it. */
static struct str ended(struct arena *a, struct str text) {
    if (text.len == 0 || text.ptr[text.len - 1] == '\n') return text;
    return arena_printf(a, "%.*s\n", STR_ARG(text));
}

struct go_map *helm_values_read(struct go_env *env, struct str text, const struct value_layer *layer,
                                struct error *error) {
    struct go_map *all = NULL, *map;
    if (env->helm == 3) return read_document(env, text, layer, &map, error) ? map : NULL;
    text = ended(env->arena, text);
    for (size_t from = 0, end; from < text.len; from = end) {
        if (!document_end(text, from, &end, error)) return NULL;
        if (!read_document(env, str_slice(text, from, end), layer, &map, error)) return NULL;
        all = all ? merge_maps(env, all, map) : map;
    }
    return all ? all : go_map(env, &GO_TYPE_MAP, 0).map;
}
