/* What --fix will do to a file in a few lines: one for each rule, with the keys or moves that it is about. */
#ifndef REPORT_REPAIR_LIST_H
#define REPORT_REPAIR_LIST_H

#include "report/display.h"

/* Adds the lines for those findings of `file` that --fix repairs; nothing where there are none. A rule gets at most a
 * few lines of `width` columns, and says how much it leaves out. Leaves nothing in `scratch` that is needed later. */
void report_list_repairs(struct buf *out, struct arena *scratch, const struct report_file *file, unsigned width,
                         const struct palette *palette);

#endif
