/* The rules that are built in, as rule_table.c writes them at build time. */
#ifndef RULE_TABLE_H
#define RULE_TABLE_H

#include "rule/rule.h"

extern const struct rule RULE_TABLE[];
extern const uint32_t RULE_TABLE_LEN;

#endif
