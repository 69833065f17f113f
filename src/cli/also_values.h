/* The files that --also-values names. */
#ifndef CLI_ALSO_VALUES_H
#define CLI_ALSO_VALUES_H

#include "cli/options.h"

/* The files that match one of options->also_values, each once, in the order of their paths; hidden files and folders
 * only where a pattern names them. A pattern that matches nothing is told as a warning. */
struct str_list also_values_find(struct arena *a, const struct options *options);

#endif
