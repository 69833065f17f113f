#include "chart/discover.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/boundary.h"
#include "chart/chart.h"
#include "chart/discover_links.h"
#include "chart/gitignore.h"
#include "chart/hidden.h"
#include "chart/overlay.h"
#include "chart/templates.h"

/* Folders inside each other; a loop of symbolic links ends here. */
#define DEPTH_MAX 64

struct discover {
    struct arena *arena;
    struct arena *scratch; /* for what is needed only while a folder is looked at */
    const struct discover_options *options;
    struct chart_list *charts;
    struct discover_problems *problems;
    struct discover_links links;
    struct map ignored; /* absolute paths that a .gitignore excludes */
};

struct entry {
    struct str name;
    bool is_folder;
    bool is_link;
};

struct entries {
    struct entry *items;
    uint32_t len;
    uint32_t cap;
    bool has_gitignore;
    bool has_config;
};

static void add_problem(struct discover *d, struct str path, bool unreadable, struct str message) {
    struct discover_problem problem = {arena_str(d->arena, path), message, unreadable, false};
    vec_push(d->arena, d->problems, problem);
}

static void add_note(struct discover *d, struct str path, struct str message) {
    struct discover_problem note = {arena_str(d->arena, path), message, false, true};
    vec_push(d->arena, d->problems, note);
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
        vec_push(d->scratch, entries, (struct entry){item->name, kind == FILE_FOLDER, item->is_link});
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

static bool skips(struct discover *d, const struct gitignore *rules, struct str absolute, bool folder) {
    if (is_excluded(d, absolute)) return true;
    if (!gitignore_excludes(rules, absolute, folder)) return false;
    map_put(d->arena, &d->ignored, arena_str(d->arena, absolute), d);
    return true;
}

/* The rules of a .gitignore in the folder, on top of those above. */
static const struct gitignore *enter(struct discover *d, const struct gitignore *above, struct str absolute) {
    return d->options->no_gitignore ? NULL : gitignore_read(d->arena, above, absolute);
}

static const struct gitignore *enter_first(struct discover *d, struct str absolute) {
    return d->options->no_gitignore ? NULL : gitignore_enter(d->arena, absolute);
}

static void add_overlay(struct discover *d, struct chart_paths *chart, struct str path, bool is_link) {
    vec_push(d->arena, &chart->overlays, path);
    chart->has_links = chart->has_links || is_link;
}

/* Whether a template of the chart in `folder` reads files of its folder `name` by `.Files`: then they are data, and no
 * overlays. */
static bool is_read_as_data(struct discover *d, struct str folder, struct str name) {
    struct chart_templates templates = {NULL, 0, 0};
    struct str start = arena_printf(d->scratch, "%.*s/", STR_ARG(name));
    struct error error;
    if (!chart_list_templates(d->scratch, arena_str(d->scratch, folder), &templates, &error)) return false;
    for (uint32_t i = 0; i < templates.len; i++) {
        struct str text;
        if (templates.items[i].kind != CHART_TEMPLATE_OWN) continue;
        if (!file_read(d->scratch, templates.items[i].path.ptr, INPUT_MAX, &text, &error)) continue;
        if (str_find(text, STR(".Files")) < text.len && str_find(text, start) < text.len) return true;
    }
    return false;
}

/* A chart whose overlays are looked for below its folders. */
struct overlay_search {
    struct chart_paths *chart;
    struct str folder, absolute;
    bool deep;
};

/* Adds the overlays in the folder `below` the chart's, at any depth where that is searched. */
static void add_below(struct discover *d, const struct overlay_search *search, const struct gitignore *rules,
                      struct str below, bool is_link, int depth) {
    struct entries entries = {NULL, 0, 0, false, false};
    struct str folder = path_join(d->scratch, search->folder, below);
    if (depth > DEPTH_MAX || !list_folder(d, folder, &entries)) return;
    if (entries.has_gitignore) rules = enter(d, rules, path_join(d->scratch, search->absolute, below));
    for (uint32_t i = 0; i < entries.len; i++)
        if (search->deep && str_eq(entries.items[i].name, STR("Chart.yaml"))) return; /* a chart of its own */
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct entry *entry = &entries.items[i];
        struct str name = path_join(d->scratch, below, entry->name);
        bool wanted = entry->is_folder ? search->deep && !entry->is_link : overlay_is(name);
        if (!wanted || skips(d, rules, path_join(d->scratch, search->absolute, name), entry->is_folder)) continue;
        if (entry->is_folder) add_below(d, search, rules, name, is_link, depth + 1);
        else add_overlay(d, search->chart, shown_path(d, search->folder, name), is_link || entry->is_link);
    }
}

static void walk(struct discover *d, const struct gitignore *above, struct str folder, struct str absolute, int depth);

/* Walks the subcharts below a chart's `charts/`, but for those that come from a repository. */
static void walk_subcharts(struct discover *d, const struct gitignore *rules, struct str folder, struct str absolute,
                           const struct chart *chart, bool is_link, int depth) {
    struct entries entries = {NULL, 0, 0, false, false};
    struct str charts = path_join(d->scratch, folder, STR("charts"));
    struct str charts_absolute = path_join(d->scratch, absolute, STR("charts"));
    if (!list_folder(d, charts, &entries)) return;
    if (entries.has_gitignore) rules = enter(d, rules, charts_absolute);
    for (uint32_t i = 0; i < entries.len; i++) {
        struct str name = entries.items[i].name;
        struct str below = path_join(d->scratch, charts_absolute, name);
        if (!entries.items[i].is_folder || chart_takes_from_repository(chart, name)) continue;
        if (skips(d, rules, below, true)) continue;
        struct str path = path_join(d->scratch, charts, name);
        if (is_link || entries.items[i].is_link) discover_links_wait(d->arena, &d->links, path);
        else walk(d, rules, path, below, depth + 1);
    }
}

static const struct entry *find_entry(const struct entries *entries, const char *name, bool folder) {
    for (uint32_t i = 0; i < entries->len; i++)
        if (entries->items[i].is_folder == folder && str_eq(entries->items[i].name, str_from(name)))
            return &entries->items[i];
    return NULL;
}

static void add_overlay_folders(struct discover *d, const struct gitignore *rules, struct str folder,
                                struct str absolute, const struct entries *entries, struct chart_paths *chart) {
    for (int i = 0; overlay_folder(i).len; i++) {
        struct str name = overlay_folder(i);
        const struct entry *entry = find_entry(entries, name.ptr, true);
        struct overlay_search search = {chart, folder, absolute, overlay_is_deep(name)};
        if (!entry || (search.deep && (!chart->has_chart_yaml || is_read_as_data(d, folder, name)))) continue;
        if (skips(d, rules, path_join(d->scratch, absolute, name), true)) continue;
        add_below(d, &search, rules, name, entry->is_link, 0);
    }
}

/* Whether the folder (absolute) stands in one that is called `charts`. */
static bool lies_in_charts(struct str folder) {
    return str_eq(path_name(path_folder(folder)), STR("charts"));
}

/* The chart in `folder`, whose entries are given. */
static struct chart_paths make_chart(struct discover *d, const struct gitignore *rules, struct str folder,
                                     struct str absolute, const struct entries *entries) {
    struct chart_paths chart = {.folder = shown_path(d, folder, STR("")), .boundary = d->options->boundary};
    chart.has_chart_yaml = find_entry(entries, "Chart.yaml", false);
    chart.is_plain = !chart.has_chart_yaml && !lies_in_charts(absolute);
    chart.has_config = entries->has_config;
    chart.has_templates = find_entry(entries, "templates", true);
    chart.has_charts = find_entry(entries, "charts", true);
    chart.is_flat = true;
    for (uint32_t i = 0; i < entries->len; i++) {
        if (entries->items[i].is_folder || entries->items[i].is_link) chart.is_flat = false;
        struct str name = entries->items[i].name;
        bool values = str_eq(name, STR("values.yaml"));
        if (str_eq(name, STR("values.yml")) && !find_entry(entries, "values.yaml", false))
            chart.ignored_values = shown_path(d, folder, name);
        bool overlay = !entries->items[i].is_folder && overlay_is_name(name);
        if ((!values && !overlay) || skips(d, rules, path_join(d->scratch, absolute, name), false)) continue;
        if (!values) {
            add_overlay(d, &chart, shown_path(d, folder, name), entries->items[i].is_link);
            continue;
        }
        chart.values = shown_path(d, folder, name);
        chart.has_links = chart.has_links || entries->items[i].is_link;
    }
    add_overlay_folders(d, rules, folder, absolute, entries, &chart);
    return chart;
}

static void look_at(struct discover *d, const struct gitignore *above, struct str folder, struct str absolute,
                    int depth) {
    struct entries entries = {NULL, 0, 0, false, false};
    if (depth > DEPTH_MAX || !list_folder(d, folder, &entries)) return;
    const struct gitignore *rules = above;
    if (depth > 0 && entries.has_gitignore) rules = enter(d, above, absolute);
    discover_links_visit(d->arena, &d->links, folder);

    bool is_chart = find_entry(&entries, "Chart.yaml", false);
    if (is_chart || find_entry(&entries, "values.yaml", false) || find_entry(&entries, "values.yaml", true)) {
        struct chart_paths chart = make_chart(d, rules, folder, absolute, &entries);
        if (depth == 0) chart.is_plain = false; /* whoever names it means a chart */
        chart.is_bare = chart.values.len == 0 && is_chart;
        if (chart.values.len || (chart.is_bare && (chart.ignored_values.len || chart.has_templates)))
            vec_push(d->arena, d->charts, chart);
    }
    if (is_chart) {
        const struct entry *charts = find_entry(&entries, "charts", true);
        struct chart chart;
        if (!charts) return;
        chart_read(d->scratch, path_join(d->scratch, folder, STR("Chart.yaml")), path_name(absolute), &chart);
        walk_subcharts(d, rules, folder, absolute, &chart, charts->is_link, depth);
        return;
    }
    for (uint32_t i = 0; i < entries.len; i++) {
        struct str below = path_join(d->scratch, absolute, entries.items[i].name);
        if (!entries.items[i].is_folder || str_eq(entries.items[i].name, STR("node_modules"))) continue;
        if (skips(d, rules, below, true)) continue;
        struct str path = path_join(d->scratch, folder, entries.items[i].name);
        if (entries.items[i].is_link) discover_links_wait(d->arena, &d->links, path);
        else walk(d, rules, path, below, depth + 1);
    }
}

static void walk(struct discover *d, const struct gitignore *above, struct str folder, struct str absolute, int depth) {
    struct arena_mark mark = arena_mark(d->scratch);
    look_at(d, above, folder, absolute, depth);
    arena_release(d->scratch, mark);
}

/* The folder of the chart that `path` is a part of: the nearest one above it with a Chart.yaml; empty for none. */
static struct str chart_folder_of(struct arena *a, struct str path) {
    struct str folder = path_folder(path);
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        if (file_kind(path_join(a, folder, STR("Chart.yaml")).ptr) == FILE_REGULAR) return folder;
        if (str_eq(folder, STR(".")) || str_eq(folder, STR("/"))) break;
        folder = arena_str(a, path_folder(folder));
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

/* Whether a symbolic link stands at `path`, or leads to its folder. */
static bool is_link(struct str path) {
    struct system_info info;
    return system_look(path.ptr, false, &info) == 0 && info.is_link;
}

/* Whether the file `below` a chart's folder is a part of the chart other than values. */
static bool is_part(struct str below) {
    bool yaml = str_ends(below, STR(".yaml")) || str_ends(below, STR(".yml"));
    return !yaml || str_eq(below, STR("Chart.yaml")) || str_eq(below, STR("requirements.yaml")) ||
           str_eq(below, STR("values.yml")) || str_starts(below, STR("templates/")) || str_starts(below, STR("crds/"));
}

bool discover_is_overlay(struct arena *a, struct str path, struct str *folder) {
    struct str owner = arena_str(a, chart_folder_of(a, path)), name = path_name(path);
    *folder = arena_str(a, owner.len ? owner : path_folder(path));
    if (owner.len) return !str_eq(path_relative(path, owner), STR("values.yaml"));
    if (overlay_is_name(name)) return true;
    if (!str_eq(path_name(*folder), STR("ci")) || !overlay_is(path_join(a, STR("ci"), name))) return false;
    *folder = arena_str(a, path_folder(*folder));
    return true;
}

/* Whether `path`, which is part of no chart, is named like an overlay but for the chart: of what else, nobody knows. */
static bool is_stray(struct str path) {
    struct str folder = path_folder(path);
    for (; !str_eq(folder, STR(".")) && !str_eq(folder, STR("/")); folder = path_folder(folder))
        if (overlay_is_deep(path_name(folder))) return !str_eq(path_name(path), STR("values.yaml"));
    return false;
}

/* A file that was named itself: a values file stands for itself, Chart.yaml and templates for their chart. What is
 * excluded, of a chart from a repository, or named like a part of a chart where none is, stands for nothing: tools name
 * all files that they know. */
static void add_file(struct discover *d, struct str path) {
    struct str folder, owner = arena_str(d->arena, chart_folder_of(d->arena, path));
    bool has_links = is_link(path);
    if (is_excluded(d, path_absolute(d->arena, path))) return;
    if (owner.len == 0 && (in_templates(path) || is_stray(path))) return;
    if (owner.len && is_vendored(d, owner)) return;

    bool part = owner.len && is_part(path_relative(path, owner));
    bool overlay = discover_is_overlay(d->arena, path, &folder);
    struct chart_paths chart = {.folder = shown_path(d, folder, STR("")), .has_config = true, .has_templates = true};
    chart.has_chart_yaml = file_kind(path_join(d->arena, folder, STR("Chart.yaml")).ptr) == FILE_REGULAR;
    if (part) {
        struct str values = path_join(d->arena, owner, STR("values.yaml"));
        if (file_kind(values.ptr) != FILE_MISSING) chart.values = shown_path(d, values, STR(""));
    } else if (overlay) {
        vec_push(d->arena, &chart.overlays, shown_path(d, path, STR("")));
    } else {
        chart.values = shown_path(d, path, STR(""));
    }
    chart.is_plain = !chart.has_chart_yaml && !lies_in_charts(path_absolute(d->arena, folder));
    if (!part && chart.has_chart_yaml) chart.whole = whole_options(d);
    chart.boundary = d->options->boundary;
    chart.has_links = has_links || (chart.values.len && is_link(chart.values));
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
    struct chart_paths chart = make_chart(d, enter_first(d, absolute), folder, absolute, &entries);
    chart.has_config = true;
    bool known = str_eq(chart.values, named);
    for (uint32_t i = 0; i < chart.overlays.len; i++) known = known || str_eq(chart.overlays.items[i], named);
    if (!known && chart.values.len == 0) chart.values = named;
    else if (!known) vec_push(d->arena, &chart.overlays, named);
    vec_push(d->arena, d->charts, chart);
}

/* Walks the folders behind links, but for those that lead out of the boundary. */
static void follow_links(struct discover *d) {
    struct str path;
    while (discover_links_next(d->arena, &d->links, &path)) {
        char real[SYSTEM_PATH_MAX];
        if (system_real_path(path.ptr, real)) continue;
        if (!boundary_holds(d->arena, d->options->boundary, path)) {
            add_note(d, path,
                     arena_printf(d->arena, "%.*s leads outside of %.*s and is not followed", STR_ARG(path),
                                  STR_ARG(d->options->boundary)));
            continue;
        }
        struct str absolute = arena_str(d->arena, str_from(real));
        walk(d, enter_first(d, path_folder(absolute)), path, absolute, 1);
    }
}

/* How many are named, before the others are only counted. */
#define HIDDEN_NAMED 10

/* Names the values files that git tracks, but that were left out. */
static void note_hidden(struct discover *d, struct str absolute) {
    struct hidden_paths hidden = {NULL, 0, 0};
    struct str here = path_absolute(d->scratch, STR("."));
    hidden_find(d->arena, absolute, &d->ignored, &hidden);
    for (uint32_t i = 0; i < hidden.len && i < HIDDEN_NAMED; i++) {
        struct str path = path_relative(hidden.items[i], here);
        add_note(d, path,
                 arena_printf(d->arena, "%.*s is not checked: .gitignore excludes it, although git tracks it",
                              STR_ARG(path)));
    }
    if (hidden.len > HIDDEN_NAMED)
        add_note(d, absolute,
                 arena_printf(d->arena, "%u more files that git tracks are not checked, since .gitignore excludes them",
                              hidden.len - HIDDEN_NAMED));
}

static bool has_failed(const struct discover_problems *problems, uint32_t from) {
    for (uint32_t i = from; i < problems->len; i++)
        if (!problems->items[i].note) return true;
    return false;
}

/* The chart's folder, where the folder at `path` is its `templates` or `crds`, or below; else `path`. */
static struct str chart_of_part(struct discover *d, struct str path) {
    struct str absolute = path_absolute(d->arena, path),
               owner = arena_str(d->arena, chart_folder_of(d->arena, absolute));
    if (owner.len == 0) return path;
    struct str below = path_relative(absolute, owner), first;
    str_split_next(&below, '/', &first);
    if (!str_eq(first, STR("templates")) && !str_eq(first, STR("crds"))) return path;
    struct str shown = path_relative(owner, path_absolute(d->arena, STR(".")));
    return shown.len ? arena_str(d->arena, shown) : STR(".");
}

static void add_folder(struct discover *d, struct str path) {
    uint32_t before = d->charts->len, problems = d->problems->len;
    struct str absolute = path_absolute(d->arena, path);
    walk(d, enter_first(d, absolute), path, absolute, 0);
    follow_links(d);
    note_hidden(d, absolute);
    if (d->charts->len == before && !has_failed(d->problems, problems))
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
    into->has_links = into->has_links || from->has_links;
}

static struct str renamed(struct arena *a, struct str path, struct str from, struct str to) {
    return path.len ? path_join(a, to, from.len ? path_relative(path, from) : path) : path;
}

/* Gives folders that are the same one by several names the first of these. */
static void rename_folders(struct arena *a, struct chart_list *charts) {
    struct map first = {NULL, 0, 0, NULL, 0};
    for (uint32_t i = 0; i < charts->len; i++) {
        struct chart_paths *chart = &charts->items[i];
        struct str identity = file_identity(a, chart->folder.len ? chart->folder.ptr : ".");
        struct chart_paths *same = identity.len ? map_get(&first, identity) : chart;
        if (!same) map_put(a, &first, identity, chart);
        if (!same || str_eq(same->folder, chart->folder)) continue;
        chart->values = renamed(a, chart->values, chart->folder, same->folder);
        for (uint32_t k = 0; k < chart->overlays.len; k++)
            chart->overlays.items[k] = renamed(a, chart->overlays.items[k], chart->folder, same->folder);
        chart->folder = same->folder;
    }
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

void discover_unite(struct arena *a, struct chart_list *charts, bool several) {
    uint32_t kept = 0;
    if (charts->len) qsort(charts->items, charts->len, sizeof *charts->items, chart_cmp);
    if (several && charts->len > 1) {
        rename_folders(a, charts);
        qsort(charts->items, charts->len, sizeof *charts->items, chart_cmp);
    }
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
    struct discover d = {.arena = a, .scratch = &scratch, .options = options, .charts = charts, .problems = problems};
    path = arena_str(a, path);
    switch (file_kind(path.ptr)) {
    case FILE_FOLDER: add_folder(&d, chart_of_part(&d, path)); break;
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

void discover_chart(struct arena *a, struct str folder, struct chart_paths *paths) {
    struct arena scratch = {NULL, NULL};
    struct discover_options options = {.root = STR("/"), .whole = true};
    struct discover_problems problems = {NULL, 0, 0};
    struct discover d = {.arena = a, .scratch = &scratch, .options = &options, .problems = &problems};
    struct entries entries = {NULL, 0, 0, false, false};
    *paths = (struct chart_paths){.folder = folder};
    if (list_folder(&d, folder, &entries)) *paths = make_chart(&d, NULL, folder, path_absolute(a, folder), &entries);
    sort_overlays(paths);
    arena_free(&scratch);
}
