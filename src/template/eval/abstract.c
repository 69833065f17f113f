/* Equality is asked before work is saved, so large values count as different. */
#include "template/eval/abstract.h"

#define COMPARISONS_MAX 100u

struct abstract abstract_data(const struct value *data) {
    return (struct abstract){.kind = ABSTRACT_DATA, .data = data && data->kind != VALUE_NULL ? data : NULL};
}

struct abstract abstract_string(struct arena *a, struct str s) {
    struct value *value = arena_new(a, struct value);
    *value = value_from_string(s);
    return abstract_data(value);
}

struct abstract abstract_whole(struct arena *a, int64_t number) {
    struct value *value = arena_new(a, struct value);
    *value = (struct value){.kind = VALUE_INT, .integer = number};
    struct abstract v = abstract_data(value);
    v.whole = true;
    return v;
}

struct abstract abstract_truth(enum truth truth) {
    static const struct value booleans[] = {{.kind = VALUE_BOOL, .boolean = false},
                                            {.kind = VALUE_BOOL, .boolean = true}};
    if (truth == TRUTH_MAYBE) return abstract_unknown();
    return abstract_data(&booleans[truth == TRUTH_YES]);
}

bool abstract_is_true_value(const struct value *v) {
    if (!v) return false;
    switch (v->kind) {
    case VALUE_NULL: return false;
    case VALUE_BOOL: return v->boolean;
    case VALUE_INT: return v->integer != 0;
    case VALUE_FLOAT: return v->real != 0;
    case VALUE_STRING: return v->string.len > 0;
    case VALUE_LIST: return v->list.len > 0;
    case VALUE_MAP: return v->map.len > 0;
    }
    return true;
}

/* Whether there is nothing but null in a mapping of the values: Helm 4 leaves it empty. */
static bool holds_nulls_only(const struct abstract *v) {
    const struct value *map = v->place ? v->data : NULL;
    if (!map || map->kind != VALUE_MAP || map->map.len == 0) return false;
    for (uint32_t i = 0; i < map->map.len; i++)
        if (map->map.members[i].value.kind != VALUE_NULL) return false;
    return true;
}

enum truth abstract_is_true(const struct abstract *v) {
    switch (v->kind) {
    case ABSTRACT_UNKNOWN: return v->truth;
    case ABSTRACT_ROOT: return TRUTH_YES;
    case ABSTRACT_DATA:
        if (holds_nulls_only(v)) return TRUTH_MAYBE;
        return abstract_is_true_value(v->data) ? TRUTH_YES : TRUTH_NO;
    case ABSTRACT_DICT:
    case ABSTRACT_LIST:
        if (v->items->open) return TRUTH_MAYBE;
        return v->items->list.len ? TRUTH_YES : TRUTH_NO;
    }
    return TRUTH_MAYBE;
}

bool abstract_text(const struct abstract *v, struct str *text) {
    if (v->kind != ABSTRACT_DATA || !v->data || v->data->kind != VALUE_STRING) return false;
    *text = v->data->string;
    return true;
}

const struct abstract *abstract_member(const struct abstract *v, struct str key) {
    for (uint32_t i = 0; i < v->items->list.len; i++)
        if (str_eq(v->items->list.items[i].key, key)) return &v->items->list.items[i].value;
    return NULL;
}

/* `left` counts the comparisons that may still be made. */
static bool is_same(const struct abstract *a, const struct abstract *b, uint32_t *left) {
    if (*left == 0) return false;
    --*left;
    if (a->kind != b->kind || a->truth != b->truth || a->interface_nil != b->interface_nil || a->whole != b->whole)
        return false;
    if (a->place != b->place || a->text_of != b->text_of || !str_eq(a->absent, b->absent)) return false;
    if (a->kind == ABSTRACT_DATA) {
        if (a->data == b->data) return true;
        return a->data && b->data && a->data->kind < VALUE_LIST && value_equal(a->data, b->data);
    }
    if (a->kind != ABSTRACT_DICT && a->kind != ABSTRACT_LIST) return true;
    if (a->items->open != b->items->open || a->items->list.len != b->items->list.len) return false;
    for (uint32_t i = 0; i < a->items->list.len; i++) {
        const struct abstract_item *x = &a->items->list.items[i], *y = &b->items->list.items[i];
        if (!str_eq(x->key, y->key) || !is_same(&x->value, &y->value, left)) return false;
    }
    return true;
}

bool abstract_same(const struct abstract *a, const struct abstract *b) {
    uint32_t left = COMPARISONS_MAX;
    return is_same(a, b, &left);
}
