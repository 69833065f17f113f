/* A text as Helm's YAML library reads it (go-yaml v2), to our tree: accepted where it accepts, with the same values. */
#ifndef YAML_GRAMMAR_H
#define YAML_GRAMMAR_H

#include "yaml/build.h"

enum grammar_outcome {
    GRAMMAR_READ,
    GRAMMAR_REFUSES,
    GRAMMAR_IGNORES_REST, /* Helm reads the first document, and stops at something that is no other one */
};

/* Reads b->text from `start` on into b->tree. It is UTF-8 without control characters. Unless it is GRAMMAR_READ,
 * `issue` says why, as a YAML_REFUSED, and what was built is to be thrown away. A text is refused, too, where only a
 * later document is wrong, at which Helm 3 never looks. */
enum grammar_outcome grammar_read(struct build *b, uint32_t start, struct yaml_issue *issue);

#endif
