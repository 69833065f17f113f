#include "run/unbound.h"

#include "base/file.h"
#include "base/path.h"
#include "check/reporter.h"
#include "release/world.h"
#include "text/secret.h"

struct report {
    struct arena arena;
    const struct run *run;
    struct str path; /* of the file whose findings are collected, as the world has it */
    struct lint_file *file;
};

static void hand_on(struct report *r) {
    if (r->file && r->file->findings.len) {
        source_lines(&r->arena, &r->file->source);
        findings_sort(&r->file->findings);
        secrets_mask_findings(&r->arena, &r->file->source, &r->file->findings);
        r->run->late(r->run->data, r->file);
    }
    r->file = NULL;
}

static void open_file(struct report *r, struct str path) {
    struct str here = path_real(&r->arena, STR("."));
    struct error error;
    r->path = path;
    r->file = arena_new(&r->arena, struct lint_file);
    r->file->source.path = here.len ? path_relative(path, here) : path;
    if (!file_read(&r->arena, path.ptr, INPUT_MAX, &r->file->source.text, &error)) r->file->source.text = STR("");
}

static void add(void *data, const struct release_unbound *unbound) {
    struct report *r = data;
    if (!r->file || !str_eq(r->path, unbound->path)) {
        hand_on(r);
        open_file(r, unbound->path);
    }
    struct reporter f =
        reporter_on(&r->arena, r->run->checks, r->run->jobs[0].settings, &r->file->source, &r->file->findings);
    struct span span = unbound->span;
    if (span.end > r->file->source.text.len) span = (struct span){0, 0}; /* it has changed since */
    reporter_add(&f, CHECK_UNRESOLVED_BINDING, span, STR(""), unbound->message)->help = unbound->help;
}

void unbound_report(const struct run *run, struct release_world *world) {
    struct report report = {.run = run};
    if (!run->late || run->job_count == 0) return;
    release_world_unbound(world, add, &report);
    hand_on(&report);
    arena_free(&report.arena);
}
