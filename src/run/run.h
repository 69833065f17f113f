/* The room of runs: it puts together what the rooms below do to one chart (check, plan, write, check again, say what is
 * fixable) and does it to many, and leaves out what a baseline records. It decides nothing about a chart itself, and
 * prints nothing.
 *
 * This file: a run over many charts: worker threads, and what they find handed on in the order of the charts. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "config/config_values.h"
#include "run/repair.h"

struct run_job {
    const struct chart_paths *paths;
    const struct settings *settings;
    struct config_bindings bindings; /* files of values that its configuration binds to it */
    bool is_local;                   /* dependencies by URL on it are built from it */
};

struct run {
    const struct checks *checks;
    const struct run_job *jobs;
    uint32_t job_count;
    unsigned threads;                    /* at least 1; with 1, everything happens on the caller's thread */
    const struct repair_options *repair; /* what is to be done to each chart before its check; NULL for nothing */
    /* Whether the charts that nobody works on yet are to be left out; may be NULL. */
    bool (*stops)(void);
    /* Called once for each chart in the order of `jobs`, never twice at the same time, perhaps on another thread.
     * `result` lives for the call, and may be changed by it. */
    void (*done)(void *data, uint32_t job, struct lint_result *result);
    void *data;
    /* Called at the end with findings of files that are no chart's; may be NULL. */
    void (*late)(void *data, struct lint_file *file);
    const struct str *operands; /* the paths that the user gave, NUL behind each */
    uint32_t operand_count;
    struct release_world *world; /* set by run_charts */
    bool covers;                 /* the operands are folders of charts: GitOps objects around them are looked for */
    bool keeps_plan;             /* results hold what --fix would do */
};

/* Checks all charts, or repairs them. The outcome does not depend on the number of threads. */
void run_charts(const struct run *run);

#endif
