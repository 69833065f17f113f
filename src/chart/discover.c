#include "chart/discover.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/chart.h"
#include "chart/gitignore.h"

/* Folders inside each other; a loop of symbolic links ends here. */
#define DEPTH_MAX 64

struct discover {
    struct arena *arena;
    struct arena *scratch; /* for what is needed only while a folder is looked at */
    const struct discover_options *options;
    struct chart_list *charts;
    struct discover_problems *problems;
};

struct entry {
    struct str name;
    bool is_folder;
};

struct entries {
    struct entry *items;
    uint32_t len;
    uint32_t cap;
    bool has_gitignore;
    bool has_config;
};

bool discover_is_overlay(struct str name) {
    if (!str_ends(name, STR(".yaml")) || str_starts(name, STR("values-template"))) return false;
    if (str_starts(name, STR("ci/"))) return str_ends(name, STR("-values.yaml"));
    if (str_eq(name, STR("values.yaml"))) return false;
    return str_starts(name, STR("values-")) || str_starts(name, STR("values."));
}

static void add_problem(struct discover *d, struct str path, bool unreadable, struct str message) {
    vec_push(d->arena, d->problems, (struct discover_problem){arena_str(d->arena, path), message, unreadable});
}

/* The entries of `folder`, sorted; hidden ones are left out. */
static bool list_folder(struct discover *d, struct str folder, struct entries *entries) {
    struct system_entries found;
    int problem = system_list(d->scratch, folder.ptr, &found);
    if (problem) {
        add_problem(d, folder, true,
                    arena_printf(d->arena, "cannot read %.*s: %s", STR_ARG(folder), strerror(problem)));
        return false;
    }
    for (uint32_t i = 0; i < found.len; i++) {
        const struct system_entry *item = &found.items[i];
        if (item->name.ptr[0] == '.') {
            entries->has_gitignore = entries->has_gitignore || str_eq(item->name, STR(".gitignore"));
            entries->has_config = entries->has_config || str_eq(item->name, STR(".valuelint.yaml"));
            continue;
        }
        enum file_kind kind = item->kind;
        if (item->is_link) kind = file_kind(path_join(d->scratch, folder, item->name).ptr);
        vec_push(d->scratch, entries, (struct entry){item->name, kind == FILE_FOLDER});
    }
    return true;
}

/* `path` without `./` in front, as people write it. */
static struct str shown_path(struct discover *d, struct str folder, struct str name) {
    struct str path = path_join(d->arena, folder, name);
    while (str_starts(path, STR("./"))) path = str_slice(path, 2, path.len);
    return path;
}

static bool is_excluded(const struct discover *d, struct str absolute) {
    struct str below = path_relative(absolute, d->options->root);
    for (uint32_t i = 0; i < d->options->exclude_count; i++) {
        struct str glob = d->options->exclude[i];
        bool anywhere = str_find_char(glob, '/') == glob.len;
        if (path_match(glob, below) || (anywhere && path_match(glob, path_name(below)))) return true;
    }
    return false;
}

static bool skips(const struct discover *d, const struct gitignore *rules, struct str absolute, bool folder) {
    return gitignore_excludes(rules, absolute, folder) || is_excluded(d, absolute);
}

/* Adds the overlays in `folder`/ci to the chart. */
static void add_ci(struct discover *d, const struct gitignore *rules, struct str folder, struct str absolute,
                   struct chart_paths *chart) {
    struct entries entries = {NULL, 0, 0, false, false};
    struct str ci = path_join(d->scratch, folder, STR("ci"));
    if (!list_folder(d, ci, &entries)) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        struct str name = path_join(d->scratch, STR("ci"), entries.items[i].name);
        if (entries.items[i].is_folder || !discover_is_overlay(name)) continue;
        if (!skips(d, rules, path_join(d->scratch, absolute, name), false))
            vec_push(d->arena, &chart->overlays, shown_path(d, folder, name));
    }
}

static void walk(struct discover *d, const struct gitignore *above, struct str folder, struct str absolute, int depth);

/* Walks the subcharts below a chart's `charts/`, but for those that come from a repository. */
static void walk_subcharts(struct discover *d, const struct gitignore *rules, struct str folder, struct str absolute,
                           const struct chart *chart, int depth) {
    struct entries entries = {NULL, 0, 0, false, false};
    struct str charts = path_join(d->scratch, folder, STR("charts"));
    struct str charts_absolute = path_join(d->scratch, absolute, STR("charts"));
    if (!list_folder(d, charts, &entries)) return;
    if (entries.has_gitignore) rules = gitignore_read(d->arena, rules, charts_absolute);
    for (uint32_t i = 0; i < entries.len; i++) {
        struct str name = entries.items[i].name;
        struct str below = path_join(d->scratch, charts_absolute, name);
        if (!entries.items[i].is_folder || chart_takes_from_repository(chart, name)) continue;
        if (!skips(d, rules, below, true)) walk(d, rules, path_join(d->scratch, charts, name), below, depth + 1);
    }
}

static bool find_entry(const struct entries *entries, const char *name, bool folder) {
    for (uint32_t i = 0; i < entries->len; i++)
        if (entries->items[i].is_folder == folder && str_eq(entries->items[i].name, str_from(name))) return true;
    return false;
}

/* The chart in `folder`, whose entries are given. */
static struct chart_paths make_chart(struct discover *d, const struct gitignore *rules, struct str folder,
                                     struct str absolute, const struct entries *entries) {
    struct chart_paths chart = {.folder = shown_path(d, folder, STR(""))};
    chart.has_chart_yaml = find_entry(entries, "Chart.yaml", false);
    chart.has_config = entries->has_config;
    chart.has_templates = find_entry(entries, "templates", true);
    for (uint32_t i = 0; i < entries->len; i++) {
        struct str name = entries->items[i].name;
        bool values = str_eq(name, STR("values.yaml"));
        bool overlay = !entries->items[i].is_folder && discover_is_overlay(name);
        if ((!values && !overlay) || skips(d, rules, path_join(d->scratch, absolute, name), false)) continue;
        if (values) chart.values = shown_path(d, folder, name);
        else vec_push(d->arena, &chart.overlays, shown_path(d, folder, name));
    }
    if (find_entry(entries, "ci", true)) add_ci(d, rules, folder, absolute, &chart);
    return chart;
}

static void look_at(struct discover *d, const struct gitignore *above, struct str folder, struct str absolute,
                    int depth) {
    struct entries entries = {NULL, 0, 0, false, false};
    if (depth > DEPTH_MAX || !list_folder(d, folder, &entries)) return;
    const struct gitignore *rules = above;
    if (depth > 0 && entries.has_gitignore) rules = gitignore_read(d->arena, above, absolute);

    bool is_chart = find_entry(&entries, "Chart.yaml", false);
    if (is_chart || find_entry(&entries, "values.yaml", false) || find_entry(&entries, "values.yaml", true)) {
        struct chart_paths chart = make_chart(d, rules, folder, absolute, &entries);
        if (chart.values.len) vec_push(d->arena, d->charts, chart);
    }
    if (is_chart) {
        if (!find_entry(&entries, "charts", true)) return;
        struct chart chart;
        chart_read(d->scratch, path_join(d->scratch, folder, STR("Chart.yaml")), path_name(absolute), &chart);
        walk_subcharts(d, rules, folder, absolute, &chart, depth);
        return;
    }
    for (uint32_t i = 0; i < entries.len; i++) {
        struct str below = path_join(d->scratch, absolute, entries.items[i].name);
        if (!entries.items[i].is_folder || str_eq(entries.items[i].name, STR("node_modules"))) continue;
        if (!skips(d, rules, below, true))
            walk(d, rules, path_join(d->scratch, folder, entries.items[i].name), below, depth + 1);
    }
}

static void walk(struct discover *d, const struct gitignore *above, struct str folder, struct str absolute, int depth) {
    struct arena_mark mark = arena_mark(d->scratch);
    look_at(d, above, folder, absolute, depth);
    arena_release(d->scratch, mark);
}

/* The folder of the chart that `path` is a part of: the nearest one above it with a Chart.yaml; empty for none. */
static struct str chart_folder_of(struct discover *d, struct str path) {
    struct str folder = path_folder(path);
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        if (file_kind(path_join(d->arena, folder, STR("Chart.yaml")).ptr) == FILE_REGULAR) return folder;
        if (str_eq(folder, STR(".")) || str_eq(folder, STR("/"))) break;
        folder = arena_str(d->arena, path_folder(folder));
    }
    return (struct str){NULL, 0};
}

/* Whether `path` stands below a folder `templates`. */
static bool in_templates(struct str path) {
    struct str folder = path_folder(path);
    for (; !str_eq(folder, STR(".")) && !str_eq(folder, STR("/")); folder = path_folder(folder))
        if (str_eq(path_name(folder), STR("templates"))) return true;
    return false;
}

/* Whether the chart in `folder` is a copy that another chart took from a repository into its charts/. */
static bool is_vendored(struct discover *d, struct str folder) {
    struct str absolute = path_absolute(d->arena, folder), charts = path_folder(absolute);
    struct str parent = path_join(d->arena, path_folder(charts), STR("Chart.yaml"));
    struct chart chart;
    if (!str_eq(path_name(charts), STR("charts")) || file_kind(parent.ptr) != FILE_REGULAR) return false;
    chart_read(d->arena, parent, STR(""), &chart);
    return chart_takes_from_repository(&chart, path_name(absolute));
}

/* The options of this run, that a file stands for its chart. */
static const struct discover_options *whole_options(struct discover *d) {
    struct discover_options *options = arena_new(d->arena, struct discover_options);
    *options = *d->options;
    options->whole = true;
    return options;
}

/* A file that was named itself: a values file stands for itself, Chart.yaml and templates for their chart. What is
 * excluded, of a chart from a repository, or a template of something else than a chart, stands for nothing: tools name
 * all files that they know. */
static void add_file(struct discover *d, struct str path) {
    struct str name = path_name(path), folder = arena_str(d->arena, path_folder(path));
    struct str owner = arena_str(d->arena, chart_folder_of(d, path));
    if (is_excluded(d, path_absolute(d->arena, path)) || (owner.len == 0 && in_templates(path))) return;
    if (owner.len && is_vendored(d, owner)) return;
    struct str below = owner.len ? path_relative(path, owner) : name;
    bool yaml = str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml"));
    bool part = owner.len && (!yaml || str_eq(below, STR("Chart.yaml")) || str_starts(below, STR("templates/")));

    if (str_starts(path_name(folder), STR("ci")) && path_name(folder).len == 2) {
        folder = arena_str(d->arena, path_folder(folder));
        name = path_join(d->arena, STR("ci"), name);
    }
    struct chart_paths chart = {.folder = shown_path(d, folder, STR("")), .has_config = true, .has_templates = true};
    chart.has_chart_yaml = file_kind(path_join(d->arena, folder, STR("Chart.yaml")).ptr) == FILE_REGULAR;
    if (part) {
        struct str values = path_join(d->arena, owner, STR("values.yaml"));
        chart = (struct chart_paths){
            .folder = shown_path(d, owner, STR("")), .has_chart_yaml = true, .has_config = true, .has_templates = true};
        if (file_kind(values.ptr) != FILE_MISSING) chart.values = shown_path(d, values, STR(""));
    } else if (discover_is_overlay(name)) {
        vec_push(d->arena, &chart.overlays, shown_path(d, path, STR("")));
    } else {
        chart.values = shown_path(d, path, STR(""));
    }
    if (!part && chart.has_chart_yaml) chart.whole = whole_options(d);
    if (chart.values.len || chart.overlays.len) vec_push(d->arena, d->charts, chart);
}

/* The whole of the chart that the file `path` is a part of. A values file of another name is an overlay of it. */
static void add_whole(struct discover *d, struct str path) {
    struct entries entries = {NULL, 0, 0, false, false};
    struct chart_list found = {NULL, 0, 0}, *charts = d->charts;
    d->charts = &found;
    add_file(d, path);
    d->charts = charts;
    if (found.len == 0) return;
    struct str named = found.items[0].values.len ? found.items[0].values : found.items[0].overlays.items[0];
    struct str folder = found.items[0].folder.len ? found.items[0].folder : STR(".");
    struct str absolute = path_absolute(d->arena, folder);
    if (!list_folder(d, arena_str(d->arena, folder), &entries)) return;
    struct chart_paths chart = make_chart(d, gitignore_enter(d->arena, absolute), folder, absolute, &entries);
    chart.has_config = true;
    bool known = str_eq(chart.values, named);
    for (uint32_t i = 0; i < chart.overlays.len; i++) known = known || str_eq(chart.overlays.items[i], named);
    if (!known && chart.values.len == 0) chart.values = named;
    else if (!known) vec_push(d->arena, &chart.overlays, named);
    vec_push(d->arena, d->charts, chart);
}

static void add_folder(struct discover *d, struct str path) {
    uint32_t before = d->charts->len, problems = d->problems->len;
    struct str absolute = path_absolute(d->arena, path);
    walk(d, gitignore_enter(d->arena, absolute), path, absolute, 0);
    if (d->charts->len == before && d->problems->len == problems)
        add_problem(
            d, path, false,
            arena_printf(d->arena, "no charts below %.*s: none of its folders has a values.yaml", STR_ARG(path)));
}

static int chart_cmp(const void *left, const void *right) {
    return str_cmp(((const struct chart_paths *)left)->folder, ((const struct chart_paths *)right)->folder);
}

static int str_item_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void merge_overlays(struct arena *a, struct chart_paths *into, const struct chart_paths *from) {
    for (uint32_t i = 0; i < from->overlays.len; i++) vec_push(a, &into->overlays, from->overlays.items[i]);
}

static void sort_overlays(struct chart_paths *chart) {
    uint32_t kept = 0;
    if (chart->overlays.len < 2) return;
    qsort(chart->overlays.items, chart->overlays.len, sizeof *chart->overlays.items, str_item_cmp);
    for (uint32_t i = 0; i < chart->overlays.len; i++)
        if (i == 0 || !str_eq(chart->overlays.items[i], chart->overlays.items[kept - 1]))
            chart->overlays.items[kept++] = chart->overlays.items[i];
    chart->overlays.len = kept;
}

void discover_unite(struct arena *a, struct chart_list *charts) {
    uint32_t kept = 0;
    if (charts->len) qsort(charts->items, charts->len, sizeof *charts->items, chart_cmp);
    for (uint32_t i = 0; i < charts->len; i++) {
        struct chart_paths *chart = &charts->items[i], *last = kept ? &charts->items[kept - 1] : NULL;
        bool same = last && str_eq(last->folder, chart->folder) &&
                    (last->values.len == 0 || chart->values.len == 0 || str_eq(last->values, chart->values));
        if (!same) {
            charts->items[kept++] = *chart;
            continue;
        }
        if (last->values.len == 0) last->values = chart->values;
        merge_overlays(a, last, chart);
    }
    charts->len = kept;
    for (uint32_t i = 0; i < kept; i++) sort_overlays(&charts->items[i]);
}

void discover_charts(struct arena *a, struct str path, const struct discover_options *options,
                     struct chart_list *charts, struct discover_problems *problems) {
    struct arena scratch = {NULL, NULL};
    struct discover d = {a, &scratch, options, charts, problems};
    path = arena_str(a, path);
    switch (file_kind(path.ptr)) {
    case FILE_FOLDER: add_folder(&d, path); break;
    case FILE_MISSING:
        add_problem(&d, path, true, arena_printf(a, "cannot read %.*s: %s", STR_ARG(path), strerror(errno)));
        break;
    default:
        if (options->whole) add_whole(&d, path);
        else add_file(&d, path);
        break;
    }
    arena_free(&scratch);
}
