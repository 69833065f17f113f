#include "run/run.h"

#include "base/pool.h"
#include "release/world.h"
#include "template/syntax/memo.h"

#include "run/fixable.h"

static void lint_job(void *data, uint32_t job, struct arena *a, void *made) {
    const struct run *run = data;
    struct lint_result *result = made;
    const struct run_job *of = &run->jobs[job];
    struct tmpl_memo templates = {.arena = a};
    const struct chart *known =
        of->paths->has_chart_yaml ? release_world_known(run->world, a, of->paths->folder) : NULL;
    struct lint_request request = {.checks = run->checks,
                                   .chart = known,
                                   .settings = of->settings,
                                   .paths = of->paths,
                                   .templates = &templates,
                                   .world = run->world,
                                   .keeps_plan = run->keeps_plan};
    if (run->repair) {
        repair_chart(a, &request, run->repair, result);
        return;
    }
    lint_chart(a, &request, result);
    fixable_mark(a, &request, FIXABLE_NOTHING_DONE, result);
    lint_mask_secrets(a, run->checks, of->settings, result);
}

static void hand_on(void *data, uint32_t job, void *result) {
    const struct run *run = data;
    run->done(run->data, job, result);
}

void run_charts(const struct run *run) {
    struct arena arena = {NULL, NULL};
    struct run with = *run;
    with.world = release_world_new(&arena, run->operands, run->operand_count);
    for (uint32_t i = 0; i < run->job_count; i++)
        if (run->jobs[i].paths->is_flat) release_world_add_flat(with.world, run->jobs[i].paths->folder);
    struct pool_jobs jobs = {.count = run->job_count,
                             .threads = run->threads,
                             .result_size = sizeof(struct lint_result),
                             .make = lint_job,
                             .take = hand_on,
                             .stops = run->stops,
                             .data = &with};
    pool_run(&jobs);
    release_world_end(with.world);
    arena_free(&arena);
}
