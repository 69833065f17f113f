/* Writes down the findings that stand, so that later runs can leave them out. */
#include <stdio.h>

#include "base/file.h"
#include "check/group.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "mesh/mesh.h"
#include "run/baseline.h"

struct baseline_run {
    struct session session;
    struct baseline baseline;
    struct groups groups;
    struct mesh mesh;
    struct progress progress;
    bool unreadable; /* a file */
};

static void chart_done(void *data, uint32_t job, struct lint_result *result) {
    struct baseline_run *r = data;
    for (uint32_t i = 0; i < result->files.len; i++) {
        const struct lint_file *file = result->files.items[i];
        baseline_add(&r->baseline, file);
        if (!file->unreadable) continue;
        progress_clear(&r->progress);
        r->unreadable = true;
        command_error(file->findings.items[0].message);
    }
    groups_add(&r->groups, result);
    mesh_add(&r->mesh, r->session.jobs[job].settings, result);
    progress_update(&r->progress, job + 1);
}

static void late_found(void *data, struct lint_file *file, struct str chart) {
    struct baseline_run *r = data;
    (void)chart;
    baseline_add(&r->baseline, file);
    if (!file->unreadable) return;
    r->unreadable = true;
    command_error(file->findings.items[0].message);
}

static void file_skipped(void *data, struct str path, struct str reason) {
    (void)data, (void)path, (void)reason;
}

/* Checks all charts into the baseline. */
static void check(struct baseline_run *r) {
    struct session *session = &r->session;
    struct run run = {.checks = &session->checks,
                      .jobs = session->jobs,
                      .job_count = session->charts.len,
                      .threads = session_threads(session),
                      .done = chart_done,
                      .data = r};
    r->groups = (struct groups){.arena = session->arena, .rules = &session->rules};
    r->mesh =
        (struct mesh){.arena = session->arena, .checks = &session->checks, .covers = session_covers_folder(session)};
    progress_start(&r->progress, session->charts.len);
    run_charts(&run);
    progress_clear(&r->progress);
    groups_report(&r->groups, late_found, r);
    mesh_check(&r->mesh, &(struct mesh_report){late_found, file_skipped, r});
}

/* Writes the file, unless it holds the same already. */
static int write_baseline(struct baseline_run *r, struct str path) {
    struct arena *a = r->session.arena;
    struct str text = baseline_text(a, &r->baseline), old;
    struct error error;
    uint32_t files, count = baseline_count(&r->baseline, &files);
    bool same =
        file_kind(path.ptr) == FILE_REGULAR && file_read(a, path.ptr, text.len, &old, &error) && str_eq(old, text);
    if (!same && !file_write(path.ptr, text, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    command_say(arena_printf(a, "%.*s: %u finding%s in %u file%s%s", STR_ARG(path), count, count == 1 ? "" : "s", files,
                             files == 1 ? "" : "s", same ? ", as before" : ""));
    return fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_IO;
}

int command_baseline(struct arena *a, const struct options *options) {
    struct baseline_run r = {.unreadable = false};
    struct str path = options->baseline.len ? options->baseline : BASELINE_NAME;
    session_begin(&r.session, a, options);
    int status = session_open_charts(&r.session);
    if (status) return status;
    baseline_init(&r.baseline, a, &r.session.checks, path);
    check(&r);
    if (r.unreadable || r.session.unreadable) {
        command_error(arena_printf(a, "%.*s is unchanged: not everything could be checked", STR_ARG(path)));
        status = EXIT_IO;
    }
    if (status == EXIT_CLEAN) status = write_baseline(&r, path);
    baseline_free(&r.baseline);
    return status;
}
