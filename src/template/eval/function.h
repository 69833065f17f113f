/* Functions that templates call. A file fn_*.c holds a table of them, and `function.c` lists the tables.
 *
 * A signature says what Go's function takes and gives, one letter a type:
 *
 *     a interface{}   s string   i int   I int64   f float64   b bool   u uint64   B []uint8   t time.Time
 *     l []interface{}   S []string   m map[string]interface{}   M map[string]string   v reflect.Value
 *     *  behind a parameter: any number of these (the last parameter only)
 *     :  before the result; the result's letter is the kind of a hole that comes out where one went in
 *
 * "si:s" takes a string and an int and gives a string. The interpreter evaluates the arguments, converts constants,
 * counts and checks them with Go's own messages, and calls the C function with arguments of exactly these types (an `a`
 * may be anything, nil is GO_NIL there). Unless FN_HOLES is set, the function never sees a hole: where an argument
 * holds one, the result is a hole; and the result shows the paths that the arguments show. With FN_HOLES, an `s` may be
 * a string with holes, `a` and `v` may be a GO_HOLE or hold one, and lists and maps may hold them. A function that only
 * moves values about (dict, get, first) or copies stretches of text (indent, trimSuffix) should have it. */
#ifndef TEMPLATE_EVAL_FUNCTION_H
#define TEMPLATE_EVAL_FUNCTION_H

#include "template/eval/go_value.h"

enum {
    FN_HOLES = 1,  /* takes arguments with holes and hands on runs by itself */
    FN_HELM3 = 2,  /* Helm 3 alone has it */
    FN_HELM4 = 4,  /* Helm 4 alone has it */
    FN_RANDOM = 8, /* its result is a hole, whatever its arguments */
};

struct go_call {
    struct go_env *env;
    const struct go_function *function;
    const struct go_value *self; /* the receiver of a method; else NULL */
    const struct go_value *args;
    uint32_t count;
    struct go_value result; /* nil at first */
    struct str error;       /* Go's own text, without "error calling NAME: " */
};

struct go_function {
    const char *name;
    const char *signature;
    bool (*call)(struct go_call *call); /* false: it failed, `error` is set */
    uint8_t flags;
};

/* For `return go_fail(call, "...")`: sets the error and gives false. */
bool go_fail(struct go_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets the result, for `return go_give(call, ...)`; gives true. */
static inline bool go_give(struct go_call *call, struct go_value result) {
    call->result = result;
    return true;
}

/* Takes `bytes` off the budget before they are made; false (with the error set) where it is used up: for functions
 * whose result may be far larger than their arguments (repeat, until, indent). */
bool go_spend(struct go_call *call, uint64_t bytes);

/* The function `name` of Helm `helm`, or NULL. */
const struct go_function *go_function_find(struct str name, uint8_t helm);

#endif
