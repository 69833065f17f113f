/* Edits of texts as the protocol has them. */
#ifndef LSP_EDITS_H
#define LSP_EDITS_H

#include "fix/fix.h"
#include "lsp/context.h"

struct lsp_edit_file {
    const struct source *source;
    struct edits edits;
};

struct lsp_edits VEC(struct lsp_edit_file);

/* Adds the value of a WorkspaceEdit. */
void lsp_put_edit(struct lsp_call *call, struct emit *out, const struct lsp_edits *files);

/* The edits of a plan. False where it was made for another text than the editor has: then there are none. */
bool lsp_edits_of(struct lsp_call *call, const struct fix_result *fixed, struct lsp_edits *files);

/* Plans the chart's fixes as the editor has it, with the settings that are given, in the call's memory. */
struct fix_result *lsp_plan(struct lsp_call *call, struct lsp_chart *chart, const struct settings *settings,
                            bool unsafe, const struct fix_rename *rename);

#endif
