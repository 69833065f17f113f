/* Workers take charts in order, and put what they find into slots, each with an arena of its own. Whoever completes the
 * chart whose turn it is hands it on, and all complete ones behind it. A worker that runs too far ahead waits, which
 * bounds the memory whatever the number of charts. The slot that was freed last is used next: its memory is still in
 * the cache. */
#include "run/run.h"

#include "base/system.h"
#include "release/world.h"
#include "template/syntax/memo.h"

#include "run/fixable.h"

#define SLOTS_PER_THREAD 4

struct slot {
    struct arena arena;
    struct lint_result result;
};

struct pool {
    const struct run *run;
    struct slot *slots;
    struct slot **idle;     /* a stack */
    struct slot **complete; /* by job % slot_count: what waits to be handed on */
    uint32_t slot_count;
    uint32_t idle_count;
    struct system_monitor *monitor; /* woken when a slot becomes idle */
    uint32_t next;                  /* chart to be taken next */
    uint32_t turn;                  /* chart to be handed on next */
    bool handing;                   /* a worker is handing on */
};

static void lint_job(const struct run *run, uint32_t job, struct slot *slot) {
    arena_reset(&slot->arena);
    const struct run_job *of = &run->jobs[job];
    struct tmpl_memo templates = {.arena = &slot->arena};
    const struct chart *known =
        of->paths->has_chart_yaml ? release_world_known(run->world, &slot->arena, of->paths->folder) : NULL;
    struct lint_request request = {.checks = run->checks,
                                   .chart = known,
                                   .settings = of->settings,
                                   .paths = of->paths,
                                   .templates = &templates,
                                   .world = run->world,
                                   .keeps_plan = run->keeps_plan};
    if (run->repair) {
        repair_chart(&slot->arena, &request, run->repair, &slot->result);
        return;
    }
    lint_chart(&slot->arena, &request, &slot->result);
    fixable_mark(&slot->arena, &request, FIXABLE_NOTHING_DONE, &slot->result);
    lint_mask_secrets(&slot->arena, run->checks, of->settings, &slot->result);
}

/* Hands on what is complete, in order. The monitor is held at entry and exit, not while `done` runs. */
static void hand_on(struct pool *p) {
    struct slot *slot;
    if (p->handing) return;
    p->handing = true;
    while ((slot = p->complete[p->turn % p->slot_count])) {
        system_monitor_leave(p->monitor);
        p->run->done(p->run->data, p->turn, &slot->result);
        system_monitor_enter(p->monitor);
        p->complete[p->turn % p->slot_count] = NULL;
        p->idle[p->idle_count++] = slot;
        p->turn++;
        system_monitor_wake_one(p->monitor);
    }
    p->handing = false;
}

static bool is_stopped(const struct run *run) {
    return run->stops && run->stops();
}

/* Charts are taken only with a slot in hand, in order: the chart whose turn it is always has one, so that all others
 * come free in the end, and no two charts that wait share a place in `complete`. */
static void *work(void *data) {
    struct pool *p = data;
    system_monitor_enter(p->monitor);
    for (;;) {
        while (p->idle_count == 0 && p->next < p->run->job_count) system_monitor_wait(p->monitor);
        if (p->next >= p->run->job_count || is_stopped(p->run)) break;
        uint32_t job = p->next++;
        struct slot *slot = p->idle[--p->idle_count];
        system_monitor_leave(p->monitor);
        lint_job(p->run, job, slot);
        system_monitor_enter(p->monitor);
        p->complete[job % p->slot_count] = slot;
        hand_on(p);
    }
    system_monitor_wake_all(p->monitor);
    system_monitor_leave(p->monitor);
    return NULL;
}

static void run_alone(const struct run *run) {
    struct slot slot = {.arena = {NULL, NULL}};
    for (uint32_t job = 0; job < run->job_count && !is_stopped(run); job++) {
        lint_job(run, job, &slot);
        run->done(run->data, job, &slot.result);
    }
    arena_free(&slot.arena);
}

static void run_together(const struct run *run, unsigned threads) {
    struct arena arena = {NULL, NULL};
    struct pool pool = {.run = run, .slot_count = threads * SLOTS_PER_THREAD};
    pool.slots = arena_array(&arena, struct slot, pool.slot_count);
    pool.idle = arena_array(&arena, struct slot *, pool.slot_count);
    pool.complete = arena_array(&arena, struct slot *, pool.slot_count);
    for (uint32_t i = 0; i < pool.slot_count; i++) pool.idle[pool.idle_count++] = &pool.slots[i];
    pool.monitor = system_monitor_new(&arena);
    system_run_threads(&arena, threads, work, &pool);
    system_monitor_end(pool.monitor);
    for (uint32_t i = 0; i < pool.slot_count; i++) arena_free(&pool.slots[i].arena);
    arena_free(&arena);
}

void run_charts(const struct run *run) {
    unsigned threads = run->threads < run->job_count ? run->threads : run->job_count;
    struct arena arena = {NULL, NULL};
    struct run with = *run;
    with.world = release_world_new(&arena, run->operands, run->operand_count);
    for (uint32_t i = 0; i < run->job_count; i++)
        if (run->jobs[i].paths->is_flat) release_world_add_flat(with.world, run->jobs[i].paths->folder);
    if (threads <= 1) run_alone(&with);
    else run_together(&with, threads);
    release_world_end(with.world);
    arena_free(&arena);
}
