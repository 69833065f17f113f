/* Kubernetes' quantities: `500m`, `1.5Gi`, `1e3`, `0.1`. Exact, in units of 1e-9; what is finer is rounded away from
 * zero, as Kubernetes does. Plain numbers are quantities too, since YAML does not quote them. */
#ifndef CEL_QUANTITY_H
#define CEL_QUANTITY_H

#include "cel/cel.h"

__extension__ typedef __int128 int128;

#define QUANTITY_NANO 1000000000

static inline int128 quantity_nanos(struct cel_quantity q) {
    return (int128)q.high * ((int128)1 << 64) + q.low;
}

static inline struct cel_quantity quantity_from_nanos(int128 n) {
    return (struct cel_quantity){(int64_t)(n >> 64), (uint64_t)n};
}

/* Whether a quantity may be that large. */
bool quantity_is_within(int128 nanos);

/* Reads a quantity; false where `s` is none, or it is too large. */
bool quantity_parse(struct str s, int128 *nanos);

/* As a plain decimal number. */
struct str quantity_text(struct arena *a, struct cel_quantity q);

#endif
