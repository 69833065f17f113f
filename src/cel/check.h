/* Names to slots, functions to implementations, and types where they are known. */
#ifndef CEL_CHECK_H
#define CEL_CHECK_H

#include "cel/function.h"

/* Checks `program` (its root as the parser left it) against its environment and folds what is constant. False with
 * `error` set where a name, a function or a type is wrong. */
bool cel_check(struct arena *a, struct cel_program *program, struct cel_error *error);

#endif
