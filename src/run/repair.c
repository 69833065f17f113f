#include "run/repair.h"

#include <errno.h>

#include "base/file.h"
#include "base/folder_lock.h"
#include "base/path.h"
#include "fix/elsewhere.h"
#include "fix/fix_write.h"
#include "run/fixable.h"

static bool is_at_or_below(struct str path, struct str above) {
    return str_starts(path, above) && (path.len == above.len || above.len == 0 || path.ptr[above.len] == '.');
}

/* Whether `finding` says that the key at the dotted `path` is missing. It may tell of several keys of one mapping. */
static bool is_of_missing(struct arena *a, const struct finding *finding, struct str path) {
    for (uint32_t i = 0; i < finding->key_count; i++) {
        struct str key = finding->keys[i];
        if (finding->path.len) key = arena_printf(a, "%.*s.%.*s", STR_ARG(finding->path), STR_ARG(key));
        if (str_eq(key, path)) return true;
    }
    return finding->key_count == 0 && str_eq(finding->path, path);
}

/* Whether `finding`, of a values file, is about what was refused. A decision is the same for all files of a chart. */
static bool is_about(struct arena *a, const struct checks *checks, const struct finding *finding,
                     const struct fix_refusal *refusal) {
    const struct check *check = finding->check;
    switch (refusal->part) {
    case PART_MOVE:
        return str_eq(finding->path, refusal->path) &&
               (check == checks->by[CHECK_LEGACY_PATH] || check == checks->by[CHECK_LEGACY_CONFLICT]);
    case PART_SCALAR: return str_eq(finding->path, refusal->path) && check == checks->by[CHECK_INVALID_VALUE];
    case PART_ADD: return check == checks->by[CHECK_MISSING_KEY] && is_of_missing(a, finding, refusal->path);
    case PART_RULE: return check == refusal->check && is_at_or_below(finding->path, refusal->path);
    }
    return false;
}

/* Tells in the finding why it is still there. */
static void explain(struct arena *a, struct finding *finding, const struct fix_refusal *refusal) {
    struct str why = arena_printf(a, "not fixed: %.*s", STR_ARG(refusal->reason));
    if (!refusal->about || span_len(refusal->span) == 0) {
        finding->help = finding->help.len ? arena_printf(a, "%.*s; %.*s", STR_ARG(finding->help), STR_ARG(why)) : why;
        return;
    }
    finding_relate(a, finding, refusal->about, refusal->span, why);
}

static void explain_file(struct arena *a, const struct checks *checks, const struct fix_result *fixed,
                         struct lint_file *file) {
    for (uint32_t r = 0; r < fixed->refused.len; r++) {
        const struct fix_refusal *refusal = &fixed->refused.items[r];
        for (uint32_t i = 0; i < file->findings.len && !refusal->quiet; i++)
            if (is_about(a, checks, &file->findings.items[i], refusal)) explain(a, &file->findings.items[i], refusal);
    }
}

/* A finding that the chart was left alone, on its values.yaml. */
static void add_stopped(struct arena *a, const struct checks *checks, const struct settings *settings,
                        const struct fix_result *fixed, struct lint_result *result) {
    const struct fix_refusal *stopped = &fixed->stopped;
    for (uint32_t i = 0; i < result->files.len; i++) {
        struct lint_file *file = result->files.items[i];
        if (!file->is_values) continue;
        struct finder f = finder_on(a, checks, settings, &file->source, &file->findings);
        struct finding *finding =
            finder_add(&f, CHECK_FIX_WITHHELD, (struct span){0, 0}, stopped->path,
                       arena_printf(a, "the chart was not fixed: %.*s", STR_ARG(stopped->reason)));
        if (stopped->about) {
            finding_relate(a, finding, stopped->about, stopped->span, STR("what refuses it"));
        }
        source_lines(a, &file->source);
        findings_sort(&file->findings);
        return;
    }
}

static void add_moves(struct arena *a, const struct fix_result *fixed, struct elsewhere_moves *moves) {
    for (uint32_t i = 0; i < fixed->moved.len; i++)
        vec_push(a, moves, (struct elsewhere_move){fixed->moved.items[i].from, fixed->moved.items[i].to});
}

/* The values of the chart that this one is a part of may override what has moved. */
static void search_parent(struct arena *a, const struct checks *checks, const struct settings *settings,
                          struct str folder, const struct elsewhere_moves *moves, struct lint_result *result) {
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
    struct finder f = finder_on(a, checks, settings, &file->source, &file->findings);
    elsewhere_search(&f, name, moves);
    if (file->findings.len == 0) return;
    source_lines(a, &file->source);
    findings_sort(&file->findings);
    vec_push(a, &result->files, file);
}

/* Tells where else the old places are named: in the chart's own comments, and in the values of the chart around it. */
static void search_elsewhere(struct arena *a, const struct checks *checks, const struct settings *settings,
                             struct str folder, struct lint_result *result) {
    struct elsewhere_moves moves = {NULL, 0, 0};
    const struct check *check = checks->by[CHECK_OLD_PATH_ELSEWHERE];
    if (result->fixed->moved.len == 0 || settings->severity[check->index] < settings->lowest) return;
    add_moves(a, result->fixed, &moves);
    for (uint32_t i = 0; i < result->files.len; i++) {
        struct lint_file *file = result->files.items[i];
        uint32_t before = file->findings.len;
        struct finder f = finder_on(a, checks, settings, &file->source, &file->findings);
        if (!file->is_values) continue;
        elsewhere_search_comments(&f, &moves);
        if (file->findings.len == before) continue;
        source_lines(a, &file->source);
        findings_sort(&file->findings);
    }
    search_parent(a, checks, settings, folder, &moves, result);
}

/* How often a plan is made anew because another run was faster. */
#define PLANS_MOST 20

/* Plans the fixes, and writes them while the folders are locked; a plan that another run has overtaken is made anew.
 * False where they cannot be written: then `error` says why. */
static bool plan_and_write(struct arena *a, const struct fix_request *plan, const struct repair_options *options,
                           struct fix_result *fixed, struct error *error) {
    for (int plans = 0; plans < PLANS_MOST; plans++) {
        struct folder_locks locks;
        struct VEC(struct str) paths = {NULL, 0, 0};
        fix_chart(a, plan, fixed);
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
                               .world = request->world};
    struct fix_result *fixed = arena_new(a, struct fix_result);
    struct lint_request left = *request;
    enum fixable_done done = options->unsafe ? FIXABLE_ALL_DONE : FIXABLE_SAFE_DONE;
    struct str failure = STR("");
    struct error error;

    if (!plan_and_write(a, &plan, options, fixed, &error)) {
        failure = arena_str(a, str_from(error.message));
        fixed->files.len = fixed->moved.len = fixed->after.len = 0;
        done = FIXABLE_NOTHING_DONE;
    }
    left.texts = &fixed->after;
    if (options->check || fixed->unread) lint_chart(a, &left, result);
    else *result = (struct lint_result){.chart = fixed->chart};
    fixable_mark(a, &left, done, result);
    result->fixed = fixed;
    result->failure = failure;
    for (uint32_t i = 0; i < result->files.len; i++)
        if (result->files.items[i]->is_values) explain_file(a, checks, fixed, result->files.items[i]);
    if (fixed->stopped.reason.len) add_stopped(a, checks, settings, fixed, result);
    if (options->check) search_elsewhere(a, checks, settings, request->paths->folder, result);
    lint_mask_secrets(a, checks, settings, result);
}
