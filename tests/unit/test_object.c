/* What Kubernetes says of objects' names and quantities (as its own validation has it), where parts of an output come
 * from, and which version a configuration asks for. */
#include <criterion/criterion.h>

#include "config/required_version.h"
#include "object/format.h"
#include "object/object.h"

static struct arena arena;

static void end(void) {
    arena_free(&arena);
}

TestSuite(object, .fini = end);

Test(object, quantities) {
    static const char *const GOOD[] = {"1", "500m", "1Gi", "1.5", ".5", "1e3", "1E-3", "-2k", "0.1Ki"};
    static const char *const BAD[] = {"", "1GB", "Gi", "1 Gi", "e3", "1e", "1.2.3", "1mi", "+"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        cr_expect(object_format_is_quantity(str_from(GOOD[i])), "%s", GOOD[i]);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        cr_expect(!object_format_is_quantity(str_from(BAD[i])), "%s", BAD[i]);
}

static bool is_fine(const char *type, const char *field, const char *text) {
    struct value value = value_from_string(str_from(text));
    bool image;
    return !object_format_wrong(str_from(type), str_from(field), &value, &image);
}

Test(object, images) {
    static const char *const GOOD[] = {
        "nginx",         "nginx:1.2",      "a/b_c/d:v1", "localhost:5000/a", "R.example.com:5000/a:T",
        "a@sha256:0123", "a:1@sha256:0123"};
    static const char *const BAD[] = {"a/B", "a/", "/a", "a:1+2", "a: 1", "a::1", " a", "a:", "https://x/y"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        cr_expect(is_fine("Container", "image", GOOD[i]), "%s", GOOD[i]);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        cr_expect(!is_fine("Container", "image", BAD[i]), "%s", BAD[i]);
}

Test(object, names) {
    cr_expect(is_fine("ContainerPort", "name", "http-metrics-15"));
    cr_expect(!is_fine("ContainerPort", "name", "http-metrics-156"));
    cr_expect(!is_fine("ContainerPort", "name", "a--b"));
    cr_expect(!is_fine("ContainerPort", "name", "80"));
    cr_expect(is_fine("IngressRule", "host", "*.example.com"));
    cr_expect(!is_fine("IngressRule", "host", "x:8080"));
    cr_expect(is_fine("PodSpec", "restartPolicy", "Never"));
    cr_expect(!is_fine("PodSpec", "restartPolicy", "never"));
    cr_expect(!object_format_wrong_name(STR("Deployment"), STR("a.b-c")));
    cr_expect(object_format_wrong_name(STR("Service"), STR("a.b")));
    cr_expect(!object_format_wrong_name(STR("Role"), STR("system:A")));
    cr_expect(!object_format_wrong_label_key(STR("example.com/Name")));
    cr_expect(object_format_wrong_label_key(STR("a/b/c")));
    cr_expect(object_format_wrong_label_value(STR("1.2+3")));
}

Test(object, run_at_an_offset) {
    struct go_runs *runs = arena_alloc_raw(&arena, sizeof *runs + 2 * sizeof(struct go_run));
    runs->count = 2;
    runs->items[0] = (struct go_run){.end = 3};
    runs->items[1] = (struct go_run){.end = 7};
    cr_expect(object_run_at(runs, 0) == 0);
    cr_expect(object_run_at(runs, 2) == 0);
    cr_expect(object_run_at(runs, 3) == 1);
    cr_expect(object_run_at(runs, 7) == 2);
    cr_expect(object_run_at(NULL, 7) == 0);
}

Test(object, required_versions) {
    static const struct {
        const char *required, *version;
        bool met;
    } CASES[] = {{"1.4", "1.4.9", true},      {"1.4", "1.5.0", false},       {"==1.4.0", "1.4.0", true},
                 {">=1.4", "1.3.9", false},   {">=1.4, <2", "1.10.0", true}, {">=1.4,<2", "2.0.0", false},
                 {">1.4", "1.4.0", false},    {"<=1.4", "1.4.0", true},      {" >= 0.1 ", "0.1.0", true},
                 {"0.1.0", "0.1.0-rc1", true}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        cr_expect(required_version_met(str_from(CASES[i].required), str_from(CASES[i].version)) == CASES[i].met,
                  "%s %s", CASES[i].required, CASES[i].version);
}
