/* How Go's fmt prints values. */
#ifndef TEMPLATE_EVAL_GO_FORMAT_H
#define TEMPLATE_EVAL_GO_FORMAT_H

#include "template/eval/go_value.h"

/* Adds `v` as fmt.Fprint prints it (%v; <nil> for nil), with its runs and holes. */
void go_print(struct go_text *text, const struct go_value *v);

#endif
