/* "Did you mean ...?" */
#ifndef BASE_FUZZY_H
#define BASE_FUZZY_H

#include <stdbool.h>

#include "base/str.h"

/* How many single-character changes (insert, delete, replace, swap of neighbours; case counts as no change) lie
 * between `a` and `b`; `limit + 1` where they are more than `limit`. Strings over 64 bytes are taken as different. */
unsigned fuzzy_distance(struct str a, struct str b, unsigned limit);

/* The one of `names` that is nearest to `word`, or an empty string where none is near enough to be meant: at most
 * a third of the word's length, and at least one letter in common; else a name that abbreviates the word (`env` for
 * `environment`). The first of equals. */
struct str fuzzy_nearest(struct str word, const struct str *names, size_t count);

#endif
