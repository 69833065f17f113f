#include <criterion/criterion.h>

#include "base/file.h"
#include "chart/overlay.h"

static struct arena arena;

Test(overlay, names) {
    static const char *const overlays[] = {"values-prod.yaml", "values-prod.yml",     "values.prod.yaml",
                                           "values_prod.yml",  "prod-values.yaml",    "prod.values.yaml",
                                           "values/prod.yaml", "values/eu/prod.yml",  "env/prod/values.yaml",
                                           "envs/prod.yaml",   "environments/p.yaml", "ci/test-values.yaml"};
    static const char *const others[] = {
        "values.yaml",  "values.yml",         "values-template.yaml",         "Chart.yaml",
        "ci/test.yaml", "ci/a/b-values.yaml", "templates/values-x.yaml",      "charts/a/values-x.yaml",
        "prod.yaml",    "values-prod.json",   "values/values-template-x.yaml"};
    for (size_t i = 0; i < sizeof overlays / sizeof *overlays; i++)
        cr_expect(overlay_is(str_from(overlays[i])), "%s is no overlay", overlays[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect(!overlay_is(str_from(others[i])), "%s is an overlay", others[i]);
    cr_expect(overlay_is_name(STR("prod-values.yaml")));
    cr_expect(!overlay_is_name(STR("env/prod.yaml")));
}

/* The hooks ask for the same files. */
Test(overlay, hooks) {
    struct str text, line, pattern = overlay_pattern(&arena);
    struct error error;
    cr_assert(file_read(&arena, FIXTURES "/../.pre-commit-hooks.yaml", INPUT_MAX, &text, &error));
    while (str_split_next(&pattern, '\n', &line)) {
        if (line.len == 0) continue;
        struct str want = arena_printf(&arena, "\n      | %.*s\n", STR_ARG(line));
        cr_expect(str_find(text, want) < text.len, ".pre-commit-hooks.yaml lacks%s", want.ptr);
    }
    cr_expect(str_find(text, STR("| values\\.schema\\.json\n")) < text.len);
}
