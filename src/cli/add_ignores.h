/* --add-ignores: comments that suppress the findings that stand. */
#ifndef CLI_ADD_IGNORES_H
#define CLI_ADD_IGNORES_H

#include "cli/command.h"

/* Checks all charts of the operands, and writes a comment for each finding into its values file; names the files. Gives
 * the exit status to end with, or EXIT_CLEAN to go on with the check of what is left. A file that may not be written,
 * or whose values a comment would change, is left as it is, with a warning. */
int ignores_add(struct arena *a, const struct options *options);

#endif
