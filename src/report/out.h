/* Where a report's bytes go: built in a buffer, handed to a FILE in large pieces, and no failure is lost. */
#ifndef REPORT_OUT_H
#define REPORT_OUT_H

#include <stdio.h>

#include "base/buf.h"
#include "base/error.h"

struct out {
    FILE *file;
    struct buf buf; /* what is not written yet: add to it with buf_add and the like */
    int code;       /* errno of the first write that failed; nothing is written after it */
    bool failed;
};

struct out out_to(struct arena *a, FILE *file);

/* Hands the buffer over where it has grown large. Call it after each finding. */
void out_settle(struct out *out);

/* Hands everything over and flushes the file. False, with `error` set, where anything did not get out. */
bool out_finish(struct out *out, struct error *error);

#endif
