/* The outline of a YAML document: its keys. */
#include "lsp/request.h"
#include "yaml/read.h"

/* Kinds of symbols, as the protocol numbers them. */
static int kind_of(const struct value *value) {
    static const int kinds[] = {[VALUE_NULL] = 21,   [VALUE_BOOL] = 17, [VALUE_INT] = 16, [VALUE_FLOAT] = 16,
                                [VALUE_STRING] = 15, [VALUE_LIST] = 18, [VALUE_MAP] = 2};
    return kinds[value->kind];
}

/* `within`: the text of the map. What stands outside of it came by an alias or a merge, and is listed where it stands.
 */
static void put_symbols(struct lsp_call *call, const struct value *map, struct span within, struct str container);

static void put_symbol(struct lsp_call *call, const struct member *member, struct str container) {
    struct emit *out = &call->result;
    const struct lsp_lines *lines = &call->doc->lines;
    bool tree = call->server->client.hierarchical_symbols;
    struct span whole = {member->key_span.start, member->key_span.end};
    /* What stands behind an alias, or comes from a merge, stands elsewhere. */
    if (member->value.span.start >= whole.end && member->value.span.end > whole.end) whole.end = member->value.span.end;
    emit_open(out, '{');
    emit_put_text(out, "name", member->key.len ? member->key : STR("\"\""));
    emit_put_number(out, "kind", kind_of(&member->value));
    if (tree) {
        lsp_put_range(out, "range", lines, whole);
        lsp_put_range(out, "selectionRange", lines, member->key_span);
        emit_key(out, "children");
        emit_open(out, '[');
        put_symbols(call, &member->value, whole, member->key);
        emit_close(out, ']');
        emit_close(out, '}');
        return;
    }
    emit_key(out, "location");
    emit_open(out, '{');
    emit_put_text(out, "uri", call->doc->uri);
    lsp_put_range(out, "range", lines, whole);
    emit_close(out, '}');
    emit_put_text(out, "containerName", container);
    emit_close(out, '}');
    put_symbols(call, &member->value, whole, member->key);
}

static void put_symbols(struct lsp_call *call, const struct value *map, struct span within, struct str container) {
    for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->map.len; i++)
        if (span_contains(within, map->map.members[i].key_span)) put_symbol(call, &map->map.members[i], container);
}

void lsp_document_symbol(struct lsp_call *call) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct value values;
    struct tree tree;
    bool yaml = call->doc && (str_ends(call->doc->path, STR(".yaml")) || str_ends(call->doc->path, STR(".yml")));
    struct source source = {.path = STR("")};
    if (yaml) source.text = call->doc->lines.text;
    emit_open(&call->result, '[');
    if (yaml && read_text_values(call->arena, &source, &tree, &values, &issues))
        put_symbols(call, &values, span_make(0, source.text.len), STR(""));
    emit_close(&call->result, ']');
}
