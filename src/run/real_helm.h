/* The user's own helm as a judge of fixes (--verify): each release that a chart is a part of is rendered by
 * `helm template` in a temporary copy, as it stands and as it becomes, with its values.yaml alone and with each of its
 * overlays. Helm runs without a shell, with an empty home and nothing of our environment, and for a limited time. */
#ifndef RUN_REAL_HELM_H
#define RUN_REAL_HELM_H

#include "base/error.h"
#include "fix/fix.h"

struct real_helm {
    struct str program; /* its path */
    struct str version; /* as it says itself, without a `v` */
    struct str home;    /* a temporary folder, which is there until real_helm_close */
};

/* Finds the program `name` (a path, or a name in $PATH) and asks it for its version, by a render. False, with `error`
 * set, where it cannot render a chart. */
bool real_helm_open(struct arena *a, struct str name, struct real_helm *helm, struct error *error);

void real_helm_close(const struct real_helm *helm);

/* Renders each release that the chart in `folder` (as the user gave it) is a part of, without and with what `fixed`
 * changes. Counts in `counts`. Gives an empty text where none differs, else what does: a line, then a diff of the
 * render, with secrets masked. A render that fails before, or that Helm prints otherwise each time, is not compared. */
struct str real_helm_compare(struct arena *a, const struct real_helm *helm, struct release_world *world,
                             struct str folder, const struct fix_result *fixed, struct lint_verified *counts);

#endif
