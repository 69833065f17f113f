/* Whether templates print the same with other values: the table is fixtures/template/agree.json, which
 * tests/e2e/template_helm.py holds against Helm. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/agree.h"
#include "value/json.h"

static struct value read_table(struct arena *a) {
    struct error error;
    struct json_error problem;
    struct str text;
    struct value table;
    cr_assert(file_read(a, FIXTURES "/template/agree.json", TEXT_MAX, &text, &error), "%s", error.message);
    cr_assert(json_parse(a, text, &table, &problem), "%u: %s", problem.offset, problem.message);
    return table;
}

/* The text of a member; empty where it has none. */
static struct str text_of(const struct value *entry, const char *key) {
    const struct value *v = value_get(entry, str_from(key));
    return v ? v->string : STR("");
}

static void read_files(struct arena *a, const struct value *entry, struct str template, struct template_set *set) {
    template_set_init(a, set);
    template_set_add(set, template, TEMPLATE_OWN);
    template_set_add(set, text_of(entry, "also"), TEMPLATE_OWN);
    template_set_add(set, text_of(entry, "shared"), TEMPLATE_SHARED);
    template_set_add(set, text_of(entry, "library"), TEMPLATE_LIBRARY);
    template_set_finish(set);
}

/* The clashes of all files, as in the table. */
static struct str clashes_text(struct arena *a, const struct template_set *before, const struct value *values_before,
                               const struct template_set *after, const struct value *values_after) {
    struct template_clashes clashes = {0};
    struct buf b = buf_in(a);
    bool by_parts = false;
    for (uint32_t i = 0; i < before->files.len; i++)
        by_parts |= template_agree(a, before, before->files.items[i], values_before, after, after->files.items[i],
                                   values_after, &clashes);
    for (uint32_t i = 0; by_parts && i < before->files.len; i++)
        template_agree_parts(a, before, before->files.items[i], values_before, after, after->files.items[i],
                             values_after, &clashes);
    for (uint32_t i = 0; i < clashes.len; i++)
        buf_addf(&b, "%s%s%.*s", i ? "; " : "", clashes.items[i].effect == TEMPLATE_FAILS ? "fails: " : "",
                 STR_ARG(clashes.items[i].reason));
    return buf_str(&b);
}

Test(agree, table) {
    struct arena a = {0};
    struct value table = read_table(&a);
    cr_assert_gt(table.list.len, 200);
    for (uint32_t i = 0; i < table.list.len; i++) {
        const struct value *entry = &table.list.items[i];
        const struct value *before = value_get(entry, STR("before")), *after = value_get(entry, STR("after"));
        struct str template = text_of(entry, "template"), new_template = text_of(entry, "new_template");
        struct str wanted = text_of(entry, "clash");
        struct template_set set, new_set;
        struct buf values = buf_in(&a);
        read_files(&a, entry, template, &set);
        read_files(&a, entry, new_template.len ? new_template : template, &new_set);
        json_write(&values, before, JSON_ONE_LINE);
        buf_add(&values, STR(" -> "));
        json_write(&values, after, JSON_ONE_LINE);
        struct str got = clashes_text(&a, &set, before, &new_set, after);
        cr_expect(str_eq(got, wanted), "%.*s with %.*s: wanted \"%.*s\", got \"%.*s\"", STR_ARG(template),
                  STR_ARG(buf_str(&values)), STR_ARG(wanted), STR_ARG(got));
        got = clashes_text(&a, &set, before, &set, before);
        cr_expect(got.len == 0, "%.*s: a clash without a change: %.*s", STR_ARG(template), STR_ARG(got));
    }
    arena_free(&a);
}

static struct value values_of(struct arena *a, const char *text) {
    struct json_error problem;
    struct value v;
    cr_assert(json_parse(a, str_from(text), &v, &problem), "%s: %s", text, problem.message);
    return v;
}

Test(agree, a_clash_has_its_place_and_both_paths) {
    struct arena a = {0};
    struct template_set before, after;
    struct template_clashes clashes = {0};
    struct value values = values_of(&a, "{\"a\": {\"b\": 1}}"), new_values = values_of(&a, "{\"x-y\": {\"b\": 2}}");
    template_set_init(&a, &before);
    template_set_init(&a, &after);
    struct template_file *file = template_set_add(&before, STR("{{ .Values.a.b }}{{ toYaml . }}"), TEMPLATE_OWN);
    struct template_file *new_file =
        template_set_add(&after, STR("{{ (index .Values \"x-y\").b }}{{ toYaml . }}"), TEMPLATE_OWN);
    template_set_finish(&before);
    template_set_finish(&after);
    template_agree(&a, &before, file, &values, &after, new_file, &new_values, &clashes);
    cr_assert_eq(clashes.len, 2);
    const struct template_clash *clash = &clashes.items[0];
    cr_assert(str_eq(span_text(file->text, clash->span), STR(".Values.a.b")));
    cr_assert_eq(clash->key_count, 2);
    cr_assert(str_eq(clash->keys[0], STR("a")) && str_eq(clash->keys[1], STR("b")));
    cr_assert_eq(clash->new_key_count, 2);
    cr_assert(str_eq(clash->new_keys[0], STR("x-y")) && str_eq(clash->new_keys[1], STR("b")));
    cr_assert_eq(clashes.items[1].key_count, 0);
    cr_assert(str_eq(span_text(file->text, clashes.items[1].span), STR(".")));
    arena_free(&a);
}

Test(agree, a_broken_template_and_empty_values) {
    struct arena a = {0};
    struct template_set set;
    struct template_clashes clashes = {0};
    struct value null = {.kind = VALUE_NULL}, empty = values_of(&a, "{}"), some = values_of(&a, "{\"a\": 1}");
    template_set_init(&a, &set);
    struct template_file *good = template_set_add(&set, STR("{{ .Values.a }}{{ .Values.b.c }}"), TEMPLATE_OWN);
    struct template_file *broken = template_set_add(&set, STR("{{ end }}"), TEMPLATE_LIBRARY);
    template_set_finish(&set);
    template_agree(&a, &set, good, &null, &set, good, &empty, &clashes);
    template_agree(&a, &set, good, &null, &set, good, NULL, &clashes);
    template_agree(&a, &set, broken, &some, &set, broken, &some, &clashes);
    cr_assert_eq(clashes.len, 0);
    template_agree(&a, &set, broken, &empty, &set, broken, &some, &clashes);
    cr_assert_eq(clashes.len, 1);
    cr_assert(str_eq(clashes.items[0].reason, STR("the template does not parse: `end` without a block")));
    template_agree(&a, &set, good, &some, &set, broken, &some, &clashes);
    cr_assert_eq(clashes.len, 2);
    arena_free(&a);
}
