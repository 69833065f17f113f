/* JSON text, member by member; the commas come by themselves. */
#ifndef LSP_EMIT_H
#define LSP_EMIT_H

#include "base/buf.h"
#include "base/span.h"
#include "value/value.h"

struct emit {
    struct buf text;
    bool comma; /* a value stands before what is added next */
};

static inline struct emit emit_in(struct arena *a) {
    return (struct emit){buf_in(a), false};
}

/* `{` or `[`, `}` or `]`. */
void emit_open(struct emit *out, char bracket);
void emit_close(struct emit *out, char bracket);
/* The key of the member that comes next; plain ASCII. */
void emit_key(struct emit *out, const char *key);
void emit_text(struct emit *out, struct str text);
void emit_number(struct emit *out, int64_t number);
void emit_bool(struct emit *out, bool truth);
void emit_null(struct emit *out);
void emit_value(struct emit *out, const struct value *value);
/* JSON that was made before. */
void emit_raw(struct emit *out, struct str json);

/* A member with its value. */
void emit_put_text(struct emit *out, const char *key, struct str text);
void emit_put_number(struct emit *out, const char *key, int64_t number);
void emit_put_bool(struct emit *out, const char *key, bool truth);

#endif
