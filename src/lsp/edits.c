#include "lsp/edits.h"

#include "base/path.h"
#include "lsp/uri.h"

static void put_edits(struct lsp_call *call, struct emit *out, const char *key, const struct lsp_edit_file *file) {
    struct lsp_lines lines = lsp_source_lines(call, file->source);
    if (key) emit_key(out, key);
    emit_open(out, '[');
    for (uint32_t i = 0; i < file->edits.len; i++) {
        emit_open(out, '{');
        lsp_put_range(out, "range", &lines, file->edits.items[i].span);
        emit_put_text(out, "newText", file->edits.items[i].text);
        emit_close(out, '}');
    }
    emit_close(out, ']');
}

static void put_document(struct lsp_call *call, struct emit *out, const struct lsp_edit_file *file) {
    struct str path = path_absolute(call->arena, file->source->path);
    const struct lsp_document *doc = lsp_documents_at(&call->server->documents, path);
    emit_open(out, '{');
    emit_key(out, "textDocument");
    emit_open(out, '{');
    emit_put_text(out, "uri", lsp_server_uri(call->server, call->arena, path));
    emit_key(out, "version");
    if (doc) emit_number(out, doc->version);
    else emit_null(out);
    emit_close(out, '}');
    put_edits(call, out, "edits", file);
    emit_close(out, '}');
}

void lsp_put_edit(struct lsp_call *call, struct emit *out, const struct lsp_edits *files) {
    bool versions = call->server->client.document_changes;
    emit_open(out, '{');
    emit_key(out, versions ? "documentChanges" : "changes");
    emit_open(out, versions ? '[' : '{');
    for (uint32_t i = 0; i < files->len; i++) {
        struct str path = path_absolute(call->arena, files->items[i].source->path);
        if (versions) {
            put_document(call, out, &files->items[i]);
            continue;
        }
        struct str uri = lsp_server_uri(call->server, call->arena, path);
        emit_key(out, arena_str(call->arena, uri).ptr);
        put_edits(call, out, NULL, &files->items[i]);
    }
    emit_close(out, versions ? ']' : '}');
    emit_close(out, '}');
}

bool lsp_edits_of(struct lsp_call *call, const struct fix_result *fixed, struct lsp_edits *files) {
    for (uint32_t i = 0; i < fixed->files.len; i++) {
        const struct source *source = &fixed->files.items[i].source;
        const struct lsp_document *doc =
            lsp_documents_at(&call->server->documents, path_absolute(call->arena, source->path));
        if (doc && !str_eq(doc->lines.text, source->text)) {
            files->len = 0;
            return false;
        }
        vec_push(call->arena, files, (struct lsp_edit_file){source, fixed->files.items[i].edits});
    }
    return true;
}

struct fix_result *lsp_plan(struct lsp_call *call, struct lsp_chart *chart, const struct settings *settings,
                            bool unsafe, const struct fix_rename *rename) {
    struct lint_request request = lsp_chart_request(&call->server->charts, chart);
    struct tmpl_memo *templates = arena_new(call->arena, struct tmpl_memo);
    struct fix_result *fixed = arena_new(call->arena, struct fix_result);
    templates->arena = call->arena;
    struct fix_request plan = {.checks = request.checks,
                               .settings = settings,
                               .paths = request.paths,
                               .texts = request.texts,
                               .buffers = request.buffers,
                               .unsafe = unsafe,
                               .templates = templates,
                               .world = request.world,
                               .rename = rename};
    fix_chart(call->arena, &plan, fixed);
    return fixed;
}
