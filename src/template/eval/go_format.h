/* How Go's fmt prints values. */
#ifndef TEMPLATE_EVAL_GO_FORMAT_H
#define TEMPLATE_EVAL_GO_FORMAT_H

#include "template/eval/go_value.h"

/* Adds `v` as fmt.Fprint prints it (%v; <nil> for nil), with its runs and holes. */
void go_print(struct go_text *text, const struct go_value *v);

/* fmt.Fprintf: adds `format` (known) with `args` put in. */
void go_printf(struct go_text *text, struct str format, const struct go_value *args, uint32_t count);

/* What a verb's flags ask for. */
struct go_flags {
    bool minus, plus, sharp, space, zero;
    bool sharp_v, plus_v; /* # and + of %v mean something else */
    bool has_width, has_precision;
    int width, precision;
};

/* Adds `v` as `verb` prints it. */
void go_print_verb(struct go_text *text, const struct go_value *v, uint32_t verb, const struct go_flags *flags);

/* The String method of a value that has one, called; NULL for any other. */
const struct go_value *go_stringer(struct go_env *env, const struct go_value *v);

#endif
