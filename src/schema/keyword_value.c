/* The keywords that bound a single value: types, fixed values, numbers and strings. */
#include <math.h>

#include "base/fuzzy.h"
#include "schema/keyword.h"
#include "schema/words.h"

bool keyword_fail(struct compiler *c, struct schema_node *node, const struct member *m, const char *what) {
    return compile_fail(c, node->resource, compile_member_span(m), "\"%.*s\" must be %s", STR_ARG(m->key), what);
}

static struct number_checks *number_of(struct compiler *c, struct schema_node *node) {
    if (!node->number) node->number = arena_new(c->a, struct number_checks);
    return node->number;
}

static struct string_checks *string_of(struct compiler *c, struct schema_node *node) {
    if (!node->string) {
        node->string = arena_new(c->a, struct string_checks);
        node->string->max_length = UINT32_MAX;
    }
    return node->string;
}

static struct value_checks *values_of(struct compiler *c, struct schema_node *node) {
    if (!node->values) node->values = arena_new(c->a, struct value_checks);
    return node->values;
}

/* ---- Types and fixed values ---- */

static const struct str TYPE_NAMES[] = {
    STR_INIT("null"),   STR_INIT("boolean"), STR_INIT("integer"), STR_INIT("number"),
    STR_INIT("string"), STR_INIT("array"),   STR_INIT("object"),
};
#define TYPE_NAME_COUNT (sizeof TYPE_NAMES / sizeof *TYPE_NAMES)

/* What people write instead. */
static const struct str TYPE_ALIASES[][2] = {
    {STR_INIT("bool"), STR_INIT("boolean")}, {STR_INIT("int"), STR_INIT("integer")},
    {STR_INIT("float"), STR_INIT("number")}, {STR_INIT("list"), STR_INIT("array")},
    {STR_INIT("map"), STR_INIT("object")},   {STR_INIT("mapping"), STR_INIT("object")},
    {STR_INIT("dict"), STR_INIT("object")},  {STR_INIT("str"), STR_INIT("string")},
};

static bool unknown_type(struct compiler *c, struct schema_node *node, const struct value *v) {
    struct str nearest = {NULL, 0};
    for (size_t i = 0; i < sizeof TYPE_ALIASES / sizeof *TYPE_ALIASES; i++)
        if (str_eq(TYPE_ALIASES[i][0], v->string)) nearest = TYPE_ALIASES[i][1];
    if (!nearest.len) nearest = fuzzy_nearest(v->string, TYPE_NAMES, TYPE_NAME_COUNT);
    if (nearest.len)
        return compile_fail(c, node->resource, v->span, "unknown type \"%.*s\"; did you mean \"%.*s\"?",
                            STR_ARG(v->string), STR_ARG(nearest));
    return compile_fail(c, node->resource, v->span,
                        "unknown type \"%.*s\"; the types are null, boolean, integer, number, string, array and object",
                        STR_ARG(v->string));
}

static bool add_type(struct compiler *c, struct schema_node *node, const struct value *v) {
    uint8_t types = words_type_named(v->string);
    node->types |= types;
    return types || unknown_type(c, node, v);
}

static bool kw_type(struct compiler *c, struct schema_node *node, const struct member *m) {
    static const char what[] = "a string or a list of strings";
    const struct value *v = &m->value;
    node->types = 0;
    if (v->kind == VALUE_STRING) return add_type(c, node, v);
    if (v->kind != VALUE_LIST || v->list.len == 0) return keyword_fail(c, node, m, what);
    for (uint32_t i = 0; i < v->list.len; i++) {
        const struct value *item = &v->list.items[i];
        if (item->kind != VALUE_STRING) return compile_fail(c, node->resource, item->span, "\"type\" must be %s", what);
        if (!add_type(c, node, item)) return false;
    }
    return true;
}

/* Lists longer than this get a hash table for their strings. */
#define ENUM_HASHED 8

static bool kw_enum(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_LIST) return keyword_fail(c, node, m, "a list of the allowed values");
    struct value_checks *values = values_of(c, node);
    values->enumeration = &m->value;
    uint32_t len = m->value.list.len;
    if (len <= ENUM_HASHED) return true;
    values->slot_count = 32;
    while (values->slot_count < len * 2) values->slot_count *= 2;
    values->slots = arena_array(c->a, const struct value *, values->slot_count);
    for (uint32_t i = 0; i < len; i++) {
        const struct value *item = &m->value.list.items[i];
        if (item->kind != VALUE_STRING) continue;
        uint32_t slot = str_hash(item->string) & (values->slot_count - 1);
        while (values->slots[slot]) slot = (slot + 1) & (values->slot_count - 1);
        values->slots[slot] = item;
    }
    return true;
}

static bool kw_const(struct compiler *c, struct schema_node *node, const struct member *m) {
    values_of(c, node)->constant = &m->value;
    return true;
}

/* ---- Numbers ---- */

static bool set_number(struct compiler *c, struct schema_node *node, const struct member *m, const struct value **out) {
    if (!value_is_number(&m->value)) return keyword_fail(c, node, m, "a number");
    *out = &m->value;
    return true;
}

static bool kw_multiple_of(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (!value_is_number(&m->value) || !(value_number(&m->value) > 0))
        return keyword_fail(c, node, m, "a number above 0");
    return set_number(c, node, m, &number_of(c, node)->multiple_of);
}

static bool kw_maximum(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_number(c, node, m, &number_of(c, node)->maximum);
}

static bool kw_exclusive_maximum(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_number(c, node, m, &number_of(c, node)->exclusive_maximum);
}

static bool kw_minimum(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_number(c, node, m, &number_of(c, node)->minimum);
}

static bool kw_exclusive_minimum(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_number(c, node, m, &number_of(c, node)->exclusive_minimum);
}

bool keyword_count(struct compiler *c, struct schema_node *node, const struct member *m, uint32_t *out) {
    const struct value *v = &m->value;
    if (!value_is_number(v) || value_number(v) < 0 || floor(value_number(v)) != value_number(v))
        return keyword_fail(c, node, m, "a whole number of 0 or more");
    *out = value_number(v) >= UINT32_MAX ? UINT32_MAX : (uint32_t)value_number(v);
    return true;
}

/* ---- Strings ---- */

static bool kw_max_length(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &string_of(c, node)->max_length);
}

static bool kw_min_length(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &string_of(c, node)->min_length);
}

const struct regex *keyword_regex(struct compiler *c, struct schema_node *node, const char *keyword, struct str pattern,
                                  struct span span) {
    char message[200];
    const struct regex *regex = map_get(&c->regexes, pattern);
    if (regex) return regex;
    regex = regex_compile(c->a, pattern, message, sizeof message);
    if (regex) map_put(c->a, &c->regexes, pattern, (void *)(uintptr_t)regex);
    else compile_fail(c, node->resource, span, "\"%s\" holds a broken regular expression: %s", keyword, message);
    return regex;
}

static bool kw_pattern(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_STRING) return keyword_fail(c, node, m, "a string with a regular expression");
    struct string_checks *string = string_of(c, node);
    string->pattern = keyword_regex(c, node, "pattern", m->value.string, compile_member_span(m));
    return string->pattern != NULL;
}

static bool kw_format(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_STRING) return keyword_fail(c, node, m, "a string with the name of a format");
    if (!c->options->assert_format && !node->resource->dialect->assert_format) return true;
    const struct schema_format_rule *rule = schema_format_rule(m->value.string);
    if (rule) string_of(c, node)->format = rule->check;
    return true;
}

const struct keyword_rule KEYWORDS_OF_VALUES[] = {
    RULE("type", ALL, VALIDATION, kw_type),
    RULE("enum", ALL, VALIDATION, kw_enum),
    RULE("const", ALL, VALIDATION, kw_const),
    RULE("multipleOf", ALL, VALIDATION, kw_multiple_of),
    RULE("maximum", ALL, VALIDATION, kw_maximum),
    RULE("exclusiveMaximum", ALL, VALIDATION, kw_exclusive_maximum),
    RULE("minimum", ALL, VALIDATION, kw_minimum),
    RULE("exclusiveMinimum", ALL, VALIDATION, kw_exclusive_minimum),
    RULE("maxLength", ALL, VALIDATION, kw_max_length),
    RULE("minLength", ALL, VALIDATION, kw_min_length),
    RULE("pattern", ALL, VALIDATION, kw_pattern),
    RULE("format", ALL, OTHER, kw_format),
    {{NULL, 0}, 0, 0, NULL},
};
