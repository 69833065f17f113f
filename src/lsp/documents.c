#include "lsp/documents.h"

#include "base/path.h"
#include "chart/boundary.h"
#include "lsp/rpc.h"
#include "lsp/uri.h"

/* Gives the document a text, which is copied. */
static void set_text(struct lsp_document *document, struct str text) {
    struct arena *next = &document->arenas[!document->turn];
    arena_reset(next);
    text = arena_str(next, text);
    document->lines = lsp_lines_of(next, text, false);
    document->turn = !document->turn;
}

struct lsp_document *lsp_documents_open(struct lsp_documents *documents, struct arena *a, struct str uri,
                                        int64_t version, struct str text) {
    struct lsp_document *document = lsp_documents_find(documents, uri);
    for (uint32_t i = 0; !document && i < documents->len; i++)
        if (!documents->items[i]->open) document = documents->items[i];
    if (!document) {
        document = arena_new(a, struct lsp_document);
        vec_push(a, documents, document);
    }
    if (!document->open) {
        arena_reset(&document->names);
        document->path = lsp_uri_path(&document->names, uri);
        if (document->path.len == 0) return NULL;
        document->real = boundary_real(&document->names, document->path);
        document->uri = arena_str(&document->names, uri);
        document->chart = NULL;
        document->stale = document->is_manifest = false;
        document->open = true;
    }
    document->version = version;
    set_text(document, text);
    return document;
}

void lsp_documents_close(struct lsp_document *document) {
    document->open = false;
    arena_free(&document->arenas[0]);
    arena_free(&document->arenas[1]);
    document->lines = (struct lsp_lines){STR(""), NULL, 0, false};
}

static bool change(struct lsp_document *document, const struct value *change) {
    const struct value *range = value_get(change, STR("range")), *text = value_get(change, STR("text"));
    struct lsp_position start, end;
    if (!text || text->kind != VALUE_STRING) return false;
    if (!range || range->kind == VALUE_NULL) {
        set_text(document, text->string);
        return true;
    }
    if (!lsp_position_read(value_get(range, STR("start")), &start) ||
        !lsp_position_read(value_get(range, STR("end")), &end))
        return false;
    struct str old = document->lines.text;
    uint32_t from = lsp_offset_at(&document->lines, start), to = lsp_offset_at(&document->lines, end);
    if (to < from) return false;
    if (from + text->string.len + (old.len - to) > INPUT_MAX) return false;
    struct buf out = buf_in(&document->arenas[!document->turn]);
    arena_reset(out.arena);
    buf_add(&out, str_slice(old, 0, from));
    buf_add(&out, text->string);
    buf_add(&out, str_slice(old, to, old.len));
    buf_add_char(&out, '\0');
    document->lines = lsp_lines_of(out.arena, (struct str){out.ptr, out.len - 1}, false);
    document->turn = !document->turn;
    return true;
}

bool lsp_documents_change(struct lsp_document *document, int64_t version, const struct value *changes) {
    if (!changes || changes->kind != VALUE_LIST) return false;
    document->version = version;
    for (uint32_t i = 0; i < changes->list.len; i++)
        if (!change(document, &changes->list.items[i])) return false;
    return true;
}

struct lsp_document *lsp_documents_find(const struct lsp_documents *documents, struct str uri) {
    for (uint32_t i = 0; i < documents->len; i++)
        if (documents->items[i]->open && str_eq(documents->items[i]->uri, uri)) return documents->items[i];
    return NULL;
}

struct lsp_document *lsp_documents_at(const struct lsp_documents *documents, struct str path) {
    for (uint32_t i = 0; i < documents->len; i++)
        if (documents->items[i]->open &&
            (str_eq(documents->items[i]->path, path) || str_eq(documents->items[i]->real, path)))
            return documents->items[i];
    return NULL;
}

struct file_texts lsp_documents_texts(const struct lsp_documents *documents, struct arena *a) {
    struct file_texts texts = {NULL, 0, 0};
    for (uint32_t i = 0; i < documents->len; i++) {
        const struct lsp_document *document = documents->items[i];
        struct str text = document->open ? arena_str(a, document->lines.text) : STR("");
        if (!document->open) continue;
        vec_push(a, &texts, (struct file_text){arena_str(a, document->path), text});
        if (!str_eq(document->real, document->path))
            vec_push(a, &texts, (struct file_text){arena_str(a, document->real), text});
        /* Files that a configuration names are called as seen from the current folder. */
        struct str shown = path_relative(document->path, path_absolute(a, STR(".")));
        if (!str_eq(shown, document->path)) vec_push(a, &texts, (struct file_text){arena_str(a, shown), text});
    }
    return texts;
}

void lsp_documents_free(struct lsp_documents *documents) {
    for (uint32_t i = 0; i < documents->len; i++) {
        arena_free(&documents->items[i]->arenas[0]);
        arena_free(&documents->items[i]->arenas[1]);
        arena_free(&documents->items[i]->names);
    }
}
