/* What people read of a rule, from its entry: for explain, rules and docs. */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/options.h"
#include "rule/rule.h"

/* All rules with their texts: those that are built in, those of --rules, and those that the configuration of the
 * current folder names, for all charts or for some. False: `problems` has grown. */
bool page_load_rules(struct arena *a, const struct options *options, struct rule_set *set, struct problems *problems);

/* Adds `text` in lines of at most `width` columns, each behind `indent` spaces. An empty line ends a paragraph. */
void page_wrap(struct buf *out, struct str text, size_t indent, size_t width);

/* Adds the lines of `text`, each behind `indent` spaces; empty ones stay empty. */
void page_lines(struct buf *out, struct str text, size_t indent);

/* Adds the operations of the rule's fix, a line each. */
void page_fix(struct buf *out, const struct rule *rule, size_t indent);

/* The paths that the rule is about, as code with commas between them; empty for the values as a whole. */
struct str page_places(struct arena *a, const struct rule *rule);

/* "safe", "unsafe" or "no". */
struct str page_fixable(const struct rule *rule);

#endif
