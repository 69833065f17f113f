/* Where each line of an output comes from. */
#ifndef RENDER_TRACE_H
#define RENDER_TRACE_H

#include "template/eval/go_value.h"

/* The lines of `text` with the template that printed each and the values that it shows: for people, or as JSON, an
 * array with an object for each line. `text` was made with env.trace. */
struct str trace_text(struct arena *a, const struct go_value *text, bool json);

#endif
