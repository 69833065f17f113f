/* An evaluation at work, for the evaluator and the functions. */
#ifndef CEL_EVAL_H
#define CEL_EVAL_H

#include "base/buf.h"
#include "cel/function.h"
#include "cel/quantity.h"

#define CEL_LOCALS 8

struct cel_eval {
    struct arena *arena; /* of this evaluation */
    const struct cel_value *slots;
    struct cel_value *locals; /* of macros */
    uint64_t budget;          /* steps left */
    enum cel_fault fatal;     /* CEL_FAULT_BUDGET or _REGEX once one has ended the evaluation, else _UNBOUND */
    struct span fatal_span;
    const struct cel_node *call; /* that runs */
    void *regex_scratch;         /* of fn_regex.c: one for all matches */
};

void cel_eval_node(struct cel_eval *e, const struct cel_node *node, struct cel_value *out);

/* Takes `steps` from the budget; false when it is used up: `out` is then that error. */
bool cel_eval_charge(struct cel_eval *e, uint64_t steps, struct cel_value *out);

/* The same for a text of `bytes`. */
static inline bool cel_eval_charge_bytes(struct cel_eval *e, size_t bytes, struct cel_value *out) {
    return cel_eval_charge(e, bytes / 32 + 1, out);
}

/* Makes `out` an error at the call at hand. */
void cel_eval_fail(struct cel_eval *e, struct cel_value *out, enum cel_fault fault, struct str detail);
void cel_eval_failf(struct cel_eval *e, struct cel_value *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void cel_eval_index_error(struct cel_eval *e, struct cel_value *out, int64_t index);
/* Ends the evaluation: no operator absorbs this error. */
void cel_eval_fatal(struct cel_eval *e, struct cel_value *out, enum cel_fault fault);

/* Values. */
static inline void set_bool(struct cel_value *out, bool b) {
    out->kind = CEL_BOOL;
    out->boolean = b;
    out->origin = NULL;
}

static inline void set_int(struct cel_value *out, int64_t i) {
    out->kind = CEL_INT;
    out->integer = i;
    out->origin = NULL;
}

static inline void set_uint(struct cel_value *out, uint64_t u) {
    out->kind = CEL_UINT;
    out->uinteger = u;
    out->origin = NULL;
}

static inline void set_double(struct cel_value *out, double d) {
    out->kind = CEL_DOUBLE;
    out->real = d;
    out->origin = NULL;
}

static inline void set_text(struct cel_value *out, enum cel_kind kind, struct str s) {
    out->kind = kind;
    out->string = s;
    out->origin = NULL;
}

static inline void set_string(struct cel_value *out, struct str s) {
    set_text(out, CEL_STRING, s);
}

static inline void set_list(struct cel_value *out, const struct cel_value *items, uint32_t len) {
    out->kind = CEL_LIST;
    out->list = (struct cel_list){items, len};
    out->origin = NULL;
}

static inline void set_time(struct cel_value *out, enum cel_kind kind, struct cel_time time) {
    out->kind = kind;
    out->time = time;
    out->origin = NULL;
}

/* Makes `out` the file's value `v`. */
void cel_value_wrap(const struct value *v, struct cel_value *out);

/* Lists and maps, whether of a file or made here. */
uint32_t list_len(const struct cel_value *list);
void list_item(const struct cel_value *list, uint32_t index, struct cel_value *out);

struct cel_map {
    struct cel_value *keys; /* int, uint, bool, string */
    struct cel_value *values;
    uint32_t len;
    uint32_t slot_count; /* of the index; 0 in small maps */
    uint32_t *slots;     /* index + 1, or 0 */
};

uint32_t cel_map_len(const struct cel_value *map);
void cel_map_entry(const struct cel_value *map, uint32_t index, struct cel_value *key, struct cel_value *value);
/* The value of `key` in `out`; false where there is none. */
bool cel_map_find(const struct cel_value *map, const struct cel_value *key, struct cel_value *out);
bool cel_map_find_name(const struct cel_value *map, struct str name, uint32_t hash, struct cel_value *out);
/* An empty map with room for `len` entries. */
struct cel_map *cel_map_make(struct arena *a, uint32_t len);
/* Adds an entry (there must be room); false where the key is there already. */
bool cel_map_add(struct cel_map *map, const struct cel_value *key, const struct cel_value *value);
bool cel_map_is_key(const struct cel_value *key);

/* Whether two values are equal; numbers are by their value, of whatever kind. Charges the budget for what it walks;
 * when that is used up, it is false and the evaluation has ended. */
bool cel_values_equal(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b);
/* Order of two values of comparable kinds in `order` (<0, 0, >0; 2 for a NaN); false where they have none. */
bool cel_values_compare(const struct cel_value *a, const struct cel_value *b, int *order);

/* Arithmetic and comparison, `out` being no argument. */
void cel_eval_binary(struct cel_eval *e, enum op op, const struct cel_value *a, const struct cel_value *b,
                     struct cel_value *out);
void cel_eval_negate(struct cel_eval *e, const struct cel_value *a, struct cel_value *out);
void cel_eval_add(struct cel_eval *e, const struct cel_value *a, const struct cel_value *b, struct cel_value *out);
/* "no such overload", with the kinds that were given. */
void cel_eval_no_overload(struct cel_eval *e, struct cel_value *out, const char *what, const struct cel_value *args,
                          uint32_t count);

/* Macros. */
void cel_eval_loop(struct cel_eval *e, const struct cel_node *node, struct cel_value *out);

/* Times. */
#define NANOS_PER_SECOND 1000000000
bool time_make(enum cel_kind kind, int128 nanos, struct cel_time *out);
static inline int128 time_nanos(struct cel_time t) {
    return (int128)t.seconds * NANOS_PER_SECOND + t.nanos;
}
bool timestamp_parse(struct str s, struct cel_time *out);
bool duration_parse(struct str s, struct cel_time *out);
struct str timestamp_text(struct arena *a, struct cel_time t);
struct str duration_text(struct arena *a, struct cel_time t);

/* Texts of values. */
struct str double_text(struct arena *a, double d);
/* As `%s` prints it; false where it cannot be (an error inside). */
bool cel_value_text(struct cel_eval *e, struct buf *out, const struct cel_value *v, struct cel_value *error);

/* Regular expressions. */
/* Compiles a pattern into the arena, with all of its memory; NULL with `message` and the byte `offset` of the mistake.
 */
const struct cel_regex *cel_regex_compile(struct arena *a, struct str pattern, struct str *message, uint32_t *offset);

#endif
