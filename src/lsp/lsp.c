/* The loop: messages are read as they come and wait in a queue, where a $/cancelRequest finds them; they are answered
 * in order; and while none waits, charts are checked, one at a time, with a look at the input between them. */
#include "lsp/lsp.h"

#include "base/system.h"
#include "lsp/request.h"

/* Messages that wait at most, before no more are read. */
#define QUEUE_MOST 256

struct lsp_method {
    const char *name;
    void (*handle)(struct lsp_call *call);
    bool answers; /* a request; else a notification */
};

static const struct lsp_method METHODS[] = {
    {"initialize", lsp_initialize, true},
    {"initialized", lsp_initialized, false},
    {"shutdown", lsp_shutdown, true},
    {"exit", lsp_exit, false},
    {"textDocument/didOpen", lsp_did_open, false},
    {"textDocument/didChange", lsp_did_change, false},
    {"textDocument/didSave", lsp_did_save, false},
    {"textDocument/didClose", lsp_did_close, false},
    {"textDocument/hover", lsp_hover, true},
    {"textDocument/completion", lsp_completion, true},
    {"textDocument/documentSymbol", lsp_document_symbol, true},
    {"textDocument/codeAction", lsp_code_action, true},
    {"textDocument/definition", lsp_definition, true},
    {"textDocument/references", lsp_references, true},
    {"textDocument/prepareRename", lsp_prepare_rename, true},
    {"textDocument/rename", lsp_rename, true},
    {"workspace/executeCommand", lsp_execute_command, true},
    {"workspace/didChangeWatchedFiles", lsp_did_change_watched_files, false},
};

static void send(struct lsp_server *s, struct arena *scratch, struct str text) {
    if (!frame_write(scratch, s->options->output, text)) s->exited = true; /* nobody listens any more */
}

void lsp_fail(struct lsp_call *call, enum rpc_error code, struct str message) {
    call->code = code;
    call->failure = message;
}

void lsp_notify(struct lsp_server *server, struct arena *scratch, const char *method, struct str params) {
    send(server, scratch, rpc_notification(scratch, method, params));
}

void lsp_ask(struct lsp_server *server, struct arena *scratch, const char *method, struct str params) {
    send(server, scratch, rpc_request(scratch, ++server->next_id, method, params));
}

/* ---- the queue ---- */

static struct lsp_message *take_idle(struct lsp_server *s) {
    if (s->idle.len) return s->idle.items[--s->idle.len];
    return arena_new(&s->arena, struct lsp_message);
}

static void put_back(struct lsp_server *s, struct lsp_message *message) {
    arena_reset(&message->arena);
    vec_push(&s->arena, &s->idle, message);
}

static void cancel(struct lsp_server *s, const struct value *params) {
    for (uint32_t i = 0; i < s->queue.len; i++) {
        struct rpc_message *rpc = &s->queue.items[i]->rpc;
        if (rpc->method.len && rpc_same_id(rpc->id, rpc_at(params, "id"))) s->queue.items[i]->cancelled = true;
    }
}

static void enqueue(struct lsp_server *s, struct str text) {
    struct lsp_message *message = take_idle(s);
    enum rpc_error error;
    message->cancelled = false;
    if (!rpc_read(&message->arena, text, &message->rpc, &error)) {
        struct str why = error == RPC_PARSE_ERROR ? STR("this is not JSON") : STR("this is no JSON-RPC message");
        send(s, &message->arena, rpc_failure(&message->arena, message->rpc.id, error, why));
        put_back(s, message);
        return;
    }
    if (!message->rpc.id && str_eq(message->rpc.method, STR("$/cancelRequest"))) cancel(s, message->rpc.params);
    else if (message->rpc.method.len) {
        vec_push(&s->arena, &s->queue, message);
        return;
    }
    put_back(s, message); /* responses are of requests whose answers do not matter */
}

/* Puts all whole messages that were read into the queue. */
static void take_messages(struct lsp_server *s) {
    struct arena scratch = {NULL, NULL};
    enum frame_kind kind;
    struct str text;
    while ((kind = frame_take(&s->input, &text)) != FRAME_NONE) {
        if (kind == FRAME_MESSAGE) enqueue(s, text);
        else send(s, &scratch, rpc_failure(&scratch, NULL, RPC_PARSE_ERROR, text));
    }
    arena_free(&scratch);
}

/* ---- calls ---- */

static const struct lsp_method *find_method(struct str name) {
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (str_eq(str_from(METHODS[i].name), name)) return &METHODS[i];
    return NULL;
}

/* The document and the place in it that the parameters name. */
static void find_place(struct lsp_call *call) {
    struct lsp_position position;
    struct str uri = rpc_text(call->params, "textDocument.uri");
    if (uri.len) call->doc = lsp_documents_find(&call->server->documents, uri);
    if (call->doc && lsp_position_read(rpc_at(call->params, "position"), &position))
        call->offset = lsp_offset_at(&call->doc->lines, position);
}

static void answer(struct lsp_call *call, const struct value *id) {
    struct arena *a = call->arena;
    struct str result = call->result.text.len ? buf_str(&call->result.text) : STR("null");
    struct str text = call->failure.len ? rpc_failure(a, id, call->code, call->failure) : rpc_response(a, id, result);
    send(call->server, a, text);
}

/* Why a message is not handled; nothing is said of a notification. */
static void check_call(struct lsp_call *call, const struct rpc_message *rpc, const struct lsp_method *method) {
    const struct lsp_server *s = call->server;
    bool begins = str_eq(rpc->method, STR("initialize"));
    if (!s->initialized && !begins) lsp_fail(call, RPC_NOT_INITIALIZED, STR("initialize comes first"));
    else if (s->initialized && begins) lsp_fail(call, RPC_INVALID_REQUEST, STR("initialize comes once"));
    else if (s->shut_down) lsp_fail(call, RPC_INVALID_REQUEST, STR("the server is shut down"));
    else if (!method)
        lsp_fail(call, RPC_METHOD_NOT_FOUND,
                 arena_printf(call->arena, "the method %.*s is not known", STR_ARG(rpc->method)));
    else if (method->answers && !rpc->id) lsp_fail(call, RPC_INVALID_REQUEST, STR("a request needs an id"));
}

static void handle(struct lsp_server *s, struct lsp_message *message) {
    const struct rpc_message *rpc = &message->rpc;
    const struct lsp_method *method = find_method(rpc->method);
    struct lsp_call call = {.server = s, .arena = &message->arena, .params = rpc->params, .failure = STR("")};
    call.result = emit_in(call.arena);
    check_call(&call, rpc, method);
    if (message->cancelled) lsp_fail(&call, RPC_REQUEST_CANCELLED, STR("the request was cancelled"));
    if (method && method->handle == lsp_exit) call.failure = STR(""); /* it is heard at any time */
    if (!call.failure.len) {
        find_place(&call);
        method->handle(&call);
    }
    if (rpc->id) answer(&call, rpc->id);
}

/* ---- the loop ---- */

static void handle_next(struct lsp_server *s) {
    struct lsp_message *message = s->queue.items[0];
    s->queue.len--;
    memmove(s->queue.items, s->queue.items + 1, s->queue.len * sizeof *s->queue.items);
    handle(s, message);
    put_back(s, message);
}

static void serve(struct lsp_server *s) {
    while (!s->exited) {
        while (s->queue.len < QUEUE_MOST && !s->input.ended && system_readable(s->input.file, 0)) {
            frame_read(&s->input);
            take_messages(s);
        }
        if (s->queue.len) handle_next(s);
        else if (s->input.ended) return;
        else if (!lsp_server_work(s)) {
            frame_read(&s->input);
            take_messages(s);
        }
    }
}

struct lsp_chart *lsp_call_chart(struct lsp_call *call) {
    struct lsp_server *s = call->server;
    struct lsp_chart *chart = call->doc ? call->doc->chart : NULL;
    bool checked = chart && lsp_chart_check(&s->charts, chart);
    return checked ? chart : NULL;
}

bool lsp_serve(const struct lsp_options *options) {
    struct lsp_server server = {.options = options, .input = {.file = options->input}};
    server.charts.overrides = options->overrides;
    server.charts.documents = &server.documents;
    serve(&server);
    bool asked = server.shut_down;
    for (uint32_t i = 0; i < server.queue.len; i++) arena_free(&server.queue.items[i]->arena);
    for (uint32_t i = 0; i < server.idle.len; i++) arena_free(&server.idle.items[i]->arena);
    lsp_charts_free(&server.charts);
    lsp_manifests_free(&server.manifests);
    lsp_documents_free(&server.documents);
    frame_input_free(&server.input);
    arena_free(&server.arena);
    return asked;
}
