#include <criterion/criterion.h>

#include "schema/format.h"
#include "schema/regex.h"
#include "schema/schema.h"
#include "schema/uri.h"
#include "value/json.h"

static struct arena arena;

static struct value parse(const char *text) {
    struct value v;
    struct json_error error;
    cr_assert(json_parse(&arena, str_from(text), &v, &error), "%s: %s", text, error.message);
    return v;
}

static const struct value *keep(struct value v) {
    struct value *kept = arena_new(&arena, struct value);
    *kept = v;
    return kept;
}

static const struct schema *compile(const char *text, enum schema_draft draft) {
    struct schema_options options = {.draft = draft, .assert_format = true};
    struct schema_error error;
    const struct schema *schema = schema_compile(&arena, keep(parse(text)), &options, &error);
    cr_assert(schema, "%s: %s", text, error.message);
    return schema;
}

/* All messages about `instance`, one a line, with their help behind "; ". */
static struct str messages_of(const struct schema *schema, const struct value *instance) {
    struct violations found = {NULL, 0, 0};
    bool valid = schema_validate(schema, &arena, instance, &found);
    cr_expect_eq(valid, found.len == 0);
    cr_expect_eq(valid, schema_is_valid(schema, instance));
    struct buf out = buf_in(&arena);
    for (uint32_t i = 0; i < found.len; i++) {
        struct schema_message message = schema_violation_message(&arena, &found.items[i]);
        buf_addf(&out, "%s%.*s", i ? "\n" : "", STR_ARG(message.message));
        if (message.help.len) buf_addf(&out, "; %.*s", STR_ARG(message.help));
    }
    return buf_str(&out);
}

static void check_in(enum schema_draft draft, const char *schema, const char *instance, const char *expected) {
    struct str got = messages_of(compile(schema, draft), keep(parse(instance)));
    cr_expect(str_eq(got, str_from(expected)), "%s\n  on %s gives\n%.*s\n  not\n%s", schema, instance, STR_ARG(got),
              expected);
}

static void check(const char *schema, const char *instance, const char *expected) {
    check_in(SCHEMA_DRAFT_7, schema, instance, expected);
}

/* The schema `inner` for the property `a`, and `value` in its place. */
static void check_value(const char *inner, const char *value, const char *expected) {
    check(arena_printf(&arena, "{\"properties\": {\"a\": %s}}", inner).ptr,
          arena_printf(&arena, "{\"a\": %s}", value).ptr, expected);
}

Test(words, types) {
    check_value("{\"type\": \"boolean\"}", "\"yes\"",
                "`a` must be true or false, not the string \"yes\"; write true without quotes");
    check_value("{\"type\": \"string\"}", "5", "`a` must be a string, not the number 5; put quotes around it");
    check_value("{\"type\": \"string\"}", "false", "`a` must be a string, not false; put quotes around it");
    check_value("{\"type\": \"string\"}", "null", "`a` must be a string, not null; an empty string is \"\"");
    check_value("{\"type\": \"integer\"}", "\"80\"",
                "`a` must be a whole number, not the string \"80\"; remove the quotes");
    check_value("{\"type\": \"integer\"}", "1.5", "`a` must be a whole number, not 1.5");
    check_value("{\"type\": \"integer\"}", "100000000000000000000", "");
    check_value("{\"type\": \"number\"}", "[]", "`a` must be a number, not an empty list");
    check_value("{\"type\": \"array\"}", "{\"b\": 1}", "`a` must be a list, not a mapping");
    check_value("{\"type\": \"array\"}", "{}", "`a` must be a list, not an empty mapping; an empty list is []");
    check_value("{\"type\": \"array\"}", "\"x\"", "`a` must be a list, not the string \"x\"; wrap it in a list");
    check_value("{\"type\": \"object\"}", "[1]", "`a` must be a mapping, not a list");
    check_value("{\"type\": \"null\"}", "1", "`a` must be null, not the number 1");
    check_value("{\"type\": [\"string\", \"integer\"]}", "[1]", "`a` must be a string or a whole number, not a list");
    check_value("{\"type\": [\"string\", \"boolean\", \"null\"]}", "[1]",
                "`a` must be a string, null, true or false, not a list");
    check("{\"type\": \"object\"}", "[1]", "the top level must be a mapping, not a list");
}

Test(words, a_key_with_nothing_behind_it) {
    struct value map = value_map_new(&arena, 1);
    bool found;
    value_map_put(&map, STR("a"), &found)->value.node = 1;
    struct str got = messages_of(compile("{\"properties\": {\"a\": {\"type\": \"object\"}}}", SCHEMA_DRAFT_7), &map);
    cr_expect(str_eq(got, STR("`a` must be a mapping, but it is empty; an empty mapping is {}")), "%.*s", STR_ARG(got));
}

Test(words, fixed_values) {
    const char *policies = "{\"enum\": [\"Always\", \"IfNotPresent\", \"Never\"]}";
    check_value(policies, "\"always\"",
                "`a` must be one of Always, IfNotPresent or Never, not \"always\"; did you mean \"Always\"?");
    check_value(policies, "7", "`a` must be one of Always, IfNotPresent or Never, not the number 7");
    check_value("{\"enum\": [\"1\", \"on\"]}", "1",
                "`a` must be \"1\" or \"on\", not the number 1; put quotes around it");
    check_value("{\"enum\": [1, null, [2]]}", "3", "`a` must be one of 1, null or [2], not 3");
    check_value("{\"const\": \"v1\"}", "\"v2\"", "`a` must be v1, not \"v2\"; did you mean \"v1\"?");
    check_value("{\"enum\": [\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\"]}", "true",
                "`a` must be one of a, b, c, d, e, f, g, h, i, j, k or 2 more, not true");
    check_value("{\"enum\": [\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\"]}", "\"m\"",
                "");
}

Test(words, numbers) {
    check_value("{\"maximum\": 65535}", "70000", "`a` must be at most 65535, not 70000");
    check_value("{\"minimum\": 1}", "0", "`a` must be at least 1, not 0");
    check_value("{\"exclusiveMaximum\": 1}", "1", "`a` must be less than 1, not 1");
    check_value("{\"exclusiveMinimum\": 0}", "0", "`a` must be more than 0, not 0");
    check_value("{\"multipleOf\": 0.5}", "0.7", "`a` must be a multiple of 0.5, not 0.7");
    check_value("{\"multipleOf\": 1}", "0.7", "`a` must be a whole number, not 0.7");
}

Test(words, strings) {
    check_value("{\"minLength\": 1}", "\"\"", "`a` must not be empty");
    check_value("{\"minLength\": 3}", "\"\xC3\xA9\xC3\xA9\"", "`a` must have at least 3 characters, not 2");
    check_value("{\"maxLength\": 1}", "\"abc\"", "`a` must have at most 1 character, not 3");
    check_value("{\"maxLength\": 0}", "\"abc\"", "`a` must be empty");
    check_value("{\"pattern\": \"^[a-z]+$\"}", "\"A1\"", "`a` must match the pattern ^[a-z]+$, not \"A1\"");
    check_value("{\"pattern\": \"^x$\", \"description\": \"Name of the bucket.\"}", "\"y\"",
                "`a` has the wrong form: \"y\"; expected: Name of the bucket (the pattern ^x$)");
    check_value("{\"pattern\": \"^[0-9]+m$\", \"x-valuelint\": {\"message\": \"must be a quantity such as 500m\"}}",
                "\"1\"", "`a` must be a quantity such as 500m, not \"1\"");
    check_value("{\"type\": \"string\", \"x-valuelint\": {\"message\": \"must be in quotes: 1.10 becomes 1.1\"}}",
                "1.1", "`a` must be in quotes, not 1.1: 1.10 becomes 1.1");
    check_value("{\"format\": \"uri\"}", "\"x y\"", "`a` must be a URI such as https://example.com/path, not \"x y\"");
    check_value("{\"const\": 1}",
                "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
                "`a` must be 1, not \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\"");
}

Test(words, lists) {
    check_value("{\"minItems\": 1}", "[]", "`a` must not be empty");
    check_value("{\"maxItems\": 2}", "[1, 2, 3]", "`a` must have at most 2 items, not 3");
    check_value("{\"uniqueItems\": true}", "[1, 2, 1.0]", "`a[2]` repeats item 0 of the list, 1");
    check_value("{\"items\": {\"type\": \"string\"}}", "[\"x\", 1, true]",
                "`a[1]` must be a string, not the number 1; put quotes around it\n"
                "`a[2]` must be a string, not true; put quotes around it");
    check_value("{\"items\": [true], \"additionalItems\": false}", "[1, 2, 3]",
                "`a[1]` is too many: the list takes 1 item\n`a[2]` is too many: the list takes 1 item");
    check_value("{\"contains\": {\"const\": \"ALL\"}}", "[1]", "`a` must hold at least 1 item that is ALL");
    check_value("{\"contains\": {\"type\": \"string\"}}", "[1]", "`a` must hold at least 1 item that is a string");
    check_in(SCHEMA_DRAFT_2020_12, "{\"contains\": {\"type\": \"integer\"}, \"minContains\": 2}", "[1, \"x\"]",
             "the top level must hold at least 2 items, each of them a whole number, not 1");
    check_in(SCHEMA_DRAFT_2020_12, "{\"contains\": {\"description\": \"A port\"}, \"maxContains\": 1}", "[1, 2]",
             "the top level must hold at most 1 item of this form: A port, not 2");
    check_in(SCHEMA_DRAFT_2020_12, "{\"prefixItems\": [true], \"unevaluatedItems\": false}", "[1, 2]",
             "`[1]` is not allowed in this list");
}

Test(words, long_lists_are_searched_for_repeats) {
    struct buf text = buf_in(&arena);
    for (int i = 0; i < 500; i++) buf_addf(&text, "%s{\"k\": %d, \"l\": [%d]}", i ? ", " : "[", i, i);
    buf_add(&text, STR(", {\"l\": [77], \"k\": 77.0}]"));
    buf_add_char(&text, '\0');
    check("{\"uniqueItems\": true}", buf_str(&text).ptr, "`[500]` repeats item 77 of the list");
}

Test(words, maps) {
    check("{\"properties\": {\"env\": true}, \"additionalProperties\": false}", "{\"envv\": 1, \"zzz\": 2}",
          "unknown key `envv`; did you mean `env`?\nunknown key `zzz`");
    check("{\"properties\": {\"image\": {\"required\": [\"tag\", \"pullPolicy\", \"repository\"]}}}",
          "{\"image\": {\"pullPolicy\": 1}}", "`image` lacks `tag` and `repository`");
    check("{\"required\": [\"a\", \"b\", \"c\"]}", "{}", "the top level lacks `a`, `b` and `c`");
    check_value("{\"minProperties\": 1}", "{}", "`a` must not be empty");
    check_value("{\"maxProperties\": 1}", "{\"b\": 1, \"c\": 2}", "`a` must have at most 1 key, not 2");
    check_value("{\"dependencies\": {\"b\": [\"c\", \"d\"]}}", "{\"b\": 1}",
                "`a` has `b`, so it needs `c` and `d` too");
    check_value("{\"propertyNames\": {\"pattern\": \"^[A-Z]+$\"}}", "{\"B\": 1, \"c\": 2}",
                "the key `a.c` must match the pattern ^[A-Z]+$");
    check_value("{\"propertyNames\": {\"maxLength\": 2}}", "{\"bbb\": 1}",
                "the key `a.bbb` must have at most 2 characters, not 3");
    check_value("{\"propertyNames\": false}", "{\"b\": 1}", "the key `a.b` is not allowed");
    check_value("{\"patternProperties\": {\"^x-\": {\"type\": \"string\"}}}", "{\"x-b\": 1, \"y\": 1}",
                "`a.x-b` must be a string, not the number 1; put quotes around it");
    check_value("{\"properties\": {\"b\": false}}", "{\"b\": 1}", "`a.b` is not allowed here");
    check_in(SCHEMA_DRAFT_2020_12,
             "{\"allOf\": [{\"properties\": {\"port\": true}}], \"properties\": {\"name\": true}, "
             "\"unevaluatedProperties\": false}",
             "{\"name\": 1, \"prot\": 2}", "unknown key `prot`; did you mean `port`?");
}

Test(words, alternatives_of_types_and_values) {
    check_value("{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"number\", \"minimum\": 5}]}", "[1]",
                "`a` must be a string or a number, not a list");
    check_value("{\"oneOf\": [{\"const\": \"x\"}, {\"enum\": [\"w\", \"z\"]}]}", "\"Z\"",
                "`a` must be one of x, w or z, not \"Z\"; did you mean \"z\"?");
    check_value("{\"anyOf\": [{\"enum\": [\"auto\"]}, {\"type\": \"integer\"}]}", "\"none\"",
                "`a` must be auto, or a whole number, not \"none\"");
    check_value("{\"anyOf\": [{\"type\": \"integer\", \"maximum\": 9}, {\"type\": \"string\"}]}", "10",
                "`a` must be at most 9, not 10");
}

Test(words, alternatives_of_keys) {
    const char *one = "{\"oneOf\": [{\"required\": [\"b\"]}, {\"required\": [\"c\"]}]}";
    check_value(one, "{}", "`a` needs either `b` or `c`");
    check_value(one, "{\"b\": 1, \"c\": 2}", "`a` has both `b` and `c`, but takes only one of them");
    check_value("{\"anyOf\": [{\"required\": [\"b\"]}, {\"required\": [\"c\"]}, {\"required\": [\"d\"]}]}", "{}",
                "`a` needs one of `b`, `c` or `d`");
}

Test(words, alternatives_by_what_was_meant) {
    const char *kinds = "{\"oneOf\": ["
                        "{\"properties\": {\"kind\": {\"const\": \"tcp\"}, \"port\": {\"type\": \"integer\"}}},"
                        "{\"properties\": {\"kind\": {\"const\": \"http\"}, \"path\": {\"type\": \"string\"}},"
                        " \"required\": [\"path\"]}]}";
    check_value(kinds, "{\"kind\": \"tcp\", \"port\": \"x\"}", "`a.port` must be a whole number, not the string \"x\"");
    check_value(kinds, "{\"kind\": \"http\"}", "`a` lacks `path`");
    check_value(kinds, "{\"kind\": \"udp\"}", "`a.kind` must be tcp or http, not \"udp\"");
    check_value("{\"oneOf\": [{\"type\": \"integer\"}, {\"minimum\": 2}]}", "3",
                "`a` fits 2 of the forms that it may have, but must fit exactly one");
    check_value("{\"anyOf\": [false, false]}", "3", "`a` fits none of the forms that it may have");
}

Test(words, negations_and_conditions) {
    check_value("{\"not\": {\"const\": \"latest\"}}", "\"latest\"", "`a` must not be \"latest\"");
    check_value("{\"not\": {\"required\": [\"b\", \"c\"]}}", "{\"b\": 1, \"c\": 2}",
                "`a` must not have `b` and `c` together");
    check_value("{\"not\": {\"pattern\": \"^v\"}}", "\"v1\"", "`a` must not match the pattern ^v");
    check_value("{\"not\": {\"minimum\": 3}}", "4", "`a` has a form that is not allowed");
    const char *condition =
        "{\"if\": {\"properties\": {\"type\": {\"const\": \"kafka\"}}}, \"then\": {\"required\": [\"kafka\"]},"
        " \"else\": {\"required\": [\"nats\"]}}";
    check(condition, "{\"type\": \"kafka\"}", "the top level lacks `kafka`");
    check(condition, "{\"type\": \"x\"}", "the top level lacks `nats`");
}

Test(violations, all_of_them_and_none_twice) {
    check("{\"properties\": {\"a\": {\"type\": \"string\"}, \"b\": {\"minimum\": 3}, \"c\": true},"
          " \"allOf\": [{\"properties\": {\"a\": {\"type\": \"string\"}}}, {\"required\": [\"d\"]}],"
          " \"additionalProperties\": false, \"required\": [\"d\"]}",
          "{\"a\": 1, \"b\": 2, \"e\": 5}",
          "`a` must be a string, not the number 1; put quotes around it\n`b` must be at least 3, not 2\n"
          "unknown key `e`\nthe top level lacks `d`");
}

Test(violations, carry_data) {
    const struct schema *schema = compile("{\"properties\": {\"a\": {\"items\": {\"maximum\": 3}}}, "
                                          "\"propertyNames\": {\"maxLength\": 1}}",
                                          SCHEMA_DRAFT_7);
    const struct value *instance = keep(parse("{\"a\": [1, 5], \"bb\": 0}"));
    struct violations found = {NULL, 0, 0};
    cr_expect_not(schema_validate(schema, &arena, instance, &found));
    cr_assert_eq(found.len, 2);
    cr_expect_eq(found.items[0].keyword, SCHEMA_MAXIMUM);
    cr_expect_eq(found.items[0].expected->integer, 3);
    cr_expect_eq(found.items[0].instance, &value_get(instance, STR("a"))->list.items[1]);
    cr_expect(str_eq(found.items[0].path, STR("a[1]")));
    cr_expect(str_eq(found.items[0].pointer, STR("/a/1")));
    cr_expect_eq(found.items[1].keyword, SCHEMA_PROPERTY_NAMES);
    cr_expect_eq(found.items[1].member, value_member(instance, STR("bb")));
    cr_expect_eq(found.items[1].cause->keyword, SCHEMA_MAX_LENGTH);
}

/* `schema` must be refused at the text `at` (its first occurrence behind `from`) with `message`. */
static void check_error(const char *schema, const char *at, const char *message) {
    struct schema_error error;
    struct str text = str_from(schema);
    const struct schema *compiled = schema_compile(&arena, keep(parse(schema)), NULL, &error);
    cr_assert_null(compiled, "%s", schema);
    cr_expect_str_eq(error.message, message);
    cr_expect(str_eq(span_text(text, error.span), str_from(at)), "%s: the error is at %.*s, not %s", schema,
              STR_ARG(span_text(text, error.span)), at);
    cr_expect_str_eq(error.document, "");
}

Test(errors, wrong_types_of_keywords) {
    check_error("{\"type\": 5}", "5", "\"type\" must be a string or a list of strings");
    check_error("{\"type\": [\"string\", 5]}", "5", "\"type\" must be a string or a list of strings");
    check_error("{\"type\": \"strnig\"}", "\"strnig\"", "unknown type \"strnig\"; did you mean \"string\"?");
    check_error("{\"type\": \"list\"}", "\"list\"", "unknown type \"list\"; did you mean \"array\"?");
    check_error("{\"type\": \"qqqqqq\"}", "\"qqqqqq\"",
                "unknown type \"qqqqqq\"; the types are null, boolean, integer, number, "
                "string, array and object");
    check_error("{\"properties\": {\"a\": {\"enum\": 1}}}", "1", "\"enum\" must be a list of the allowed values");
    check_error("{\"maximum\": \"9\"}", "\"9\"", "\"maximum\" must be a number");
    check_error("{\"multipleOf\": 0}", "0", "\"multipleOf\" must be a number above 0");
    check_error("{\"minLength\": -1}", "-1", "\"minLength\" must be a whole number of 0 or more");
    check_error("{\"maxItems\": 1.5}", "1.5", "\"maxItems\" must be a whole number of 0 or more");
    check_error("{\"uniqueItems\": 1}", "1", "\"uniqueItems\" must be true or false");
    check_error("{\"required\": [\"a\", 1]}", "1", "\"required\" must be a list of strings");
    check_error("{\"required\": true}", "true", "\"required\" must be a list of strings");
    check_error("{\"properties\": []}", "[]", "\"properties\" must be an object whose values are schemas");
    check_error("{\"properties\": {\"a\": 1}}", "1", "a schema must be an object, true or false, not an integer");
    check_error("{\"items\": {\"type\": \"string\", \"pattern\": 3}}", "3",
                "\"pattern\" must be a string with a regular expression");
    check_error("{\"allOf\": []}", "[]", "\"allOf\" must be a list of schemas that is not empty");
    check_error("{\"dependencies\": {\"a\": [1]}}", "1", "\"a\" must be a list of strings");
    check_error("{\"format\": 1}", "1", "\"format\" must be a string with the name of a format");
    check_error("{\"description\": 1}", "1", "\"description\" must be a string");
    check_error("{\"x-valuelint\": {\"message\": 1}}", "1", "\"message\" must be a string");
    check_error("[]", "[]", "a schema must be an object, true or false, not an array");
}

Test(errors, regular_expressions) {
    check_error("{\"pattern\": \"a(b\"}", "\"a(b\"",
                "\"pattern\" holds a broken regular expression: missing closing parenthesis");
    check_error("{\"pattern\": \"\\\\Z\"}", "\"\\\\Z\"",
                "\"pattern\" holds a broken regular expression: unknown escape \\Z");
    check_error("{\"patternProperties\": {\"[\": true}}", "\"[\"",
                "\"patternProperties\" holds a broken regular expression: missing terminating ] for character class");
}

Test(errors, references) {
    check_error("{\"$ref\": \"#/definitions/x\"}", "\"#/definitions/x\"",
                "\"$ref\" leads nowhere: there is nothing at /definitions/x");
    check_error("{\"$ref\": \"#x\"}", "\"#x\"", "\"$ref\" leads nowhere: there is no anchor x");
    check_error("{\"$ref\": \"http://example.com/x.json\"}", "\"http://example.com/x.json\"",
                "\"$ref\" leads nowhere: there is no document http://example.com/x.json");
    check_error("{\"$ref\": \"#/title\", \"definitions\": {}}", "\"#/title\"",
                "\"$ref\" leads nowhere: there is nothing at /title");
    check_error("{\"$ref\": 1}", "1", "\"$ref\" must be a string with a URI reference");
    check_error("{\"$ref\": \"#\"}", "\"#\"", "\"$ref\" leads back to itself without going into the value");
    check_error("{\"definitions\": {\"a\": {\"allOf\": [{\"$ref\": \"#/definitions/b\"}]}, \"b\": {\"not\": {\"$ref\": "
                "\"#/definitions/a\"}}}}",
                "\"#/definitions/a\"", "\"$ref\" leads back to itself without going into the value");
}

Test(errors, dialects) {
    check_error("{\"$schema\": 1}", "1", "\"$schema\" must be a string with a URI");
    check_error(
        "{\"$schema\": \"http://json-schema.org/draft-04/schema#\"}", "\"http://json-schema.org/draft-04/schema#\"",
        "unknown \"$schema\" \"http://json-schema.org/draft-04/schema#\"; use http://json-schema.org/draft-07/schema#, "
        "https://json-schema.org/draft/2019-09/schema or https://json-schema.org/draft/2020-12/schema");
    check_error("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"items\": [true]}", "[true]",
                "\"items\" must be a schema; a list of schemas is \"prefixItems\" in draft 2020-12");
    check_error("{\"$id\": 1}", "1", "\"$id\" must be a string with a URI reference");
    check_error("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$id\": \"#a\"}", "\"#a\"",
                "\"$id\" must not have a fragment; use \"$anchor\"");
    check_error("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$anchor\": \"x\", \"not\": "
                "{\"$anchor\": \"x\"}}",
                "\"x\"", "the anchor \"x\" is already taken");
}

static const struct value *one_document(void *data, struct str uri) {
    return str_eq(uri, STR("http://example.com/other.json")) ? data : NULL;
}

Test(errors, in_another_document_name_it) {
    const char *text = "{\"definitions\": {\"a\": {\"type\": \"x\"}}}";
    struct schema_options options = {.resolve = one_document, .resolve_data = (void *)(uintptr_t)keep(parse(text))};
    struct schema_error error;
    const struct value *document = keep(parse("{\"$ref\": \"http://example.com/other.json#/definitions/a\"}"));
    cr_assert_null(schema_compile(&arena, document, &options, &error));
    cr_expect_str_eq(error.document, "http://example.com/other.json");
    cr_expect(str_eq(span_text(str_from(text), error.span), STR("\"x\"")));
}

Test(limits, exponential_references_end) {
    struct buf text = buf_in(&arena);
    buf_add(&text, STR("{\"definitions\": {"));
    for (int i = 0; i < 60; i++)
        buf_addf(&text, "\"d%d\": {\"allOf\": [{\"$ref\": \"#/definitions/d%d\"}, {\"$ref\": \"#/definitions/d%d\"}]},",
                 i, i + 1, i + 1);
    buf_add(&text, STR("\"d60\": true}, \"allOf\": [{\"$ref\": \"#/definitions/d0\"}]}"));
    buf_add_char(&text, '\0');
    check(buf_str(&text).ptr, "1",
          "the top level could not be checked to the end: the schema makes it too long or too deep");
    cr_expect_eq(schema_properties(&arena, compile(buf_str(&text).ptr, SCHEMA_DRAFT_7)).len, 0);
}

Test(limits, deep_values_are_checked) {
    struct buf text = buf_in(&arena);
    buf_add_repeat(&text, '[', 1000);
    buf_add(&text, STR("\"x\""));
    buf_add_repeat(&text, ']', 1000);
    buf_add_char(&text, '\0');
    const char *tree = "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}]}";
    check(tree, buf_str(&text).ptr, "");
    check("{\"type\": [\"array\", \"null\"], \"items\": {\"$ref\": \"#\"}}", "[[1]]",
          "`[0][0]` must be a list or null, not the number 1");
}

Test(limits, hostile_patterns_end) {
    check_value("{\"pattern\": \"^(a+)+$\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"",
                "`a` could not be checked: the pattern ^(a+)+$ takes too long on it");
    check_value("{\"pattern\": \"^(a|a)*\\\\1$\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"",
                "`a` could not be checked: the pattern ^(a|a)*\\1$ takes too long on it");
}

static void check_regex(const char *pattern, const char *text, bool expected) {
    char message[200] = "";
    struct regex_work work = {.remembers = false};
    const struct regex *regex = regex_compile(&arena, str_from(pattern), message, sizeof message);
    cr_assert(regex, "%s: %s", pattern, message);
    enum regex_result result = regex_search(regex, &work, str_from(text));
    cr_expect_eq(result, expected ? REGEX_MATCH : REGEX_NO_MATCH, "%s on %s", pattern, text);
    regex_work_free(&work);
}

Test(regex, classes_repeats_and_anchors) {
    check_regex("^[A-Z_][A-Z0-9_]*$", "LOG_LEVEL", true);
    check_regex("^[A-Z_][A-Z0-9_]*$", "LOG_LEVEL\n", false);
    check_regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "a-b", true);
    check_regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", "a-", false);
    check_regex("^(a|bc){2,3}$", "abca", true);
    check_regex("^(a|bc){2,3}$", "abcaa", false);
    check_regex("^(a|bc){2,3}$", "a", false);
    check_regex("b+c", "abbc!", true);
    check_regex("x*", "", true);
    check_regex("^\\d+(\\.\\d+)?[^/]$", "1.5\xC3\xA9", true);
    check_regex("^.$", "\xE2\x80\xA8", false);
    check_regex("^[\\w.-]+$", "a.b-c", true);
    check_regex("^[^\\]]$", "]", false);
    check_regex("(a|b)$", "xb", true);
    check_regex("^$|^https://[^/\\s]+\\S*$", "", true);
    check_regex("^$|^https://[^/\\s]+\\S*$", "https://a/b", true);
    check_regex("^$|^https://[^/\\s]+\\S*$", "https://a\xE2\x80\x83/b", false);
    check_regex("\\.$", "ledger.", true);
    check_regex("^a{3}$", "aaa", true);
    check_regex("^a{2,}$", "aaaaa", true);
    check_regex("^a{2,}$", "a", false);
}

Test(regex, what_pcre2_writes_otherwise) {
    check_regex("^a|b$", "ax", true);
    check_regex("^(?!x)\\w+$", "yes", true);
    check_regex("^\\p{Letter}+$", "\xC3\xA9t\xC3\xA9", true);
    check_regex("^\\p{Script=Greek}$", "\xCE\xB1", true);
    check_regex("^\\s$", "\xC2\xA0", true);
    check_regex("^[\\S]$", "\xC2\xA0", false);
    check_regex("^\\u00e9\\uD83D\\uDE00$", "\xC3\xA9\xF0\x9F\x98\x80", true);
    check_regex("^(a)\\1$", "aa", true);
    check_regex("^[[]$", "[", true);
    check_regex("^\\cC\\x41$",
                "\x03"
                "A",
                true);
    check_regex("^[^]$", "x", true);
    check_regex("^[]$", "x", false);
}

static void check_format(const char *name, const char *text, bool expected) {
    const struct schema_format_rule *rule = schema_format_rule(str_from(name));
    cr_assert(rule);
    cr_expect_eq(rule->check(str_from(text)), expected, "%s: %s", name, text);
}

Test(formats, of_the_standards_fields) {
    check_format("uri", "postgresql://user@host:5432/name", true);
    check_format("uri", "host:5432/na me", false);
    check_format("uri-reference", "../x?y#z", true);
    check_format("hostname", "db.example.com", true);
    check_format("hostname", "db..example.com", false);
    check_format("ipv4", "10.0.0.256", false);
    check_format("ipv6", "::ffff:192.0.2.1", true);
    check_format("ipv6", "1::2::3", false);
    check_format("json-pointer", "/a/~2", false);
    check_format("regex", "a(", false);
    check_format("date", "2023-02-29", false);
    check_format("date-time", "2024-02-29T23:59:60Z", true);
    check_format("duration", "PT1H30M", true);
    check_format("duration", "P1Y2W", false);
    check_format("email", "a.b@example.com", true);
    check_format("email", "a..b@example.com", false);
    cr_expect_null(schema_format_rule(STR("no-such-format")));
}

static void check_uri(const char *base, const char *reference, const char *expected) {
    struct str got = uri_resolve(&arena, str_from(base), str_from(reference));
    cr_expect(str_eq(got, str_from(expected)), "%s + %s = %.*s, not %s", base, reference, STR_ARG(got), expected);
}

Test(uri, references_are_resolved) { /* RFC 3986, 5.4 */
    const char *base = "http://a/b/c/d;p?q";
    check_uri(base, "g:h", "g:h");
    check_uri(base, "g", "http://a/b/c/g");
    check_uri(base, "./g/", "http://a/b/c/g/");
    check_uri(base, "/g", "http://a/g");
    check_uri(base, "//g", "http://g");
    check_uri(base, "?y", "http://a/b/c/d;p?y");
    check_uri(base, "#s", "http://a/b/c/d;p?q#s");
    check_uri(base, "", "http://a/b/c/d;p?q");
    check_uri(base, "..", "http://a/b/");
    check_uri(base, "../../g", "http://a/g");
    check_uri(base, "../../../g", "http://a/g");
    check_uri("urn:uuid:1", "#/a", "urn:uuid:1#/a");
    check_uri("", "a.json", "a.json");
}

static struct str property_line(const struct schema_property *p) {
    return arena_printf(&arena, "%.*s %.*s parent=%d%s%s%s%s", STR_ARG(p->path), STR_ARG(p->pointer), (int)p->parent,
                        p->required ? " required" : "", p->closed ? " closed" : "", p->condition ? " conditional" : "",
                        p->default_value ? " default" : "");
}

static void check_properties(const char *text, const char *const *expected, uint32_t count) {
    struct schema_properties all = schema_properties(&arena, compile(text, SCHEMA_DRAFT_7));
    cr_expect_eq(all.len, count, "%u properties", all.len);
    for (uint32_t i = 0; i < all.len && i < count; i++) {
        struct str line = property_line(&all.items[i]);
        cr_expect(str_eq(line, str_from(expected[i])), "%.*s\n  is not %s", STR_ARG(line), expected[i]);
    }
}

Test(properties, parents_before_children_in_the_order_of_the_schema) {
    const char *const expected[] = {
        "image /image parent=-1 required closed",
        "image.tag /image/tag parent=0 default",
        "image.pull/policy /image/pull~1policy parent=0 required",
        "env /env parent=-1 required",
        "env.LOG /env/LOG parent=3 default",
        "missing /missing parent=-1 required",
    };
    check_properties("{\"required\": [\"missing\", \"env\", \"image\"], \"properties\": {"
                     "\"image\": {\"required\": [\"pull/policy\"], \"properties\": {\"tag\": {\"default\": \"\"}, "
                     "\"pull/policy\": true}, \"additionalProperties\": false},"
                     "\"env\": {\"$ref\": \"#/definitions/env\"}},"
                     "\"definitions\": {\"env\": {\"properties\": {\"LOG\": {\"$ref\": \"#/definitions/level\"}}},"
                     "\"level\": {\"default\": \"INFO\"}}}",
                     expected, 6);
}

Test(properties, conditions_make_entries_of_their_own) {
    const char *text = "{\"properties\": {\"bus\": {\"properties\": {\"type\": {\"default\": \"kafka\"}, \"kafka\": "
                       "{\"default\": {}}},"
                       "\"allOf\": [{\"if\": {\"properties\": {\"type\": {\"const\": \"kafka\"}}}, \"then\": "
                       "{\"required\": [\"kafka\"]},"
                       "\"else\": {\"properties\": {\"other\": {\"properties\": {\"x\": true}}}}}]}}}";
    const char *const expected[] = {
        "bus /bus parent=-1",
        "bus.type /bus/type parent=0 default",
        "bus.kafka /bus/kafka parent=0 default",
        "bus.kafka /bus/kafka parent=0 required conditional default",
        "bus.other /bus/other parent=0 conditional",
        "bus.other.x /bus/other/x parent=4 conditional",
    };
    check_properties(text, expected, 6);

    const struct schema *schema = compile(text, SCHEMA_DRAFT_7);
    struct schema_properties all = schema_properties(&arena, schema);
    const struct value *kafka = keep(parse("{\"bus\": {\"type\": \"kafka\"}}"));
    const struct value *nats = keep(parse("{\"bus\": {\"type\": \"nats\"}}"));
    cr_expect(schema_condition_holds(schema, all.items[2].condition, nats));
    cr_expect(schema_condition_holds(schema, all.items[3].condition, kafka));
    cr_expect_not(schema_condition_holds(schema, all.items[3].condition, nats));
    cr_expect(schema_condition_holds(schema, all.items[5].condition, nats));
    cr_expect_not(schema_condition_holds(schema, all.items[5].condition, keep(parse("{}"))));
    cr_expect_not(all.items[3].condition->negated);
    cr_expect(all.items[4].condition->negated);
}

Test(properties, carry_types_and_annotations) {
    const struct schema *schema =
        compile("{\"properties\": {\"a\": {\"description\": \"Of a.\", \"x-valuelint\": {\"order\": 1}, \"allOf\": "
                "[{\"$ref\": \"#/definitions/s\"}]}},"
                "\"allOf\": [{\"properties\": {\"a\": {\"default\": 7}}}],"
                "\"definitions\": {\"s\": {\"type\": [\"string\", \"integer\"], \"description\": \"Of s.\"}}}",
                SCHEMA_DRAFT_7);
    struct schema_properties all = schema_properties(&arena, schema);
    cr_assert_eq(all.len, 1);
    cr_expect_eq(all.items[0].types, TYPE_STRING | TYPE_INTEGER);
    cr_expect(str_eq(all.items[0].description, STR("Of a.")));
    cr_expect_eq(value_get(all.items[0].annotation, STR("order"))->integer, 1);
    cr_expect_eq(all.items[0].default_value->integer, 7);
}

Test(properties, schemas_that_describe_themselves_end) {
    const char *const expected[] = {"child /child parent=-1"};
    check_properties("{\"properties\": {\"child\": {\"$ref\": \"#\"}}}", expected, 1);
}

Test(drafts, the_metaschemas_are_known) {
    const char *const uris[] = {"http://json-schema.org/draft-07/schema#",
                                "https://json-schema.org/draft/2019-09/schema",
                                "https://json-schema.org/draft/2020-12/schema"};
    for (int i = 0; i < 3; i++) {
        const struct schema *schema = compile(
            arena_printf(&arena, "{\"$schema\": \"%s\", \"$ref\": \"%s\"}", uris[i], uris[i]).ptr, SCHEMA_DRAFT_7);
        cr_expect(schema_is_valid(schema, keep(parse("{\"properties\": {\"a\": {\"minLength\": 1}}}"))));
        cr_expect_not(schema_is_valid(schema, keep(parse("{\"properties\": {\"a\": {\"minLength\": -1}}}"))));
    }
}
