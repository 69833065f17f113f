/* Random operations on a values file, and the check that patch_run keeps its promises with them. */
#ifndef SUPPORT_RANDOM_PATCH_H
#define SUPPORT_RANDOM_PATCH_H

#include "patch/patch.h"

/* A generator of numbers that gives the same ones for the same seed. */
struct dice {
    uint64_t state;
};

/* A number below `sides` (at least 1). */
uint32_t dice_roll(struct dice *dice, uint32_t sides);

/* `count` operations, mostly on paths that `values` have. */
struct patch_operation *random_operations(struct arena *a, struct dice *dice, const struct value *values,
                                          uint32_t count);

/* Runs the operations on `source`. NULL, or what is wrong with the outcome; *done becomes how many were done. With
 * `strict` an operation that was planned wrongly, found out and undone (PATCH_BROKEN) is wrong too. */
const char *random_check(struct arena *a, const struct source *source, const struct patch_operation *operations,
                         uint32_t count, bool strict, uint32_t *done);

/* The operation in words, for a report. */
struct str random_words(struct arena *a, const struct patch_operation *operation);

#endif
