/* In which fields of what Helm prints a value ends. */
#ifndef LSP_FIELDS_H
#define LSP_FIELDS_H

#include "lsp/context.h"

struct lsp_field {
    struct str kind, name; /* of the object; may be empty */
    struct str path;       /* spec.template.spec.containers[0].image */
};

struct lsp_fields {
    struct VEC(struct lsp_field) list; /* each once, in the order of the output */
    struct str message;                /* why the templates do not render; empty where they do, or are not run */
};

/* Renders the chart of the target as the editor has it, and follows the value to the output. */
void lsp_fields_of(struct lsp_call *call, const struct lsp_target *target, struct lsp_fields *fields);

#endif
