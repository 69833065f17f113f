/* What functions make of what cannot be known: the rest of the text stays known, and so do kind, truth and length where
 * they are sure. (What they make of known values is compared with Helm: tests/e2e/functions_helm.py.) */
#include <criterion/criterion.h>

#include "template/eval/program.h"

static void expect_printed(const char *template, const char *wanted) {
    struct arena arena = {0};
    struct go_env env = {.arena = &arena, .budget = {1000000, 1 << 20, 0}, .helm = 3};
    struct template_error error = {0};
    struct template_file file = {.source = {.name = STR("c/templates/t.yaml"), .text = str_from(template)},
                                 .base_path = STR("c/templates"),
                                 .runs = true};
    file.dot = go_map(&env, &GO_TYPE_MAP, 1);
    bool ok = program_run(&env, &file, 1, &error);
    cr_expect(ok, "%s: %.*s", template, STR_ARG(error.text));
    if (ok) cr_expect(str_eq(file.output.text, str_from(wanted)), "%s: %.*s", template, STR_ARG(file.output.text));
    arena_free(&arena);
}

Test(holes, keep_their_surroundings) {
    expect_printed("{{ printf \"user:%s\" (randAlphaNum 8) }}", "user:<unknown: randAlphaNum>");
    expect_printed("{{ randAlphaNum 8 | quote }}", "\"<unknown: randAlphaNum>\"");
    expect_printed("{{ indent 2 (printf \"a\\n%s\" (randAlphaNum 3)) }}", "  a\n  <unknown: randAlphaNum>");
    expect_printed("{{ replace \"a\" \"b\" (printf \"aa%sa\" (randAlphaNum 3)) }}", "bb<unknown: randAlphaNum>b");
    expect_printed("{{ list (randAlphaNum 3) \"x\" | join \",\" }}", "<unknown: randAlphaNum>,x");
    expect_printed("{{ trimSuffix \"-\" (printf \"%s-\" (randAlphaNum 3)) }}", "<unknown: randAlphaNum>");
    expect_printed("{{ toYaml (dict \"a\" (randAlphaNum 8) \"b\" 1) }}", "a: <unknown: randAlphaNum>\nb: 1");
    expect_printed("{{ toJson (dict \"a\" (printf \"<%s\" (uuidv4))) }}", "{\"a\":\"\\u003c<unknown: uuidv4>\"}");
}

Test(holes, have_a_truth_and_a_length) {
    expect_printed("{{ if randAlphaNum 8 }}yes{{ end }}", "yes");
    expect_printed("{{ randAlphaNum 8 | b64enc | len }} {{ sha256sum (uuidv4) | len }}", "12 64");
    expect_printed("{{ randAlphaNum 70 | trunc 63 | len }} {{ randAlphaNum 0 }}", "63 ");
    expect_printed("{{ eq (randAlphaNum 3) \"abcd\" }}", "false");
    expect_printed("{{ contains \"x\" (randAlphaNum 3) }}", "<unknown: randAlphaNum>");
    expect_printed("{{ kindOf (randAlphaNum 3) }} {{ typeOf (now) }}", "string time.Time");
}

Test(holes, pass_through_a_text_that_is_read) {
    const char *template = "{{ $x := fromYaml (printf \"a: %s\\nb: 'p-%s'\\nc: 1\" (uuidv4) (randAlphaNum 5)) }}"
                           "{{ $x.c }} {{ $x.b }} {{ $x.a }}";
    expect_printed(template, "1 p-<unknown: randAlphaNum> <unknown: uuidv4>");
}

Test(holes, make_maps_unsure) {
    expect_printed("{{ $m := dict \"a\" 1 }}{{ $_ := set $m (randAlphaNum 3) 2 }}{{ $m.a }} {{ hasKey $m \"b\" }}",
                   "<unknown: randAlphaNum> <unknown: randAlphaNum>");
}

Test(dates, of_the_clock_are_holes) {
    expect_printed("{{ date \"2006\" nil }} {{ dateInZone \"2006-01-02\" (int 951782400) \"UTC\" }}",
                   "<unknown: date> 2000-02-29");
}
