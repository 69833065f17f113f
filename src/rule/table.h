/* What is built in, as rule_table.c and standard_table.c write it at build time. */
#ifndef RULE_TABLE_H
#define RULE_TABLE_H

#include "rule/rule.h"

extern const struct rule RULE_TABLE[];
extern const uint32_t RULE_TABLE_LEN;

extern const struct value STANDARD_TABLE; /* schema/values.schema.json */

#endif
