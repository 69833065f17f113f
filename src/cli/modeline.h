/* The comment by which yaml-language-server finds the schema of a values file: beside it alone, it does nothing. */
#ifndef CLI_MODELINE_H
#define CLI_MODELINE_H

#include "base/arena.h"

/* The name of the schema that Helm reads. */
#define SCHEMA_NAME STR("values.schema.json")

/* The line, without its end. */
#define MODELINE "# yaml-language-server: $schema=values.schema.json"

/* `values` with the line on top, behind a byte order mark; `values` itself where it has one, for whatever schema. */
struct str modeline_put(struct arena *a, struct str values);

#endif
