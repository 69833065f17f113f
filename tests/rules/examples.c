/* Runs the examples of rules: `bad` must give exactly one finding of its rule, at the place that the example names,
 * `good` and `fixed` none of it, and nothing else at or above a warning that `bad` does not give too.
 *
 * A mapping is laid over the standard's defaults for the chart example-service, as Helm lays values over a chart's
 * (null takes a key away). A text is a values.yaml of its own. A list holds a mapping for each of several charts, which
 * have names of their own.
 *
 * usage: examples STANDARD.yaml [RULES...]     without RULES, the rules that are built in */
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "check/group.h"
#include "check/shape.h"
#include "config/config.h"
#include "value/change.h"
#include "yaml/helm.h"

static const char *const NAMES[] = {"example-service", "second-service", "third-service", "fourth-service"};

struct suite {
    struct arena arena;
    struct rule_set rules;
    struct config_store store;
    struct checks checks;
    const struct settings *settings;
    struct str standard;
    uint32_t passed, failed;
};

/* What was found by one run over an example's values. */
struct outcome {
    struct findings findings;
    struct source source;
};

static void fail(struct suite *s, const struct rule *rule, uint32_t index, const char *which,
                 const struct outcome *outcome) {
    printf("FAIL %.*s examples[%u].%s\n", STR_ARG(rule->check.id), index, which);
    for (uint32_t i = 0; i < outcome->findings.len; i++) {
        const struct finding *finding = &outcome->findings.items[i];
        printf("     %.*s at `%.*s`: %.*s\n", STR_ARG(finding->check->id), STR_ARG(finding->path),
               STR_ARG(finding->message));
    }
    s->failed++;
}

static struct str replace_all(struct arena *a, struct str text, struct str from, struct str to) {
    struct buf out = buf_in(a);
    while (text.len) {
        size_t at = str_find(text, from);
        buf_add(&out, str_slice(text, 0, at));
        if (at == text.len) break;
        buf_add(&out, to);
        text = str_slice(text, at + from.len, text.len);
    }
    return buf_str(&out);
}

static struct value parse(struct suite *s, struct str text) {
    struct source *source = arena_new(&s->arena, struct source);
    struct tree *tree = arena_new(&s->arena, struct tree);
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue issue;
    struct value values;
    *source = (struct source){.path = STR("values.yaml"), .text = text};
    if (!tree_parse(&s->arena, source, tree, &issue) || !helm_values(&s->arena, tree, &values, &issues))
        base_panic("the standard's defaults cannot be read");
    return values;
}

/* Checks one chart's values; what it has in common with others goes into `file->members`. */
static void check_values(struct suite *s, struct str chart_name, const struct value *values, struct lint_file *file) {
    struct chart chart = {.name = chart_name, .document = value_map_new(&s->arena, 0)};
    struct reporter f = reporter_on(&s->arena, &s->checks, s->settings, &file->source, &file->findings);
    struct violations violations = {NULL, 0, 0};
    struct cel_value slots[RULE_VARIABLES];
    struct legacy_state legacy;

    legacy_scan(&s->arena, s->settings->standard, values, &legacy);
    const struct chart_names none = {NULL, 0, 0};
    shape_check(&f, NULL, values, &legacy, false, &none, &violations);
    if (legacy.count) legacy_check(&f, values, &legacy);
    struct rules_subject subject = {values, &chart, &violations, false};
    rules_slots(&f, &subject, slots);
    rules_check(&f, &subject, slots);
    rules_take_members(&f, &file->members);
}

static void add_group(void *data, struct lint_file *file, struct str chart) {
    struct findings *findings = ((void **)data)[0];
    struct suite *s = ((void **)data)[1];
    (void)chart;
    for (uint32_t i = 0; i < file->findings.len; i++) {
        struct finding finding = file->findings.items[i];
        finding.message = arena_str(&s->arena, finding.message);
        vec_push(&s->arena, findings, finding);
    }
}

/* Mappings laid over the standard, for one chart each. */
static void run_charts_over_standard(struct suite *s, const struct value *const *overs, uint32_t count,
                                     struct outcome *outcome) {
    struct groups groups = {.arena = &s->arena, .rules = &s->rules};
    void *data[] = {&outcome->findings, s};
    for (uint32_t i = 0; i < count; i++) {
        struct str name = str_from(NAMES[i]);
        struct str snake = replace_all(&s->arena, name, STR("-"), STR("_"));
        struct str text = replace_all(&s->arena, s->standard, STR("example-service"), name);
        struct value standard = parse(s, replace_all(&s->arena, text, STR("example_service"), snake));
        struct value values = value_overlay(&s->arena, &standard, overs[i]);
        struct lint_file *file = arena_new(&s->arena, struct lint_file);
        struct lint_result result = {.chart = name};
        file->source.path = arena_printf(&s->arena, "%.*s/values.yaml", STR_ARG(name));
        check_values(s, name, &values, file);
        for (uint32_t k = 0; k < file->findings.len; k++)
            vec_push(&s->arena, &outcome->findings, file->findings.items[k]);
        vec_push(&s->arena, &result.files, file);
        groups_add(&groups, &result);
    }
    groups_report(&groups, add_group, data);
}

static void run(struct suite *s, const struct value *example, struct outcome *outcome) {
    const struct value *overs[sizeof NAMES / sizeof *NAMES] = {example};
    *outcome = (struct outcome){.findings = {NULL, 0, 0}};
    if (example->kind == VALUE_STRING) {
        struct lint_result result;
        lint_text(&s->arena, &s->checks, s->settings, STR("example-service/values.yaml"), example->string, &result);
        outcome->findings = result.files.items[0]->findings;
        outcome->source = result.files.items[0]->source;
        return;
    }
    uint32_t count = example->kind == VALUE_LIST ? example->list.len : 1;
    for (uint32_t i = 0; example->kind == VALUE_LIST && i < count; i++) overs[i] = &example->list.items[i];
    run_charts_over_standard(s, overs, count, outcome);
}

static uint32_t count_of(const struct outcome *outcome, const struct rule *rule, const struct finding **last) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < outcome->findings.len; i++) {
        if (outcome->findings.items[i].check != &rule->check) continue;
        *last = &outcome->findings.items[i];
        count++;
    }
    return count;
}

/* Where the finding must stand: as the example says, else at the rule's point or only place. */
static bool is_in_place(struct suite *s, const struct rule *rule, const struct value *example, struct outcome *outcome,
                        const struct finding *finding) {
    const struct value *at = value_get(example, STR("at")), *line = value_get(example, STR("line"));
    struct str place = rule->texts[rule->texts[RULE_POINT].len ? RULE_POINT : RULE_AT];
    if (line) {
        source_lines(&s->arena, &outcome->source);
        return source_line_of(&outcome->source, finding->span.start) + 1 == line->integer;
    }
    if (!at && rule->builtin) return true;
    return str_eq(finding->path, at ? at->string : place);
}

/* Whether a finding that is no mere remark speaks of something that `bad` does not show. */
static bool has_new_finding(const struct outcome *good, const struct outcome *bad) {
    for (uint32_t i = 0; i < good->findings.len; i++) {
        const struct finding *finding = &good->findings.items[i];
        bool known = finding->severity == SEVERITY_INFO;
        for (uint32_t k = 0; k < bad->findings.len; k++)
            known = known || bad->findings.items[k].check == finding->check;
        if (!known) return true;
    }
    return false;
}

static void check_example(struct suite *s, const struct rule *rule, const struct value *example, uint32_t index) {
    static const char *const keys[] = {"good", "fixed"};
    struct outcome bad, other;
    const struct finding *finding = NULL;
    run(s, value_get(example, STR("bad")), &bad);
    bool ok = count_of(&bad, rule, &finding) == 1 && is_in_place(s, rule, example, &bad, finding);
    if (ok) s->passed++;
    else fail(s, rule, index, "bad", &bad);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct value *value = value_get(example, str_from(keys[i]));
        if (!value) continue;
        run(s, value, &other);
        if (count_of(&other, rule, &finding) == 0 && (rule->builtin || !has_new_finding(&other, &bad))) s->passed++;
        else fail(s, rule, index, keys[i], &other);
    }
}

/* Those of files are run by test_files.py, and a text of a mesh's manifests by test_mesh.py. */
static bool is_of_files(const struct rule *rule, const struct value *example) {
    return value_get(example, STR("files")) || str_starts(rule->check.id, STR("VL8"));
}

static void check_examples(struct suite *s, const struct rule *rule) {
    const struct value *examples = value_get(rule->entry, STR("examples"));
    if (!examples && !str_eq(rule->check.id, STR("VL017"))) { /* that one is about a file of 5 MiB */
        printf("FAIL %.*s has no examples\n", STR_ARG(rule->check.id));
        s->failed++;
    }
    for (uint32_t i = 0; examples && i < examples->list.len; i++)
        if (!is_of_files(rule, &examples->list.items[i])) check_example(s, rule, &examples->list.items[i], i);
}

/* With files of rules, only theirs are run, but all that are built in are there. */
static bool load(struct suite *s, int argc, char **argv) {
    struct str *paths = arena_array(&s->arena, struct str, argc);
    struct config_overrides overrides = {.no_config = true, .rules = paths};
    struct error error;
    for (int i = 2; i < argc; i++) paths[overrides.rules_count++] = str_from(argv[i]);
    if (argc < 2 || !file_read(&s->arena, argv[1], 1 << 20, &s->standard, &error)) return false;
    rule_set_add_embedded(&s->arena, &s->rules);
    config_store_init(&s->store, &s->arena, &s->rules, &overrides);
    config_open(&s->store, STR("/"), true);
    config_store_close(&s->store);
    if (s->store.problems.len == 0) {
        /* Rules from texts are the user's otherwise, and in force where a configuration names them. */
        for (uint32_t i = 0; i < s->rules.rules.len; i++)
            vec_push(&s->arena, &s->store.given_rules, s->rules.rules.items[i]->document);
        s->settings = config_settings(&s->store, STR("/"), true);
    }
    for (uint32_t i = 0; i < s->store.problems.len; i++) puts(problem_text(&s->arena, &s->store.problems.items[i]).ptr);
    if (s->store.problems.len == 0) checks_bind(&s->rules, &s->checks);
    return s->store.problems.len == 0;
}

int main(int argc, char **argv) {
    struct suite s = {.passed = 0};
    if (!load(&s, argc, argv)) {
        fprintf(stderr, "usage: examples STANDARD.yaml [RULES...]\n");
        arena_free(&s.arena);
        return 2;
    }
    uint32_t given = argc > 2 ? 1 : 0;
    for (uint32_t i = 0; i < s.rules.rules.len; i++) {
        const struct rule *rule = s.rules.rules.items[i];
        bool embedded = document_embedded(rule->document->source.path) != NULL;
        if (!given || !embedded) check_examples(&s, rule);
    }
    printf("%u passed, %u failed, 0 skipped\n", s.passed, s.failed);
    uint32_t failed = s.failed;
    arena_free(&s.arena);
    return failed ? 1 : 0;
}
