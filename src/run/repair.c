#include "run/repair.h"

#include <errno.h>

#include "base/file.h"
#include "base/folder_lock.h"
#include "base/path.h"
#include "fix/fix_write.h"
#include "fix/stale_references.h"
#include "run/explain.h"
#include "run/fixable.h"
#include "run/real_helm.h"

/* A finding that the chart was left alone, on its values.yaml. */
static void add_stopped(struct arena *a, const struct checks *checks, const struct settings *settings,
                        const struct fix_result *fixed, struct lint_result *result) {
    const struct fix_refusal *stopped = &fixed->stopped;
    for (uint32_t i = 0; i < result->files.len; i++) {
        struct lint_file *file = result->files.items[i];
        if (!file->is_values) continue;
        struct reporter f = reporter_on(a, checks, settings, &file->source, &file->findings);
        struct finding *finding =
            reporter_add(&f, CHECK_FIX_WITHHELD, (struct span){0, 0}, stopped->path,
                         arena_printf(a, "the chart was not fixed: %.*s", STR_ARG(stopped->reason)));
        if (stopped->about) {
            finding_relate(a, finding, stopped->about, stopped->span, STR("what refuses it"));
        }
        source_lines(a, &file->source);
        findings_sort(&file->findings);
        return;
    }
}

static void add_moves(struct arena *a, const struct fix_result *fixed, struct stale_moves *moves) {
    for (uint32_t i = 0; i < fixed->moved.len; i++)
        vec_push(a, moves, (struct stale_move){fixed->moved.items[i].from, fixed->moved.items[i].to});
}

/* The values of the chart that this one is a part of may override what has moved. */
static void search_parent(struct arena *a, const struct checks *checks, const struct settings *settings,
                          struct str folder, const struct stale_moves *moves, struct lint_result *result) {
    struct str absolute = path_absolute(a, folder.len ? folder : STR("."));
    if (!str_eq(path_name(path_folder(absolute)), STR("charts"))) return;
    struct str shown = path_folder(path_folder(folder));
    struct str parent = path_folder(path_folder(absolute)), name = chart_name_in_parent(a, parent, result->chart);
    struct lint_file *file = arena_new(a, struct lint_file);
    struct error error;
    if (name.len == 0) return;
    bool near = str_eq(path_name(path_folder(folder)), STR("charts"));
    file->source.path = near ? path_join(a, shown, STR("values.yaml")) : path_join(a, parent, STR("values.yaml"));
    if (!file_read(a, file->source.path.ptr, INPUT_MAX, &file->source.text, &error)) return;
    struct reporter f = reporter_on(a, checks, settings, &file->source, &file->findings);
    stale_search(&f, name, moves);
    if (file->findings.len == 0) return;
    source_lines(a, &file->source);
    findings_sort(&file->findings);
    vec_push(a, &result->files, file);
}

/* Tells where else the old places are named: in the chart's own comments, and in the values of the chart around it. */
static void search_stale(struct arena *a, const struct checks *checks, const struct settings *settings,
                         struct str folder, struct lint_result *result) {
    struct stale_moves moves = {NULL, 0, 0};
    const struct check *check = checks->by[CHECK_OLD_PATH_ELSEWHERE];
    if (result->fixed->moved.len == 0 || settings->severity[check->index] < settings->lowest) return;
    add_moves(a, result->fixed, &moves);
    for (uint32_t i = 0; i < result->files.len; i++) {
        struct lint_file *file = result->files.items[i];
        uint32_t before = file->findings.len;
        struct reporter f = reporter_on(a, checks, settings, &file->source, &file->findings);
        if (!file->is_values) continue;
        stale_search_comments(&f, &moves);
        if (file->findings.len == before) continue;
        source_lines(a, &file->source);
        findings_sort(&file->findings);
    }
    search_parent(a, checks, settings, folder, &moves, result);
}

static const struct fix_moved *moved_from(const struct fix_result *fixed, struct str from) {
    for (uint32_t i = 0; i < fixed->moved.len; i++)
        if (str_eq(fixed->moved.items[i].from, from)) return &fixed->moved.items[i];
    return NULL;
}

static struct lint_file *file_of(struct arena *a, struct lint_result *result, const struct source *source) {
    for (uint32_t i = 0; i < result->files.len; i++)
        if (str_eq(result->files.items[i]->source.path, source->path)) return result->files.items[i];
    struct lint_file *file = arena_new(a, struct lint_file);
    file->source = (struct source){.path = source->path, .text = source->text};
    vec_push(a, &result->files, file);
    return file;
}

/* Texts that name what has moved, and may be about any chart. */
static void add_mentions(struct arena *a, const struct checks *checks, const struct settings *settings,
                         struct lint_result *result) {
    for (uint32_t i = 0; i < result->fixed->mentions.len; i++) {
        const struct fix_mention *mention = &result->fixed->mentions.items[i];
        const struct fix_moved *moved = moved_from(result->fixed, mention->from);
        if (!moved || settings->severity[checks->by[CHECK_OLD_PATH_IN_TEXT]->index] < settings->lowest) continue;
        struct lint_file *file = file_of(a, result, mention->source);
        struct reporter f = reporter_on(a, checks, settings, &file->source, &file->findings);
        struct finding *finding = reporter_add(
            &f, CHECK_OLD_PATH_IN_TEXT, mention->span, STR(""),
            arena_printf(a, "this names `%.*s`, which moves to `%.*s`", STR_ARG(moved->from), STR_ARG(moved->to)));
        finding->help = STR("correct it where it means a chart whose value has moved");
        source_lines(a, &file->source);
        findings_sort(&file->findings);
    }
}

/* How often a plan is made anew because another run was faster. */
#define PLANS_MOST 20

/* Plans what the user's helm prints the same with. With unsafe fixes, moves too that are only not proved; what changes
 * the output on purpose is left out. Where a proved plan prints something else, it is given up. */
static void plan_verified(struct arena *a, const struct fix_request *plan, const struct repair_options *options,
                          struct fix_result *fixed, struct lint_verified *verified) {
    struct fix_request with = *plan;
    with.unsafe = false;
    for (int trust = options->unsafe; trust >= 0; trust--) {
        *verified = (struct lint_verified){.differs = STR("")};
        with.trust = trust;
        fix_chart(a, &with, fixed);
        if (fixed->files.len == 0 && fixed->bug.len == 0) return;
        if (fixed->bug.len == 0)
            verified->differs = real_helm_compare(a, options->helm, plan->world, plan->paths->folder, fixed, verified);
        if (fixed->bug.len == 0 && verified->differs.len == 0 && (!trust || verified->skipped == 0)) return;
    }
    if (verified->differs.len == 0) return;
    fixed->bug = STR("helm prints something else after the fix than before");
    fixed->files.len = fixed->moved.len = fixed->after.len = 0;
}

/* Plans the fixes, and writes them while the folders are locked; a plan that another run has overtaken is made anew.
 * False where they cannot be written: then `error` says why. */
static bool plan_and_write(struct arena *a, const struct fix_request *plan, const struct repair_options *options,
                           struct fix_result *fixed, struct lint_verified *verified, struct error *error) {
    for (int plans = 0; plans < PLANS_MOST; plans++) {
        struct folder_locks locks;
        struct VEC(struct str) paths = {NULL, 0, 0};
        if (options->helm) plan_verified(a, plan, options, fixed, verified);
        else fix_chart(a, plan, fixed);
        for (uint32_t i = 0; i < fixed->files.len; i++) vec_push(a, &paths, fixed->files.items[i].source.path);
        if (!options->write || paths.len == 0) return true;
        folder_locks_take(a, paths.items, paths.len, &locks);
        bool current = fix_is_current(fixed);
        bool written = current && fix_write(fixed, plan->paths->boundary, error);
        folder_locks_release(&locks);
        if (current) return written;
    }
    error_set(error, ESTALE, "%s keeps changing; run valuelint again", fixed->files.items[0].source.path.ptr);
    return false;
}

void repair_chart(struct arena *a, const struct lint_request *request, const struct repair_options *options,
                  struct lint_result *result) {
    const struct checks *checks = request->checks;
    const struct settings *settings = request->settings;
    struct fix_request plan = {.checks = checks,
                               .settings = settings,
                               .paths = request->paths,
                               .unsafe = options->unsafe,
                               .templates = request->templates,
                               .world = request->world,
                               .rename = options->rename,
                               .work = request->work};
    struct fix_result *fixed = arena_new(a, struct fix_result);
    struct lint_request left = *request;
    enum fixable_done done = options->unsafe && !options->helm ? FIXABLE_ALL_DONE : FIXABLE_SAFE_DONE;
    struct str failure = STR("");
    struct lint_verified verified = {.differs = STR("")};
    struct error error;

    if (!plan_and_write(a, &plan, options, fixed, &verified, &error)) {
        failure = arena_str(a, str_from(error.message));
        fixed->files.len = fixed->moved.len = fixed->after.len = 0;
        done = FIXABLE_NOTHING_DONE;
    }
    if (options->waits && options->write && fixed->waits && !fixed->bug.len) {
        *result = (struct lint_result){
            .chart = fixed->chart, .fixed = fixed, .failure = failure, .verified = verified, .again = true};
        return;
    }
    left.texts = &fixed->after;
    if (options->check || fixed->unread) lint_chart(a, &left, result);
    else *result = (struct lint_result){.chart = fixed->chart};
    if (!options->rename) fixable_mark(a, &left, done, result);
    result->fixed = fixed;
    result->failure = failure;
    result->verified = verified;
    explain_refusals(a, checks, fixed, &(struct explain_words){"not fixed", true}, result);
    if (fixed->stopped.reason.len) add_stopped(a, checks, settings, fixed, result);
    if (options->check) add_mentions(a, checks, settings, result);
    if (options->check) search_stale(a, checks, settings, request->paths->folder, result);
    lint_mask_secrets(a, checks, settings, result);
}
