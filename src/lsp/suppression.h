/* The comment that suppresses a finding. */
#ifndef LSP_SUPPRESSION_H
#define LSP_SUPPRESSION_H

#include "check/lint.h"
#include "text/edit.h"

/* The edit of the values file that adds it: at the end of the finding's line, where nothing stands in the way, to the
 * comment that is there; else on a line above; for a finding about the file as a whole, at the top. False where no
 * comment can do it. */
bool lsp_suppression(struct arena *a, const struct lint_file *file, const struct finding *finding, struct edit *edit);

#endif
