/* What the rules cost: loading those that are built in, and running all of them on one chart's values.
 *
 * usage: bench_rules VALUES [RUNS]     prints both in microseconds, the least of ten rounds each; with RULES=1 in the
 * environment also what each rule takes */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "check/rules.h"
#include "config/config.h"
#include "rule/plan.h"
#include "yaml/helm.h"

#define ROUNDS 10

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static double least(double a, double b) {
    return a > 0 && a < b ? a : b;
}

static double measure_load(void) {
    double best = 0;
    for (int i = 0; i < ROUNDS * 5; i++) {
        struct arena arena = {NULL, NULL};
        struct rule_set set = {0};
        struct problems problems = {NULL, 0, 0};
        double start = now();
        rule_set_add_builtin(&arena, &set);
        if (!rule_set_compile(&arena, &set, &problems)) exit(1);
        best = least(best, now() - start);
        arena_free(&arena);
    }
    return best;
}

struct bench {
    struct reporter reporter;
    struct findings findings;
    struct rules_subject subject;
    struct arena scratch;
};

/* Microseconds of one run over the values. */
static double measure_run(struct bench *b, int runs) {
    struct cel_value slots[RULE_VARIABLES];
    double best = 0;
    b->reporter.arena = &b->scratch;
    b->reporter.findings = &b->findings;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (int i = 0; i < runs; i++) {
            arena_reset(&b->scratch);
            b->findings = (struct findings){NULL, 0, 0};
            rules_slots(&b->reporter, &b->subject, slots);
            rules_check(&b->reporter, &b->subject, slots);
        }
        best = least(best, (now() - start) / runs);
    }
    return best;
}

static void measure_each(struct bench *b, struct settings *settings, int runs) {
    uint32_t count = settings->rules->rules.len;
    for (uint32_t i = 0; i < count; i++) settings->enabled[i] = false;
    double none = measure_run(b, runs);
    printf("walk    %8.3f us\n", none);
    for (uint32_t i = 0; i < count; i++) {
        const struct rule *rule = settings->rules->rules.items[i];
        if (rule->builtin) continue;
        settings->enabled[i] = true;
        double took = measure_run(b, runs) - none;
        printf("%.*s   %8.3f us  %u findings\n", STR_ARG(rule->check.id), took, b->findings.len);
        settings->enabled[i] = false;
    }
}

int main(int argc, char **argv) {
    struct arena arena = {NULL, NULL};
    struct source source = {.path = str_from(argc > 1 ? argv[1] : "")};
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue issue;
    struct config_store store;
    struct rule_set rules = {0};
    struct checks checks;
    struct error error;
    struct tree tree;
    struct value values;
    int runs = argc > 2 ? atoi(argv[2]) : 2000;

    bool ok = argc > 1 && runs > 0 && file_read(&arena, argv[1], 1 << 24, &source.text, &error) &&
              tree_parse(&arena, &source, &tree, &issue) && helm_values(&arena, &tree, &values, &issues);
    if (!ok) {
        fprintf(stderr, "usage: bench_rules VALUES [RUNS]\n");
        return 2;
    }
    rule_set_add_builtin(&arena, &rules);
    config_store_init(&store, &arena, &rules, &(struct config_overrides){.no_config = true});
    config_open(&store, STR("/"), true);
    config_store_close(&store);
    struct settings *settings = (struct settings *)(uintptr_t)config_settings(&store, STR("/"), true);
    checks_bind(&rules, &checks);

    struct violations violations = {NULL, 0, 0};
    struct chart chart = {.name = STR("example-service"), .document = value_map_new(&arena, 0)};
    const struct value *name = value_path(&values, (struct str[]){STR("env"), STR("SERVICE_NAME")}, 2);
    if (name && name->kind == VALUE_STRING) chart.name = name->string;
    schema_validate(settings->standard->schema, &arena, &values, &violations);
    struct bench bench = {.reporter = {.checks = &checks, .settings = settings, .source = &source, .tree = &tree},
                          .subject = {&values, &chart, &violations, false}};
    printf("load    %8.1f us, %u rules, %u paths\n", measure_load(), rules.plan->rule_count, rules.plan->node_count);
    printf("run     %8.2f us, %u findings\n", measure_run(&bench, runs), bench.findings.len);
    if (getenv("RULES")) measure_each(&bench, settings, runs);
    arena_free(&bench.scratch);
    arena_free(&arena);
    return 0;
}
