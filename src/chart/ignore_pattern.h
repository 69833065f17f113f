/* One line of a .gitignore or .helmignore, which have the same marks, and mean different things by them. */
#ifndef CHART_IGNORE_PATTERN_H
#define CHART_IGNORE_PATTERN_H

#include "base/str.h"
#include "base/vec.h"

struct ignore_pattern {
    struct str glob;  /* without the marks below */
    bool negated;     /* `!` */
    bool folder_only; /* a slash at its end */
    bool anchored;    /* a slash before that: matched against the whole path below the file's folder */
};

struct ignore_patterns VEC(struct ignore_pattern);

/* Reads a line that is trimmed as its file wants it. False for an empty one and a comment; `out` points into `line`. */
bool ignore_pattern_parse(struct str line, struct ignore_pattern *out);

#endif
