/* Fixes in the manifests of overlays: where a finding has one near name, it takes the place of what is written. Every
 * other byte stays. */
#ifndef MESH_MESH_FIX_H
#define MESH_MESH_FIX_H

#include "check/lint.h"
#include "text/edit.h"

/* Marks the findings of an overlay's file that --fix --unsafe-fixes can mend: what is written changes, and so does what
 * the cluster does. Each is tried: the text with it has the same manifests but for that one place. */
void mesh_mark_fixes(struct arena *a, struct lint_file *file);

/* The edits of all findings in `file` that are marked so, settled; false where there are none, or where they do not go
 * together. */
bool mesh_fixes_of(struct arena *a, const struct lint_file *file, struct edits *edits);

#endif
