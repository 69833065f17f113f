/* Compiling a rule's expressions, and saying what is wrong with them at their place in the rule's file. */
#ifndef RULE_COMPILE_H
#define RULE_COMPILE_H

#include "rule/fix.h"

struct rule_compiler {
    struct arena *arena;
    const struct cel_env *env;
    struct problems *problems;
};

/* The names that a rule's expressions know, with `self` of a type (NULL: any). */
const struct cel_env *rule_compile_env(struct arena *a, const struct cel_type *self);

/* Compiles the texts of `rule`, sets its programs and paths, and checks its messages and its fix; false where
 * something is wrong. */
bool rule_compile(struct rule_compiler *c, struct rule *rule);

/* Adds a problem at the bytes `part` of the string `at` (NULL: of the whole rule) in the file of `rule`. */
void rule_problem(struct rule_compiler *c, const struct rule *rule, const struct value *at, struct span part,
                  struct str message, struct str help);

/* The value of the rule's entry that holds the text `which`, or NULL. */
const struct value *rule_text_source(const struct rule *rule, enum rule_text which);

/* The same for the path `index` of its `at`. */
const struct value *rule_at_source(const struct rule *rule, uint32_t index);

#endif
