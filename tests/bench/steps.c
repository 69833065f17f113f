/* Counts the basic blocks that a program runs through, and the bytes that it takes from its arenas. The program is
 * compiled with -fsanitize-coverage=trace-pc and linked with this, which is not: see tests/e2e/growth.py. At its end
 * both are written to the file that STEPS_FILE names. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void __sanitizer_cov_trace_pc(void);
void steps_add_bytes(size_t size);

static uint64_t steps, bytes;

void __sanitizer_cov_trace_pc(void) {
    steps++;
}

void steps_add_bytes(size_t size) {
    bytes += size;
}

static void __attribute__((destructor)) report(void) {
    const char *path = getenv("STEPS_FILE");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%" PRIu64 " %" PRIu64 "\n", steps, bytes);
    fclose(file);
}
