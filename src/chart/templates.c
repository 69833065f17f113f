#include "chart/templates.h"

#include <errno.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/system.h"

/* Folders inside each other. */
#define DEPTH_MAX 32

struct lister {
    struct arena *arena;
    struct chart_templates *list;
    struct error *error;
    char chart[SYSTEM_PATH_MAX]; /* the chart's folder without links; empty where nothing need be compared */
};

/* The entries of `folder`, sorted; none where there is no such folder. */
static bool read_entries(struct lister *l, struct str folder, struct system_entries *entries) {
    int problem = system_list(l->arena, folder.ptr, entries);
    if (!problem || problem == ENOENT || problem == ENOTDIR) return true;
    error_set(l->error, problem, "cannot read %.*s: %s", STR_ARG(folder), strerror(problem));
    return false;
}

static bool is_hidden(const struct system_entry *entry) {
    return entry->name.ptr[0] == '.';
}

/* Whether `path` leads to a place outside of the chart. */
static bool leads_out(const struct lister *l, struct str path) {
    char real[SYSTEM_PATH_MAX];
    size_t len = strlen(l->chart);
    if (system_real_path(path.ptr, real) != 0 || strncmp(real, l->chart, len) != 0) return true;
    return real[len] != '/' && real[len] != '\0';
}

/* The names of the entries of `folder`, without hidden ones. */
static bool read_names(struct lister *l, struct str folder, struct chart_names *names) {
    struct system_entries entries;
    if (!read_entries(l, folder, &entries)) return false;
    for (uint32_t i = 0; i < entries.len; i++)
        if (!is_hidden(&entries.items[i])) vec_push(l->arena, names, entries.items[i].name);
    return true;
}

static bool list_entries(struct lister *l, struct str folder, enum chart_template_kind kind, struct map *seen,
                         int depth);

/* `out`: it lies outside of the chart. */
static bool list_entry(struct lister *l, struct str path, enum file_kind is, enum chart_template_kind kind, bool out,
                       struct map *seen, int depth) {
    if (is == FILE_FOLDER && depth < DEPTH_MAX && file_visit(l->arena, seen, path.ptr))
        return list_entries(l, path, kind, seen, depth + 1);
    if (is != FILE_REGULAR) return true;
    vec_push(l->arena, l->list, (struct chart_template){path, out ? CHART_TEMPLATE_SHARED : kind});
    return true;
}

/* Folders behind links come last: what needs no link is listed without. */
static bool list_entries(struct lister *l, struct str folder, enum chart_template_kind kind, struct map *seen,
                         int depth) {
    struct system_entries entries;
    if (!read_entries(l, folder, &entries)) return false;
    if (entries.len == 0) return true;
    bool own = kind == CHART_TEMPLATE_OWN, out = own && leads_out(l, folder);
    for (int links = 0; links < 2; links++) {
        for (uint32_t i = 0; i < entries.len; i++) {
            const struct system_entry *entry = &entries.items[i];
            if (is_hidden(entry) || (links && !entry->is_link)) continue;
            struct str path = path_join(l->arena, folder, entry->name);
            enum file_kind is = entry->is_link ? file_kind(path.ptr) : entry->kind;
            bool later = entry->is_link && is == FILE_FOLDER;
            if (later != (links == 1)) continue;
            bool entry_out = entry->is_link && own ? leads_out(l, path) : out;
            if (!list_entry(l, path, is, kind, entry_out, seen, depth)) return false;
        }
    }
    return true;
}

/* Each real folder is looked at once, by whatever links it can be reached. */
static bool list_below(struct lister *l, struct str folder, enum chart_template_kind kind) {
    struct map seen = {NULL, 0, 0, NULL, 0};
    file_visit(l->arena, &seen, folder.ptr);
    return list_entries(l, folder, kind, &seen, 0);
}

bool chart_list_templates(struct arena *a, struct str folder, struct chart_templates *list, struct error *error) {
    struct lister l = {.arena = a, .list = list, .error = error};
    struct str charts = path_join(a, folder, STR("charts"));
    struct chart_names names = {NULL, 0, 0};

    if (system_real_path(folder.len ? folder.ptr : ".", l.chart)) l.chart[0] = '\0';
    if (!list_below(&l, path_join(a, folder, STR("templates")), CHART_TEMPLATE_OWN)) return false;
    if (!read_names(&l, charts, &names)) return false;
    for (uint32_t i = 0; i < names.len; i++) {
        struct str templates = path_join(a, path_join(a, charts, names.items[i]), STR("templates"));
        if (!list_below(&l, templates, CHART_TEMPLATE_LIBRARY)) return false;
    }
    struct str above = path_folder(str_from(l.chart));
    if (!str_eq(path_name(above), STR("charts"))) return true;
    struct str parent = path_join(a, folder.len ? folder : STR("."), STR("../.."));
    if (str_eq(path_name(path_folder(folder)), STR("charts"))) parent = path_folder(path_folder(folder));
    return list_below(&l, path_join(a, parent, STR("templates")), CHART_TEMPLATE_PARENT);
}

bool chart_list_subcharts(struct arena *a, struct str folder, struct chart_names *list) {
    struct error error;
    struct lister l = {.arena = a, .error = &error};
    *list = (struct chart_names){NULL, 0, 0};
    return read_names(&l, path_join(a, folder, STR("charts")), list);
}

bool chart_list_shared(struct arena *a, struct str folder, struct chart_templates *list, struct error *error) {
    struct lister l = {.arena = a, .list = list, .error = error};
    return list_below(&l, folder, CHART_TEMPLATE_SHARED);
}
