#include "cel/check_types.h"

static bool is_number(enum cel_kind kind) {
    return kind == CEL_INT || kind == CEL_UINT || kind == CEL_DOUBLE;
}

const struct cel_type *cel_type_make(struct arena *a, enum cel_kind kind, const struct cel_type *key,
                                     const struct cel_type *elem) {
    struct cel_type *type = arena_new(a, struct cel_type);
    *type = (struct cel_type){kind, key, elem};
    return type;
}

const struct cel_type *cel_type_elem(const struct cel_type *type) {
    return type->elem ? type->elem : &cel_types[CEL_DYN];
}

const struct cel_type *cel_type_key(const struct cel_type *type) {
    return type->key ? type->key : &cel_types[CEL_DYN];
}

const struct cel_type *cel_type_join(const struct cel_type *a, const struct cel_type *b) {
    if (a == b) return a;
    if (a->kind != b->kind) return &cel_types[CEL_DYN];
    return a->kind == CEL_LIST || a->kind == CEL_MAP ? &cel_types[a->kind] : a;
}

bool types_equatable(const struct cel_type *a, const struct cel_type *b) {
    return a->kind == b->kind || a->kind == CEL_DYN || b->kind == CEL_DYN || (is_number(a->kind) && is_number(b->kind));
}

static bool is_ordered(enum cel_kind a, enum cel_kind b) {
    if (is_number(a)) return is_number(b) || b == CEL_DYN;
    if (a == CEL_DYN) return b == CEL_DYN || is_ordered(b, a);
    return (a == b || b == CEL_DYN) &&
           (a == CEL_BOOL || a == CEL_STRING || a == CEL_BYTES || a == CEL_TIMESTAMP || a == CEL_DURATION);
}

static bool is_member(const struct cel_type *item, const struct cel_type *in) {
    if (in->kind == CEL_LIST) return types_equatable(item, cel_type_elem(in));
    if (in->kind == CEL_MAP) return types_equatable(item, cel_type_key(in));
    return in->kind == CEL_DYN;
}

static const struct cel_type *type_sum(const struct cel_type *a, const struct cel_type *b) {
    enum cel_kind x = a->kind, y = b->kind;
    if (x == CEL_LIST && y == CEL_LIST) return cel_type_join(a, b);
    if (x == y && (is_number(x) || x == CEL_STRING || x == CEL_BYTES || x == CEL_DURATION)) return a;
    bool times = (x == CEL_TIMESTAMP && y == CEL_DURATION) || (x == CEL_DURATION && y == CEL_TIMESTAMP);
    return times ? &cel_types[CEL_TIMESTAMP] : NULL;
}

static const struct cel_type *type_difference(const struct cel_type *a, const struct cel_type *b) {
    enum cel_kind x = a->kind, y = b->kind;
    if (x == y && (is_number(x) || x == CEL_DURATION)) return a;
    if (x == CEL_TIMESTAMP && (y == CEL_TIMESTAMP || y == CEL_DURATION))
        return &cel_types[y == CEL_TIMESTAMP ? CEL_DURATION : CEL_TIMESTAMP];
    return NULL;
}

const struct cel_type *cel_type_binary(enum op op, const struct cel_type *a, const struct cel_type *b) {
    const struct cel_type *truth = &cel_types[CEL_BOOL];
    switch (op) {
    case OP_EQ:
    case OP_NE: return types_equatable(a, b) ? truth : NULL;
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return is_ordered(a->kind, b->kind) ? truth : NULL;
    case OP_IN: return is_member(a, b) ? truth : NULL;
    default: break;
    }
    if (a->kind == CEL_DYN || b->kind == CEL_DYN) return &cel_types[CEL_DYN];
    if (op == OP_ADD) return type_sum(a, b);
    if (op == OP_SUB) return type_difference(a, b);
    bool same = a->kind == b->kind && is_number(a->kind);
    return same && !(op == OP_MOD && a->kind == CEL_DOUBLE) ? a : NULL;
}
