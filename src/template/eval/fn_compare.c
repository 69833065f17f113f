/* eq, ne, lt, le, gt and ge, with Go's ideas of what may be compared. */
#include "template/eval/fn_table.h"
#include "template/eval/go_format.h"

enum basic { BASIC_NONE, BASIC_BOOL, BASIC_INT, BASIC_UINT, BASIC_FLOAT, BASIC_STRING };

static enum basic basic_kind(const struct go_value *v) {
    switch (v->type->kind) {
    case GO_BOOL: return BASIC_BOOL;
    case GO_INT: return BASIC_INT;
    case GO_UINT: return BASIC_UINT;
    case GO_FLOAT: return BASIC_FLOAT;
    case GO_STRING: return BASIC_STRING;
    default: return BASIC_NONE;
    }
}

static struct str printed(struct go_call *call, const struct go_value *v, uint32_t verb) {
    static const struct go_flags plain = {false};
    struct go_text text = go_text_in(call->env);
    go_print_verb(&text, v, verb, &plain);
    return buf_str(&text.bytes);
}

static bool incompatible(struct go_call *call, const struct go_value *a, const struct go_value *b) {
    return go_fail(call, "incompatible types for comparison: %.*s and %.*s", STR_ARG(a->type->name),
                   STR_ARG(b->type->name));
}

/* A nil, or Go's nil of a map or list type. */
static bool is_nil_of_its_type(const struct go_value *v) {
    bool nil_list = go_kind(v) == GO_SLICE && v->type != &GO_TYPE_BYTES && !v->list.items;
    return go_is_nil(v) || nil_list || (v->type->kind == GO_MAP && v->map->nil);
}

static bool same_basic(const struct go_value *a, const struct go_value *b, enum basic kind) {
    switch (kind) {
    case BASIC_BOOL: return a->boolean == b->boolean;
    case BASIC_INT: return a->integer == b->integer;
    case BASIC_UINT: return a->natural == b->natural;
    case BASIC_FLOAT: return a->real == b->real;
    default: return str_eq(a->text, b->text);
    }
}

/* Of two that are no scalars. */
static bool equal_others(struct go_call *call, const struct go_value *a, const struct go_value *b, bool *equal) {
    if (!go_is_nil(a) && !go_is_nil(b) && a->type->kind != b->type->kind) {
        return go_fail(call, "non-comparable types %.*s: %.*s, %.*s: %.*s", STR_ARG(printed(call, a, 's')),
                       STR_ARG(a->type->name), STR_ARG(b->type->name), STR_ARG(printed(call, b, 'v')));
    }
    if (is_nil_of_its_type(a) || is_nil_of_its_type(b)) {
        *equal = is_nil_of_its_type(a) == is_nil_of_its_type(b);
        return true;
    }
    return go_fail(call, "non-comparable type %.*s: %.*s", STR_ARG(printed(call, b, 's')), STR_ARG(b->type->name));
}

/* Whether `a` equals `b` into `*equal`; false: they cannot be compared. */
static bool compare_equal(struct go_call *call, const struct go_value *a, const struct go_value *b, bool *equal) {
    enum basic ka = basic_kind(a), kb = basic_kind(b);
    *equal = false;
    if (ka == BASIC_INT && kb == BASIC_UINT) {
        *equal = a->integer >= 0 && (uint64_t)a->integer == b->natural;
    } else if (ka == BASIC_UINT && kb == BASIC_INT) {
        *equal = b->integer >= 0 && (uint64_t)b->integer == a->natural;
    } else if (ka != kb) {
        if (!go_is_nil(a) && !go_is_nil(b)) return incompatible(call, a, b);
    } else if (ka == BASIC_NONE) {
        return equal_others(call, a, b, equal);
    } else {
        *equal = same_basic(a, b, ka);
    }
    return true;
}

static bool unknown(struct go_call *call, const struct go_hole *hole) {
    return go_give(call, go_hole_like(call->env, &GO_TYPE_BOOL, hole));
}

/* How many bytes at the begin of a string are known. */
static size_t known_start(const struct go_value *string) {
    uint32_t from = 0;
    for (uint32_t i = 0; string->runs && i < string->runs->count; i++) {
        if (string->runs->items[i].hole) return from;
        from = string->runs->items[i].end;
    }
    return string->text.len;
}

/* Whether two texts with holes differ whatever the holes hold: their known beginnings or their lengths do. */
static bool differ_surely(const struct go_value *a, const struct go_value *b) {
    if (go_kind(a) != GO_STRING || go_kind(b) != GO_STRING) return false;
    size_t x = known_start(a), y = known_start(b), common = x < y ? x : y;
    if (common > 0 && memcmp(a->text.ptr, b->text.ptr, common) != 0) return true;
    int64_t la = go_text_length(a), lb = go_text_length(b);
    if (la >= 0 && lb >= 0) return la != lb;
    /* One is empty for sure, the other is not. */
    return (la == 0 && go_truth(b) == 1) || (lb == 0 && go_truth(a) == 1);
}

/* The hole in a scalar: what a list or a map holds is not compared. */
static const struct go_hole *hole_of(const struct go_value *v) {
    return go_kind(v) == GO_HOLE || go_kind(v) == GO_STRING ? go_find_hole(v) : NULL;
}

static bool fn_eq(struct go_call *call) {
    const struct go_hole *hole = NULL;
    if (call->count < 2) return go_fail(call, "missing argument for comparison");
    for (uint32_t i = 1; i < call->count; i++) {
        const struct go_value *a = &call->args[0], *b = &call->args[i];
        bool equal = false;
        const struct go_hole *found = hole_of(a);
        if (!found) found = hole_of(b);
        if (found) {
            if (!differ_surely(a, b)) hole = found;
            continue;
        }
        if (!compare_equal(call, a, b, &equal)) return false;
        if (equal) return go_give(call, go_bool(true));
    }
    return hole ? unknown(call, hole) : go_give(call, go_bool(false));
}

static bool fn_ne(struct go_call *call) {
    if (!fn_eq(call)) return false;
    if (go_kind(&call->result) == GO_BOOL) call->result.boolean = !call->result.boolean;
    return true;
}

static bool compare_less(struct go_call *call, const struct go_value *a, const struct go_value *b, bool *less) {
    enum basic ka = basic_kind(a), kb = basic_kind(b);
    if (ka == BASIC_NONE || kb == BASIC_NONE) return go_fail(call, "invalid type for comparison");
    if (ka == BASIC_INT && kb == BASIC_UINT) {
        *less = a->integer < 0 || (uint64_t)a->integer < b->natural;
    } else if (ka == BASIC_UINT && kb == BASIC_INT) {
        *less = b->integer >= 0 && a->natural < (uint64_t)b->integer;
    } else if (ka != kb) {
        return incompatible(call, a, b);
    } else if (ka == BASIC_BOOL) {
        return go_fail(call, "invalid type for comparison");
    } else {
        *less = ka == BASIC_INT     ? a->integer < b->integer
                : ka == BASIC_UINT  ? a->natural < b->natural
                : ka == BASIC_FLOAT ? a->real < b->real
                                    : str_cmp(a->text, b->text) < 0;
    }
    return true;
}

/* `or_equal`: less or equal; `negate`: the opposite. */
static bool order(struct go_call *call, bool or_equal, bool negate) {
    bool holds = false;
    const struct go_hole *hole = hole_of(&call->args[0]);
    if (!hole) hole = hole_of(&call->args[1]);
    if (hole) return unknown(call, hole);
    if (!compare_less(call, &call->args[0], &call->args[1], &holds)) return false;
    if (or_equal && !holds && !compare_equal(call, &call->args[0], &call->args[1], &holds)) return false;
    return go_give(call, go_bool(holds != negate));
}

static bool fn_lt(struct go_call *call) {
    return order(call, false, false);
}

static bool fn_le(struct go_call *call) {
    return order(call, true, false);
}

static bool fn_gt(struct go_call *call) {
    return order(call, true, true);
}

static bool fn_ge(struct go_call *call) {
    return order(call, false, true);
}

const struct go_function FN_COMPARE[] = {
    {"eq", "vv*:b", fn_eq, FN_HOLES},
    {"ne", "vv:b", fn_ne, FN_HOLES},
    {"lt", "vv:b", fn_lt, FN_HOLES},
    {"le", "vv:b", fn_le, FN_HOLES},
    {"gt", "vv:b", fn_gt, FN_HOLES},
    {"ge", "vv:b", fn_ge, FN_HOLES},
    {0},
};
