#include <criterion/criterion.h>

#include "value/json.h"
#include "value/pointer.h"

static struct arena arena;

static struct value parse(const char *text) {
    struct value v;
    struct json_error error;
    cr_assert(json_parse(&arena, str_from(text), &v, &error), "%s", error.message);
    return v;
}

static void check_text(const char *in, const char *out) {
    struct value v = parse(in);
    struct buf b = buf_in(&arena);
    json_write(&b, &v, JSON_ONE_LINE);
    cr_expect(str_eq(buf_str(&b), str_from(out)), "%s gives %.*s, not %s", in, STR_ARG(buf_str(&b)), out);
}

Test(json, numbers_as_go_prints_them) {
    check_text("[1.0, 1.5, -0.25, 1e20, 1e21, 1e-6, 1e-7, 123456789012345680000]",
               "[1,1.5,-0.25,100000000000000000000,1e+21,0.000001,1e-7,123456789012345680000]");
    check_text("[0.1, 3.141592653589793, 5e-324, 1.7976931348623157e308]",
               "[0.1,3.141592653589793,5e-324,1.7976931348623157e+308]");
}

Test(json, whole_numbers) {
    check_text("[0, 7, -10, 9223372036854775807, -9223372036854775808]",
               "[0,7,-10,9223372036854775807,-9223372036854775808]");
}

Test(value, a_copy_of_a_map_holds_all_and_takes_more) {
    struct value map = value_map_new(&arena, 40); /* with a larger index than its copies need */
    bool found;
    for (int64_t i = 0; i < 20; i++) {
        struct value copy = value_map_copy(&arena, &map, 1);
        value_map_put(&copy, arena_printf(&arena, "key %d", (int)i), &found)->value =
            (struct value){.kind = VALUE_INT, .integer = i};
        cr_expect(!found);
        cr_expect_eq(map.map.len, i);
        map = copy;
        for (int64_t k = 0; k <= i; k++)
            cr_expect_eq(value_get(&map, arena_printf(&arena, "key %d", (int)k))->integer, k);
    }
}

Test(json, strings_and_sorted_keys) {
    check_text("{\"b\": 1, \"a\": [true, null, \"\\u00e9\\n\\u0001\"]}",
               "{\"a\":[true,null,\"\xC3\xA9\\n\\u0001\"],\"b\":1}");
}

Test(json, styles) {
    struct value v = parse("{\"b\": {\"d\": [1, \"x\"], \"c\": {}}, \"a\": []}");
    static const struct {
        enum json_style style;
        const char *text;
    } styles[] = {
        {JSON_ONE_LINE, "{\"a\":[],\"b\":{\"c\":{},\"d\":[1,\"x\"]}}"},
        {JSON_PRETTY,
         "{\n  \"a\": [],\n  \"b\": {\n    \"c\": {},\n    \"d\": [\n      1,\n      \"x\"\n    ]\n  }\n}"},
        {JSON_ORDERED,
         "{\n  \"b\": {\n    \"d\": [\n      1,\n      \"x\"\n    ],\n    \"c\": {}\n  },\n  \"a\": []\n}"},
    };
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        struct buf b = buf_in(&arena);
        json_write(&b, &v, styles[i].style);
        cr_expect(str_eq(buf_str(&b), str_from(styles[i].text)), "style %zu gives %.*s", i, STR_ARG(buf_str(&b)));
    }
}

Test(json, spans_are_those_of_the_text) {
    const char *text = "{ \"a\" : [ 1 , \"x\\\"y\" ],\n \"b\": {} , \"c\": -1.5e3 }";
    struct value v = parse(text);
    struct str s = str_from(text);
    const struct value *a = value_get(&v, STR("a"));
    cr_expect(str_eq(span_text(s, a->span), STR("[ 1 , \"x\\\"y\" ]")));
    cr_expect(str_eq(span_text(s, a->list.items[0].span), STR("1")));
    cr_expect(str_eq(span_text(s, a->list.items[1].span), STR("\"x\\\"y\"")));
    cr_expect(str_eq(span_text(s, value_get(&v, STR("b"))->span), STR("{}")));
    cr_expect(str_eq(span_text(s, value_member(&v, STR("b"))->key_span), STR("\"b\"")));
    cr_expect(str_eq(span_text(s, value_get(&v, STR("c"))->span), STR("-1.5e3")));
    cr_expect(str_eq(span_text(s, v.span), s));
}

static void check_broken(const char *text, uint32_t offset) {
    struct value v;
    struct json_error error;
    cr_assert_not(json_parse(&arena, str_from(text), &v, &error), "%s", text);
    cr_expect_eq(error.offset, offset, "%s: %u (%s)", text, error.offset, error.message);
}

Test(json, errors_have_an_offset) {
    check_broken("{\"a\": 1,}", 9);
    check_broken("{\"a\": 1, \"a\": 2}", 12);
    check_broken("", 0);
    check_broken("[1, 2", 5);
}

Test(value, large_maps_are_indexed) {
    struct value v = value_map_new(&arena, 100);
    bool found;
    for (int i = 0; i < 100; i++) {
        value_map_put(&v, arena_printf(&arena, "k%d", i), &found)->value = value_from_number(i);
        cr_expect_not(found);
    }
    for (int i = 0; i < 100; i++) {
        struct str key = arena_printf(&arena, "k%d", i);
        cr_expect_eq(value_get(&v, key)->integer, i);
        cr_expect_eq(value_map_put(&v, key, &found), value_member(&v, key));
        cr_expect(found);
    }
    cr_expect_null(value_get(&v, STR("k100")));
}

Test(value, equality_is_numeric_and_ignores_order) {
    struct value a = parse("{\"x\": 1, \"y\": [1.0, {\"z\": null}]}");
    struct value b = parse("{\"y\": [1, {\"z\": null}], \"x\": 1.0}");
    struct value c = parse("{\"y\": [1, {\"z\": false}], \"x\": 1.0}");
    cr_expect(value_equal(&a, &b));
    cr_expect_not(value_equal(&a, &c));
}

Test(pointer, three_ways_of_writing_a_path) {
    struct step root = {NULL, STR("a.b"), 0}, list = {&root, STR("m~n/o"), 0}, item = {&list, {NULL, 0}, 3};
    struct step leaf = {&item, STR("key"), 0};
    cr_expect(str_eq(step_dotted(&arena, &leaf), STR("[\"a.b\"][\"m~n/o\"][3].key")));
    cr_expect(str_eq(step_pointer(&arena, &leaf), STR("/a.b/m~0n~1o/3/key")));
    struct value v = parse("{\"a.b\": {\"m~n/o\": [0, 1, 2, {\"key\": 5}]}}");
    cr_expect_eq(pointer_get(&arena, &v, STR("/a.b/m~0n~1o/3/key"))->integer, 5);
    cr_expect_null(pointer_get(&arena, &v, STR("/a.b/m~0n~1o/03")));
    cr_expect_eq(pointer_get(&arena, &v, STR("")), &v);
    cr_expect_null(pointer_get(&arena, &v, STR("a")));
}
