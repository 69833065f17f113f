/* file: URIs and paths. */
#ifndef LSP_URI_H
#define LSP_URI_H

#include "base/arena.h"

/* The absolute, normalized path that a file: URI names (NUL behind it); empty for any other URI. */
struct str lsp_uri_path(struct arena *a, struct str uri);

/* The file: URI of a path; one that is not absolute is taken from the current folder. */
struct str lsp_uri_of(struct arena *a, struct str path);

#endif
