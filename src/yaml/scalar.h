/* What a plain scalar's text means. */
#ifndef YAML_SCALAR_H
#define YAML_SCALAR_H

#include "value/value.h"

enum scalar_kind { SCALAR_NULL, SCALAR_BOOL, SCALAR_INT, SCALAR_UINT, SCALAR_FLOAT, SCALAR_STRING };

struct scalar {
    enum scalar_kind kind;
    bool plain; /* it is written in a form that means the same in every dialect: true, 42 */
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

/* What a text may be by its first byte: only a string, a word with a meaning, a number. */
enum scalar_hint { HINT_STRING, HINT_WORD, HINT_SIGN, HINT_DIGIT };
extern const uint8_t SCALAR_HINTS[256];

/* Whether a text is a string in every dialect, as most are: a quick look, which may say no of a string. */
static inline bool scalar_is_plain_string(struct str text) {
    return text.len > 0 && SCALAR_HINTS[(unsigned char)text.ptr[0]] <= (text.len > 5 ? HINT_WORD : HINT_STRING);
}

/* Whether both mean the same. */
bool scalar_equal(const struct scalar *a, const struct scalar *b);

/* What `text` (read as `s`) is, in words: "the boolean true", "the number 420", "the string \"on\"", "null". */
struct str scalar_words(struct arena *a, struct str text, const struct scalar *s);

/* The value that Helm makes of it: each number passes through a 64-bit float. `text` is taken for a string. */
struct value scalar_value(struct str text, const struct scalar *s);

#endif
