/* The rules in CEL, on the values of one file. */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "chart/chart.h"
#include "check/reporter.h"
#include "schema/schema.h"

/* A rule that does not hold, for its fix. */
struct rules_hit {
    const struct rule *rule;
    const struct str *keys; /* of the value at its `at` */
    uint32_t count;
    const struct value *self;
    struct span span; /* of the finding */
};

struct rules_hits VEC(struct rules_hit);

/* What the rules look at. */
struct rules_subject {
    const struct value *values;
    const struct chart *chart;
    const struct violations *violations; /* of the schema: no rule speaks of a value that does not fit it */
    bool overlay;                        /* then a rule runs only where all that it reads stands here */
    struct rules_hits *hits;             /* gets those rules that have a fix; may be NULL */
    const struct legacy_state *legacy;   /* what stands at old places; may be NULL */
};

/* Fills `slots` (RULE_VARIABLES of them) with what expressions can name on this file; `self` and the like stay unbound.
 */
void rules_slots(struct reporter *f, const struct rules_subject *subject, struct cel_value *slots);

/* Adds a finding for each rule that does not hold, given the slots of rules_slots. For a rule between charts (one with
 * group_by) it is a finding whose message is what the charts of a group have in common: rules_take_members turns it
 * into something else. */
void rules_check(struct reporter *f, const struct rules_subject *subject, const struct cel_value *slots);

/* What one chart has in common with others, perhaps. */
struct rules_member {
    const struct rule *rule;
    enum severity severity;
    struct str key;  /* what it is */
    struct str path; /* dotted, of the value */
    struct span span;
};

struct rules_members VEC(struct rules_member);

/* Takes the findings of rules between charts out of f->findings, and puts them into `members`. */
void rules_take_members(struct reporter *f, struct rules_members *members);

#endif
