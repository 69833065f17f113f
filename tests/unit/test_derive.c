#include <criterion/criterion.h>

#include "base/file.h"
#include "config/annotations.h"
#include "config/defaults.h"
#include "config/settings.h"
#include "rule/rule.h"
#include "value/json.h"

static struct arena arena;

static struct value read_json(const char *path) {
    struct json_error broken;
    struct error error;
    struct value v;
    struct str text;
    cr_assert(file_read(&arena, path, TEXT_MAX, &text, &error), "%s", error.message);
    cr_assert(json_parse(&arena, text, &v, &broken), "%s", broken.message);
    return v;
}

static const struct derivation *find(const struct standard *standard, struct str pointer) {
    for (uint32_t i = 0; i < standard->derivations.len; i++)
        if (str_eq(standard->derivations.items[i].property->pointer, pointer)) return &standard->derivations.items[i];
    return NULL;
}

static struct str written(const struct value *v) {
    struct buf out = buf_in(&arena);
    json_write(&out, v, JSON_ONE_LINE);
    return buf_str(&out);
}

Test(derive, the_cases_of_the_standard) {
    struct problems problems = {NULL, 0, 0};
    const struct standard *standard = standard_load(&arena, STR(""), STR(""), &problems);
    struct value cases = read_json(FIXTURES "/schema/derive.json");
    cr_assert(standard && problems.len == 0);
    cr_assert_eq(cases.list.len, 59);
    for (uint32_t i = 0; i < cases.list.len; i++) {
        const struct value *test = &cases.list.items[i], *expected = value_get(test, STR("value"));
        const struct value empty = value_map_new(&arena, 0), *chart = value_get(test, STR("chart"));
        struct str name = value_get(test, STR("name"))->string;
        const struct derivation *derivation = find(standard, value_get(test, STR("path"))->string);
        struct cel_value slots[RULE_VARIABLES] = {{0}};
        struct value got;

        cr_assert(derivation, "%.*s", STR_ARG(name));
        slots[RULE_VALUES] = cel_from_value(value_get(test, STR("values")));
        slots[RULE_CHART] = cel_from_value(chart ? chart : &empty);
        slots[RULE_VARS] = cel_from_value(&empty);
        bool derived = derive_value(&arena, derivation, slots, &got);
        cr_expect_eq(derived, expected != NULL, "%.*s", STR_ARG(name));
        if (derived && expected)
            cr_expect(value_equal(&got, expected), "%.*s: %.*s", STR_ARG(name), STR_ARG(written(&got)));
    }
}

Test(derive, the_built_in_standard_is_what_a_standard_must_be) {
    struct problems problems = {NULL, 0, 0};
    struct rule_set rules = {0};
    struct settings settings;
    struct map reported = {0};
    const struct standard *standard = standard_load(&arena, STR(""), STR(""), &problems);
    cr_assert(standard && standard->is_builtin);
    annotations_check(&arena, standard->document, &problems);
    annotations_check_paths(&arena, standard, &problems);
    rule_set_add_embedded(&arena, &rules);
    settings_init(&arena, &settings, &rules, standard);
    defaults_check(&arena, &settings, &reported, &problems);
    for (uint32_t i = 0; i < problems.len; i++)
        cr_expect(false, "%.*s", STR_ARG(problem_text(&arena, &problems.items[i])));
    for (uint32_t i = 0; i < rules.rules.len; i++)
        cr_expect(value_get(rules.rules.items[i]->entry, STR("scope")), "%.*s has no scope",
                  STR_ARG(rules.rules.items[i]->check.id));
}

/* What is wrong with the annotations of `text`, a schema. */
static struct str problems_of(const char *text) {
    struct problems problems = {NULL, 0, 0};
    struct document *document = arena_new(&arena, struct document);
    struct schema_error error;
    struct derivations derivations;
    struct buf out = buf_in(&arena);
    cr_assert(document_parse(&arena, STR("s.json"), str_from(text), document, &problems));
    const struct schema *schema = schema_compile(&arena, &document->root, NULL, &error);
    cr_assert(schema, "%s", error.message);
    struct schema_properties properties = schema_properties(&arena, schema);
    struct standard_file file = {.document = *document};
    struct standard_files files = {.arena = &arena};
    vec_push(&arena, &files.list, &file);
    bool ok = derive_load(&arena, &files, &properties, &derivations, &problems);
    cr_expect_eq(ok, problems.len == 0);
    for (uint32_t i = 0; i < problems.len; i++)
        buf_addf(&out, "%.*s\n", STR_ARG(problem_text(&arena, &problems.items[i])));
    for (uint32_t i = 0; i < derivations.len; i++)
        buf_addf(&out, "%.*s ", STR_ARG(derivations.items[i].property->path));
    return buf_str(&out);
}

static void check(const char *schema, const char *expected) {
    struct str got = problems_of(schema);
    cr_expect(str_eq(got, str_from(expected)), "%s\n gives %.*s", schema, STR_ARG(got));
}

#define DERIVE(name, text) "\"" name "\": {\"x-valuelint\": {\"derive\": \"" text "\"}}"

Test(derive, order_follows_what_is_read) {
    check("{\"properties\": {" DERIVE("a", "values.b + 1") ", " DERIVE("b", "values.c + 1") ", " DERIVE("c", "2") "}}",
          "c b a ");
}

Test(derive, a_circle_needs_a_default) {
    check("{\"properties\": {" DERIVE("a", "values.b") ", " DERIVE("b", "values.a") "}}",
          "s.json:1:49: `a`, `b` derive from each other, and none has a default; give one of them a "
          "`default`\n");
    check("{\"properties\": {" DERIVE(
              "a", "values.b") ", \"b\": {\"default\": 1, \"x-valuelint\": {\"derive\": \"values.a\"}}}}",
          "b a ");
}

Test(derive, a_broken_expression_is_told_at_its_place) {
    check("{\"properties\": {\n" DERIVE("a", "values.b +") "}}",
          "s.json:2:44: `derive` of `a`: expected an expression, found the end of the expression\n");
    check("{\"properties\": {\n\"a\": {\"x-valuelint\": {\"when\": \"valuez.b\"}}}}",
          "s.json:2:32: `when` of `a`: undeclared reference to `valuez`; did you mean `values`?\n");
    check("{\"properties\": {\"a\": {\"x-valuelint\": {\"when\": true}}}}",
          "s.json:1:47: `when` of `a`: this must be a CEL expression in a string\n");
}
