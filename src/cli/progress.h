/* A line on the terminal that tells how far a long run is. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool enabled; /* standard error is a terminal */
    bool shares;  /* standard output is a terminal, most often the same one */
    bool shown;   /* the line stands there now */
    bool erased;  /* it was taken away for something else: it comes back with the next update */
    uint32_t total;
    int64_t start; /* milliseconds of the system's clock */
    int64_t last;  /* when it was drawn */
};

/* Starts the clock; nothing is drawn in the first half second. */
void progress_start(struct progress *progress, uint32_t total);

/* Tells that `done` of the total are done; draws at most ten times a second, and at once where the line was taken
 * away. */
void progress_update(struct progress *progress, uint32_t done);

/* Takes the line away, before something is printed to standard error, or for good. */
void progress_clear(struct progress *progress);

/* The same before something is printed to standard output: only where that would hit the line. */
void progress_yield(struct progress *progress);

#endif
