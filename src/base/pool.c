/* Workers take jobs in order, and put what they make into slots, each with an arena of its own. Whoever completes the
 * job whose turn it is hands it on, and all complete ones behind it. A worker that runs too far ahead waits, which
 * bounds the memory whatever the number of jobs. The slot that was freed last is used next: its memory is still in
 * the cache. */
#include "base/pool.h"

#include "base/system.h"

/* Each holds a result, so that many threads have fewer for each of them. */
#define SLOTS_PER_THREAD 4
#define SLOTS_PER_THREAD_LEAST 2
#define SLOTS_ENOUGH 16

struct slot {
    struct arena arena;
    void *kept, *result;
};

struct pool {
    const struct pool_jobs *jobs;
    struct slot *slots;
    struct slot **idle;     /* a stack */
    struct slot **complete; /* by job % slot_count: what waits to be handed on */
    uint32_t slot_count;
    uint32_t idle_count;
    struct system_monitor *monitor; /* woken when a slot becomes idle */
    uint32_t next;                  /* job to be taken next */
    uint32_t turn;                  /* job to be handed on next */
    bool handing;                   /* a worker is handing on */
};

static void make(const struct pool_jobs *jobs, uint32_t job, struct slot *slot) {
    arena_reset(&slot->arena);
    jobs->make(jobs->data, job, &slot->arena, slot->kept, slot->result);
}

/* Hands on what is complete, in order. The monitor is held at entry and exit, not while `take` runs. */
static void hand_on(struct pool *p) {
    struct slot *slot;
    if (p->handing) return;
    p->handing = true;
    while ((slot = p->complete[p->turn % p->slot_count])) {
        system_monitor_leave(p->monitor);
        p->jobs->take(p->jobs->data, p->turn, slot->result);
        system_monitor_enter(p->monitor);
        p->complete[p->turn % p->slot_count] = NULL;
        p->idle[p->idle_count++] = slot;
        p->turn++;
        system_monitor_wake_one(p->monitor);
    }
    p->handing = false;
}

static bool is_stopped(const struct pool_jobs *jobs) {
    return jobs->stops && jobs->stops();
}

/* Jobs are taken only with a slot in hand, in order: the job whose turn it is always has one, so that all others come
 * free in the end, and no two jobs that wait share a place in `complete`. */
static void *work(void *data) {
    struct pool *p = data;
    system_monitor_enter(p->monitor);
    for (;;) {
        while (p->idle_count == 0 && p->next < p->jobs->count) system_monitor_wait(p->monitor);
        if (p->next >= p->jobs->count || is_stopped(p->jobs)) break;
        uint32_t job = p->next++;
        struct slot *slot = p->idle[--p->idle_count];
        system_monitor_leave(p->monitor);
        make(p->jobs, job, slot);
        system_monitor_enter(p->monitor);
        p->complete[job % p->slot_count] = slot;
        hand_on(p);
    }
    system_monitor_wake_all(p->monitor);
    system_monitor_leave(p->monitor);
    return NULL;
}

static void open_slot(struct arena *a, const struct pool_jobs *jobs, struct slot *slot) {
    *slot = (struct slot){.kept = arena_alloc(a, jobs->kept_size), .result = arena_alloc(a, jobs->result_size)};
}

static void end_slot(const struct pool_jobs *jobs, struct slot *slot) {
    if (jobs->end) jobs->end(slot->kept);
    arena_free(&slot->arena);
}

static void run_alone(struct arena *a, const struct pool_jobs *jobs) {
    struct slot slot;
    open_slot(a, jobs, &slot);
    for (uint32_t job = 0; job < jobs->count && !is_stopped(jobs); job++) {
        make(jobs, job, &slot);
        jobs->take(jobs->data, job, slot.result);
    }
    end_slot(jobs, &slot);
}

static void run_together(struct arena *a, const struct pool_jobs *jobs, unsigned threads) {
    struct pool pool = {.jobs = jobs, .slot_count = threads * SLOTS_PER_THREAD};
    uint32_t least = threads * SLOTS_PER_THREAD_LEAST;
    if (pool.slot_count > SLOTS_ENOUGH) pool.slot_count = least > SLOTS_ENOUGH ? least : SLOTS_ENOUGH;
    pool.slots = arena_array(a, struct slot, pool.slot_count);
    pool.idle = arena_array(a, struct slot *, pool.slot_count);
    pool.complete = arena_array(a, struct slot *, pool.slot_count);
    for (uint32_t i = 0; i < pool.slot_count; i++) {
        open_slot(a, jobs, &pool.slots[i]);
        pool.idle[pool.idle_count++] = &pool.slots[i];
    }
    pool.monitor = system_monitor_new(a);
    system_run_threads(a, threads, work, &pool);
    system_monitor_end(pool.monitor);
    for (uint32_t i = 0; i < pool.slot_count; i++) end_slot(jobs, &pool.slots[i]);
}

void pool_run(const struct pool_jobs *jobs) {
    unsigned threads = jobs->threads < jobs->count ? jobs->threads : jobs->count;
    struct arena arena = {NULL, NULL};
    if (threads <= 1) run_alone(&arena, jobs);
    else run_together(&arena, jobs, threads);
    arena_free(&arena);
}
