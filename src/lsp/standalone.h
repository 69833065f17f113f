/* Documents that are part of no chart, but that decide about some: standards and configurations. */
#ifndef LSP_STANDALONE_H
#define LSP_STANDALONE_H

#include "config/config.h"
#include "lsp/documents.h"

/* Finds what is wrong with the document, if it is a standard (a JSON Schema with annotations of valuelint, or the one
 * that a configuration at or above it names) or a configuration. `warnings` stop nothing. */
void lsp_standalone_check(struct arena *a, const struct config_overrides *overrides, const struct file_texts *texts,
                          struct str path, struct problems *problems, struct problems *warnings);

#endif
