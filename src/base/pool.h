/* Jobs on several threads, whose results are handed on in the order of the jobs. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>

#include "base/arena.h"

struct pool_jobs {
    uint32_t count;
    unsigned threads;   /* at least 1; with 1, everything happens on the caller's thread */
    size_t result_size; /* of what a job makes, in bytes */
    size_t kept_size;   /* of what a job leaves for one after it, in bytes; 0 for nothing */
    /* Does a job, on any thread. `a` and `result` (its bytes are not set) are its own until `take` has returned; `kept`
     * is its own while it runs, as one job before has left it, or zero. */
    void (*make)(void *data, uint32_t job, struct arena *a, void *kept, void *result);
    /* Frees what `kept` holds; may be NULL. */
    void (*end)(void *kept);
    /* Called once for each job in their order, never twice at the same time, perhaps on another thread. */
    void (*take)(void *data, uint32_t job, void *result);
    /* Whether the jobs that nobody works on yet are to be left out; may be NULL. */
    bool (*stops)(void);
    void *data;
};

/* Does all jobs, and returns when the last one was taken. */
void pool_run(const struct pool_jobs *jobs);

#endif
