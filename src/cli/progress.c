#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define FIRST_MS 500
#define NEXT_MS 100

static int64_t elapsed_ms(const struct timespec *from, const struct timespec *to) {
    return (int64_t)(to->tv_sec - from->tv_sec) * 1000 + (to->tv_nsec - from->tv_nsec) / 1000000;
}

void progress_start(struct progress *progress, uint32_t total) {
    *progress = (struct progress){.enabled = isatty(STDERR_FILENO), .total = total};
    clock_gettime(CLOCK_MONOTONIC, &progress->start);
    progress->last = progress->start;
}

void progress_update(struct progress *progress, uint32_t done) {
    struct timespec now;
    if (!progress->enabled) return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (elapsed_ms(&progress->start, &now) < FIRST_MS || elapsed_ms(&progress->last, &now) < NEXT_MS) return;
    progress->last = now;
    progress->shown = true;
    fprintf(stderr, "\r\033[Kchecked %u of %u charts", done, progress->total);
    fflush(stderr);
}

void progress_clear(struct progress *progress) {
    if (!progress->shown) return;
    progress->shown = false;
    fputs("\r\033[K", stderr);
    fflush(stderr);
}
