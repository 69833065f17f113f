/* What a place in a document is about: a value of a chart, named in its values, in those of a chart around it, or in a
 * template; and everything that sets or reads that value. */
#ifndef LSP_CONTEXT_H
#define LSP_CONTEXT_H

#include "lsp/server.h"
#include "release/world.h"
#include "template/refs/reads.h"

enum lsp_role { LSP_NO_ROLE, LSP_VALUES, LSP_TEMPLATE };

/* A value that a place is about. */
struct lsp_target {
    enum lsp_role role;     /* of the document; LSP_NO_ROLE: the place is about no value */
    struct str folder;      /* of the chart whose value it is */
    const struct str *keys; /* of the value, from that chart's root */
    uint32_t count;
    struct span span;          /* of the key, or of the scalar, that stands at the place */
    const struct value *value; /* of LSP_VALUES: what the file says; else NULL */
};

/* A values file that may set values of a chart. */
struct lsp_layer {
    struct source source; /* its text, with an editor's in place of the file's */
    struct tree tree;
    struct value values;
    const struct str *prefix; /* keys below which the chart's values stand in it */
    uint32_t prefix_count;
    bool of_parent;
};

struct lsp_layers VEC(struct lsp_layer *);

/* A template of a chart with what it reads. */
struct lsp_template {
    struct source source;
    const struct refs_file *file;
    struct refs_read_list reads;
};

struct lsp_templates VEC(struct lsp_template *);

/* What the call's position is about. False where it is about no value. */
bool lsp_target_at(struct lsp_call *call, struct lsp_target *target);

/* The values files of the chart in `folder`, then those of the charts around it. */
void lsp_layers_of(struct lsp_call *call, struct str folder, struct lsp_layers *layers);

/* The member of the layer that sets the value at `keys`; NULL where it does not. */
const struct member *lsp_layer_member(const struct lsp_layer *layer, const struct str *keys, uint32_t count);

/* The chart's own templates, and those that it shares. */
void lsp_templates_of(struct lsp_call *call, struct str folder, struct lsp_templates *templates);

/* The text of a file as the editor has it, with its lines; false where it cannot be read. */
bool lsp_read_source(struct lsp_call *call, struct str path, struct source *source);

/* Lines of a source for positions. */
struct lsp_lines lsp_source_lines(struct lsp_call *call, const struct source *source);

/* Adds a `Location`. */
void lsp_put_location(struct lsp_call *call, struct emit *out, const struct source *source, struct span span);

#endif
