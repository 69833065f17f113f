#include "lsp/manifests.h"

#include "base/path.h"
#include "base/system.h"
#include "chart/boundary.h"
#include "run/run.h"

#define THREADS_MOST 16u

/* Whether `path` lies in one of the folders of manifests that the configuration names. */
static bool is_manifest(struct arena *a, const struct config_overrides *overrides, const struct config *config,
                        struct str path) {
    const struct value *named = value_get(&config->document.root, STR("mesh"));
    bool list = named && named->kind == VALUE_LIST, found = false;
    for (uint32_t i = 0; i < overrides->mesh_count; i++)
        found = found || path_is_below(path, path_absolute(a, overrides->mesh[i]));
    if (overrides->mesh_count || !named) return found;
    for (uint32_t i = 0; i < (list ? named->list.len : 1) && !found; i++) {
        const struct value *item = list ? &named->list.items[i] : named;
        found = item->kind == VALUE_STRING &&
                path_is_below(path, path_absolute(a, path_join(a, config->folder, item->string)));
    }
    return found;
}

bool lsp_manifests_hold(struct arena *a, const struct config_overrides *overrides, struct str path) {
    struct rule_set *rules = arena_new(a, struct rule_set);
    struct config_store *store = arena_new(a, struct config_store);
    bool yaml = str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml"));
    if (!yaml) return false;
    rule_set_add_builtin(a, rules);
    config_store_init(store, a, rules, overrides);
    return is_manifest(a, overrides, config_for(store, arena_str(a, path_folder(path))), path);
}

static void take_chart(void *data, uint32_t job, struct lint_result *result) {
    struct lsp_manifests *m = data;
    const struct run_job *jobs = m->jobs;
    mesh_add(&m->mesh, jobs[job].settings, result);
}

/* Checks all charts under the configuration, for what the mesh has to know of them. */
static void read_charts(struct lsp_manifests *m, const struct config *config) {
    struct arena *a = &m->arena;
    struct chart_list charts = {NULL, 0, 0};
    struct discover_problems problems = {NULL, 0, 0};
    struct discover_options options = {.root = m->folder, .boundary = boundary_of(a, m->folder, m->folder)};
    config_excludes(a, config, &options.exclude, &options.exclude_count);
    discover_charts(a, m->folder, &options, &charts, &problems);
    discover_unite(a, &charts, false);
    discover_share(a, &charts);
    for (uint32_t i = 0; i < charts.len; i++)
        config_open(&m->store, path_absolute(a, charts.items[i].folder), charts.items[i].has_config);
    config_store_close(&m->store);
    checks_bind(&m->rules, &m->checks);
    struct run_job *jobs = arena_array(a, struct run_job, charts.len + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < charts.len && m->store.problems.len == 0; i++) {
        struct str folder = path_absolute(a, charts.items[i].folder);
        const struct settings *settings = config_settings(&m->store, folder, charts.items[i].has_config);
        if (settings) jobs[count++] = (struct run_job){&charts.items[i], settings};
    }
    unsigned cores = system_processors();
    struct run run = {.checks = &m->checks,
                      .jobs = jobs,
                      .job_count = count,
                      .threads = cores > THREADS_MOST ? THREADS_MOST : cores,
                      .done = take_chart,
                      .data = m,
                      .operands = &m->folder,
                      .operand_count = 1};
    m->jobs = jobs;
    if (count && m->store.problems.len == 0) run_charts(&run);
}

static void read_again(struct lsp_manifests *m, const struct config_overrides *overrides, struct str path) {
    arena_reset(&m->arena);
    m->rules = (struct rule_set){.env = NULL};
    rule_set_add_builtin(&m->arena, &m->rules);
    config_store_init(&m->store, &m->arena, &m->rules, overrides);
    const struct config *config = config_for(&m->store, arena_str(&m->arena, path_folder(path)));
    m->folder = arena_str(&m->arena, config->found ? config->folder : path_folder(path));
    m->config = config;
    m->mesh = (struct mesh){.arena = &m->arena, .checks = &m->checks, .covers = true};
    read_charts(m, config);
    m->fresh = true;
}

struct taker {
    struct arena arena;
    struct str path;
    void (*add)(void *data, const struct source *source, const struct finding *finding);
    void *data;
};

static void take_file(void *data, struct lint_file *file, struct str chart) {
    struct taker *t = data;
    (void)chart;
    if (!str_eq(path_absolute(&t->arena, file->source.path), t->path)) return;
    for (uint32_t i = 0; i < file->findings.len; i++) t->add(t->data, &file->source, &file->findings.items[i]);
}

static void take_skipped(void *data, struct str path, struct str reason) {
    (void)data, (void)path, (void)reason;
}

void lsp_manifests_check(struct lsp_manifests *manifests, const struct config_overrides *overrides,
                         const struct file_texts *texts, struct str path,
                         void (*add)(void *data, const struct source *source, const struct finding *finding),
                         void *data) {
    struct taker taker = {.path = path, .add = add, .data = data};
    bool known = manifests->fresh && is_manifest(&taker.arena, overrides, manifests->config, path);
    if (!known) read_again(manifests, overrides, path);
    manifests->mesh.buffers = texts;
    mesh_check(&manifests->mesh, &(struct mesh_report){take_file, take_skipped, &taker});
    manifests->mesh.buffers = NULL;
    arena_free(&taker.arena);
}

void lsp_manifests_free(struct lsp_manifests *manifests) {
    arena_free(&manifests->arena);
}
