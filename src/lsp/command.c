/* workspace/executeCommand: the commands that code actions name. */
#include "lsp/request.h"
#include "rule/rule.h"

/* The rule of that id, with what people read of it. */
static const struct rule *find_rule(struct arena *a, struct str id) {
    struct rule_set *set = arena_new(a, struct rule_set);
    rule_set_add_embedded(a, set);
    for (uint32_t i = 0; i < set->rules.len; i++)
        if (str_eq(set->rules.items[i]->check.id, id)) return set->rules.items[i];
    return NULL;
}

/* The page of the rule, where the build knows one; else what it says in a message. */
static void open_rule(struct lsp_call *call, struct str id) {
    struct emit out = emit_in(call->arena);
    struct str docs = call->server->options->docs_url;
    const struct rule *rule = find_rule(call->arena, id);
    if (!rule) {
        lsp_fail(call, RPC_INVALID_PARAMS, arena_printf(call->arena, "there is no rule %.*s", STR_ARG(id)));
        return;
    }
    emit_open(&out, '{');
    if (docs.len && call->server->client.show_document) {
        emit_put_text(&out, "uri", arena_printf(call->arena, "%.*s/%.*s.md", STR_ARG(docs), STR_ARG(id)));
        emit_put_bool(&out, "external", true);
        emit_close(&out, '}');
        lsp_ask(call->server, call->arena, "window/showDocument", buf_str(&out.text));
        return;
    }
    emit_put_number(&out, "type", 3); /* info */
    emit_put_text(&out, "message",
                  arena_printf(call->arena, "%.*s %.*s: %.*s\n\n%.*s\n\nvaluelint explain %.*s tells all of it",
                               STR_ARG(id), STR_ARG(rule->check.name), STR_ARG(rule->check.summary), STR_ARG(rule->why),
                               STR_ARG(id)));
    emit_close(&out, '}');
    lsp_notify(call->server, call->arena, "window/showMessage", buf_str(&out.text));
}

void lsp_execute_command(struct lsp_call *call) {
    const struct value *arguments = rpc_at(call->params, "arguments");
    bool known = str_eq(rpc_text(call->params, "command"), LSP_OPEN_RULE);
    const struct value *id =
        arguments && arguments->kind == VALUE_LIST && arguments->list.len ? &arguments->list.items[0] : NULL;
    if (!known) lsp_fail(call, RPC_INVALID_PARAMS, STR("unknown command"));
    else if (!id || id->kind != VALUE_STRING) lsp_fail(call, RPC_INVALID_PARAMS, STR("the command takes a rule's id"));
    else open_rule(call, id->string);
}
