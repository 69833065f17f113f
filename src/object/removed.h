/* Internal to the room of objects. */
#ifndef OBJECT_REMOVED_H
#define OBJECT_REMOVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Whether Kubernetes has removed this version of the kind: `minor` gets the first version without it (1.`minor`), `now`
 * what took its place, empty for nothing. */
bool object_removed(struct str api_version, struct str kind, uint8_t *minor, struct str *now);

#endif
