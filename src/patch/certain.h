/* Whether a patch can be said to succeed without doing it: a short cut for those who ask what fixes would lead to, but
 * need no text. */
#ifndef PATCH_CERTAIN_H
#define PATCH_CERTAIN_H

#include "patch/patch.h"

/* Whether patch_run would do all of the operations on the text of `tree`. It says so only of the plainest texts and
 * operations; false means nothing. The arena is used for a while. */
bool patch_is_certain(struct arena *a, const struct tree *tree, const struct patch_operation *operations,
                      uint32_t count);

#endif
