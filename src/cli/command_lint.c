/* The main job: find the charts, check them, report. */
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "engine/config.h"
#include "engine/group.h"
#include "engine/run.h"

#define STDIN_MAX ((size_t)32 << 20)

struct lint_run {
    struct arena *arena;
    const struct options *options;
    struct rule_set rules;
    struct checks checks;
    struct config_store store;
    struct groups groups;
    struct outputs outputs;
    struct progress progress;
    bool unreadable; /* a path or folder could not be read */
};

static struct config_overrides overrides_of(const struct options *o) {
    return (struct config_overrides){
        .select = o->select.items,
        .select_count = o->select.len,
        .ignore = o->ignore.items,
        .ignore_count = o->ignore.len,
        .lowest = o->severity,
        .schema = o->schema,
        .rules = o->rules.items,
        .rules_count = o->rules.len,
        .config = o->config,
        .no_config = o->no_config,
    };
}

/* Finds the charts of one path, without what its configuration excludes. */
static void discover_path(struct lint_run *r, struct str path, struct chart_list *charts,
                          struct discover_problems *problems) {
    bool folder = file_kind(path.ptr) == FILE_FOLDER;
    struct str absolute = path_absolute(r->arena, path);
    const struct config *config = config_for(&r->store, folder ? absolute : arena_str(r->arena, path_folder(absolute)));
    struct discover_options options = {.root = config->folder};
    config_excludes(r->arena, config, &options.exclude, &options.exclude_count);
    discover_charts(r->arena, path, &options, charts, problems);
}

/* Tells what could not be found; gives the exit status that it asks for. */
static int tell_problems(struct lint_run *r, const struct discover_problems *problems) {
    int status = EXIT_CLEAN;
    for (uint32_t i = 0; i < problems->len; i++) {
        command_error(problems->items[i].message);
        if (problems->items[i].unreadable) r->unreadable = true;
        else status = EXIT_USAGE;
    }
    return status;
}

static void tell_warnings(struct lint_run *r) {
    for (uint32_t i = 0; i < r->store.warnings.len; i++)
        command_warning(problem_text(r->arena, &r->store.warnings.items[i]));
}

static void chart_done(void *data, uint32_t job, const struct lint_result *result) {
    struct lint_run *r = data;
    bool speaks = false;
    for (uint32_t i = 0; i < result->files.len; i++) speaks = speaks || result->files.items[i]->findings.len;
    if (speaks) progress_clear(&r->progress);
    outputs_chart(&r->outputs, result);
    groups_add(&r->groups, result);
    progress_update(&r->progress, job + 1);
}

static void group_found(void *data, struct lint_file *file, struct str chart) {
    struct lint_run *r = data;
    outputs_file(&r->outputs, file, chart);
}

static unsigned thread_count(const struct options *options) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (options->jobs) return options->jobs;
    return cores < 1 ? 1 : cores > 64 ? 64 : (unsigned)cores;
}

static int check_charts(struct lint_run *r, const struct chart_list *charts) {
    struct run_job *jobs = arena_array(r->arena, struct run_job, charts->len);
    struct error error;
    struct str *folders = arena_array(r->arena, struct str, charts->len);
    for (uint32_t i = 0; i < charts->len; i++) {
        folders[i] = path_absolute(r->arena, charts->items[i].folder);
        config_open(&r->store, folders[i], charts->items[i].has_config);
    }
    config_store_close(&r->store);
    for (uint32_t i = 0; i < charts->len && r->store.problems.len == 0; i++)
        jobs[i] = (struct run_job){&charts->items[i], config_settings(&r->store, folders[i], charts->items[i].has_config)};
    checks_bind(&r->rules, &r->checks);
    tell_warnings(r);
    if (command_problems(r->arena, &r->store.problems)) return EXIT_USAGE;
    if (!outputs_open(&r->outputs, r->arena, r->options, r->rules.rules.len, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    struct run run = {&r->checks, jobs, charts->len, thread_count(r->options), chart_done, r};
    progress_start(&r->progress, charts->len);
    run_charts(&run);
    progress_clear(&r->progress);
    groups_report(&r->groups, group_found, r);
    return EXIT_CLEAN;
}

static int check_stdin(struct lint_run *r) {
    struct str path = r->options->stdin_filename.len ? r->options->stdin_filename : STR("values.yaml");
    struct str folder = arena_str(r->arena, path_folder(path));
    struct arena arena = {NULL, NULL};
    struct lint_result result;
    struct error error;
    struct str text;

    config_open(&r->store, path_absolute(r->arena, folder), true);
    config_store_close(&r->store);
    const struct settings *settings = config_settings(&r->store, path_absolute(r->arena, folder), true);
    checks_bind(&r->rules, &r->checks);
    tell_warnings(r);
    if (command_problems(r->arena, &r->store.problems)) return EXIT_USAGE;
    bool ok = file_read(r->arena, "-", STDIN_MAX, &text, &error) &&
              outputs_open(&r->outputs, r->arena, r->options, r->rules.rules.len, &error);
    if (!ok) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    lint_text(&arena, &r->checks, settings, folder, path, text, &result);
    outputs_chart(&r->outputs, &result);
    arena_free(&arena);
    return EXIT_CLEAN;
}

/* Ends the reports, and decides the exit status. */
static int finish(struct lint_run *r) {
    const struct report_summary *summary = &r->outputs.summary;
    struct error error;
    if (!outputs_close(&r->outputs, &r->rules, r->options->statistics, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    if (summary->unreadable || r->unreadable) return EXIT_IO;
    if (r->options->exit_zero) return EXIT_CLEAN;
    for (int severity = (int)r->options->fail_on; severity < SEVERITY_COUNT; severity++)
        if (summary->findings[severity]) return EXIT_FINDINGS;
    return EXIT_CLEAN;
}

static int check_paths(struct lint_run *r) {
    struct chart_list charts = {NULL, 0, 0};
    struct discover_problems problems = {NULL, 0, 0};
    const struct str_list *operands = &r->options->operands;
    for (uint32_t i = 0; i < operands->len; i++) discover_path(r, operands->items[i], &charts, &problems);
    if (operands->len == 0) discover_path(r, STR("."), &charts, &problems);
    discover_unite(r->arena, &charts);
    int status = tell_problems(r, &problems);
    if (status || charts.len == 0) return status ? status : r->unreadable ? EXIT_IO : EXIT_USAGE;
    return check_charts(r, &charts);
}

int command_lint(struct arena *a, const struct options *options) {
    struct lint_run r = {.arena = a, .options = options};
    struct config_overrides overrides = overrides_of(options);
    rule_set_add_builtin(a, &r.rules);
    config_store_init(&r.store, a, &r.rules, &overrides);
    r.groups = (struct groups){.arena = a, .rules = &r.rules};

    bool from_stdin = options->operands.len == 1 && str_eq(options->operands.items[0], STR("-"));
    int status = from_stdin ? check_stdin(&r) : check_paths(&r);
    return status ? status : finish(&r);
}
