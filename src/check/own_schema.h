/* The chart's own values.schema.json, against which Helm checks its values. */
#ifndef CHECK_OWN_SCHEMA_H
#define CHECK_OWN_SCHEMA_H

#include "base/file.h"
#include "schema/schema.h"
#include "text/source.h"

struct own_schema {
    struct source source;         /* without a text where there is no such file */
    const struct value *document; /* the schema as JSON; NULL where it is none */
    const struct schema *schema;  /* NULL where there is none, or none that can be used */
    struct str problem;           /* why it cannot be used; empty where it can */
    struct span span;             /* of the problem */
    bool remote;                  /* it asks for a document of the network, which Helm loads and we do not */
};

/* Reads the schema beside the values of the chart in `folder`, with `texts` (may be NULL) in place of files. Everything
 * lives in the arena. */
void own_schema_read(struct arena *a, const struct file_texts *texts, struct str folder, struct own_schema *own);

#endif
