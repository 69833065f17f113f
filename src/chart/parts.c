#include "chart/parts.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/path.h"
#include "chart/archive.h"
#include "value/change.h"
#include "yaml/read.h"

static bool is_chart_yaml(struct str path) {
    return str_eq(path, STR("Chart.yaml"));
}

/* The name of the packed chart at `path`; empty where it cannot be read. */
static struct str name_of_packed(struct arena *a, struct str path) {
    struct archive archive;
    struct error error;
    struct value *document = arena_new(a, struct value);
    struct str bytes;
    if (!file_read(a, path.ptr, ARCHIVE_TOTAL_MAX, &bytes, &error)) return STR("");
    if (!archive_read(a, bytes, is_chart_yaml, &archive, &error) || archive.files.len == 0) return STR("");
    if (!read_plain_values(a, archive.files.items[0].text, document)) return STR("");
    const struct value *name = value_get(document, STR("name"));
    return name && name->kind == VALUE_STRING ? name->string : STR("");
}

static struct str name_of_unpacked(struct arena *a, struct str folder) {
    struct chart chart;
    struct str path = path_join(a, folder, STR("Chart.yaml"));
    if (file_kind(path.ptr) != FILE_REGULAR) return STR("");
    chart_read(a, path, STR(""), &chart);
    return chart.name;
}

/* What the packed chart NAME-VERSION.tgz, which cannot be read, may be called: either may hold other hyphens. */
static void guess_names(struct arena *a, struct str file, struct chart_names *keys) {
    for (size_t i = 1; i + 1 < file.len; i++)
        if (file.ptr[i] == '-' && ascii_is_digit(file.ptr[i + 1])) vec_push(a, keys, str_slice(file, 0, i));
}

void parts_list_keys(struct arena *a, struct str folder, bool flat, const struct chart *chart,
                     struct chart_names *keys) {
    struct str charts = path_join(a, folder, STR("charts"));
    struct chart_names names;
    for (uint32_t i = 0; i < chart->dependencies.len; i++) vec_push(a, keys, parts_key(&chart->dependencies.items[i]));
    if (flat || !chart_list_subcharts(a, folder, &names)) return;
    for (uint32_t i = 0; i < names.len; i++) {
        struct str path = path_join(a, charts, names.items[i]), name = STR("");
        bool packed = str_ends(names.items[i], STR(".tgz"));
        if (packed) name = name_of_packed(a, path);
        else if (names.items[i].ptr[0] != '_') name = name_of_unpacked(a, path);
        if (name.len) vec_push(a, keys, name);
        else if (packed) guess_names(a, names.items[i], keys);
    }
}

bool parts_next_condition(struct str *condition, struct str *path) {
    while (str_split_next(condition, ',', path))
        if (path->len) return true;
    return false;
}

/* What stands in an item where Helm wants a path. */
static struct str path_in(const struct value *item, struct str key) {
    const struct value *v = value_get(item, key);
    if (!v || v->kind == VALUE_NULL) return STR("<nil>"); /* as Go prints it, and Helm then looks for it */
    return v->kind == VALUE_STRING ? v->string : STR("");
}

bool parts_read_import(struct arena *a, const struct value *item, struct parts_import *import) {
    if (item->kind == VALUE_STRING) {
        import->from = arena_printf(a, "exports.%.*s", STR_ARG(item->string));
        import->to = STR(".");
        return true;
    }
    if (item->kind != VALUE_MAP) return false;
    *import = (struct parts_import){path_in(item, STR("child")), path_in(item, STR("parent"))};
    return true;
}

/* Adds the keys of the mapping at the dotted path `from` of the values of the subchart `name`; false where there is
 * none, which may be since the subchart is not unpacked. */
static bool add_imported_keys(struct arena *a, struct str folder, struct str name, struct str from,
                              const struct parts_reader *reader, struct parts_filled *filled) {
    struct str path = arena_printf(a, "charts/%.*s/values.yaml", STR_ARG(name)), key;
    struct value *values = arena_new(a, struct value);
    if (!reader->read(reader->data, path_join(a, folder, path), values)) return false;
    const struct value *table = values;
    while (table && str_split_next(&from, '.', &key)) table = value_get(table, key);
    if (!table || table->kind != VALUE_MAP) return false;
    for (uint32_t i = 0; i < table->map.len; i++) vec_push(a, &filled->keys, table->map.members[i].key);
    return true;
}

void parts_list_imports(struct arena *a, struct str folder, const struct chart *chart,
                        const struct parts_reader *reader, struct parts_filled *filled) {
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct chart_dependency *dependency = &chart->dependencies.items[i];
        const struct value *list = value_get(dependency->item, STR("import-values"));
        for (uint32_t k = 0; list && list->kind == VALUE_LIST && k < list->list.len; k++) {
            struct parts_import import;
            if (!parts_read_import(a, &list->list.items[k], &import)) continue;
            if (!str_eq(import.to, STR("."))) vec_push(a, &filled->paths, import.to);
            else if (!add_imported_keys(a, folder, dependency->name, import.from, reader, filled))
                filled->unknown = true;
        }
    }
}

/* Whether Chart.yaml says of the subchart no more than where it is from. */
static bool is_plain(const struct chart *chart, struct str name) {
    static const char *const others[] = {"alias", "condition", "tags", "import-values"};
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct chart_dependency *dependency = &chart->dependencies.items[i];
        for (size_t k = 0; str_eq(dependency->name, name) && k < sizeof others / sizeof *others; k++)
            if (value_get(dependency->item, str_from(others[k]))) return false;
    }
    return true;
}

bool parts_values(struct arena *a, struct str folder, const struct chart *chart, const struct value *over,
                  struct str name, const struct parts_reader *reader, struct value *values) {
    struct str below = path_join(a, path_join(a, folder, STR("charts")), name);
    struct str inner = path_join(a, below, STR("charts"));
    struct chart part;
    over = value_get(over, name);
    if ((over && over->kind != VALUE_MAP) || !is_plain(chart, name)) return false;
    chart_read(a, path_join(a, below, STR("Chart.yaml")), STR(""), &part);
    if (!str_eq(part.name, name) || part.dependencies.len || file_kind(inner.ptr) != FILE_MISSING) return false;
    if (!reader->read(reader->data, path_join(a, below, STR("values.yaml")), values)) return false;
    if (over) *values = value_overlay(a, values, over);
    return true;
}
