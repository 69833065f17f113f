/* Values, types and lists of them in words that a chart's author knows. */
#ifndef SCHEMA_WORDS_H
#define SCHEMA_WORDS_H

#include "base/buf.h"
#include "value/value.h"

/* Writes `v` for "..., not X": a scalar as it is (long ones cut), "a list", "an empty mapping". `with_kind` names the
 * kind too: the string "yes", the number 5. */
void words_value(struct buf *out, const struct value *v, bool with_kind);

/* Writes a string in quotes, cut where it is long. */
void words_quoted(struct buf *out, struct str s);

/* Writes a value that is allowed: a plain word without quotes, unless it could be read as something else. */
void words_choice(struct buf *out, const struct value *v);

/* Writes `a`, `b` and `c`, with "or" or "and" before the last; many are cut. */
void words_names(struct buf *out, const struct str *names, uint32_t count, const char *joint);

/* Writes the set of types: "a string or a whole number". */
void words_types(struct buf *out, uint8_t types);

/* The set that the name of a JSON type stands for; 0 for no such name. */
uint8_t words_type_named(struct str name);

/* Writes "1 item", "3 items". */
void words_count(struct buf *out, uint64_t count, const char *noun);

#endif
