/* The examples of a rule as texts that people read: for explain and docs. */
#ifndef CLI_SAMPLE_H
#define CLI_SAMPLE_H

#include "base/vec.h"
#include "rule/rule.h"

/* A text of an example, and what it is: "Bad", "Good, `templates/service.yaml`". */
struct sample {
    struct str title, text;
    const char *language; /* of the text, as Markdown's fences name it; may be "" */
};

struct samples VEC(struct sample);

/* Adds the texts of `example`, an item of the rule's examples, in the order in which they are read: the files that both
 * sides share, the bad side, the good one, and the bad one as the fix leaves it. */
void samples_add(struct arena *a, const struct rule *rule, const struct value *example, struct samples *samples);

#endif
