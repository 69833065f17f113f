#include <criterion/criterion.h>

#include "check/lint.h"
#include "check/rules.h"
#include "config/config.h"
#include "rule/fix.h"
#include "rule/path.h"
#include "rule/place.h"
#include "rule/plan.h"
#include "rule/text.h"

static struct arena arena;

static void reset(void) {
    arena_free(&arena);
}

TestSuite(rule, .fini = reset);

static void expect_str(struct str got, const char *expected) {
    cr_assert(str_eq(got, str_from(expected)), "got \"%.*s\", not \"%s\"", STR_ARG(got), expected);
}

/* A document of rules, added to a set of its own. */
struct loaded {
    struct rule_set set;
    struct document document;
    struct problems problems;
    bool ok;
};

static void load(struct loaded *l, const char *entries) {
    *l = (struct loaded){.ok = false};
    struct str text = arena_printf(&arena, "section: Tests\nrules:\n%s", entries);
    l->ok = document_parse(&arena, STR("rules.yaml"), text, &l->document, &l->problems) &&
            rule_set_add(&arena, &l->set, &l->document, &l->problems) &&
            rule_set_compile(&arena, &l->set, &l->problems);
}

#define HEAD "  - {id: TT001, name: test, severity: error, summary: s, why: w, "

static const char *only_problem(struct loaded *l) {
    cr_assert_eq(l->problems.len, 1, "%u problems", l->problems.len);
    return problem_text(&arena, &l->problems.items[0]).ptr;
}

Test(rule, the_table_and_the_texts_are_the_same_rules) {
    struct rule_set table = {.env = NULL}, texts = {.env = NULL};
    struct problems problems = {NULL, 0, 0};
    rule_set_add_builtin(&arena, &table);
    rule_set_add_embedded(&arena, &texts);
    cr_assert(rule_set_compile(&arena, &table, &problems));
    cr_assert(rule_set_compile(&arena, &texts, &problems));
    cr_assert_eq(table.rules.len, texts.rules.len);
    for (uint32_t i = 0; i < table.rules.len; i++) {
        const struct rule *a = table.rules.items[i], *b = texts.rules.items[i];
        cr_assert(str_eq(a->check.id, b->check.id) && str_eq(a->check.name, b->check.name));
        cr_assert(str_eq(a->check.summary, b->check.summary) && str_eq(a->section, b->section));
        cr_assert_eq(a->check.severity, b->check.severity);
        cr_assert(a->fix == b->fix && a->builtin == b->builtin);
        for (int t = 0; t < RULE_TEXTS; t++) cr_assert(str_eq(a->texts[t], b->texts[t]));
    }
    cr_assert_eq(table.plan->node_count, texts.plan->node_count);
}

Test(rule, the_fixes_that_are_built_in_can_be_read) {
    struct rule_set set = {.env = NULL};
    struct problems problems = {NULL, 0, 0};
    rule_set_add_builtin(&arena, &set);
    cr_assert(rule_set_compile(&arena, &set, &problems));
    for (uint32_t i = 0; i < set.rules.len; i++) {
        struct rule_fix_operations operations;
        rule_fix_read(&arena, set.env, set.rules.items[i], &operations);
        cr_assert_eq(operations.len > 0, set.rules.items[i]->texts[RULE_FIX].len > 0);
    }
}

Test(rule, paths) {
    struct rule_path path;
    uint32_t at;
    cr_assert(rule_path_parse(&arena, STR("service.http.port"), &path, &at));
    cr_assert_eq(path.count, 3);
    expect_str(path.keys[1], "http");
    cr_assert(rule_path_parse(&arena, STR("podAnnotations[\"prometheus.io/port\"].*"), &path, &at));
    cr_assert_eq(path.count, 3);
    expect_str(path.keys[1], "prometheus.io/port");
    cr_assert_null(path.keys[2].ptr);
    cr_assert(rule_path_is_wild(&path));
    expect_str(rule_path_text(&arena, path.keys, path.count), "podAnnotations[\"prometheus.io/port\"].*");
    cr_assert(rule_path_parse(&arena, STR(""), &path, &at) && path.count == 0);
    cr_assert_not(rule_path_parse(&arena, STR("a..b"), &path, &at));
    cr_assert_eq(at, 2);
    cr_assert_not(rule_path_parse(&arena, STR("a b"), &path, &at));
    cr_assert_eq(at, 1);
    cr_assert_not(rule_path_parse(&arena, STR("a.*b"), &path, &at));
    cr_assert_not(rule_path_parse(&arena, STR("a[\"b\""), &path, &at));
}

Test(rule, fix_paths) {
    struct rule_fix_path path;
    cr_assert(rule_fix_path_parse(&arena, STR("/service/a~1b"), &path) && !path.relative && path.count == 2);
    expect_str(path.keys[1], "a/b");
    cr_assert(rule_fix_path_parse(&arena, STR("0"), &path) && path.relative && path.up == 0 && path.count == 0);
    cr_assert(rule_fix_path_parse(&arena, STR("2/port"), &path) && path.relative && path.up == 2 && path.count == 1);
    cr_assert(rule_fix_path_parse(&arena, STR(""), &path) && !path.relative && path.count == 0);
    cr_assert_not(rule_fix_path_parse(&arena, STR("port"), &path));
}

static struct rule_pieces split(const char *text) {
    struct rule_pieces pieces = {NULL, 0, 0};
    struct cel_error error;
    cr_assert(rule_text_split(&arena, str_from(text), &pieces, &error), "%s", text);
    return pieces;
}

Test(rule, texts_with_expressions) {
    struct rule_pieces pieces = split("a {self} b {{c}} { {'x': '}'}[\"x}\"]} {'\\'}'}");
    cr_assert_eq(pieces.len, 8);
    pieces = split("{ {'a': 1}['a'] }");
    cr_assert_eq(pieces.len, 1);
    expect_str(pieces.items[0].text, " {'a': 1}['a'] ");
    cr_assert_eq(pieces.items[0].start, 1);

    struct cel_error error;
    cr_assert_not(rule_text_split(&arena, STR("a {b"), &pieces, &error));
    cr_assert_eq(error.span.start, 2);
    cr_assert_not(rule_text_split(&arena, STR("a } b"), &pieces, &error));
    cr_assert_eq(error.span.start, 2);
    cr_assert_not(rule_text_split(&arena, STR("a { } b"), &pieces, &error));
}

/* Where `part` of the string that `yaml` gives `key: ` stands, checked by its text. */
static void expect_place(const char *yaml, const char *part, uint32_t offset) {
    struct problems problems = {NULL, 0, 0};
    struct document document;
    cr_assert(document_parse(&arena, STR("t.yaml"), str_from(yaml), &document, &problems), "%s", yaml);
    const struct value *value = value_get(&document.root, STR("key"));
    size_t start = str_find(value->string, str_from(part));
    cr_assert_lt(start, value->string.len, "%s holds no %s", yaml, part);
    struct span span = place_of(document.source.text, value, span_make(start, start + strlen(part)));
    cr_assert_eq(span.start, offset, "%s: %s at %u, not %u", yaml, part, span.start, offset);
    cr_assert_gt(span.end, span.start);
}

Test(rule, places_in_scalars_of_every_style) {
    expect_place("key: self.a == 1\n", "a ==", 10);
    expect_place("key: 'it''s b'\n", "b", 12);
    expect_place("key: \"\\u00e9\\x41 \\\" b\"\n", "b", 20);
    expect_place("key: |\n  one\n    two\n  three\n", "two", 17);
    expect_place("key: |\n  one\n    two\n  three\n", "three", 23);
    expect_place("key: >-\n  one\n  two\n\n  three\n", "two", 16);
    expect_place("key: >-\n  one\n  two\n\n  three\n", "three", 23);
    expect_place("key: one\n  two\n  three\n", "three", 17);
    expect_place("key: \"one\n  two \\\n  three\"\n", "three", 20);
    struct problems problems = {NULL, 0, 0};
    struct document document;
    cr_assert(document_parse(&arena, STR("t.json"), STR("{\"key\": \"a\\n\\u00e9 b\"}"), &document, &problems));
    const struct value *value = value_get(&document.root, STR("key"));
    cr_assert_eq(place_of(document.source.text, value, span_make(5, 6)).start, 19);
}

Test(rule, selectors) {
    struct check check = {.id = STR_INIT("VL501"), .name = STR_INIT("password-in-dsn")};
    struct check own = {.id = STR_INIT("ACME001"), .name = STR_INIT("own")};
    cr_assert(rule_selected(STR("VL501"), &check) && rule_selected(STR("VL5"), &check) &&
              rule_selected(STR("VL"), &check));
    cr_assert(rule_selected(STR("password-in-dsn"), &check) && rule_selected(STR("ALL"), &own));
    cr_assert(rule_selected(STR("ACME"), &own) && !rule_selected(STR("VL"), &own) && !rule_selected(STR("A"), &own));
    cr_assert_not(rule_selected(STR("VL502"), &check));
    cr_assert_not(rule_selected(STR("password"), &check));
}

Test(rule, broken_rules_are_told_at_their_place) {
    struct loaded l;
    load(&l, HEAD "expect: 'self.x +', message: m}\n");
    cr_assert_not(l.ok);
    cr_assert(strstr(only_problem(&l), "rules.yaml:3:83: TT001: "), "%s", only_problem(&l));
    load(&l, HEAD "expect: foo, message: m}\n");
    cr_assert(strstr(only_problem(&l), "rules.yaml:3:74: TT001: undeclared reference to `foo`"), "%s",
              only_problem(&l));
    load(&l, HEAD "expect: self.a, message: 'x {1 + \"a\"} y'}\n");
    cr_assert(strstr(only_problem(&l), "rules.yaml:3:95: TT001: "), "%s", only_problem(&l));
    load(&l, HEAD "expect: size(values), message: m}\n");
    cr_assert(strstr(only_problem(&l), "must return true or false"), "%s", only_problem(&l));
    load(&l, HEAD "at: a..b, expect: self, message: m}\n");
    cr_assert(strstr(only_problem(&l), "rules.yaml:3:72: TT001: this is not a path"), "%s", only_problem(&l));
    load(&l, HEAD "at: a.b, point: a.*, expect: self, message: m}\n");
    cr_assert(strstr(only_problem(&l), "only `at` can mean each child"), "%s", only_problem(&l));
    load(&l, HEAD "at: a, expect: self, message: m, fix: [{op: remove, path: 2/x}], safety: safe}\n");
    cr_assert(strstr(only_problem(&l), "this is not a path in the values"), "%s", only_problem(&l));
    load(&l, HEAD "expect: self.a, message: m}\n" HEAD "expect: self.a, message: m}\n");
    cr_assert(strstr(only_problem(&l), "the id `TT001` is already used by another rule"), "%s", only_problem(&l));
}

Test(rule, the_schema_of_rules_refuses_what_makes_no_sense) {
    static const char *const entries[] = {
        HEAD "message: m}\n",                                                           /* no condition */
        HEAD "expect: self.a}\n",                                                       /* no message */
        HEAD "expect: self.a, groupBy: self.b, message: m}\n",                          /* both */
        HEAD "expect: self.a, message: m, fix: [{op: remove, path: /a}]}\n",            /* no safety */
        HEAD "expect: self.a, message: m, safety: safe}\n",                             /* no fix */
        HEAD "expect: self.a, message: m, fix: [{op: add, path: /a}], safety: safe}\n", /* no value */
        HEAD "expect: self.a, message: m, fix: [{op: move, path: /a}], safety: safe}\n",
        HEAD "expect: self.a, message: m, fix: [{op: remove, path: /a, value: 1}], safety: safe}\n",
        HEAD "expect: self.a, message: m, unknown: 1}\n",
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct loaded l;
        load(&l, entries[i]);
        cr_assert(!l.ok && l.problems.len > 0, "%s", entries[i]);
    }
}

Test(rule, what_a_rule_names_must_be_in_the_schema) {
    struct rule_set builtin = {.env = NULL};
    struct config_store store;
    struct loaded l;
    rule_set_add_builtin(&arena, &builtin);
    config_store_init(&store, &arena, &builtin, &(struct config_overrides){.no_config = true});
    config_open(&store, STR("/"), true);
    config_store_close(&store);
    const struct standard *standard = config_settings(&store, STR("/"), true)->standard;

    load(&l, HEAD "at: service.http.prot, expect: self > 1, message: m}\n");
    cr_assert(l.ok && !rule_check(&arena, l.set.rules.items[0], &standard->properties, &l.problems));
    cr_assert(strstr(only_problem(&l), "the schema has no `service.http.prot`; did you mean `port`?"), "%s",
              only_problem(&l));
    load(&l, HEAD "at: service.http, expect: self.prot > 1, message: m}\n");
    cr_assert(!rule_check(&arena, l.set.rules.items[0], &standard->properties, &l.problems) && l.problems.len == 1);
    load(&l, HEAD "at: service.http.port, expect: self > 'a', message: m}\n");
    cr_assert(!rule_check(&arena, l.set.rules.items[0], &standard->properties, &l.problems) && l.problems.len == 1);
    load(&l, HEAD "expect: values.own.thing > 1 && values.env.FOO != '', message: '{values.serviceConfig.x}'}\n");
    cr_assert(rule_check(&arena, l.set.rules.items[0], &standard->properties, &l.problems) && l.problems.len == 0);
}

/* Runs one rule on values.yaml, as a chart's own file or as an overlay; gives "ID path: message" lines. */
static struct str run(const char *entry, const char *values, bool overlay) {
    struct rule_set rules = {.env = NULL};
    struct config_store store;
    struct checks checks;
    struct lint_result result;
    struct document *document = arena_new(&arena, struct document);
    struct str text = arena_printf(&arena, "section: Tests\nrules:\n%s", entry);
    rule_set_add_builtin(&arena, &rules);
    config_store_init(&store, &arena, &rules, &(struct config_overrides){.no_config = true});
    bool ok = document_parse(&arena, STR("rules.yaml"), text, document, &store.problems) &&
              rule_set_add(&arena, &rules, document, &store.problems);
    cr_assert(ok, "%s", entry);
    vec_push(&arena, &store.given_rules, document);
    config_open(&store, STR("/"), true);
    config_store_close(&store);
    const struct settings *settings = config_settings(&store, STR("/"), true);
    for (uint32_t i = 0; i < store.problems.len; i++)
        cr_assert(false, "%s", problem_text(&arena, &store.problems.items[i]).ptr);
    checks_bind(&rules, &checks);
    struct str path = overlay ? STR("chart/values-test.yaml") : STR("chart/values.yaml");
    lint_text(&arena, &checks, settings, path, str_from(values), &result);
    struct buf out = buf_in(&arena);
    for (uint32_t i = 0; i < result.files.items[0]->findings.len; i++) {
        const struct finding *finding = &result.files.items[0]->findings.items[i];
        if (!str_starts(finding->check->id, STR("TT0")) && !str_eq(finding->check->id, STR("VL012"))) continue;
        buf_addf(&out, "%.*s %.*s: %.*s\n", STR_ARG(finding->check->id), STR_ARG(finding->path),
                 STR_ARG(finding->message));
    }
    return buf_str(&out);
}

Test(rule, finds_what_does_not_hold) {
    const char *rule = HEAD "at: replicaCount, when: self > 1, expect: values.own == vars.chart, message: "
                            "'{path}={self} {values.own} {key}'}\n";
    expect_str(run(rule, "replicaCount: 2\nown: x\n", false), "TT001 replicaCount: replicaCount=2 x replicaCount\n");
    expect_str(run(rule, "replicaCount: 1\nown: x\n", false), "");
    expect_str(run(rule, "replicaCount: 2\nown: chart\n", false), "");
}

Test(rule, does_not_run_where_values_are_missing) {
    const char *rule = HEAD "at: replicaCount, expect: values.own.a == 1, message: m}\n";
    expect_str(run(rule, "replicaCount: 2\n", false), "");
    expect_str(run(rule, "replicaCount: 2\nown: {}\n", false), "");
    expect_str(run(rule, "replicaCount: 2\nown: {a: 2}\n", false), "TT001 replicaCount: m\n");
    const char *guarded = HEAD "at: replicaCount, expect: has(values.own) && values.own.a == 1, message: m}\n";
    expect_str(run(guarded, "replicaCount: 2\n", false), "TT001 replicaCount: m\n");
    expect_str(run(guarded, "own: {a: 2}\n", false), "");
}

Test(rule, does_not_repeat_what_the_schema_says) {
    const char *rule = HEAD "at: replicaCount, expect: self == 3, message: m}\n";
    expect_str(run(rule, "replicaCount: two\n", false), "");
    expect_str(run(rule, "replicaCount: -1\n", false), "");
    const char *other =
        HEAD "at: replicaCount, expect: has(values.database.host) && values.database.host == 'x', message: m}\n";
    expect_str(run(other, "replicaCount: 2\ndatabase: []\n", false), "");
    expect_str(run(other, "replicaCount: 2\ndatabase: {host: 1}\n", false), "");
    expect_str(run(other, "replicaCount: 2\ndatabase: {host: h, port: z}\n", false), "TT001 replicaCount: m\n");
    const char *deep = HEAD "at: replicaCount, expect: 'values.tolerations.all(t, t.key == \"a\")', message: m}\n";
    expect_str(run(deep, "replicaCount: 2\ntolerations: [{key: 1, operator: Exists}]\n", false), "");
    expect_str(run(deep, "replicaCount: 2\ntolerations: [{key: b, operator: Exists}]\n", false),
               "TT001 replicaCount: m\n");
}

Test(rule, each_child) {
    const char *rule = HEAD "at: own.*.port, expect: self < 10, message: '{path} {key}'}\n";
    expect_str(run(rule, "own: {a: {port: 11}, b: {port: 1}, c: 3, d: {port: 12}}\n", false),
               "TT001 own.a.port: own.a.port port\nTT001 own.d.port: own.d.port port\n");
    const char *list = HEAD "at: own.*, expect: self.name != \"\", message: '{key}'}\n";
    expect_str(run(list, "own: [{name: a}, {name: \"\"}, {}]\n", false), "TT001 own.1: 1\n");
    const char *env = HEAD "at: env.*, expect: self != \"x\", message: '{key}'}\n";
    expect_str(run(env, "env: {A: x, B: 1, C: y, D: x}\n", false), "TT001 env.A: A\nTT001 env.D: D\n");
}

Test(rule, several_places_and_a_point) {
    const char *rule = HEAD "at: [own.a, own.b], point: own.c, expect: self == 1, message: '{path}'}\n";
    expect_str(run(rule, "own: {a: 1, b: 2, c: 3}\n", false), "TT001 own.c: own.b\n");
    expect_str(run(rule, "own: {b: 2}\n", false), "TT001 own.b: own.b\n");
}

Test(rule, in_an_overlay_only_where_all_that_it_reads_stands_there) {
    const char *rule = HEAD "at: replicaCount, expect: '!has(values.own) || values.other == 1', message: m}\n";
    expect_str(run(rule, "replicaCount: 2\nown: 1\nother: 2\n", true), "TT001 replicaCount: m\n");
    expect_str(run(rule, "replicaCount: 2\nother: 2\n", true), "");
    expect_str(run(rule, "replicaCount: 2\nown: 1\n", true), "");
    expect_str(run(rule, "replicaCount: 2\nother: 2\n", false), "");
}

Test(rule, an_evaluation_that_fails_is_not_silent) {
    const char *rule = HEAD "at: own, expect: 1 / self.a > 0, message: m}\n";
    expect_str(run(rule, "own: {a: 0}\n", false), "VL012 own: rule TT001 cannot be evaluated: division by zero\n");
    const char *text = HEAD "at: own, expect: self.a > 0, message: 'a {1 / self.a} b'}\n";
    expect_str(run(text, "own: {a: 0}\n", false),
               "TT001 own: a ? b\nVL012 own: rule TT001 cannot be evaluated: division by zero\n");
    const char *kind = HEAD "at: own, expect: self.a, message: m}\n";
    expect_str(run(kind, "own: {a: 0}\n", false),
               "VL012 own: rule TT001 cannot be evaluated: its condition returned int\n");
}
