/* JSON text to values and back. Reading is jansson's; the spans are ours. */
#ifndef VALUE_JSON_H
#define VALUE_JSON_H

#include "base/buf.h"
#include "value/value.h"

struct json_error {
    uint32_t offset;   /* where in the text, in bytes */
    char message[256]; /* without a position */
};

/* Reads the JSON document `text` (any kind of value at its root) into `*out`, whose strings live in the arena and
 * whose spans are offsets in `text`. Duplicate keys are an error. On failure `*out` is null. */
bool json_parse(struct arena *a, struct str text, struct value *out, struct json_error *error);

enum json_style {
    JSON_ONE_LINE, /* without spaces */
    JSON_PRETTY,   /* two spaces a level */
    JSON_ORDERED,  /* the same, with the keys in the order of the map */
};

/* Writes `v` with the keys of its maps in byte order (unless it is JSON_ORDERED) and numbers as Go's encoding/json
 * prints them, as Helm does. */
void json_write(struct buf *out, const struct value *v, enum json_style style);

/* Writes `s` as a JSON string, quotes included. Bytes that are no UTF-8 become U+FFFD; what must not reach a log
 * as it is (base/clean.h) is escaped, which is the same text to whoever parses it. */
void json_write_string(struct buf *out, struct str s);

/* Writes a scalar as a Helm template prints it: numbers are 64-bit floats there, and print as Go's %v does (1e+06 for
 * 1000000); nothing for null. */
void json_print_scalar(struct buf *out, const struct value *scalar);

/* Writes a number as Go's encoding/json does. */
void json_write_number(struct buf *out, const struct value *number);

/* The version of jansson that runs, such as "2.14"; static. */
const char *json_library_version(void);

#endif
