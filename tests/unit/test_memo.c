#include <criterion/criterion.h>

#include "schema/schema.h"
#include "value/change.h"
#include "value/json.h"

static struct arena arena;

static const struct value *keep(struct value v) {
    struct value *kept = arena_new(&arena, struct value);
    *kept = v;
    return kept;
}

static const struct value *parse(const char *text) {
    struct value v;
    struct json_error error;
    cr_assert(json_parse(&arena, str_from(text), &v, &error), "%s: %s", text, error.message);
    return keep(v);
}

/* A schema whose validation may take so many steps (0: as many as usual). */
static const struct schema *compile(uint64_t max_steps) {
    static const char text[] = "{\"properties\": {\"a\": {\"properties\": {\"b\": {\"required\": [\"c\"],"
                               " \"properties\": {\"c\": {\"maximum\": 3}}}}, \"not\": {\"required\": [\"x\"]}},"
                               " \"d\": {\"properties\": {\"e\": {\"properties\": {\"f\": {\"type\": \"string\"}}}}}},"
                               " \"if\": {\"properties\": {\"a\": {\"required\": [\"on\"]}}},"
                               " \"then\": {\"properties\": {\"d\": {\"required\": [\"g\"]}}}}";
    struct schema_options options = {.draft = SCHEMA_DRAFT_7, .max_steps = max_steps};
    struct schema_error error;
    const struct schema *schema = schema_compile(&arena, parse(text), &options, &error);
    cr_assert(schema, "%s", error.message);
    return schema;
}

/* The instance validated with the memo has the violations that it has without. */
static void check_again(const struct schema *schema, struct schema_memo *memo, const struct value *instance) {
    struct violations plain = {NULL, 0, 0}, again = {NULL, 0, 0};
    bool valid = schema_validate(schema, &arena, instance, &plain);
    cr_expect_eq(schema_validate_again(schema, &arena, memo, NULL, instance, &again), valid);
    cr_assert_eq(again.len, plain.len);
    for (uint32_t i = 0; i < plain.len; i++) {
        cr_expect_eq(again.items[i].keyword, plain.items[i].keyword);
        cr_expect_eq(again.items[i].instance, plain.items[i].instance);
        cr_expect(str_eq(again.items[i].pointer, plain.items[i].pointer));
    }
}

Test(memo, the_violations_are_the_same) {
    static const struct {
        const char *keys[3];
        uint32_t count;
        int64_t number;
    } changes[] = {
        {{"a", "b", "c"}, 3, 2}, {{"a", "b", "c"}, 3, 4}, {{"a", "b", "c"}, 3, 3}, {{"d", "e", "f"}, 3, 1},
        {{"a", "on"}, 2, 1},     {{"d", "g"}, 2, 1},      {{"a", "x"}, 2, 1},      {{"a"}, 1, 1},
    };
    const struct schema *schema = compile(0);
    struct schema_memo *memo = schema_memo_new(&arena);
    const struct value *instance = parse("{\"a\": {\"b\": {}}, \"d\": {\"e\": {\"f\": \"text\"}}}");
    check_again(schema, memo, instance);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct str keys[3];
        for (uint32_t k = 0; k < changes[i].count; k++) keys[k] = str_from(changes[i].keys[k]);
        struct value_change change = {keys, changes[i].count, value_from_number((double)changes[i].number)};
        instance = keep(value_with(&arena, instance, &change, 1));
        check_again(schema, memo, instance);
        check_again(schema, memo, instance);
    }
}

Test(memo, the_limit_is_the_same) {
    const struct value *instance = parse("{\"a\": {\"b\": {\"c\": 1}}, \"d\": {\"e\": {\"f\": \"text\"}}}");
    uint32_t valid = 0;
    for (uint64_t steps = 1; steps < 40; steps++) {
        struct schema_memo *memo = schema_memo_new(&arena);
        const struct schema *schema = compile(steps);
        check_again(schema, memo, instance);
        check_again(schema, memo, instance);
        valid += schema_is_valid(schema, instance);
    }
    cr_expect(valid > 0 && valid < 39);
}
