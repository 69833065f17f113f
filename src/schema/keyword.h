/* The keywords of all drafts: what each one's value must be, and what it becomes in the node. */
#ifndef SCHEMA_KEYWORD_H
#define SCHEMA_KEYWORD_H

#include "schema/compile.h"

struct keyword_rule {
    struct str name; /* `ptr` NULL in the entry behind the last one */
    uint8_t drafts;  /* bits: 1 << enum schema_draft */
    uint8_t vocabulary;
    bool (*compile)(struct compiler *c, struct schema_node *node, const struct member *m); /* false: error set */
};

extern const struct keyword_rule KEYWORDS_OF_VALUES[];
extern const struct keyword_rule KEYWORDS_OF_STRUCTURE[];

/* Sets the error that the value of `m` must be `what`; returns false. */
bool keyword_fail(struct compiler *c, struct schema_node *node, const struct member *m, const char *what);

/* A length or count into `out`. */
bool keyword_count(struct compiler *c, struct schema_node *node, const struct member *m, uint32_t *out);

/* The regular expression `pattern`, compiled once for the whole schema; NULL with the error set at `span`. */
const struct regex *keyword_regex(struct compiler *c, struct schema_node *node, const char *keyword, struct str pattern,
                                  struct span span);

/* Completes what takes several keywords together, when all of a schema object's have been compiled. */
void keyword_finish(struct compiler *c, struct schema_node *node);

#define D7 (1 << SCHEMA_DRAFT_7)
#define D19 (1 << SCHEMA_DRAFT_2019_09)
#define D20 (1 << SCHEMA_DRAFT_2020_12)
#define ALL (D7 | D19 | D20)
#define RULE(name, drafts, vocabulary, function)                                                                       \
    { STR_INIT(name), drafts, VOCABULARY_##vocabulary, function }

#endif
