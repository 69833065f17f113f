#include "chart/templates.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/path.h"

/* Folders inside each other; a loop of symbolic links ends here. */
#define DEPTH_MAX 32

struct lister {
    struct arena *arena;
    struct chart_templates *list;
    struct error *error;
    char chart[PATH_MAX]; /* the chart's folder without links; empty where nothing need be compared */
};

static int name_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* The entries of `folder`, sorted, without hidden ones; none where there is no such folder. */
static bool read_names(struct lister *l, struct str folder, struct chart_names *names) {
    DIR *dir = opendir(folder.ptr);
    *names = (struct chart_names){NULL, 0, 0};
    if (!dir && (errno == ENOENT || errno == ENOTDIR)) return true;
    if (!dir) {
        error_set(l->error, errno, "cannot read %.*s: %s", STR_ARG(folder), strerror(errno));
        return false;
    }
    for (const struct dirent *item; (item = readdir(dir));)
        if (item->d_name[0] != '.') vec_push(l->arena, names, arena_str(l->arena, str_from(item->d_name)));
    closedir(dir);
    if (names->len) qsort(names->items, names->len, sizeof *names->items, name_cmp);
    return true;
}

/* Whether `path` leads to a place outside of the chart. */
static bool leads_out(const struct lister *l, struct str path) {
    char real[PATH_MAX];
    size_t len = strlen(l->chart);
    return !realpath(path.ptr, real) || strncmp(real, l->chart, len) != 0 || real[len] != '/';
}

static bool list_below(struct lister *l, struct str folder, enum chart_template_kind kind, int depth) {
    struct chart_names names;
    struct stat info;
    if (!read_names(l, folder, &names)) return false;
    for (uint32_t i = 0; i < names.len; i++) {
        struct str path = path_join(l->arena, folder, names.items[i]);
        if (stat(path.ptr, &info) != 0) continue;
        if (S_ISDIR(info.st_mode)) {
            if (depth < DEPTH_MAX && !list_below(l, path, kind, depth + 1)) return false;
        } else if (S_ISREG(info.st_mode)) {
            bool shared = kind == CHART_TEMPLATE_OWN && leads_out(l, path);
            vec_push(l->arena, l->list, (struct chart_template){path, shared ? CHART_TEMPLATE_SHARED : kind});
        }
    }
    return true;
}

bool chart_list_templates(struct arena *a, struct str folder, struct chart_templates *list, struct error *error) {
    struct lister l = {.arena = a, .list = list, .error = error};
    struct str charts = path_join(a, folder, STR("charts"));
    struct chart_names names;

    if (!realpath(folder.len ? folder.ptr : ".", l.chart)) l.chart[0] = '\0';
    if (!list_below(&l, path_join(a, folder, STR("templates")), CHART_TEMPLATE_OWN, 0)) return false;
    if (!read_names(&l, charts, &names)) return false;
    for (uint32_t i = 0; i < names.len; i++) {
        struct str templates = path_join(a, path_join(a, charts, names.items[i]), STR("templates"));
        if (!list_below(&l, templates, CHART_TEMPLATE_LIBRARY, 0)) return false;
    }
    struct str above = path_folder(str_from(l.chart));
    if (!str_eq(path_name(above), STR("charts"))) return true;
    struct str parent = path_join(a, folder.len ? folder : STR("."), STR("../.."));
    if (str_eq(path_name(path_folder(folder)), STR("charts"))) parent = path_folder(path_folder(folder));
    return list_below(&l, path_join(a, parent, STR("templates")), CHART_TEMPLATE_PARENT, 0);
}

bool chart_list_subcharts(struct arena *a, struct str folder, struct chart_names *list) {
    struct error error;
    struct lister l = {.arena = a, .error = &error};
    return read_names(&l, path_join(a, folder, STR("charts")), list);
}

bool chart_list_shared(struct arena *a, struct str folder, struct chart_templates *list, struct error *error) {
    struct lister l = {.arena = a, .list = list, .error = error};
    return list_below(&l, folder, CHART_TEMPLATE_SHARED, 0);
}
