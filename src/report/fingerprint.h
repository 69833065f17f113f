/* What makes a finding the same one in two runs, for programs that keep track of them: its file, its rule, the value
 * and the message, and how many alike stand before it in the file; not its line. */
#ifndef REPORT_FINGERPRINT_H
#define REPORT_FINGERPRINT_H

#include "base/map.h"
#include "report/report.h"

struct fingerprints {
    struct arena arena; /* of one file */
    struct map seen;    /* fingerprint without its number -> how often */
};

/* Begins a file. */
void fingerprints_begin(struct fingerprints *fingerprints);

/* The finding's fingerprint, 32 hexadecimal digits, valid until the next file begins. `path` is the file's. */
struct str fingerprints_next(struct fingerprints *fingerprints, struct str path, const struct finding *finding);

void fingerprints_free(struct fingerprints *fingerprints);

#endif
