/* The room of the language server: what an editor asks while a chart is written, answered by the rooms below. It reads
 * messages (frame.h, rpc.h), keeps the texts that an editor has not saved (documents.h) and what is in force for the
 * charts around them (charts.h), and has one file for each kind of request (request.h). It decides nothing about a
 * chart itself, and writes no file: editors do, with the edits that they are given.
 *
 * One thread does it all. Messages are read as they come; charts are checked while none waits, so that of many edits
 * in a row the last one counts, and a request that is cancelled before its turn costs nothing. */
#ifndef LSP_LSP_H
#define LSP_LSP_H

#include "config/config.h"

struct lsp_options {
    const struct config_overrides *overrides; /* what the command line says */
    int input, output;                        /* open files */
    struct str docs_url;                      /* of the rule pages; empty for none */
};

/* Serves one client until it says `exit`, or nothing comes any more. True where it had asked for a shutdown before, as
 * the protocol has it. */
bool lsp_serve(const struct lsp_options *options);

#endif
