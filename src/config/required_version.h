/* `required-version:` of a configuration. */
#ifndef CONFIG_REQUIRED_VERSION_H
#define CONFIG_REQUIRED_VERSION_H

#include <stdbool.h>

#include "base/str.h"

/* Whether `version` (1.4.0) meets `required`: a version, or comparisons with commas between them, of the form that
 * schema/config.schema.json asks for. A pre-release counts as what it leads to; numbers that are left out are 0, but a
 * version without a comparison means all that begin with it. */
bool required_version_met(struct str required, struct str version);

#endif
