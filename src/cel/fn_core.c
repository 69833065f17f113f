/* size, type, dyn, and the conversions between scalars (langdef.md, "List of Standard Definitions"). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "cel/eval.h"
#include "cel/url.h"

static void run_size(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    const struct cel_value *v = &args[0];
    if (v->kind == CEL_LIST) set_int(out, list_len(v));
    else if (v->kind == CEL_MAP) set_int(out, cel_map_len(v));
    else if (v->kind == CEL_BYTES) set_int(out, (int64_t)v->string.len);
    else if (cel_eval_charge_bytes(e, v->string.len, out)) set_int(out, (int64_t)utf8_count(v->string));
}

static void run_type(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    out->kind = CEL_TYPE;
    out->type = args[0].kind;
    out->origin = NULL;
}

static void run_same(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    *out = args[0];
}

static void fail_convert(struct cel_eval *e, struct cel_value *out, const struct cel_value *v, const char *type) {
    struct str text = v->kind == CEL_STRING ? str_slice(v->string, 0, 60) : cel_kind_name(v->kind);
    cel_eval_failf(e, out, "type conversion error: `%.*s` is no %s", STR_ARG(text), type);
}

/* The text of a number, with a NUL behind it; false where it is too long or holds what no number has. */
static bool number_text(struct str s, char *text, size_t size, const char *allowed) {
    if (s.len == 0 || s.len >= size) return false;
    for (size_t i = 0; i < s.len; i++)
        if (!s.ptr[i] || !strchr(allowed, s.ptr[i])) return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    return true;
}

static void run_int(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    const struct cel_value *v = &args[0];
    char text[64], *end;

    switch (v->kind) {
    case CEL_UINT:
        if (v->uinteger > INT64_MAX) cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("this uint does not fit an int"));
        else set_int(out, (int64_t)v->uinteger);
        return;
    case CEL_DOUBLE: /* both ends are excluded: they may be the rounding of a number beyond */
        if (v->real > -9223372036854775808.0 && v->real < 9223372036854775808.0) set_int(out, (int64_t)v->real);
        else cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("this double does not fit an int"));
        return;
    case CEL_TIMESTAMP: set_int(out, v->time.seconds); return;
    case CEL_STRING:
        errno = 0;
        if (!number_text(v->string, text, sizeof text, "+-0123456789")) {
            fail_convert(e, out, v, "int");
            return;
        }
        set_int(out, strtoll(text, &end, 10));
        if (*end || end == text || errno) fail_convert(e, out, v, "int");
        return;
    default: *out = *v; return;
    }
}

static void run_uint(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    const struct cel_value *v = &args[0];
    char text[64], *end;

    switch (v->kind) {
    case CEL_INT:
        if (v->integer < 0) cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("a negative int does not fit a uint"));
        else set_uint(out, (uint64_t)v->integer);
        return;
    case CEL_DOUBLE:
        if (v->real > -1.0 && v->real < 18446744073709551616.0 && !(v->real < 0)) set_uint(out, (uint64_t)v->real);
        else cel_eval_fail(e, out, CEL_FAULT_RANGE, STR("this double does not fit a uint"));
        return;
    case CEL_STRING:
        errno = 0;
        if (!number_text(v->string, text, sizeof text, "0123456789")) {
            fail_convert(e, out, v, "uint");
            return;
        }
        set_uint(out, strtoull(text, &end, 10));
        if (*end || errno) fail_convert(e, out, v, "uint");
        return;
    default: *out = *v; return;
    }
}

static void run_double(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    const struct cel_value *v = &args[0];
    static const struct {
        struct str name;
        double value;
    } names[] = {{STR_INIT("NaN"), NAN},       {STR_INIT("Infinity"), INFINITY},
                 {STR_INIT("Inf"), INFINITY},  {STR_INIT("+Infinity"), INFINITY},
                 {STR_INIT("+Inf"), INFINITY}, {STR_INIT("-Infinity"), -INFINITY},
                 {STR_INIT("-Inf"), -INFINITY}};
    char text[512], *end;

    if (v->kind == CEL_INT) {
        set_double(out, (double)v->integer);
    } else if (v->kind == CEL_UINT) {
        set_double(out, (double)v->uinteger);
    } else if (v->kind == CEL_DOUBLE) {
        *out = *v;
    } else {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (!str_eq(v->string, names[i].name)) continue;
            set_double(out, names[i].value);
            return;
        }
        bool ok = number_text(v->string, text, sizeof text, "+-.0123456789eE");
        set_double(out, ok ? strtod(text, &end) : 0);
        if (!ok || *end || end == text || isinf(out->real)) fail_convert(e, out, v, "double");
    }
}

static void run_bool(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    static const struct str yes[] = {STR_INIT("1"), STR_INIT("t"), STR_INIT("true"), STR_INIT("TRUE"),
                                     STR_INIT("True")};
    static const struct str no[] = {STR_INIT("0"), STR_INIT("f"), STR_INIT("false"), STR_INIT("FALSE"),
                                    STR_INIT("False")};

    if (args[0].kind == CEL_BOOL) {
        *out = args[0];
        return;
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        bool is_yes = str_eq(args[0].string, yes[i]), is_no = str_eq(args[0].string, no[i]);
        if (!is_yes && !is_no) continue;
        set_bool(out, is_yes);
        return;
    }
    fail_convert(e, out, &args[0], "bool");
}

static void run_string(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    const struct cel_value *v = &args[0];
    size_t at;

    if (!cel_eval_charge(e, 4, out)) return;
    switch (v->kind) {
    case CEL_INT: set_string(out, arena_printf(e->arena, "%lld", (long long)v->integer)); return;
    case CEL_UINT: set_string(out, arena_printf(e->arena, "%llu", (unsigned long long)v->uinteger)); return;
    case CEL_DOUBLE: set_string(out, double_text(e->arena, v->real)); return;
    case CEL_BOOL: set_string(out, v->boolean ? STR("true") : STR("false")); return;
    case CEL_TIMESTAMP: set_string(out, timestamp_text(e->arena, v->time)); return;
    case CEL_DURATION: set_string(out, duration_text(e->arena, v->time)); return;
    case CEL_BYTES:
        if (!cel_eval_charge_bytes(e, v->string.len, out)) return;
        at = utf8_valid_len(v->string);
        if (at == v->string.len) set_string(out, v->string);
        else cel_eval_failf(e, out, "invalid UTF-8 at byte %zu of these bytes", at);
        return;
    case CEL_URL: set_string(out, v->url->text); return;
    default: *out = *v; return;
    }
}

static void run_bytes(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_text(out, CEL_BYTES, args[0].string);
}

#define SIZED (KIND(CEL_STRING) | KIND(CEL_BYTES) | KIND(CEL_LIST) | KIND(CEL_MAP))
#define TEXTS (KIND(CEL_STRING) | KIND(CEL_BYTES))

static const struct cel_function functions[] = {
    {STR_INIT("size"), false, 1, {SIZED}, CEL_INT, run_size},
    {STR_INIT("size"), true, 1, {SIZED}, CEL_INT, run_size},
    {STR_INIT("type"), false, 1, {KIND_ANY}, CEL_TYPE, run_type},
    {STR_INIT("dyn"), false, 1, {KIND_ANY}, CEL_DYN, run_same},
};

static const struct cel_function conversions[] = {
    {STR_INIT("int"), false, 1, {KIND_NUMBER | KIND(CEL_STRING) | KIND(CEL_TIMESTAMP)}, CEL_INT, run_int},
    {STR_INIT("uint"), false, 1, {KIND_NUMBER | KIND(CEL_STRING)}, CEL_UINT, run_uint},
    {STR_INIT("double"), false, 1, {KIND_NUMBER | KIND(CEL_STRING)}, CEL_DOUBLE, run_double},
    {STR_INIT("bool"), false, 1, {KIND(CEL_BOOL) | KIND(CEL_STRING)}, CEL_BOOL, run_bool},
    {STR_INIT("string"),
     false,
     1,
     {KIND_NUMBER | TEXTS | KIND(CEL_BOOL) | KIND_TIME | KIND(CEL_URL)},
     CEL_STRING,
     run_string},
    {STR_INIT("bytes"), false, 1, {TEXTS}, CEL_BYTES, run_bytes},
};

const struct cel_table fn_core = CEL_TABLE(functions);
const struct cel_table fn_convert = CEL_TABLE(conversions);
