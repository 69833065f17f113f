/* Values at the places where they stood before the standard. */
#ifndef CHECK_LEGACY_H
#define CHECK_LEGACY_H

#include "check/reporter.h"

/* The old places that hold a value in one file. */
struct legacy_state {
    const struct legacy **standing;
    const struct value **values;
    uint32_t count;
    const struct legacy **suggested; /* places that may be old ones, and hold a value */
    uint32_t suggested_count;
};

/* Finds the old places at which `values` hold something, in the order of the schema. */
void legacy_scan(struct arena *a, const struct standard *standard, const struct value *values,
                 struct legacy_state *state);

/* Whether the old place `path` holds a value. */
bool legacy_stands(const struct legacy_state *state, struct str path);

/* Whether a place that may be an old one lies at or below `path`, and holds a value. */
bool legacy_may_stand(const struct legacy_state *state, struct str path);

/* Whether an old place of `path`, or of something below it, holds a value, or one that may be an old place of it. */
bool legacy_feeds(const struct legacy_state *state, struct str path);

/* Whether `path` lies inside an old place that holds one value for what is a mapping now. */
bool legacy_covers(const struct legacy_state *state, struct str path);

/* Whether what the derivation reads still stands at an old place. */
bool legacy_feeds_derivation(struct arena *a, const struct legacy_state *state, const struct derivation *derivation);

/* Whether `old` and `now` are the same value, where one may have become a string of the other. */
bool legacy_same_value(struct arena *a, const struct value *old, const struct value *now);

/* What `value`, which stands at the old place, is at its first target; NULL where its conversion fails: then `why` says
 * how. */
const struct value *legacy_converted(struct arena *a, const struct legacy *legacy, const struct value *value,
                                     struct str *why);

/* Adds a finding for each value at an old place. */
void legacy_check(struct reporter *f, const struct value *values, const struct legacy_state *state);

#endif
