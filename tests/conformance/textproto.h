/* As much of protobuf's text format as google/cel-spec's test files use. */
#ifndef TEXTPROTO_H
#define TEXTPROTO_H

#include "base/arena.h"
#include "base/vec.h"

struct field;

struct message {
    struct field *items;
    uint32_t len;
    uint32_t cap;
};

/* `name: value` or `name { ... }`; a repeated field is there several times. */
struct field {
    struct str name;        /* an extension's is written [type.url] */
    struct str text;        /* of a scalar: an unescaped string, or a word or number as written */
    struct message message; /* empty for a scalar */
    bool is_message;
};

/* Reads all of `text`; false with a message and the line of the mistake. */
bool textproto_parse(struct arena *a, struct str text, struct message *out, const char **error, uint32_t *line);

/* The first field `name`, or NULL. */
const struct field *message_field(const struct message *m, const char *name);
/* The message in field `name`, or NULL. */
const struct message *message_child(const struct message *m, const char *name);
/* The scalar in field `name`, or an empty string. */
struct str message_text(const struct message *m, const char *name);

#endif
