#include "lsp/charts.h"

#include "base/path.h"
#include "chart/boundary.h"
#include "chart/overlay.h"
#include "release/world.h"

/* The nearest folder at or above that of `path` with a Chart.yaml; empty for none. */
static struct str folder_above(struct arena *a, struct str path) {
    for (struct str folder = path_folder(path); folder.len > 1; folder = path_folder(folder))
        if (file_kind(path_join(a, folder, STR("Chart.yaml")).ptr) == FILE_REGULAR) return arena_str(a, folder);
    return STR("");
}

/* The files of the chart around `path`, as a run over its folder finds them; false where there is none, or where the
 * chart is excluded. A file of no chart that is named like values stands for itself. */
static bool find_paths(struct lsp_setup *setup, struct str path, struct chart_paths *paths) {
    struct arena *a = &setup->arena;
    struct chart_list charts = {NULL, 0, 0};
    struct discover_problems problems = {NULL, 0, 0};
    struct str above = arena_str(a, path_folder(path)), folder = folder_above(a, path);
    const struct config *config = config_for(&setup->store, above);
    struct discover_options options = {
        .root = config->folder,
        .boundary = boundary_of(a, above, config->found ? config->folder : STR("")),
        .no_gitignore = setup->store.overrides.isolated,
        .whole = true,
    };
    config_excludes(a, config, &options.exclude, &options.exclude_count);
    bool values = str_eq(path_name(path), STR("values.yaml")) || overlay_is_name(path_name(path));
    struct str of = folder.len ? path_join(a, folder, STR("values.yaml")) : path; /* a folder that is named is not left
                                                                                     out */
    if (folder.len && file_kind(of.ptr) == FILE_MISSING) of = folder;
    if (folder.len || (values && file_kind(path.ptr) == FILE_REGULAR))
        discover_charts(a, of, &options, &charts, &problems);
    for (uint32_t i = 0; i < charts.len; i++) {
        if (folder.len && !str_eq(path_absolute(a, charts.items[i].folder), folder)) continue;
        *paths = charts.items[i];
        return true;
    }
    return false;
}

static void read_setup(struct lsp_charts *charts, struct lsp_setup *setup, struct str path) {
    if (setup->has_baseline) baseline_free(&setup->baseline);
    setup->has_baseline = false;
    arena_reset(&setup->arena);
    setup->rules = (struct rule_set){.env = NULL};
    rule_set_add_builtin(&setup->arena, &setup->rules);
    setup->texts = lsp_documents_texts(charts->documents, &setup->arena);
    setup->overrides = *charts->overrides;
    setup->overrides.texts = &setup->texts;
    config_store_init(&setup->store, &setup->arena, &setup->rules, &setup->overrides);
    setup->settings = NULL;
    setup->paths = (struct chart_paths){.folder = STR("")};
    if (!find_paths(setup, path, &setup->paths)) setup->paths.folder = STR("");
}

static void open_settings(struct lsp_setup *setup, struct str folder) {
    config_open(&setup->store, folder, true);
    config_store_close(&setup->store);
    setup->settings = config_settings(&setup->store, folder, true);
    checks_bind(&setup->rules, &setup->checks);
    if (setup->store.problems.len) setup->settings = NULL;
    struct str baseline = setup->settings ? setup->settings->baseline.value : STR("");
    setup->has_baseline = baseline.len && baseline_read(&setup->baseline, &setup->arena, &setup->checks, baseline,
                                                        &setup->store.warnings);
    setup->fresh = true;
}

struct lsp_chart *lsp_charts_open(struct lsp_charts *charts, struct str path) {
    struct lsp_chart *chart = NULL;
    struct lsp_setup setup = {.arena = {NULL, NULL}};
    struct str folder;
    read_setup(charts, &setup, path);
    folder = setup.paths.folder.len ? path_absolute(&setup.arena, setup.paths.folder) : STR("");
    for (uint32_t i = 0; folder.len && i < charts->list.len; i++)
        if (charts->list.items[i]->open && str_eq(charts->list.items[i]->folder, folder)) chart = charts->list.items[i];
    for (uint32_t i = 0; !chart && folder.len && i < charts->list.len; i++)
        if (!charts->list.items[i]->open) chart = charts->list.items[i];
    if (!chart && folder.len) {
        chart = arena_new(&charts->arena, struct lsp_chart);
        vec_push(&charts->arena, &charts->list, chart);
    }
    if (chart && !chart->open) {
        chart->folder = arena_str(&chart->names, folder);
        chart->setup.fresh = chart->outcome.fresh = false;
        chart->open = true;
    }
    arena_free(&setup.arena);
    return chart;
}

void lsp_charts_close(struct lsp_chart *chart) {
    chart->open = false;
    chart->setup.fresh = chart->outcome.fresh = false;
    if (chart->setup.has_baseline) baseline_free(&chart->setup.baseline);
    chart->setup.has_baseline = false;
    arena_free(&chart->setup.arena);
    arena_free(&chart->outcome.arena);
    arena_free(&chart->published_arena);
    arena_free(&chart->names);
    chart->published.items = NULL;
    chart->published.len = chart->published.cap = 0;
}

bool lsp_chart_setup(struct lsp_charts *charts, struct lsp_chart *chart) {
    struct lsp_setup *setup = &chart->setup;
    if (setup->fresh) return setup->settings != NULL;
    chart->outcome.fresh = false;
    struct str name = file_kind(path_join(&chart->names, chart->folder, STR("Chart.yaml")).ptr) == FILE_REGULAR
                          ? STR("Chart.yaml")
                          : STR("values.yaml");
    read_setup(charts, setup, path_join(&chart->names, chart->folder, name));
    if (setup->paths.folder.len == 0) setup->paths.folder = chart->folder;
    open_settings(setup, chart->folder);
    return setup->settings != NULL;
}

struct release_world *lsp_charts_world(struct lsp_charts *charts) {
    if (!charts->world)
        charts->world = release_world_new(&charts->world_arena, &charts->root, charts->root.len ? 1 : 0);
    return charts->world;
}

struct lint_request lsp_chart_request(struct lsp_charts *charts, struct lsp_chart *chart) {
    return (struct lint_request){
        .checks = &chart->setup.checks,
        .settings = chart->setup.settings,
        .paths = &chart->setup.paths,
        .texts = &chart->outcome.texts,
        .buffers = &chart->outcome.buffers,
        .templates = &chart->outcome.templates,
        .world = lsp_charts_world(charts),
    };
}

/* Adds the values files that are open in the chart, and not on the disk yet. */
static void add_unsaved(struct lsp_chart *chart, const struct lsp_documents *documents) {
    struct chart_paths *paths = &chart->setup.paths;
    struct arena *a = &chart->setup.arena;
    for (uint32_t i = 0; i < documents->len; i++) {
        const struct lsp_document *document = documents->items[i];
        if (!document->open || document->chart != chart) continue;
        struct str below = path_relative(document->path, chart->folder);
        if (str_eq(below, STR("Chart.yaml"))) paths->has_chart_yaml = true;
        if (str_eq(below, STR("values.yaml")) && paths->values.len == 0) {
            paths->values = arena_str(a, document->path);
            paths->is_bare = false;
        }
        if (str_starts(below, STR("templates/"))) paths->has_templates = true;
        bool known = !overlay_is(below);
        for (uint32_t k = 0; k < paths->overlays.len && !known; k++)
            known = str_eq(paths->overlays.items[k], document->path);
        if (!known) vec_push(a, &paths->overlays, arena_str(a, document->path));
    }
}

/* Leaves out what the baseline of the configuration holds. */
static void take_known(struct lsp_chart *chart) {
    if (!chart->setup.has_baseline) return;
    baseline_restart(&chart->setup.baseline);
    for (uint32_t i = 0; i < chart->outcome.result.files.len; i++)
        baseline_take(&chart->setup.baseline, chart->setup.settings, chart->outcome.result.files.items[i]);
}

bool lsp_chart_check(struct lsp_charts *charts, struct lsp_chart *chart) {
    struct lsp_outcome *outcome = &chart->outcome;
    if (!lsp_chart_setup(charts, chart)) return false;
    if (outcome->fresh) return true;
    struct arena *a = &outcome->arena;
    add_unsaved(chart, charts->documents);
    arena_reset(a);
    outcome->buffers = lsp_documents_texts(charts->documents, a);
    outcome->texts = (struct lint_texts){NULL, 0, 0};
    outcome->templates = (struct tmpl_memo){.arena = a};
    for (uint32_t i = 0; i < outcome->buffers.len; i++)
        vec_push(a, &outcome->texts,
                 (struct lint_text){.path = outcome->buffers.items[i].path, .text = outcome->buffers.items[i].text});
    struct lint_request request = lsp_chart_request(charts, chart);
    struct chart *read = arena_new(a, struct chart);
    if (request.paths->has_chart_yaml) {
        struct str path = path_join(a, request.paths->folder, STR("Chart.yaml"));
        chart_read_or(a, &outcome->buffers, path, path_name(chart->folder), read);
        request.chart = read;
    }
    lint_chart(a, &request, &outcome->result);
    fixable_mark(a, &request, FIXABLE_NOTHING_DONE, &outcome->result);
    lint_mask_secrets(a, request.checks, request.settings, &outcome->result);
    take_known(chart);
    outcome->fresh = true;
    return true;
}

void lsp_charts_forget_world(struct lsp_charts *charts) {
    if (charts->world) release_world_end(charts->world);
    arena_reset(&charts->world_arena);
    charts->world = NULL;
}

void lsp_charts_forget_outcomes(struct lsp_charts *charts) {
    for (uint32_t i = 0; i < charts->list.len; i++)
        charts->list.items[i]->outcome.fresh = charts->list.items[i]->given_up = false;
}

void lsp_charts_forget_setups(struct lsp_charts *charts) {
    lsp_charts_forget_outcomes(charts);
    for (uint32_t i = 0; i < charts->list.len; i++) charts->list.items[i]->setup.fresh = false;
}

void lsp_charts_free(struct lsp_charts *charts) {
    if (charts->world) release_world_end(charts->world);
    for (uint32_t i = 0; i < charts->list.len; i++)
        if (charts->list.items[i]->open) lsp_charts_close(charts->list.items[i]);
    arena_free(&charts->world_arena);
    arena_free(&charts->arena);
}
