/* CEL, the Common Expression Language (github.com/google/cel-spec), over values from files: parse, check, evaluate.
 *
 *     struct cel_variable variables[] = {{STR("self"), NULL}};
 *     const struct cel_env *env = cel_env_make(&arena, &(struct cel_options){.variables = variables, .count = 1});
 *     const struct cel_program *program = cel_compile(&arena, env, STR("self.min <= self.max"), &error);
 *     struct cel_value slots[] = {cel_from_value(&tree)};
 *     struct cel_value result = cel_eval(program, slots, &scratch, CEL_BUDGET_DEFAULT);
 *
 * Errors of an evaluation are values (CEL_ERROR): `||` and `&&` can absorb them, and a result may be one. Not in this
 * implementation: protobuf messages and enums, optional values. */
#ifndef CEL_CEL_H
#define CEL_CEL_H

#include "value/value.h"

enum cel_kind {
    CEL_ERROR, /* zero, so that a slot that was never set is an error too */
    CEL_NULL,
    CEL_BOOL,
    CEL_INT,
    CEL_UINT,
    CEL_DOUBLE,
    CEL_STRING,
    CEL_BYTES,
    CEL_LIST,
    CEL_MAP,
    CEL_TYPE,
    CEL_TIMESTAMP,
    CEL_DURATION,
    CEL_QUANTITY, /* Kubernetes' number with a suffix */
    CEL_URL,
    CEL_DYN, /* of a static type only: not known before the evaluation */
};

#define CEL_KIND_COUNT (CEL_DYN + 1)

enum cel_fault {
    CEL_FAULT_UNBOUND, /* a variable without a value */
    CEL_FAULT_NO_KEY,
    CEL_FAULT_NO_OVERLOAD,
    CEL_FAULT_OVERFLOW,
    CEL_FAULT_DIVISION,
    CEL_FAULT_MODULUS,
    CEL_FAULT_RANGE,
    CEL_FAULT_BUDGET, /* fatal: no operator absorbs it */
    CEL_FAULT_REGEX,  /* fatal as well: a match that went over its limit */
    CEL_FAULT_OTHER,  /* its detail is the whole message */
};

struct cel_map;
struct cel_url;
struct cel_value;

struct cel_list {
    const struct cel_value *items;
    uint32_t len;
};

/* Seconds and nanoseconds [0, 1e9) since 1970-01-01T00:00:00Z, or of a duration (then -0.5 s is -1 s + 5e8 ns). */
struct cel_time {
    int64_t seconds;
    int32_t nanos;
};

/* A 128-bit number of 1e-9 units, in two halves. */
struct cel_quantity {
    int64_t high;
    uint64_t low;
};

/* A value while an expression is evaluated. It lives as long as the arena of the evaluation, the program and the file's
 * values that it may point to. */
struct cel_value {
    enum cel_kind kind;
    enum cel_fault fault; /* of an error */
    union {
        bool boolean;
        int64_t integer;
        uint64_t uinteger;
        double real;
        struct str string;         /* of a string, of bytes, and the detail of an error */
        struct cel_list list;      /* where origin is NULL */
        const struct cel_map *map; /* where origin is NULL */
        enum cel_kind type;
        struct cel_time time;
        struct cel_quantity quantity;
        const struct cel_url *url;
    };
    union {
        const struct value
            *origin;      /* the file's value that this one is, or NULL; a list or map of a file is read there */
        struct span span; /* of an error: where in the expression it arose */
    };
};

/* What is known of a type before the evaluation. */
struct cel_type {
    enum cel_kind kind;
    const struct cel_type *key;  /* of a map; NULL: dyn */
    const struct cel_type *elem; /* of a list's items or a map's values; NULL: dyn */
};

/* cel_types[kind]: the type of that kind, with dyn inside where it is a list or map. */
extern const struct cel_type cel_types[CEL_KIND_COUNT];

struct cel_variable {
    struct str name;             /* may hold dots */
    const struct cel_type *type; /* NULL: dyn */
};

struct cel_options {
    const struct cel_variable *variables; /* a variable's slot is its index */
    uint32_t count;
    struct str container; /* the namespace in which names are looked up first; empty for none */
    bool unchecked;       /* wrong names and types are errors of the evaluation, not of the compilation */
};

struct cel_env;
struct cel_program;

/* What names mean: the variables, and all functions. Immutable, shared by all programs; lives in the arena. */
const struct cel_env *cel_env_make(struct arena *a, const struct cel_options *options);

struct cel_error {
    struct span span;   /* bytes of the expression's text */
    struct str message; /* for a person, without a final full stop */
};

/* Compiles `text` (which must live as long as the program). On failure NULL, and `error` says where and why. Programs
 * are immutable and may be shared by threads. */
const struct cel_program *cel_compile(struct arena *a, const struct cel_env *env, struct str text,
                                      struct cel_error *error);

/* The static type of the program's result: kind CEL_DYN where it is not known. */
const struct cel_type *cel_program_type(const struct cel_program *program);

/* One step is about one node of the expression, one element of a list or 32 bytes of a text. */
#define CEL_BUDGET_DEFAULT ((uint64_t)1000000)

/* Evaluates `program` with `slots[i]` as the value of the environment's variable i (a zero slot: not bound). What the
 * result needs is made in `scratch`, which the caller may reset when the result is no longer used; scalars need
 * nothing. At most about `budget` steps are taken, and about 32 bytes of memory for each: beyond it the result is
 * CEL_FAULT_BUDGET. */
struct cel_value cel_eval(const struct cel_program *program, const struct cel_value *slots, struct arena *scratch,
                          uint64_t budget);

/* The value `v` of a file as CEL sees it, not copied (int for whole numbers, string keys in maps); null for NULL. */
struct cel_value cel_from_value(const struct value *v);

/* A string that is not from a file. */
struct cel_value cel_from_string(struct str s);

/* `v` as a JSON-like value: bytes, types, times, quantities, URLs as text, keys of maps as text. A value of a file
 * comes back as it was. An error, or a uint over 2^63: false. */
bool cel_to_value(struct arena *a, const struct cel_value *v, struct value *out);

/* `v` as text for a message: strings as they are, lists and maps as `format`'s %s prints them, an error's message. */
struct str cel_to_text(struct arena *a, const struct cel_value *v);

/* What the error value `v` says, in one line without a final full stop. */
struct str cel_error_text(struct arena *a, const struct cel_value *v);

/* Whether `v` is exactly true; an error or any other value is not. */
static inline bool cel_is_true(const struct cel_value *v) {
    return v->kind == CEL_BOOL && v->boolean;
}

/* "int", "string", "map", "google.protobuf.Timestamp", ... */
struct str cel_kind_name(enum cel_kind kind);

/* One step of a path that a program reads: a key, or any key or index where `key.ptr` is NULL. */
struct cel_step {
    struct str key;
};

/* A path that a program reads, from the variable `slot` down. The first `required` steps must lead somewhere, or the
 * evaluation fails; and if the first `tested` steps lead somewhere, all must: in
 * `has(self.a.b) && self.a.b.c > 1`, self.a is required, self.a.b tested, and self.a.b.c stands behind that test.
 * Without a test, required = tested = count. */
struct cel_read {
    uint32_t slot;
    uint32_t count;
    uint32_t required;
    uint32_t tested;
    bool conditional; /* read only if another condition in the program lets it (`&&`, `||`, `?:`) */
    const struct cel_step *steps;
    struct span span; /* where the program reads it, first */
};

/* The paths that `program` reads, each once, in the order in which they are written. A test is `has(path)` or
 * `'key' in path`, seen through `&&`, `||`, `!` and `?:`. What a macro iterates over is a path with a step of any key.
 */
const struct cel_read *cel_program_reads(struct arena *a, const struct cel_program *program, uint32_t *count);

/* `self.a["b-c"][*].d`, for a person. */
struct str cel_read_text(struct arena *a, const struct cel_program *program, const struct cel_read *read);

#endif
