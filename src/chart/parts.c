/* Where the values of subcharts stand in a chart's values. */
#include "base/file.h"
#include "base/path.h"
#include "chart/archive.h"
#include "chart/chart.h"
#include "chart/templates.h"
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

void chart_list_part_keys(struct arena *a, struct str folder, bool flat, const struct chart *chart,
                          struct chart_names *keys) {
    struct str charts = path_join(a, folder, STR("charts"));
    struct chart_names names;
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct chart_dependency *dependency = &chart->dependencies.items[i];
        vec_push(a, keys, dependency->alias.len ? dependency->alias : dependency->name);
    }
    if (flat || !chart_list_subcharts(a, folder, &names)) return;
    for (uint32_t i = 0; i < names.len; i++) {
        struct str path = path_join(a, charts, names.items[i]), name = STR("");
        if (str_ends(names.items[i], STR(".tgz"))) name = name_of_packed(a, path);
        else if (names.items[i].ptr[0] != '_') name = name_of_unpacked(a, path);
        if (name.len) vec_push(a, keys, name);
    }
}
