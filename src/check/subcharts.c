#include "check/subcharts.h"

#include "base/file.h"
#include "base/path.h"
#include "value/change.h"
#include "yaml/read.h"

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

bool subcharts_read(struct arena *a, const struct templates_subject *subject, struct str path, struct value *values) {
    struct error error;
    struct str text;
    return subject->read(subject->data, path, &text, &error) && read_plain_values(a, text, values);
}

bool subcharts_values(struct arena *a, const struct templates_subject *subject, struct str name, struct value *values) {
    struct str folder = path_join(a, path_join(a, subject->folder, STR("charts")), name);
    const struct value *over = value_get(subject->values, name);
    struct str inner = path_join(a, folder, STR("charts"));
    struct chart chart;
    if ((over && over->kind != VALUE_MAP) || !is_plain(subject->chart, name)) return false;
    chart_read(a, path_join(a, folder, STR("Chart.yaml")), STR(""), &chart);
    if (!str_eq(chart.name, name) || chart.dependencies.len || file_kind(inner.ptr) != FILE_MISSING) return false;
    if (!subcharts_read(a, subject, path_join(a, folder, STR("values.yaml")), values)) return false;
    if (over) *values = value_overlay(a, values, over);
    return true;
}
