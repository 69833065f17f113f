#include "run/run.h"

#include "base/pool.h"
#include "release/world.h"
#include "schema/regex.h"
#include "template/syntax/memo.h"

#include "run/fixable.h"
#include "run/unbound.h"

static void lint_job(void *data, uint32_t job, struct arena *a, void *kept, void *made) {
    const struct run *run = data;
    struct regex_work *work = kept;
    struct lint_result *result = made;
    const struct run_job *of = &run->jobs[job];
    struct tmpl_memo templates = {.arena = a};
    work->remembers = true;
    const struct chart *known =
        of->paths->has_chart_yaml ? release_world_known(run->world, a, of->paths->folder) : NULL;
    struct lint_request request = {.checks = run->checks,
                                   .chart = known,
                                   .settings = of->settings,
                                   .paths = of->paths,
                                   .templates = &templates,
                                   .world = run->world,
                                   .work = work,
                                   .keeps_plan = run->keeps_plan};
    if (run->repair) {
        repair_chart(a, &request, run->repair, result);
        return;
    }
    lint_chart(a, &request, result);
    fixable_mark(a, &request, FIXABLE_NOTHING_DONE, result);
    lint_mask_secrets(a, run->checks, of->settings, result);
}

static void end_work(void *kept) {
    regex_work_free(kept);
}

static void hand_on(void *data, uint32_t job, void *result) {
    const struct run *run = data;
    run->done(run->data, job, result);
}

/* ---- Passes ---- */

/* A pass over some of the charts. What one chart's fixes need of another one may be there only once that one is fixed:
 * charts that wait come again in the next pass, until a pass changes nothing. */
struct pass {
    const struct run *run;
    const uint32_t *numbers; /* by job of the pass; NULL: all of the run */
    bool *again;             /* by job of the run; NULL in the last pass */
    bool any_again, changed;
    struct release_world *world; /* of the pass; whoever makes it ends it */
};

static void pass_done(void *data, uint32_t job, struct lint_result *result) {
    struct pass *pass = data;
    uint32_t number = pass->numbers ? pass->numbers[job] : job;
    pass->changed |= result->fixed && result->fixed->files.len && result->failure.len == 0;
    pass->any_again |= result->again;
    if (pass->again) pass->again[number] = result->again;
    pass->run->done(pass->run->data, number, result);
}

static void tell_world(struct release_world *world, const struct run_job *job) {
    struct str folder = job->paths->folder;
    release_world_add_chart(world, folder);
    if (job->paths->is_flat) release_world_add_flat(world, folder);
    if (job->is_local) release_world_add_local(world, folder);
    for (uint32_t i = 0; i < job->bindings.len; i++) {
        const struct config_binding *from = &job->bindings.items[i];
        struct release_binding binding = {
            .path = from->path, .keys = from->keys, .key_count = from->key_count, .always = from->always};
        release_world_bind(world, folder, &binding);
    }
}

static void run_pass(struct pass *pass, struct arena *a, const struct run_job *jobs, uint32_t count) {
    struct run with = *pass->run;
    struct repair_options repair = pass->run->repair ? *pass->run->repair : (struct repair_options){0};
    repair.waits = pass->again != NULL;
    with.jobs = jobs;
    with.job_count = count;
    if (with.repair) with.repair = &repair;
    with.done = pass_done;
    with.data = pass;
    with.world = release_world_new(a, with.operands, with.operand_count);
    for (uint32_t i = 0; i < pass->run->job_count; i++) tell_world(with.world, &pass->run->jobs[i]);
    if (with.covers) release_world_cover(with.world);
    struct pool_jobs pool = {.count = count,
                             .threads = with.threads,
                             .result_size = sizeof(struct lint_result),
                             .kept_size = sizeof(struct regex_work),
                             .make = lint_job,
                             .end = end_work,
                             .take = hand_on,
                             .stops = with.stops,
                             .data = &with};
    pool_run(&pool);
    pass->world = with.world;
}

void run_charts(const struct run *run) {
    struct arena arena = {NULL, NULL};
    bool *again = arena_array(&arena, bool, run->job_count + 1);
    struct pass pass = {.run = run, .again = run->repair && run->repair->write ? again : NULL};
    run_pass(&pass, &arena, run->jobs, run->job_count);
    struct release_world *first = pass.world;
    for (int passes = 1; pass.any_again && !(run->stops && run->stops()); passes++) {
        struct run_job *jobs = arena_array(&arena, struct run_job, run->job_count);
        uint32_t *numbers = arena_array(&arena, uint32_t, run->job_count), count = 0;
        for (uint32_t i = 0; i < run->job_count; i++)
            if (again[i]) jobs[count] = run->jobs[i], numbers[count++] = i;
        bool last = !pass.changed || passes == FIX_ROUNDS_MOST;
        pass = (struct pass){.run = run, .numbers = numbers, .again = last ? NULL : again};
        run_pass(&pass, &arena, jobs, count);
        release_world_end(pass.world);
    }
    unbound_report(run, first);
    release_world_end(first);
    arena_free(&arena);
}
