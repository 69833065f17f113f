/* What each layer costs on one chart:  layers FOLDER...
 *
 * FOLDER holds a values.yaml. Prints the microseconds a chart of each step, over all folders on one thread, the least
 * of five rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/path.h"
#include "check/rules.h"
#include "check/shape.h"
#include "config/config.h"
#include "yaml/helm.h"

#define ROUNDS 5

enum layer { READ, PARSE, VALUES, SCHEMA, RULES, LAYERS };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

/* Adds the time since `*since` to `*sum`, and starts anew. */
static void lap(double *sum, double *since) {
    double at = now();
    *sum += at - *since;
    *since = at;
}

static void run_chart(struct arena *a, const struct checks *checks, const struct settings *settings, struct str folder,
                      double *times) {
    struct source source = {.path = path_join(a, folder, STR("values.yaml"))};
    struct chart chart = {.name = path_name(folder), .document = value_map_new(a, 0)};
    struct yaml_issues issues = {NULL, 0, 0};
    struct violations violations = {NULL, 0, 0};
    struct findings findings = {NULL, 0, 0};
    struct legacy_state legacy;
    struct yaml_issue issue;
    struct error error;
    struct value values;
    struct tree tree;
    double since = now();

    if (!file_read(a, source.path.ptr, TEXT_MAX, &source.text, &error)) exit(1);
    lap(&times[READ], &since);
    if (!tree_parse(a, &source, &tree, &issue)) exit(1);
    lap(&times[PARSE], &since);
    if (!helm_values(a, &tree, &values, &issues)) exit(1);
    lap(&times[VALUES], &since);
    struct reporter reporter = {a, checks, settings, &source, &tree, &findings};
    legacy_scan(a, settings->standard, &values, &legacy);
    shape_check(&reporter, &values, &legacy, false, &violations);
    lap(&times[SCHEMA], &since);
    struct rules_subject subject = {&values, &chart, &violations, false};
    struct cel_value slots[RULE_VARIABLES];
    rules_slots(&reporter, &subject, slots);
    rules_check(&reporter, &subject, slots);
    lap(&times[RULES], &since);
}

int main(int argc, char **argv) {
    static const char *const names[LAYERS] = {"read the file", "parse: source tree", "values as Helm sees them",
                                              "schema, old places", "rules"};
    struct arena arena = {NULL, NULL}, scratch = {NULL, NULL};
    struct rule_set rules = {0};
    struct config_overrides overrides = {.no_config = true};
    struct config_store store;
    struct checks checks;
    double best[LAYERS] = {0};

    if (argc < 2) return 2;
    rule_set_add_builtin(&arena, &rules);
    config_store_init(&store, &arena, &rules, &overrides);
    config_open(&store, STR("/"), true);
    config_store_close(&store);
    const struct settings *settings = config_settings(&store, STR("/"), true);
    checks_bind(&rules, &checks);
    if (!settings) return 1;
    for (int round = 0; round < ROUNDS; round++) {
        double times[LAYERS] = {0};
        for (int i = 1; i < argc; i++) {
            arena_reset(&scratch);
            run_chart(&scratch, &checks, settings, str_from(argv[i]), times);
        }
        for (int l = 0; l < LAYERS; l++)
            if (round == 0 || times[l] < best[l]) best[l] = times[l];
    }
    for (int l = 0; l < LAYERS; l++) printf("%.2f %s\n", best[l] / (argc - 1), names[l]);
    arena_free(&scratch);
    arena_free(&arena);
    return 0;
}
