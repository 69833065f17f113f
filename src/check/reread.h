/* Files that were checked and let go, read again for a report at the end of the run. */
#ifndef CHECK_REREAD_H
#define CHECK_REREAD_H

#include "base/file.h"
#include "text/source.h"

/* Reads the file at `path`, or the one of `texts` (may be NULL) that stands in its place, into `source`, with its
 * lines, and gives `span` in it; an empty one at 0 where the file is gone, or is no longer `length` bytes long. */
struct span reread(struct arena *a, const struct file_texts *texts, struct str path, uint32_t length, struct span span,
                   struct source *source);

#endif
