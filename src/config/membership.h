/* Whether a chart without any configuration is one of the built-in standard. */
#ifndef CONFIG_MEMBERSHIP_H
#define CONFIG_MEMBERSHIP_H

#include "config/standard.h"

/* Whether `values`, those of a chart's values.yaml, are to be checked against the built-in `standard`; see
 * membership.c. It depends on nothing but them. */
bool membership_holds(const struct standard *standard, const struct value *values);

#endif
