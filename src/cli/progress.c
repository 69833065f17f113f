#include "cli/progress.h"

#include <stdio.h>

#include "base/system.h"

#define FIRST_MS 500
#define NEXT_MS 100

void progress_start(struct progress *progress, uint32_t total) {
    *progress = (struct progress){.total = total};
    progress->enabled = system_is_terminal(stderr);
    progress->shares = system_is_terminal(stdout);
    progress->start = progress->last = system_clock_ms();
}

void progress_update(struct progress *progress, uint32_t done) {
    if (!progress->enabled) return;
    int64_t now = system_clock_ms();
    bool due = now - progress->start >= FIRST_MS && now - progress->last >= NEXT_MS;
    if (!due && !progress->erased) return;
    progress->last = now;
    progress->shown = true;
    progress->erased = false;
    fprintf(stderr, "\r\033[Kchecked %u of %u charts", done, progress->total);
    fflush(stderr);
}

void progress_clear(struct progress *progress) {
    if (!progress->shown) return;
    progress->shown = false;
    progress->erased = true;
    fputs("\r\033[K", stderr);
    fflush(stderr);
}

void progress_yield(struct progress *progress) {
    if (progress->shares) progress_clear(progress);
}
