/* JSON Patch as JSON text, for tests: a list of objects with op, path, from, value as in RFC 6902, and key, heading,
 * before, after, asString, prune, keepComments as in patch/patch.h. */
#ifndef SUPPORT_OPERATIONS_H
#define SUPPORT_OPERATIONS_H

#include "patch/patch.h"

/* Reads them; base_panic where `json` is not such a list. */
struct patch_operation *operations_read(struct arena *a, struct str json, uint32_t *count);

#endif
