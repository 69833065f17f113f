/* Whether templates print the same with other values: the table is fixtures/template/equivalence.json, which
 * tests/e2e/template_helm.py holds against Helm. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/equivalence.h"
#include "value/json.h"

static struct value read_table(struct arena *a) {
    struct error error;
    struct json_error problem;
    struct str text;
    struct value table;
    cr_assert(file_read(a, FIXTURES "/template/equivalence.json", TEXT_MAX, &text, &error), "%s", error.message);
    cr_assert(json_parse(a, text, &table, &problem), "%u: %s", problem.offset, problem.message);
    return table;
}

/* The text of a member; empty where it has none. */
static struct str text_of(const struct value *entry, const char *key) {
    const struct value *v = value_get(entry, str_from(key));
    return v ? v->string : STR("");
}

static void read_files(struct arena *a, const struct value *entry, struct str template, struct refs_set *set) {
    refs_set_init(a, NULL, set);
    refs_set_add(set, template, REFS_OWN);
    refs_set_add(set, text_of(entry, "also"), REFS_OWN);
    refs_set_add(set, text_of(entry, "shared"), REFS_SHARED);
    refs_set_add(set, text_of(entry, "library"), REFS_LIBRARY);
    refs_set_finish(set);
}

/* The differences of all files, as in the table. */
static struct str differences_text(struct arena *a, const struct refs_set *before, const struct value *values_before,
                                   const struct refs_set *after, const struct value *values_after) {
    struct refs_differences differences = {0};
    struct buf b = buf_in(a);
    bool by_parts = false;
    for (uint32_t i = 0; i < before->files.len; i++)
        by_parts |= refs_compare(a, before, before->files.items[i], values_before, after, after->files.items[i],
                                 values_after, &differences);
    for (uint32_t i = 0; by_parts && i < before->files.len; i++)
        refs_compare_parts(a, before, before->files.items[i], values_before, after, after->files.items[i], values_after,
                           &differences);
    for (uint32_t i = 0; i < differences.len; i++)
        buf_addf(&b, "%s%s%.*s", i ? "; " : "", differences.items[i].effect == REFS_FAILS ? "fails: " : "",
                 STR_ARG(differences.items[i].reason));
    return buf_str(&b);
}

Test(equivalence, table) {
    struct arena a = {0};
    struct value table = read_table(&a);
    cr_assert_gt(table.list.len, 200);
    for (uint32_t i = 0; i < table.list.len; i++) {
        const struct value *entry = &table.list.items[i];
        const struct value *before = value_get(entry, STR("before")), *after = value_get(entry, STR("after"));
        struct str template = text_of(entry, "template"), new_template = text_of(entry, "new_template");
        struct str wanted = text_of(entry, "difference");
        struct refs_set set, new_set;
        struct buf values = buf_in(&a);
        read_files(&a, entry, template, &set);
        read_files(&a, entry, new_template.len ? new_template : template, &new_set);
        json_write(&values, before, JSON_ONE_LINE);
        buf_add(&values, STR(" -> "));
        json_write(&values, after, JSON_ONE_LINE);
        struct str got = differences_text(&a, &set, before, &new_set, after);
        cr_expect(str_eq(got, wanted), "%.*s with %.*s: wanted \"%.*s\", got \"%.*s\"", STR_ARG(template),
                  STR_ARG(buf_str(&values)), STR_ARG(wanted), STR_ARG(got));
        got = differences_text(&a, &set, before, &set, before);
        cr_expect(got.len == 0, "%.*s: a difference without a change: %.*s", STR_ARG(template), STR_ARG(got));
    }
    arena_free(&a);
}

static struct value values_of(struct arena *a, const char *text) {
    struct json_error problem;
    struct value v;
    cr_assert(json_parse(a, str_from(text), &v, &problem), "%s: %s", text, problem.message);
    return v;
}

Test(equivalence, a_difference_has_its_place_and_both_paths) {
    struct arena a = {0};
    struct refs_set before, after;
    struct refs_differences differences = {0};
    struct value values = values_of(&a, "{\"a\": {\"b\": 1}}"), new_values = values_of(&a, "{\"x-y\": {\"b\": 2}}");
    refs_set_init(&a, NULL, &before);
    refs_set_init(&a, NULL, &after);
    struct refs_file *file = refs_set_add(&before, STR("{{ .Values.a.b }}{{ toYaml . }}"), REFS_OWN);
    struct refs_file *new_file = refs_set_add(&after, STR("{{ (index .Values \"x-y\").b }}{{ toYaml . }}"), REFS_OWN);
    refs_set_finish(&before);
    refs_set_finish(&after);
    refs_compare(&a, &before, file, &values, &after, new_file, &new_values, &differences);
    cr_assert_eq(differences.len, 2);
    const struct refs_difference *difference = &differences.items[0];
    cr_assert(str_eq(span_text(file->text, difference->span), STR(".Values.a.b")));
    cr_assert_eq(difference->key_count, 2);
    cr_assert(str_eq(difference->keys[0], STR("a")) && str_eq(difference->keys[1], STR("b")));
    cr_assert_eq(difference->new_key_count, 2);
    cr_assert(str_eq(difference->new_keys[0], STR("x-y")) && str_eq(difference->new_keys[1], STR("b")));
    cr_assert_eq(differences.items[1].key_count, 0);
    cr_assert(str_eq(span_text(file->text, differences.items[1].span), STR(".")));
    arena_free(&a);
}

Test(equivalence, a_broken_template_and_empty_values) {
    struct arena a = {0};
    struct refs_set set;
    struct refs_differences differences = {0};
    struct value null = {.kind = VALUE_NULL}, empty = values_of(&a, "{}"), some = values_of(&a, "{\"a\": 1}");
    refs_set_init(&a, NULL, &set);
    struct refs_file *good = refs_set_add(&set, STR("{{ .Values.a }}{{ .Values.b.c }}"), REFS_OWN);
    struct refs_file *broken = refs_set_add(&set, STR("{{ end }}"), REFS_LIBRARY);
    refs_set_finish(&set);
    refs_compare(&a, &set, good, &null, &set, good, &empty, &differences);
    refs_compare(&a, &set, good, &null, &set, good, NULL, &differences);
    refs_compare(&a, &set, broken, &some, &set, broken, &some, &differences);
    cr_assert_eq(differences.len, 0);
    refs_compare(&a, &set, broken, &empty, &set, broken, &some, &differences);
    cr_assert_eq(differences.len, 1);
    cr_assert(str_eq(differences.items[0].reason, STR("the template does not parse: `end` without a block")));
    refs_compare(&a, &set, good, &some, &set, broken, &some, &differences);
    cr_assert_eq(differences.len, 2);
    arena_free(&a);
}
