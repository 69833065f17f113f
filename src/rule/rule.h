/* Rules: what valuelint checks, as data (the files in rules/). A rule that is `builtin` is decided in C, and bound by its id;
 * its entry holds what people read of it. */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include "base/map.h"
#include "rule/document.h"
#include "text/finding.h"

struct rule {
    struct check check;
    struct str section; /* title of the file that it stands in */
    struct str why;
    bool builtin;
    const struct document *document;
    const struct value *entry; /* in the document */
};

struct rule_set {
    struct VEC(struct rule *) rules; /* in order of their ids */
    struct map by_id;
};

/* Adds the rules of `document`; false where one of them is broken: then `problems` has grown, and none was added. */
bool rule_set_add(struct arena *a, struct rule_set *set, const struct document *document, struct problems *problems);

/* Adds all rules that are built into the program. */
void rule_set_add_embedded(struct arena *a, struct rule_set *set);

/* The rule of that id, or NULL. */
const struct rule *rule_find(const struct rule_set *set, struct str id);

/* Whether `selector` (an id, a prefix of ids such as `VL4`, a name, or ALL) means `check`. */
bool rule_selected(struct str selector, const struct check *check);

/* Whether any rule of the set is meant by `selector`. */
bool rule_set_knows(const struct rule_set *set, struct str selector);

#endif
