/* Functions that choose and compare: what guards are made of. */
#include "template/eval/scope_evaluator.h"

static struct abstract call_default(struct scope_call *c) {
    struct scope_evaluator *e = c->evaluator;
    if (c->count != 2) return scope_unknown(c);
    enum truth given = scope_truth(e, &c->args[1]);
    if (given == TRUTH_YES) {
        scope_escape(e, &c->args[0]);
        return c->args[1];
    }
    if (given == TRUTH_NO) return c->args[0];
    struct abstract v = scope_join(e, &c->args[0], &c->args[1]);
    if (abstract_is_true(&c->args[0]) == TRUTH_YES && v.kind == ABSTRACT_UNKNOWN) v.truth = TRUTH_YES;
    return v;
}

static struct abstract call_coalesce(struct scope_call *c) {
    struct abstract v = abstract_data(NULL);
    enum truth found = TRUTH_NO;
    for (uint32_t i = 0; i < c->count; i++) {
        enum truth given = scope_truth(c->evaluator, &c->args[i]);
        if (found == TRUTH_YES) scope_escape(c->evaluator, &c->args[i]);
        else if (found == TRUTH_MAYBE) v = scope_join(c->evaluator, &v, &c->args[i]);
        else if (given != TRUTH_NO) v = c->args[i];
        if (given > found) found = given;
        if (found == TRUTH_YES && v.kind == ABSTRACT_UNKNOWN) v.truth = TRUTH_YES;
    }
    return v;
}

static struct abstract call_ternary(struct scope_call *c) {
    if (c->count != 3) return scope_unknown(c);
    enum truth choice = TRUTH_MAYBE;
    const struct abstract *by = &c->args[2];
    if (by->kind == ABSTRACT_DATA && by->data && by->data->kind == VALUE_BOOL) choice = abstract_is_true(by);
    scope_take(c->evaluator, by, c->spans[2]);
    if (choice == TRUTH_MAYBE) return scope_join(c->evaluator, &c->args[0], &c->args[1]);
    scope_escape(c->evaluator, &c->args[choice == TRUTH_YES ? 1 : 0]);
    return c->args[choice == TRUTH_YES ? 0 : 1];
}

static struct abstract call_required(struct scope_call *c) {
    if (c->count != 2) return scope_unknown(c);
    scope_truth(c->evaluator, &c->args[1]);
    if (!abstract_is_nil(&c->args[1])) return c->args[1];
    /* It ends the render with a message of its own. */
    struct abstract v = abstract_unknown();
    v.place = c->args[1].place;
    return v;
}

static struct abstract call_not(struct scope_call *c) {
    if (c->count != 1) return scope_unknown(c);
    enum truth truth = scope_truth(c->evaluator, &c->args[0]);
    return abstract_truth(truth_not(truth));
}

/* ---- comparisons ---- */

/* The order of two scalars that Go compares; false where it refuses, or they are not known. */
static bool compare(const struct abstract *a, const struct abstract *b, int *order) {
    if (a->kind != ABSTRACT_DATA || b->kind != ABSTRACT_DATA || !a->data || !b->data) return false;
    if (value_is_number(a->data) && value_is_number(b->data) && a->whole == b->whole) {
        double left = value_number(a->data), right = value_number(b->data);
        *order = left < right ? -1 : left > right;
        return true;
    }
    if (a->data->kind != b->data->kind) return false;
    if (a->data->kind == VALUE_STRING) {
        *order = str_cmp(a->data->string, b->data->string);
        return true;
    }
    if (a->data->kind != VALUE_BOOL) return false;
    *order = (int)a->data->boolean - (int)b->data->boolean;
    return true;
}

static enum truth is_equal(const struct abstract *a, const struct abstract *b) {
    int order;
    if (compare(a, b, &order)) return order == 0 ? TRUTH_YES : TRUTH_NO;
    if (a->kind != ABSTRACT_DATA || b->kind != ABSTRACT_DATA) return TRUTH_MAYBE;
    if (abstract_is_nil(a) && abstract_is_nil(b)) return TRUTH_YES;
    return abstract_is_nil(a) || abstract_is_nil(b) ? TRUTH_NO : TRUTH_MAYBE;
}

/* What Go compares values by. */
enum basic { BASIC_UNKNOWN, BASIC_NIL, BASIC_BOOL, BASIC_INTEGER, BASIC_FLOAT, BASIC_STRING, BASIC_OTHER };

static enum basic basic_of(const struct abstract *v) {
    if (v->kind == ABSTRACT_UNKNOWN) return BASIC_UNKNOWN;
    if (v->kind != ABSTRACT_DATA) return BASIC_OTHER;
    if (!v->data) return BASIC_NIL;
    if (value_is_number(v->data)) return v->whole ? BASIC_INTEGER : BASIC_FLOAT;
    return v->data->kind == VALUE_BOOL ? BASIC_BOOL : v->data->kind == VALUE_STRING ? BASIC_STRING : BASIC_OTHER;
}

/* Go refuses to compare the arguments `i` and `with`; the one of them that stands in the values is told. */
static void fail_comparison(const struct scope_call *c, uint32_t i, uint32_t with) {
    static const char *const words[] = {
        [BASIC_UNKNOWN] = "",           [BASIC_NIL] = "nothing",    [BASIC_BOOL] = "a boolean",
        [BASIC_INTEGER] = "an integer", [BASIC_FLOAT] = "a number", [BASIC_STRING] = "a string",
        [BASIC_OTHER] = "a collection"};
    if (!c->args[i].place || !basic_of(&c->args[i])) {
        uint32_t first = i;
        i = with;
        with = first;
    }
    if (!basic_of(&c->args[i])) return;
    struct scope_failure *failure = scope_fail(c->evaluator, SCOPE_FAILS_ARGUMENT, &c->args[i], c->spans[i], c->name);
    if (!failure) return;
    failure->against = str_from(words[basic_of(&c->args[with])]);
    failure->integer = basic_of(&c->args[i]) == BASIC_FLOAT && basic_of(&c->args[with]) == BASIC_INTEGER;
}

/* Whether `eq` refuses to compare: nil is equal to nothing else, all others must be of one kind. */
static bool refuses_equal(const struct abstract *a, const struct abstract *b) {
    enum basic left = basic_of(a), right = basic_of(b);
    if (left <= BASIC_NIL || right <= BASIC_NIL) return false;
    return left != right || left == BASIC_OTHER;
}

static struct abstract call_equal(struct scope_call *c) {
    bool ne = str_eq(c->name, STR("ne"));
    enum truth any = TRUTH_NO;
    for (uint32_t i = 1; i < c->count; i++) {
        if (any == TRUTH_NO && refuses_equal(&c->args[0], &c->args[i])) fail_comparison(c, 0, i);
        enum truth equal = is_equal(&c->args[0], &c->args[i]);
        if (equal > any) any = equal;
    }
    scope_unknown(c);
    return abstract_truth(ne ? truth_not(any) : any);
}

static bool has_no_order(enum basic kind) {
    return kind == BASIC_NIL || kind == BASIC_BOOL || kind == BASIC_OTHER;
}

static void check_order(const struct scope_call *c) {
    enum basic left = basic_of(&c->args[0]), right = basic_of(&c->args[1]);
    if (has_no_order(left)) fail_comparison(c, 0, 1);
    else if (has_no_order(right)) fail_comparison(c, 1, 0);
    else if (left != right && left && right) fail_comparison(c, 0, 1);
}

static struct abstract call_order(struct scope_call *c) {
    int order;
    if (c->count == 2) check_order(c);
    bool known = c->count == 2 && compare(&c->args[0], &c->args[1], &order) && c->args[0].data->kind != VALUE_BOOL;
    scope_unknown(c);
    if (!known) return abstract_unknown();
    bool less = c->name.ptr[0] == 'l', equal = c->name.ptr[1] == 'e';
    bool holds = (less ? order < 0 : order > 0) || (equal && order == 0);
    return abstract_truth(holds ? TRUTH_YES : TRUTH_NO);
}

static struct abstract call_has(struct scope_call *c) {
    enum truth any = TRUTH_NO;
    if (c->count != 2) return scope_unknown(c);
    const struct abstract *list = &c->args[1];
    bool data = list->kind == ABSTRACT_DATA && list->data && list->data->kind == VALUE_LIST;
    if (list->kind == ABSTRACT_LIST) {
        if (list->items->open) any = TRUTH_MAYBE;
        for (uint32_t i = 0; i < list->items->list.len && any != TRUTH_YES; i++) {
            enum truth equal = is_equal(&c->args[0], &list->items->list.items[i].value);
            if (equal > any) any = equal;
        }
    } else if (data) {
        for (uint32_t i = 0; i < list->data->list.len && any != TRUTH_YES && scope_step(c->evaluator); i++) {
            struct abstract item = abstract_data(&list->data->list.items[i]);
            enum truth equal = is_equal(&c->args[0], &item);
            if (equal > any) any = equal;
        }
    } else if (!abstract_is_nil(list)) {
        any = TRUTH_MAYBE;
    }
    scope_unknown(c);
    return abstract_truth(any);
}

/* ---- kinds ---- */

/* Go's name for the kind of a value; empty where it is not known. */
static struct str kind_name(const struct abstract *v, bool type) {
    switch (v->kind) {
    case ABSTRACT_DICT: return type ? STR("map[string]interface {}") : STR("map");
    case ABSTRACT_LIST: return type ? STR("[]interface {}") : STR("slice");
    case ABSTRACT_DATA: break;
    default: return STR("");
    }
    if (!v->data) return type ? STR("<nil>") : STR("invalid");
    switch (v->data->kind) {
    case VALUE_BOOL: return STR("bool");
    case VALUE_STRING: return STR("string");
    case VALUE_LIST: return type ? STR("[]interface {}") : STR("slice");
    case VALUE_MAP: return v->place && !v->place->parent ? STR("") : type ? STR("map[string]interface {}") : STR("map");
    default: return v->whole ? STR("") : STR("float64");
    }
}

static struct abstract call_kind_of(struct scope_call *c) {
    if (c->count != 1) return scope_unknown(c);
    struct str name = kind_name(&c->args[0], str_eq(c->name, STR("typeOf")));
    scope_unknown(c);
    return name.len ? abstract_string(c->evaluator->arena, name) : abstract_unknown();
}

static struct abstract call_kind_is(struct scope_call *c) {
    struct str wanted;
    if (c->count != 2) return scope_unknown(c);
    struct str name = kind_name(&c->args[1], str_eq(c->name, STR("typeIs")));
    bool known = name.len && abstract_text(&c->args[0], &wanted);
    scope_unknown(c);
    return known ? abstract_truth(str_eq(name, wanted) ? TRUTH_YES : TRUTH_NO) : abstract_unknown();
}

bool scope_logic_function(struct scope_call *c, struct abstract *result) {
    static const struct scope_call_entry functions[] = {
        {STR_INIT("default"), call_default}, {STR_INIT("coalesce"), call_coalesce},
        {STR_INIT("ternary"), call_ternary}, {STR_INIT("required"), call_required},
        {STR_INIT("not"), call_not},         {STR_INIT("empty"), call_not},
        {STR_INIT("eq"), call_equal},        {STR_INIT("ne"), call_equal},
        {STR_INIT("lt"), call_order},        {STR_INIT("le"), call_order},
        {STR_INIT("gt"), call_order},        {STR_INIT("ge"), call_order},
        {STR_INIT("has"), call_has},         {STR_INIT("mustHas"), call_has},
        {STR_INIT("kindOf"), call_kind_of},  {STR_INIT("typeOf"), call_kind_of},
        {STR_INIT("kindIs"), call_kind_is},  {STR_INIT("typeIs"), call_kind_is},
    };
    return scope_call_among(c, functions, sizeof functions / sizeof *functions, result);
}
