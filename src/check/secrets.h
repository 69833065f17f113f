/* The secrets of a values file that a text alone does not show: what the standard says is one, at its place and at old
 * places, and how the values of keys that name one are read. */
#ifndef CHECK_SECRETS_H
#define CHECK_SECRETS_H

#include "check/reporter.h"

/* Adds them to `f->source`, before secrets_find. */
void lint_secrets(struct reporter *f, const struct value *values);

#endif
