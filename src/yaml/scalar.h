/* What a plain scalar's text means. */
#ifndef YAML_SCALAR_H
#define YAML_SCALAR_H

#include "value/value.h"

enum scalar_kind { SCALAR_NULL, SCALAR_BOOL, SCALAR_INT, SCALAR_UINT, SCALAR_FLOAT, SCALAR_STRING };

struct scalar {
    enum scalar_kind kind;
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural; /* SCALAR_UINT: above 2^63 - 1 */
        double real;      /* may be infinite or NaN */
    };
};

/* As go-yaml v2 resolves it, without a tag. A text that looks like a date is a string. */
struct scalar scalar_resolve_helm(struct str text);

/* As YAML 1.2's core schema does (chapter 10.3.2). Whole numbers beyond 64 bits are floats here. */
struct scalar scalar_resolve_core(struct str text);

/* Whether both mean the same. */
bool scalar_equal(const struct scalar *a, const struct scalar *b);

/* What `text` (read as `s`) is, in words: "the boolean true", "the number 420", "the string \"on\"", "null". */
struct str scalar_words(struct arena *a, struct str text, const struct scalar *s);

/* The value that Helm makes of it: each number passes through a 64-bit float. `text` is taken for a string. */
struct value scalar_value(struct str text, const struct scalar *s);

#endif
