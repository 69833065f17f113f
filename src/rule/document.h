/* Documents that tell the program what to do: configuration, rules, schemas. From a file or from the binary, in YAML or
 * JSON, with the place of every value. */
#ifndef RULE_DOCUMENT_H
#define RULE_DOCUMENT_H

#include "base/file.h"
#include "schema/schema.h"
#include "text/problem.h"

struct document {
    struct source source;
    struct value root;
};

/* The file `name` (as in `schema/values.schema.json`) that was built into the program; NULL for none. */
const struct str *document_embedded(struct str name);

/* The name of the standard's schema. */
#define DOCUMENT_STANDARD STR("schema/values.schema.json")

/* The standard's schema, which is built in and needs no parsing. */
struct document document_standard(void);

/* The names of all files built in, in order; a NULL `ptr` at the end. */
struct str document_embedded_name(uint32_t index);

/* Reads `text`, named `path`, as JSON where that ends in `.json`, else as YAML. false where it cannot be read, or says
 * what may not be what it seems (a duplicate key): then `problems` has grown. */
bool document_parse(struct arena *a, struct str path, struct str text, struct document *document,
                    struct problems *problems);

/* Reads the file at `path` (NUL behind it). */
bool document_read(struct arena *a, struct str path, struct document *document, struct problems *problems);

/* The same with `texts` (may be NULL; their paths are absolute) in place of files. */
bool document_read_or(struct arena *a, const struct file_texts *texts, struct str path, struct document *document,
                      struct problems *problems);

/* Checks `document` against the schema that is built in as `schema_name`; false where it does not fit. */
bool document_check(struct arena *a, const struct document *document, struct str schema_name,
                    struct problems *problems);

/* The same for a part of it. */
bool document_check_part(struct arena *a, const struct document *document, const struct value *part,
                         struct str schema_name, struct problems *problems);

#endif
