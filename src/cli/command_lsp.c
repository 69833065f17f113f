#include "cli/session.h"
#include "lsp/lsp.h"

int command_lsp(struct arena *a, const struct options *options) {
    struct config_overrides overrides = session_overrides(options);
    struct str docs = STR(VALUELINT_DOCS);
    bool address = str_find(docs, STR("://")) < docs.len; /* else a folder, which no editor knows */
    struct lsp_options lsp = {.overrides = &overrides, .input = 0, .output = 1, .docs_url = address ? docs : STR("")};
    (void)a;
    return lsp_serve(&lsp) ? EXIT_CLEAN : EXIT_FINDINGS;
}
