/* The tables of functions; each ends with an entry without a name. A new file of functions adds its table here and to
 * the list in function.c. */
#ifndef TEMPLATE_EVAL_FN_TABLE_H
#define TEMPLATE_EVAL_FN_TABLE_H

#include "template/eval/function.h"

/* All tables; NULL at the end. */
extern const struct go_function *const FN_TABLES[];

extern const struct go_function FN_CORE[];    /* fn_core.c: text/template's own, and those that need the interpreter */
extern const struct go_function FN_COMPARE[]; /* fn_compare.c: eq, lt and so on */
extern const struct go_function FN_INDEX[];   /* fn_index.c: index, slice, len */

#endif
