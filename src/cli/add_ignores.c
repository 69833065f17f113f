#include "cli/add_ignores.h"

#include <stdio.h>

#include "base/file.h"
#include "chart/boundary.h"
#include "check/encrypted.h"
#include "check/group.h"
#include "check/ignore_comment.h"
#include "cli/session.h"
#include "mesh/mesh.h"
#include "yaml/read.h"

/* A file with findings. */
struct file {
    struct str path, boundary;
    struct str text; /* as it was checked */
    bool shared;     /* other charts read it through a link */
    struct ignore_wishes wishes;
};

struct add_run {
    struct session session;
    struct groups groups;
    struct mesh mesh;
    struct map by_path;
    struct VEC(struct file *) files;
};

static bool is_shared(const struct chart_paths *paths, struct str path) {
    for (uint32_t i = 0; i < paths->shared.len; i++)
        if (str_eq(paths->shared.items[i], path)) return true;
    return false;
}

static void take_file(struct add_run *r, const struct lint_file *found, const struct chart_paths *paths) {
    struct arena *a = r->session.arena;
    if (!found->is_values || found->unreadable || found->findings.len == 0) return;
    struct file *file = map_get(&r->by_path, found->source.path);
    if (!file) {
        file = arena_new(a, struct file);
        file->path = arena_str(a, found->source.path);
        file->text = arena_str(a, found->source.text);
        if (paths) file->boundary = arena_str(a, paths->boundary), file->shared = is_shared(paths, file->path);
        map_put(a, &r->by_path, file->path, file);
        vec_push(a, &r->files, file);
    }
    for (uint32_t i = 0; i < found->findings.len; i++)
        vec_push(a, &file->wishes,
                 (struct ignore_wish){found->findings.items[i].check->id, found->findings.items[i].span});
}

static void chart_done(void *data, uint32_t job, struct lint_result *result) {
    struct add_run *r = data;
    for (uint32_t i = 0; i < result->files.len; i++) take_file(r, result->files.items[i], r->session.jobs[job].paths);
    groups_add(&r->groups, result);
    mesh_add(&r->mesh, r->session.jobs[job].settings, result);
}

static void late_found(void *data, struct lint_file *file, struct str chart) {
    (void)chart;
    take_file(data, file, NULL);
}

static void file_skipped(void *data, struct str path, struct str reason) {
    (void)data, (void)path, (void)reason;
}

static void check(struct add_run *r) {
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
    run_charts(&run);
    groups_report(&r->groups, late_found, r);
    mesh_check(&r->mesh, &(struct mesh_report){late_found, file_skipped, r});
}

/* The text with the comments; why there is none in `refused`. */
static struct str text_with_comments(struct arena *a, const struct file *file, struct str reason, uint32_t *count,
                                     const char **refused) {
    struct source source = {.path = file->path, .text = file->text}, after = {.path = file->path};
    struct yaml_issues issues = {NULL, 0, 0};
    struct tree tree, new_tree;
    struct value values, new_values;
    if (file->shared || (file->boundary.len && !boundary_holds(a, file->boundary, file->path)))
        *refused = "it is shared through a symbolic link";
    else if (!read_text_values(a, &source, &tree, &values, &issues)) *refused = "it is not valid YAML";
    else if (tree.has_break) *refused = "a character in it ends a line for Helm but not for editors";
    else if (encrypted_is(&values)) *refused = "SOPS refuses a file after an edit";
    if (*refused) return STR("");
    struct edits edits = suppress_with_comments(a, &tree, &file->wishes, reason);
    after.text = edits_apply(a, file->text, &edits);
    *count = edits.len;
    if (!read_text_values(a, &after, &new_tree, &new_values, &issues) || !value_equal(&values, &new_values))
        *refused = "a comment would change its values; this is a bug in valuelint; please report it";
    return after.text;
}

static int write_file(struct add_run *r, const struct file *file) {
    const char *refused = NULL;
    struct error error = {0};
    struct arena arena = {NULL, NULL};
    uint32_t count = 0;
    int status = EXIT_CLEAN;
    struct str text = text_with_comments(&arena, file, r->session.options->add_ignores, &count, &refused);
    if (refused) {
        command_warning(arena_printf(&arena, "%.*s is left as it is: %s", STR_ARG(file->path), refused));
    } else if (!file_rewrite(file->path.ptr, file->text, text, &error)) {
        command_error(str_from(error.message));
        status = EXIT_IO;
    } else {
        command_note(
            arena_printf(&arena, "%.*s: %u comment%s added", STR_ARG(file->path), count, count == 1 ? "" : "s"));
    }
    arena_free(&arena);
    return status;
}

int ignores_add(struct arena *a, const struct options *options) {
    struct add_run r = {.by_path = {NULL, 0, 0, NULL, 0}};
    session_begin(&r.session, a, options);
    int status = session_open_charts(&r.session);
    if (status) return status;
    check(&r);
    for (uint32_t i = 0; i < r.files.len && status == EXIT_CLEAN; i++) status = write_file(&r, r.files.items[i]);
    if (status == EXIT_CLEAN && r.files.len == 0) command_note(STR("Nothing to suppress."));
    return status;
}
