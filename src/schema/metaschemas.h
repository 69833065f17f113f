/* The drafts' metaschemas, written into the binary by the build. */
#ifndef SCHEMA_METASCHEMAS_H
#define SCHEMA_METASCHEMAS_H

#include "base/embed.h"

/* Named by their paths below schema/metaschema; one without a name ends them. */
extern const struct embedded METASCHEMAS[];

#endif
