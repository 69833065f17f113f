#include "report/repair_list.h"

#include <criterion/criterion.h>

static struct arena arena;

static const struct check TYPE = {.id = STR_INIT("VL101"), .name = STR_INIT("wrong-type"), .index = 1};
static const struct check OLD = {
    .id = STR_INIT("VL104"), .index = 3, .one = STR_INIT("value is old"), .many = STR_INIT("values are old")};

/* A finding on the second line. */
static struct finding *add(struct findings *findings, const struct check *check, const char *path) {
    vec_push(&arena, findings,
             (struct finding){.check = check, .span = span_make(5, 6), .path = str_from(path), .fix = FIX_SAFE});
    return &findings->items[findings->len - 1];
}

static void expect_list(const struct findings *findings, unsigned width, const char *want) {
    struct source source = {.path = STR("v.yaml"), .text = STR("a: 1\nb: 2\n")};
    struct report_file file = {.source = &source, .findings = findings};
    struct buf out = buf_in(&arena);
    source_lines(&arena, &source);
    report_list_repairs(&out, &arena, &file, width, palette_for(false));
    cr_expect(str_eq(buf_str(&out), str_from(want)), "got\n%.*s\nnot\n%s", STR_ARG(buf_str(&out)), want);
}

Test(repair_list, has_a_line_for_each_rule) {
    static const struct str keys[] = {STR_INIT("port"), STR_INIT("name")};
    struct findings findings = {0};
    add(&findings, &OLD, "a")->becomes = STR("b.c");
    add(&findings, &TYPE, "");
    struct finding *mapping = add(&findings, &OLD, "service");
    mapping->keys = keys;
    mapping->key_count = 2;
    add(&findings, &OLD, "to.decide")->fix = FIX_NONE;
    add(&findings, &OLD, "not.safe")->fix = FIX_UNSAFE;
    expect_list(&findings, 120,
                "v.yaml\n"
                "  VL101 1 finding of wrong-type: line 2\n"
                "  VL104 3 values are old: a -> b.c, service.port, service.name\n");
}

Test(repair_list, counts_one_and_two) {
    struct findings findings = {0};
    add(&findings, &OLD, "a");
    expect_list(&findings, 120, "v.yaml\n  VL104 1 value is old: a\n");
    findings.len = 0;
    add(&findings, &TYPE, "a");
    add(&findings, &TYPE, "b");
    expect_list(&findings, 120, "v.yaml\n  VL101 2 findings of wrong-type: a, b\n");
}

Test(repair_list, is_empty_without_anything_to_fix) {
    struct findings findings = {0};
    expect_list(&findings, 120, "");
    add(&findings, &OLD, "a")->fix = FIX_NONE;
    expect_list(&findings, 120, "");
}

Test(repair_list, cuts_long_lists_and_says_how_much_is_left_out) {
    struct findings findings = {0};
    for (int i = 0; i < 30; i++) add(&findings, &OLD, "config.database.host");
    expect_list(&findings, 60,
                "v.yaml\n"
                "  VL104 30 values are old: config.database.host,\n"
                "        config.database.host, config.database.host,\n"
                "        config.database.host, config.database.host,\n"
                "        config.database.host, and 24 more\n");
}

Test(repair_list, shows_no_byte_that_would_steer_a_terminal) {
    struct findings findings = {0};
    add(&findings, &OLD, "a\x1B[2J")->becomes = STR("b\nc");
    expect_list(&findings, 120, "v.yaml\n  VL104 1 value is old: a\xEF\xBF\xBD[2J -> b c\n");
}
