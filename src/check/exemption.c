/* A chart of the type `library` prints nothing, says its author. One that only defines templates for others to include
 * is a library too, whatever its type says: Helm prints nothing of files whose names begin with `_`, nor of what stands
 * in
 * {{define}}. An umbrella has dependencies, and nothing of its own: to a standard with an image, that is a chart
 * without one; to any other, one whose templates print nothing. */
#include "check/exemption.h"

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/templates.h"
#include "template/syntax/parse.h"

#define DEPTH_MOST 16
#define TEMPLATE_MAX ((size_t)1 << 20)

/* What the templates of a chart do. */
struct shape {
    struct arena *arena;
    bool defines, prints;
};

static bool is_blank(struct str text) {
    return str_trim(text).len == 0;
}

static void look_at_file(struct shape *shape, struct str path) {
    struct str name = path_name(path), text;
    struct tmpl_tree tree;
    struct tmpl_error broken;
    struct error error;
    if (name.ptr[0] == '_') {
        shape->defines = true;
        return;
    }
    if (str_eq(name, STR("NOTES.txt"))) return;
    if (!file_read(shape->arena, path.ptr, TEMPLATE_MAX, &text, &error)) {
        shape->prints = true;
        return;
    }
    bool may_define = str_find(text, STR("define")) < text.len;
    shape->prints = !is_blank(text);
    if (!may_define || !shape->prints || !tmpl_parse(shape->arena, text, &tree, &broken)) return;
    shape->defines = shape->defines || tree.defines.len;
    shape->prints = false;
    for (const struct tmpl_node *node = tree.body; node; node = node->next)
        if (node->kind != TMPL_TEXT || !is_blank(span_text(text, node->span))) shape->prints = true;
}

/* Ends at the first file that prints. */
static void look_below(struct shape *shape, struct str folder, unsigned depth) {
    struct system_entries entries = {NULL, 0, 0};
    if (depth == DEPTH_MOST || system_list(shape->arena, folder.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len && !shape->prints; i++) {
        const struct system_entry *entry = &entries.items[i];
        struct str path = path_join(shape->arena, folder, entry->name);
        if (entry->name.ptr[0] == '.') continue;
        enum file_kind kind = entry->is_link ? file_kind(path.ptr) : entry->kind;
        if (kind == FILE_FOLDER) look_below(shape, path, depth + 1);
        else if (kind == FILE_REGULAR) look_at_file(shape, path);
    }
}

static struct shape shape_of(struct arena *a, const struct settings *settings, struct str folder, bool has_templates) {
    struct shape shape = {.arena = a, .prints = settings && settings->templates.len > 0};
    if (has_templates && !shape.prints) look_below(&shape, path_join(a, folder, STR("templates")), 0);
    return shape;
}

static struct str umbrella(struct arena *a, const struct chart *chart, const char *without) {
    struct buf names = buf_in(a);
    for (uint32_t i = 0; i < chart->dependencies.len; i++)
        buf_addf(&names, "%s%.*s", i ? ", " : "", STR_ARG(chart->dependencies.items[i].name));
    return arena_printf(a, "umbrella chart over %.*s, without %s", STR_ARG(buf_str(&names)), without);
}

struct str exemption_of(struct arena *a, const struct settings *settings, const struct chart *chart, struct str folder,
                        bool has_templates, const struct value *values) {
    bool images = !settings || standard_property(settings->standard, STR("image")) != NULL;
    struct chart_names subcharts = {NULL, 0, 0};
    if (str_eq(chart->type, STR("library"))) return STR("library chart");
    if (chart->dependencies.len && images)
        return value_get(values, STR("image")) ? STR("") : umbrella(a, chart, "its own image");
    struct shape shape = shape_of(a, settings, folder, has_templates);
    if (shape.prints) return STR("");
    if (chart->dependencies.len) return umbrella(a, chart, "objects of its own");
    bool alone = chart_list_subcharts(a, folder, &subcharts) && subcharts.len == 0;
    bool extends = file_kind(path_join(a, folder, STR("crds")).ptr) != FILE_MISSING;
    return shape.defines && alone && !extends ? STR("library chart: its templates only define") : STR("");
}
