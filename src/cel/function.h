/* Functions: how they are declared, and what they may use while they run. Each theme is a fn_*.c file with a table of
 * struct cel_function; function.c names the tables. */
#ifndef CEL_FUNCTION_H
#define CEL_FUNCTION_H

#include "base/map.h"
#include "cel/ast.h"

#define CEL_ARGS_MAX 4

struct cel_eval;

/* A set of kinds, for what an argument may be. */
#define KIND(kind) (1u << (kind))
#define KIND_ANY (~0u)
#define KIND_NUMBER (KIND(CEL_INT) | KIND(CEL_UINT) | KIND(CEL_DOUBLE))
#define KIND_TIME (KIND(CEL_TIMESTAMP) | KIND(CEL_DURATION))

struct cel_function {
    struct str name; /* with its namespace, as in strings.quote */
    bool method;     /* called as args[0].name(args[1], ...) */
    uint8_t count;   /* of arguments, the receiver included */
    uint32_t args[CEL_ARGS_MAX];
    enum cel_kind result;
    /* `args` are of the kinds declared; `out` is not one of them. */
    void (*run)(struct cel_eval *e, const struct cel_value *args, struct cel_value *out);
    uint8_t pattern; /* which argument is a regular expression; 0 for none */
};

struct cel_table {
    const struct cel_function *functions;
    uint32_t count;
};

/* A table of `array`, for the end of a fn_*.c file. */
#define CEL_TABLE(array)                                                                                               \
    { (array), sizeof(array) / sizeof *(array) }

extern const struct cel_table fn_core, fn_convert, fn_time, fn_string, fn_format, fn_list, fn_regex, fn_quantity,
    fn_url;

/* All functions of one name. */
struct cel_overloads {
    struct str name;
    const struct cel_function **items;
    uint32_t len;
};

struct cel_env {
    const struct cel_variable *variables;
    uint32_t variable_count;
    struct map slots;     /* name -> &variables[slot] */
    struct map functions; /* name -> struct cel_overloads */
    struct str container;
    bool dotted; /* a variable's name holds dots, or there is a container */
    bool unchecked;
};

#endif
