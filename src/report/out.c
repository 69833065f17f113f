#include "report/out.h"

#include <errno.h>

#define LARGE ((size_t)32 << 10)

struct out out_to(struct arena *a, FILE *file) {
    return (struct out){.file = file, .buf = buf_in(a)};
}

static void fail(struct out *out) {
    if (!out->failed) out->code = errno;
    out->failed = true;
}

static void hand_over(struct out *out) {
    if (!out->failed && fwrite(out->buf.ptr, 1, out->buf.len, out->file) != out->buf.len) fail(out);
    out->buf.len = 0;
}

void out_settle(struct out *out) {
    if (out->buf.len >= LARGE) hand_over(out);
}

bool out_finish(struct out *out, struct error *error) {
    if (out->buf.len) hand_over(out);
    if (!out->failed && fflush(out->file) != 0) fail(out);
    if (!out->failed && !ferror(out->file)) return true;
    error_set(error, out->code, "the report could not be written%s%s", out->code ? ": " : "",
              out->code ? strerror(out->code) : "");
    return false;
}
