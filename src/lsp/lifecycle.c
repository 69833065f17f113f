/* initialize, initialized, shutdown, exit. */
#include "lsp/request.h"
#include "lsp/uri.h"

static void read_client(struct lsp_client *client, const struct value *params) {
    const struct value *can = rpc_at(params, "capabilities");
    const struct value *formats = rpc_at(can, "textDocument.hover.contentFormat");
    client->document_changes = rpc_true(can, "workspace.workspaceEdit.documentChanges");
    client->action_literals = rpc_at(can, "textDocument.codeAction.codeActionLiteralSupport") != NULL;
    client->show_document = rpc_true(can, "window.showDocument.support");
    client->watches_files = rpc_true(can, "workspace.didChangeWatchedFiles.dynamicRegistration");
    client->hierarchical_symbols = rpc_true(can, "textDocument.documentSymbol.hierarchicalDocumentSymbolSupport");
    for (uint32_t i = 0; formats && formats->kind == VALUE_LIST && i < formats->list.len; i++) {
        const struct value *format = &formats->list.items[i];
        if (format->kind == VALUE_STRING && str_eq(format->string, STR("markdown"))) client->markdown = true;
    }
}

static void read_root(struct lsp_server *server, const struct value *params) {
    const struct value *folders = rpc_at(params, "workspaceFolders");
    struct str uri = rpc_text(params, "rootUri");
    if (uri.len == 0 && folders && folders->kind == VALUE_LIST && folders->list.len)
        uri = rpc_text(&folders->list.items[0], "uri");
    server->charts.root = lsp_uri_path(&server->arena, uri);
}

static void put_sync(struct emit *out) {
    emit_key(out, "textDocumentSync");
    emit_open(out, '{');
    emit_put_bool(out, "openClose", true);
    emit_put_number(out, "change", 2); /* incremental */
    emit_put_bool(out, "save", true);
    emit_close(out, '}');
}

static void put_actions(struct emit *out) {
    emit_key(out, "codeActionProvider");
    emit_open(out, '{');
    emit_key(out, "codeActionKinds");
    emit_open(out, '[');
    emit_text(out, STR("quickfix"));
    emit_text(out, STR("source.fixAll.valuelint"));
    emit_close(out, ']');
    emit_close(out, '}');
    emit_key(out, "executeCommandProvider");
    emit_open(out, '{');
    emit_key(out, "commands");
    emit_open(out, '[');
    emit_text(out, LSP_OPEN_RULE);
    emit_close(out, ']');
    emit_close(out, '}');
}

void lsp_initialize(struct lsp_call *call) {
    struct emit *out = &call->result;
    read_client(&call->server->client, call->params);
    call->server->initialized = true;
    read_root(call->server, call->params);
    emit_open(out, '{');
    emit_key(out, "capabilities");
    emit_open(out, '{');
    emit_put_text(out, "positionEncoding", STR("utf-16"));
    put_sync(out);
    emit_put_bool(out, "hoverProvider", true);
    emit_put_bool(out, "documentSymbolProvider", true);
    emit_put_bool(out, "definitionProvider", true);
    emit_put_bool(out, "referencesProvider", true);
    put_actions(out);
    emit_key(out, "renameProvider");
    emit_open(out, '{');
    emit_put_bool(out, "prepareProvider", true);
    emit_close(out, '}');
    emit_key(out, "completionProvider");
    emit_open(out, '{');
    emit_close(out, '}');
    emit_close(out, '}');
    emit_key(out, "serverInfo");
    emit_open(out, '{');
    emit_put_text(out, "name", STR("valuelint"));
    emit_put_text(out, "version", call->server->options->overrides->version);
    emit_close(out, '}');
    emit_close(out, '}');
}

/* Asks for news of the files that decide about charts. */
static void register_watchers(struct lsp_server *server, struct arena *a) {
    static const char *const globs[] = {"**/*.yaml", "**/*.yml", "**/*.tpl", "**/*.json", "**/templates/**"};
    struct emit out = emit_in(a);
    emit_open(&out, '{');
    emit_key(&out, "registrations");
    emit_open(&out, '[');
    emit_open(&out, '{');
    emit_put_text(&out, "id", STR("watch"));
    emit_put_text(&out, "method", STR("workspace/didChangeWatchedFiles"));
    emit_key(&out, "registerOptions");
    emit_open(&out, '{');
    emit_key(&out, "watchers");
    emit_open(&out, '[');
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++) {
        emit_open(&out, '{');
        emit_put_text(&out, "globPattern", str_from(globs[i]));
        emit_close(&out, '}');
    }
    emit_close(&out, ']');
    emit_close(&out, '}');
    emit_close(&out, '}');
    emit_close(&out, ']');
    emit_close(&out, '}');
    lsp_ask(server, a, "client/registerCapability", buf_str(&out.text));
}

void lsp_initialized(struct lsp_call *call) {
    if (call->server->client.watches_files) register_watchers(call->server, call->arena);
}

void lsp_shutdown(struct lsp_call *call) {
    call->server->shut_down = true;
}

void lsp_exit(struct lsp_call *call) {
    call->server->exited = true;
}
