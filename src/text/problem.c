#include "text/problem.h"

void problem_add(struct arena *a, struct problems *problems, const struct source *source, struct span span,
                 struct str message, struct str help) {
    vec_push(a, problems, (struct problem){source, span, message, help});
}

struct str problem_text(struct arena *a, const struct problem *problem) {
    struct buf out = buf_in(a);
    if (problem->source) {
        struct source lines = *problem->source;
        source_lines(a, &lines);
        struct position at = source_position(&lines, problem->span.start);
        buf_addf(&out, "%.*s:%u:%u: ", STR_ARG(lines.path), at.line, at.column);
    }
    buf_add(&out, problem->message);
    if (problem->help.len) buf_addf(&out, "; %.*s", STR_ARG(problem->help));
    return arena_str(a, buf_str(&out));
}
