/* The main job: find the charts, check them or repair them, report. */
#include "base/file.h"
#include "base/interrupt.h"
#include "base/path.h"
#include "check/group.h"
#include "cli/add_ignores.h"
#include "cli/also_values.h"
#include "cli/dedup.h"
#include "cli/fixes.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "fix/stale_references.h"
#include "mesh/mesh.h"
#include "release/world.h"
#include "report/summary.h"
#include "run/baseline.h"
#include "run/fixable.h"
#include "run/real_helm.h"
#include "template/syntax/memo.h"
#include "text/secret.h"

struct lint_run {
    struct arena *arena;
    const struct options *options;
    struct session session;
    struct groups groups;
    struct mesh mesh;
    struct baseline *baseline; /* NULL for none */
    struct outputs outputs;
    struct progress progress;
    struct fixes fixes;
    struct real_helm helm; /* of --verify */
    struct dedup dedup;
};

/* --fix and --diff: the charts are changed, or it is shown how they would be. */
static bool repairs(const struct options *options) {
    return options->fix || options->diff;
}

/* Leaves out what the baseline holds. */
static void take_known(struct lint_run *r, const struct settings *settings, struct lint_result *result) {
    for (uint32_t i = 0; r->baseline && i < result->files.len; i++)
        baseline_take(r->baseline, settings, result->files.items[i]);
}

static void chart_done(void *data, uint32_t job, struct lint_result *result) {
    struct lint_run *r = data;
    const struct fix_result *fixed = result->fixed;
    bool speaks = fixed && (fixed->files.len || r->options->diff);
    take_known(r, r->session.jobs[job].settings, result);
    dedup_drop(&r->dedup, r->session.jobs[job].paths, result);
    for (uint32_t i = 0; i < result->files.len; i++) speaks = speaks || result->files.items[i]->findings.len;
    if (speaks) progress_yield(&r->progress);
    if (result->failure.len || (fixed && (fixed->bug.len || fixed->unread))) progress_clear(&r->progress);
    fixes_chart(&r->fixes, r->session.jobs[job].paths, result);
    if (result->again) return;
    outputs_chart(&r->outputs, result);
    groups_add(&r->groups, result);
    mesh_add(&r->mesh, r->session.jobs[job].settings, result);
    progress_update(&r->progress, r->fixes.done);
}

static void late_found(void *data, struct lint_file *file, struct str chart) {
    struct lint_run *r = data;
    if (r->baseline) baseline_take(r->baseline, NULL, file);
    fixes_manifest(&r->fixes, file);
    if (file->findings.len || file->baselined || file->suppressed) outputs_file(&r->outputs, file, chart);
}

static void file_found(void *data, struct lint_file *file) {
    late_found(data, file, STR(""));
}

static void file_skipped(void *data, struct str path, struct str reason) {
    struct lint_run *r = data;
    outputs_skipped(&r->outputs, path, reason);
}

/* The baseline that the command line names, else that of the configuration (of the first chart, where there are
 * several). */
static int open_baseline(struct lint_run *r, const struct settings *settings) {
    struct problems problems = {NULL, 0, 0};
    struct str path = r->options->baseline.len ? r->options->baseline : settings->baseline.value;
    if (path.len == 0) return EXIT_CLEAN;
    r->baseline = arena_new(r->arena, struct baseline);
    if (baseline_read(r->baseline, r->arena, &r->session.checks, path, &problems)) return EXIT_CLEAN;
    return command_problems(r->arena, &problems);
}

/* Tells which entries of the baseline are no longer needed. */
static void close_baseline(struct lint_run *r, const struct settings *settings) {
    struct lint_file file;
    if (!r->baseline) return;
    baseline_report(r->baseline, r->arena, settings, &file);
    if (file.findings.len) outputs_file(&r->outputs, &file, STR(""));
    baseline_free(r->baseline);
}

/* Looks for the old places of what has moved in the files that --also-values names. */
static void search_also_values(struct lint_run *r, const struct settings *settings) {
    const struct report_fixes *figures = fixes_figures(&r->fixes);
    struct str_list files = also_values_find(r->arena, r->options);
    struct stale_moves moves = {NULL, 0, 0};
    struct arena arena = {NULL, NULL};
    struct error error;
    for (uint32_t i = 0; i < figures->move_count; i++)
        vec_push(r->arena, &moves, (struct stale_move){figures->moves[i].from, figures->moves[i].to});
    for (uint32_t i = 0; i < files.len && moves.len; i++) {
        struct lint_file file = {.source = {.path = files.items[i]}};
        struct reporter f = reporter_on(&arena, &r->session.checks, settings, &file.source, &file.findings);
        if (file_read(&arena, files.items[i].ptr, INPUT_MAX, &file.source.text, &error)) {
            stale_search(&f, STR(""), &moves);
            source_lines(&arena, &file.source);
            findings_sort(&file.findings);
            secrets_mask_findings(&arena, &file.source, &file.findings);
        } else {
            command_error(str_from(error.message));
            r->session.unreadable = true;
        }
        if (file.findings.len) outputs_file(&r->outputs, &file, STR(""));
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static int open_outputs(struct lint_run *r) {
    struct error error;
    if (outputs_open(&r->outputs, r->arena, r->options, &r->session.rules, &error)) return EXIT_CLEAN;
    command_error(str_from(error.message));
    return EXIT_IO;
}

static const struct str CURRENT_FOLDER = STR_INIT(".");

static bool is_interrupted(void) {
    return interrupt_pending() != 0;
}

static int open_helm(struct lint_run *r) {
    struct error error;
    if (r->options->verify.len == 0) return EXIT_CLEAN;
    if (real_helm_open(r->arena, r->options->verify, &r->helm, &error)) {
        r->fixes.figures.helm = r->helm.version;
        return EXIT_CLEAN;
    }
    command_error(str_from(error.message));
    return EXIT_USAGE;
}

static int check_paths(struct lint_run *r) {
    struct session *session = &r->session;
    int status = session_open_charts(session);
    if (status == EXIT_CLEAN && session->charts.len) status = open_baseline(r, session->jobs[0].settings);
    if (status == EXIT_CLEAN) status = open_outputs(r);
    if (status == EXIT_CLEAN && session->charts.len) status = open_helm(r);
    if (status || session->charts.len == 0) return status;
    const struct options *options = r->options;
    /* Fixes of a mesh's overlays are found by what the charts print. */
    bool overlays = options->unsafe_fixes && session->jobs[0].settings->mesh.value.len;
    struct repair_options repair = {.unsafe = options->unsafe_fixes,
                                    .write = options->fix,
                                    .check = outputs_any(&r->outputs) || overlays,
                                    .helm = options->verify.len ? &r->helm : NULL,
                                    .rename = options->rename};
    struct run run = {.checks = &session->checks,
                      .jobs = session->jobs,
                      .job_count = session->charts.len,
                      .threads = session_threads(session),
                      .repair = repairs(options) ? &repair : NULL,
                      .keeps_plan = outputs_show_fixes(&r->outputs),
                      .stops = options->fix ? is_interrupted : NULL,
                      .done = chart_done,
                      .operands = options->operands.len ? options->operands.items : &CURRENT_FOLDER,
                      .operand_count = options->operands.len ? options->operands.len : 1,
                      .covers = session_covers_folder(session),
                      .late = file_found,
                      .data = r};
    r->mesh.covers = run.covers;
    progress_start(&r->progress, session->charts.len);
    if (options->fix) interrupt_install();
    run_charts(&run);
    if (repair.helm) real_helm_close(repair.helm);
    progress_clear(&r->progress);
    if (options->fix && interrupt_pending()) {
        fixes_interrupted(&r->fixes, session->charts.len);
        fflush(NULL);
        interrupt_resume();
    }
    groups_report(&r->groups, late_found, r);
    mesh_check(&r->mesh, &(struct mesh_report){late_found, file_skipped, r});
    if (options->also_values.len) search_also_values(r, session->jobs[0].settings);
    close_baseline(r, session->jobs[0].settings);
    return EXIT_CLEAN;
}

/* Asks what --fix would do about the text that came on standard input, with the rest of its chart as it stands. */
static void mark_stdin(struct lint_run *r, struct arena *a, const struct settings *settings, struct str path,
                       struct str text, struct lint_result *result) {
    static const struct discover_options whole = {.whole = true};
    struct chart_paths paths = {.has_templates = true};
    struct lint_text given = {.path = path, .text = text};
    struct lint_texts texts = {&given, 1, 1};
    struct lint_request request = {
        .checks = &r->session.checks, .settings = settings, .paths = &paths, .texts = &texts};
    bool overlay = discover_is_overlay(a, path, &paths.folder);
    paths.has_chart_yaml = file_kind(path_join(a, paths.folder, STR("Chart.yaml")).ptr) == FILE_REGULAR;
    if (paths.has_chart_yaml && file_kind(arena_str(a, path).ptr) == FILE_REGULAR) paths.whole = &whole;
    if (overlay) vec_push(a, &paths.overlays, path);
    else paths.values = path;
    request.keeps_plan = outputs_show_fixes(&r->outputs);
    struct tmpl_memo templates = {.arena = a};
    request.templates = &templates;
    request.world = release_world_new(a, NULL, 0);
    fixable_mark(a, &request, FIXABLE_NOTHING_DONE, result);
    release_world_end(request.world);
}

static int check_stdin(struct lint_run *r) {
    struct str path = r->options->stdin_filename.len ? r->options->stdin_filename : STR("values.yaml");
    struct arena arena = {NULL, NULL};
    const struct settings *settings;
    struct str folder;
    struct lint_result result;
    struct error error;
    struct str text;

    discover_is_overlay(r->arena, path, &folder);
    int status = session_open_folder(&r->session, path_absolute(r->arena, folder), &settings);
    if (status) return status;
    if (!file_read(r->arena, "-", INPUT_MAX, &text, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    status = open_baseline(r, settings);
    if (status == EXIT_CLEAN) status = open_outputs(r);
    if (status) return status;
    lint_text(&arena, &r->session.checks, settings, path, text, &result);
    mark_stdin(r, &arena, settings, path, text, &result);
    lint_mask_secrets(&arena, &r->session.checks, settings, &result);
    take_known(r, settings, &result);
    outputs_chart(&r->outputs, &result);
    close_baseline(r, settings);
    arena_free(&arena);
    return EXIT_CLEAN;
}

/* Standard output belongs to the diff: what was or would be done goes to standard error. */
static void tell_figures(struct lint_run *r) {
    struct buf out = buf_in(r->arena);
    if (fflush(stdout) != 0 || r->fixes.unwritten) {
        command_error(STR("cannot write to standard output"));
        r->fixes.failed = true;
    }
    summary_add_fixes(&out, &r->outputs.summary, r->options->quiet);
    fwrite(out.ptr, 1, out.len, stderr);
}

/* Whether `mv` had anything to do, having told where it had not. */
static bool is_named(struct lint_run *r) {
    struct str near = r->fixes.near, from = r->options->rename->from_text;
    if (r->fixes.named || r->fixes.failed) return true;
    command_error(arena_printf(r->arena, "no values file of %.*s sets %.*s%s%.*s%s",
                               STR_ARG(r->options->operands.items[0]), STR_ARG(from), near.len ? "; did you mean " : "",
                               STR_ARG(near), near.len ? "?" : ""));
    return false;
}

/* Ends the reports, and decides the exit status. */
static int finish(struct lint_run *r) {
    struct report_summary *summary = &r->outputs.summary;
    struct error error;
    if (r->options->rename && !is_named(r)) return EXIT_USAGE;
    if (repairs(r->options)) summary->fixes = fixes_figures(&r->fixes);
    if (r->options->diff) tell_figures(r);
    if (!outputs_close(&r->outputs, &r->session.rules, r->options->statistics, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    if (summary->unreadable || r->session.unreadable || r->fixes.failed) return EXIT_IO;
    if (r->options->exit_zero) return EXIT_CLEAN;
    if (r->options->diff && summary->fixes->files) return EXIT_FINDINGS;
    if (r->options->rename && summary->fixes->unfixed_total) return EXIT_FINDINGS;
    for (int severity = (int)r->options->fail_on; severity < SEVERITY_COUNT; severity++)
        if (summary->findings[severity]) return EXIT_FINDINGS;
    return EXIT_CLEAN;
}

int command_lint(struct arena *a, const struct options *options) {
    struct lint_run r = {.arena = a, .options = options};
    session_begin(&r.session, a, options);
    fixes_begin(&r.fixes, a, options);
    r.groups = (struct groups){.arena = a, .rules = &r.session.rules};
    r.mesh = (struct mesh){.arena = a, .checks = &r.session.checks};
    r.dedup = (struct dedup){.arena = a};
    if (options->no_cache) command_warning(STR("--no-cache has no effect and will be removed; valuelint has no cache"));

    if (options->add_ignores.len) {
        int added = ignores_add(a, options);
        if (added != EXIT_CLEAN) return added;
    }
    bool from_stdin = options->operands.len == 1 && str_eq(options->operands.items[0], STR("-"));
    int status = from_stdin ? check_stdin(&r) : check_paths(&r);
    return status ? status : finish(&r);
}
