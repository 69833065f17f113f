#include "chart/chart.h"

#include <errno.h>

#include "base/path.h"
#include "chart/manifest.h"
#include "value/json.h"
#include "yaml/read.h"

#define CHART_YAML_MAX ((size_t)16 << 20)

/* A field that Helm reads as a string, where numbers and booleans become text. */
static struct str text_of(struct arena *a, const struct value *v) {
    struct buf out = buf_in(a);
    if (!v || v->kind == VALUE_NULL || v->kind == VALUE_LIST || v->kind == VALUE_MAP) return STR("");
    if (v->kind == VALUE_STRING) return v->string;
    json_write(&out, v, JSON_ONE_LINE);
    return buf_str(&out);
}

static void read_dependencies(struct arena *a, const struct value *document, struct chart *chart) {
    const struct value *list = value_get(document, STR("dependencies"));
    if (!list || list->kind != VALUE_LIST) return;
    for (uint32_t i = 0; i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        struct chart_dependency dependency = {
            text_of(a, value_get(item, STR("name"))), text_of(a, value_get(item, STR("alias"))),
            text_of(a, value_get(item, STR("repository"))), text_of(a, value_get(item, STR("condition"))), item};
        vec_push(a, &chart->dependencies, dependency);
    }
}

/* Where charts of the first API version, those for Helm 2, have their dependencies; Helm reads it still. What is wrong
 * with it is not told. */
static void read_requirements(struct arena *a, struct str chart_yaml, struct chart *chart) {
    struct str path = path_join(a, path_folder(chart_yaml), STR("requirements.yaml"));
    struct value *document = arena_new(a, struct value);
    if (read_file_values(a, path, CHART_YAML_MAX, document)) read_dependencies(a, document, chart);
}

/* An appVersion that is a number to YAML goes through a float: Helm prints 1.1 for 1.10. The document gets the text
 * that Helm prints, and it is kept in mind that it is not the author's. */
static void read_app_version(struct arena *a, const struct tree *tree, struct chart *chart) {
    struct value *value = NULL;
    for (uint32_t i = 0; i < chart->document.map.len; i++)
        if (str_eq(chart->document.map.members[i].key, STR("appVersion")))
            value = &chart->document.map.members[i].value;
    if (!value || !value->node || (value->kind != VALUE_INT && value->kind != VALUE_FLOAT && value->kind != VALUE_BOOL))
        return;
    const struct node *node = tree->nodes[value->node];
    struct str text;
    if (node->kind == NODE_ALIAS || !helm_key(a, tree, node, &text)) return;
    if (str_eq(text, STR(".inf"))) text = STR("+Inf");
    if (!str_eq(text, node->text)) chart->app_version_lost = node->span;
    value->kind = VALUE_STRING;
    value->string = text;
}

static bool read_document(struct arena *a, const struct file_texts *texts, struct str path, struct chart *chart) {
    struct yaml_issue issue;
    struct error error;
    struct tree tree;
    if (!file_read_or(texts, a, path, CHART_YAML_MAX, &chart->source.text, &error)) {
        if (error.code == ENOENT) return false;
        issue = (struct yaml_issue){.kind = YAML_UNREADABLE, .message = arena_str(a, str_from(error.message))};
        vec_push(a, &chart->issues, issue);
        return false;
    }
    if (!read_text_values(a, &chart->source, &tree, &chart->document, &chart->issues)) return false;
    chart_manifest_check(a, &chart->document, &chart->issues);
    read_app_version(a, &tree, chart);
    return true;
}

void chart_read(struct arena *a, struct str path, struct str folder_name, struct chart *chart) {
    chart_read_or(a, NULL, path, folder_name, chart);
}

void chart_read_or(struct arena *a, const struct file_texts *texts, struct str path, struct str folder_name,
                   struct chart *chart) {
    *chart = (struct chart){.source = {.path = path}, .document = value_map_new(a, 0)};
    chart->found = read_document(a, texts, path, chart);
    chart->name = text_of(a, value_get(&chart->document, STR("name")));
    chart->version = text_of(a, value_get(&chart->document, STR("version")));
    chart->app_version = text_of(a, value_get(&chart->document, STR("appVersion")));
    chart->type = text_of(a, value_get(&chart->document, STR("type")));
    read_dependencies(a, &chart->document, chart);
    if (str_eq(text_of(a, value_get(&chart->document, STR("apiVersion"))), STR("v1")))
        read_requirements(a, path, chart);
    if (chart->name.len == 0) chart->name = arena_str(a, folder_name);
}

struct str chart_name_in_parent(struct arena *a, struct str parent, struct str name) {
    struct str path = path_join(a, parent, STR("Chart.yaml"));
    struct chart chart;
    if (file_kind(path.ptr) != FILE_REGULAR) return STR("");
    chart_read(a, path, STR(""), &chart);
    for (uint32_t i = 0; i < chart.dependencies.len; i++)
        if (str_eq(chart.dependencies.items[i].name, name) && chart.dependencies.items[i].alias.len)
            return chart.dependencies.items[i].alias;
    return name;
}

bool chart_takes_from_repository(const struct chart *chart, struct str name) {
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        const struct chart_dependency *dependency = &chart->dependencies.items[i];
        if (!str_eq(dependency->name, name)) continue;
        return dependency->repository.len > 0 && !str_starts(dependency->repository, STR("file://"));
    }
    return false;
}
