/* Versions and constraints as Masterminds/semver reads them. */
#ifndef TEMPLATE_GO_SEMVER_H
#define TEMPLATE_GO_SEMVER_H

#include "base/arena.h"

struct go_version {
    uint64_t major, minor, patch;
    struct str pre, metadata; /* without `-` and `+` */
    struct str original;
};

/* Reads a version; parts may be missing or have leading zeros, a `v` may stand in front. False with Go's text in *error
 * where it is none. */
bool go_version_parse(struct arena *a, struct str s, struct go_version *version, struct str *error);

/* The version written out. */
struct str go_version_text(struct arena *a, const struct go_version *version);

/* <0, 0, >0; metadata does not count. */
int go_version_cmp(const struct go_version *a, const struct go_version *b);

/* Whether `version` meets `constraint` into *met; false with Go's text in *error where the constraint is none. */
bool go_version_check(struct arena *a, struct str constraint, const struct go_version *version, bool *met,
                      struct str *error);
/* Only whether the constraint is one. */
bool go_constraint_parse(struct arena *a, struct str constraint, struct str *error);

#endif
