/* What the standard says of a value, for hovers and completions. */
#ifndef LSP_WORDS_H
#define LSP_WORDS_H

#include "config/settings.h"

struct lsp_values VEC(const struct value *);

/* The standard that is in force for a chart that was checked; NULL where none is. */
const struct standard *lsp_standard_of(const struct settings *settings, bool without_standard);

/* "string or null": the types that the property may have; empty for any. */
struct str lsp_types_of(struct arena *a, const struct schema_property *property);

/* The values that `enum` and `const` allow for the property, behind allOf and references within the standard too. */
void lsp_choices_of(struct arena *a, const struct standard *standard, const struct schema_property *property,
                    struct lsp_values *choices);

/* The default of the property for the chart of that name (NUL behind it), with its variables; false for none. */
bool lsp_default_of(struct arena *a, const struct settings *settings, const struct schema_property *property,
                    struct str chart, struct value *value);

/* Adds `text` as code in Markdown, on one line and cut where it is long. */
void lsp_add_code(struct buf *out, struct str text);

#endif
