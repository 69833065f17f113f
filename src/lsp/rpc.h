/* JSON-RPC 2.0: requests, notifications and responses. */
#ifndef LSP_RPC_H
#define LSP_RPC_H

#include "lsp/emit.h"
#include "value/value.h"

/* Codes of errors, of JSON-RPC and of the protocol. */
enum rpc_error {
    RPC_PARSE_ERROR = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_METHOD_NOT_FOUND = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_NOT_INITIALIZED = -32002,
    RPC_REQUEST_CANCELLED = -32800,
    RPC_REQUEST_FAILED = -32803,
};

struct rpc_message {
    struct str method;          /* empty for a response */
    const struct value *id;     /* of a request or a response: a string or a number; NULL for a notification */
    const struct value *params; /* NULL where there are none */
};

/* Reads a message. False where `text` is none: then `*error` says what it is instead. */
bool rpc_read(struct arena *a, struct str text, struct rpc_message *message, enum rpc_error *error);

/* Whether two ids are the same. */
bool rpc_same_id(const struct value *one, const struct value *other);

/* The texts of messages. `id` may be NULL: it is not known. */
struct str rpc_response(struct arena *a, const struct value *id, struct str result);
struct str rpc_failure(struct arena *a, const struct value *id, enum rpc_error code, struct str message);
struct str rpc_notification(struct arena *a, const char *method, struct str params);
struct str rpc_request(struct arena *a, int64_t id, const char *method, struct str params);

/* The string, or the whole number, at a path of keys with dots between them; empty, or `otherwise`, where there is
 * none. */
struct str rpc_text(const struct value *params, const char *path);
int64_t rpc_number(const struct value *params, const char *path, int64_t otherwise);
bool rpc_true(const struct value *params, const char *path);
const struct value *rpc_at(const struct value *params, const char *path);

#endif
