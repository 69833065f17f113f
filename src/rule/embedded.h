/* What scripts/embed.py made of schema/ and rules/. */
#ifndef RULE_EMBEDDED_H
#define RULE_EMBEDDED_H

#include "base/embed.h"

extern const struct embedded EMBEDDED[];

#endif
