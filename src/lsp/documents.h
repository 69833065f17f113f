/* The texts that an editor has open: they take the place of what the files hold. */
#ifndef LSP_DOCUMENTS_H
#define LSP_DOCUMENTS_H

#include "base/file.h"
#include "lsp/position.h"

struct lsp_chart;

struct lsp_document {
    struct arena arenas[2]; /* of the text now, and of the one before: they take turns */
    int turn;
    struct arena names; /* of what follows */
    struct str uri;     /* as the editor writes it */
    struct str path;    /* absolute, normalized */
    struct str real;    /* the same without links; as it is where nothing stands there yet */
    int64_t version;
    struct lsp_lines lines;  /* with the text */
    struct lsp_chart *chart; /* that it is a part of; NULL for none */
    bool is_manifest;        /* of a mesh */
    bool stale;              /* it is part of no chart, and its diagnostics are to be published anew */
    bool open;
};

struct lsp_documents VEC(struct lsp_document *);

/* Opens a document, or takes one anew that is open. A slot that was closed is used again. NULL where `uri` names no
 * file. */
struct lsp_document *lsp_documents_open(struct lsp_documents *documents, struct arena *a, struct str uri,
                                        int64_t version, struct str text);
void lsp_documents_close(struct lsp_document *document);

/* Makes the changes of a didChange notification, each to the text that the one before left; a change without a range is
 * the whole text. False where one is none: then the rest is not made. */
bool lsp_documents_change(struct lsp_document *document, int64_t version, const struct value *changes);

/* The open document at `uri`, or at the path; NULL for none. */
struct lsp_document *lsp_documents_find(const struct lsp_documents *documents, struct str uri);
struct lsp_document *lsp_documents_at(const struct lsp_documents *documents, struct str path);

/* Copies of the texts of all that are open. */
struct file_texts lsp_documents_texts(const struct lsp_documents *documents, struct arena *a);

void lsp_documents_free(struct lsp_documents *documents);

#endif
