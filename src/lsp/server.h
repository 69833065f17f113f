/* The state of the server, and what the requests share. */
#ifndef LSP_SERVER_H
#define LSP_SERVER_H

#include "lsp/charts.h"
#include "lsp/documents.h"
#include "lsp/frame.h"
#include "lsp/lsp.h"
#include "lsp/manifests.h"
#include "lsp/rpc.h"

/* A message that waits for its turn. */
struct lsp_message {
    struct arena arena;
    struct rpc_message rpc;
    bool cancelled;
};

/* What the client can do, as far as it matters. */
struct lsp_client {
    bool document_changes; /* edits of workspaces with versions */
    bool action_literals;  /* code actions with edits; else commands alone */
    bool show_document;
    bool watches_files; /* didChangeWatchedFiles can be registered */
    bool markdown;      /* in hovers */
    bool hierarchical_symbols;
};

struct lsp_server {
    const struct lsp_options *options;
    struct arena arena; /* lives as long as the server */
    struct frame_input input;
    struct VEC(struct lsp_message *) queue; /* in order */
    struct VEC(struct lsp_message *) idle;  /* to be used again */
    struct lsp_documents documents;
    struct lsp_charts charts;
    struct lsp_manifests manifests;
    struct lsp_client client;
    int64_t next_id; /* of requests to the client */
    bool initialized, shut_down, exited;
};

/* A request while it is answered. */
struct lsp_call {
    struct lsp_server *server;
    struct arena *arena; /* goes when the call is over */
    const struct value *params;
    struct emit result;       /* nothing was added: null */
    enum rpc_error code;      /* with `failure` */
    struct str failure;       /* why it cannot be answered; empty where it can */
    struct lsp_document *doc; /* of params.textDocument; NULL where that is not open */
    uint32_t offset;          /* of params.position in it; 0 where there is none */
};

/* Gives the failure of a call. */
void lsp_fail(struct lsp_call *call, enum rpc_error code, struct str message);

/* Sends a notification, or a request of which the answer does not matter. */
void lsp_notify(struct lsp_server *server, struct arena *scratch, const char *method, struct str params);
void lsp_ask(struct lsp_server *server, struct arena *scratch, const char *method, struct str params);

/* Checks the chart of the call's document, unless that is fresh. NULL where it has none, or none that can be checked.
 */
struct lsp_chart *lsp_call_chart(struct lsp_call *call);

/* Publishes what the last check of the chart found, or what is wrong with its configuration; and takes back what was
 * published before. */
void lsp_publish(struct lsp_server *server, struct lsp_chart *chart);

/* The same for one file. */
void lsp_publish_file(struct lsp_server *server, struct str path);

/* Takes back what is published for the chart. */
void lsp_unpublish(struct lsp_server *server, struct lsp_chart *chart);

/* The URI of a file: the one that the client gave where it is open. */
struct str lsp_server_uri(const struct lsp_server *server, struct arena *a, struct str path);

/* Does a part of the work that nobody waits for: one chart is checked and published. False where there is none. */
bool lsp_server_work(struct lsp_server *server);

#endif
