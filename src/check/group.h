/* Rules between charts: what several charts have in common, found while the run goes, and told at its end. Of each
 * chart only its name, the place and the common thing are kept. */
#ifndef CHECK_GROUP_H
#define CHECK_GROUP_H

#include "check/lint.h"

struct group;

struct groups {
    struct arena *arena; /* of the run */
    const struct rule_set *rules;
    struct map by_key; /* rule and common thing -> struct group, in the order of their first charts */
};

/* Takes note of what the chart of `result` may have in common with others. Call it in the order of the charts. The
 * paths of its files must live as long as the groups. */
void groups_add(struct groups *groups, const struct lint_result *result);

/* Calls `report` with a finding for each group of two or more: on its first chart's file, with the others as related
 * places. In the order of the files, all findings of a file together. `file` lives for the call. */
void groups_report(const struct groups *groups, void (*report)(void *data, struct lint_file *file, struct str chart),
                   void *data);

#endif
