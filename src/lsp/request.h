/* The methods that the server knows: a file for each kind, and the table of them in lsp.c. */
#ifndef LSP_REQUEST_H
#define LSP_REQUEST_H

#include "lsp/server.h"

/* lifecycle.c */
void lsp_initialize(struct lsp_call *call);
void lsp_initialized(struct lsp_call *call);
void lsp_shutdown(struct lsp_call *call);
void lsp_exit(struct lsp_call *call);

/* sync.c */
void lsp_did_open(struct lsp_call *call);
void lsp_did_change(struct lsp_call *call);
void lsp_did_save(struct lsp_call *call);
void lsp_did_close(struct lsp_call *call);
void lsp_did_change_watched_files(struct lsp_call *call);

/* hover.c, completion.c, symbols.c */
void lsp_hover(struct lsp_call *call);
void lsp_completion(struct lsp_call *call);
void lsp_document_symbol(struct lsp_call *call);

/* code_action.c, command.c */
#define LSP_OPEN_RULE STR("valuelint.openRule")
void lsp_code_action(struct lsp_call *call);
void lsp_execute_command(struct lsp_call *call);

/* navigation.c, rename.c */
void lsp_definition(struct lsp_call *call);
void lsp_references(struct lsp_call *call);
void lsp_prepare_rename(struct lsp_call *call);
void lsp_rename(struct lsp_call *call);

#endif
