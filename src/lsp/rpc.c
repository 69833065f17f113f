#include "lsp/rpc.h"

#include "value/json.h"

bool rpc_read(struct arena *a, struct str text, struct rpc_message *message, enum rpc_error *error) {
    struct value *root = arena_new(a, struct value);
    struct json_error problem;
    *message = (struct rpc_message){.method = STR("")};
    *error = RPC_PARSE_ERROR;
    if (!json_parse(a, text, root, &problem)) return false;
    *error = RPC_INVALID_REQUEST;
    if (root->kind != VALUE_MAP || !str_eq(rpc_text(root, "jsonrpc"), STR("2.0"))) return false;
    const struct value *id = value_get(root, STR("id")), *params = value_get(root, STR("params"));
    if (id && (id->kind == VALUE_STRING || value_is_number(id))) message->id = id;
    else if (id && id->kind != VALUE_NULL) return false;
    if (params && params->kind != VALUE_NULL) message->params = params;
    message->method = rpc_text(root, "method");
    bool response = value_get(root, STR("result")) || value_get(root, STR("error"));
    return message->method.len || (message->id && response);
}

bool rpc_same_id(const struct value *one, const struct value *other) {
    return one && other && value_equal(one, other);
}

static struct emit begin(struct arena *a, const struct value *id, bool has_id) {
    struct emit out = emit_in(a);
    emit_open(&out, '{');
    emit_put_text(&out, "jsonrpc", STR("2.0"));
    if (!has_id) return out;
    emit_key(&out, "id");
    if (id) emit_value(&out, id);
    else emit_null(&out);
    return out;
}

static struct str end(struct emit *out) {
    emit_close(out, '}');
    return buf_str(&out->text);
}

struct str rpc_response(struct arena *a, const struct value *id, struct str result) {
    struct emit out = begin(a, id, true);
    emit_key(&out, "result");
    emit_raw(&out, result);
    return end(&out);
}

struct str rpc_failure(struct arena *a, const struct value *id, enum rpc_error code, struct str message) {
    struct emit out = begin(a, id, true);
    emit_key(&out, "error");
    emit_open(&out, '{');
    emit_put_number(&out, "code", code);
    emit_put_text(&out, "message", message);
    emit_close(&out, '}');
    return end(&out);
}

struct str rpc_notification(struct arena *a, const char *method, struct str params) {
    struct emit out = begin(a, NULL, false);
    emit_put_text(&out, "method", str_from(method));
    emit_key(&out, "params");
    emit_raw(&out, params);
    return end(&out);
}

struct str rpc_request(struct arena *a, int64_t id, const char *method, struct str params) {
    struct value number = {.kind = VALUE_INT, .integer = id};
    struct emit out = begin(a, &number, true);
    emit_put_text(&out, "method", str_from(method));
    emit_key(&out, "params");
    emit_raw(&out, params);
    return end(&out);
}

const struct value *rpc_at(const struct value *params, const char *path) {
    struct str rest = str_from(path), key;
    while (params && str_split_next(&rest, '.', &key)) params = value_get(params, key);
    return params;
}

struct str rpc_text(const struct value *params, const char *path) {
    const struct value *value = rpc_at(params, path);
    return value && value->kind == VALUE_STRING ? value->string : STR("");
}

int64_t rpc_number(const struct value *params, const char *path, int64_t otherwise) {
    const struct value *value = rpc_at(params, path);
    return value && value->kind == VALUE_INT ? value->integer : otherwise;
}

bool rpc_true(const struct value *params, const char *path) {
    const struct value *value = rpc_at(params, path);
    return value && value->kind == VALUE_BOOL && value->boolean;
}
