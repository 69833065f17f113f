#include <criterion/criterion.h>

#include "base/pool.h"
#include "infer/comment.h"
#include "infer/keep.h"
#include "infer/named_keys.h"
#include "value/json.h"
#include "yaml/read.h"

static struct arena arena;

/* ---- comments ---- */

/* The comment of the key at the top. */
static struct str comment_at(const char *text, const char *key) {
    static struct source source;
    static struct tree tree;
    struct yaml_issues issues = {NULL, 0, 0};
    struct slabs slabs;
    struct value values;
    source = (struct source){.text = str_from(text)};
    cr_assert(read_text_values(&arena, &source, &tree, &values, &issues));
    slab_lines(&arena, &tree, &slabs);
    const struct value *value = value_get(&values, str_from(key));
    cr_assert(value);
    return comment_of(&arena, &tree, &slabs, tree.nodes[value->node]);
}

#define EXPECT_COMMENT(text, key, expected)                                                                            \
    do {                                                                                                               \
        struct str found_ = comment_at(text, key);                                                                     \
        cr_expect(str_eq(found_, STR(expected)), "%.*s", STR_ARG(found_));                                             \
    } while (0)

Test(infer, a_comment_above_a_key_is_its_words) {
    EXPECT_COMMENT("a: 1\n# How many\n# pods run\nb: 2\n", "b", "How many pods run");
    EXPECT_COMMENT("a: 1\n\n# -- How many\nb: 2\n", "b", "How many");
    EXPECT_COMMENT("a: 1\n## @param b [string] The port\nb: 2\n", "b", "The port");
    EXPECT_COMMENT("a: 1\nb: 2 # the port\n", "b", "the port");
    EXPECT_COMMENT("a: 1\n# ---------\n# Ports\n# ---------\nb: 2\n", "b", "Ports");
    EXPECT_COMMENT("a: 1\n# Note: in seconds\nb: 2\n", "b", "Note: in seconds");
}

Test(infer, what_is_commented_out_is_no_words) {
    EXPECT_COMMENT("a: 1\n# b: 3\nb: 2\n", "b", "");
    EXPECT_COMMENT("a: 1\n# tls:\n#   - hosts\n# Ports\nb: 2\n", "b", "Ports");
    EXPECT_COMMENT("a: 1\n# Of the whole\n\nb: 2\n", "b", "");
    EXPECT_COMMENT("a: 1\n# @ignored\nb: 2\n", "b", "");
}

/* ---- a draft over an older one ---- */

static struct value json(const char *text) {
    struct json_error error;
    struct value value;
    cr_assert(json_parse(&arena, str_from(text), &value, &error), "%s: %s", text, error.message);
    return value;
}

static void expect_over(const char *old, const char *draft, const char *expected) {
    struct value before = json(old), now = json(draft), over = keep_over(&arena, &before, &now);
    struct buf out = buf_in(&arena);
    json_write(&out, &over, JSON_ORDERED);
    struct value wanted = json(expected);
    struct buf other = buf_in(&arena);
    json_write(&other, &wanted, JSON_ORDERED);
    cr_expect(str_eq(buf_str(&out), buf_str(&other)), "%.*s", STR_ARG(buf_str(&out)));
}

Test(infer, what_a_person_added_stays) {
    expect_over(
        "{\"type\": \"string\", \"pattern\": \"^a\", \"description\": \"Mine\", \"x-valuelint\": {\"order\": 7, "
        "\"message\": \"no\"}}",
        "{\"description\": \"Theirs\", \"type\": \"string\", \"x-valuelint\": {\"order\": 1}}",
        "{\"type\": \"string\", \"pattern\": \"^a\", \"description\": \"Mine\", \"x-valuelint\": {\"order\": 7, "
        "\"message\": \"no\"}}");
    expect_over("{\"properties\": {\"mine\": {}, \"gone\": {\"$comment\": \"in 3 of 3 charts\"}}}",
                "{\"properties\": {\"new\": {\"$comment\": \"in 4 of 4 charts\"}}}",
                "{\"properties\": {\"mine\": {}, \"new\": {\"$comment\": \"in 4 of 4 charts\"}}}");
}

Test(infer, evidence_alone_is_no_change) {
    expect_over("{\"$comment\": \"in 3 of 3 charts\", \"type\": \"string\"}",
                "{\"$comment\": \"in 4 of 4 charts\", \"type\": \"string\"}",
                "{\"$comment\": \"in 3 of 3 charts\", \"type\": \"string\"}");
    expect_over("{\"$comment\": \"in 3 of 3 charts\", \"type\": \"string\", \"default\": \"a\"}",
                "{\"$comment\": \"in 4 of 4 charts\", \"type\": \"string\"}",
                "{\"$comment\": \"in 4 of 4 charts\", \"type\": \"string\"}");
}

Test(infer, a_confirmed_name_is_not_suggested_again) {
    expect_over("{\"x-valuelint\": {\"legacy\": [\"a.b\", {\"path\": \"c\", \"why\": \"d\"}]}}",
                "{\"x-valuelint\": {\"suggested\": [{\"path\": \"a.b\"}, {\"path\": \"c\"}]}}",
                "{\"x-valuelint\": {\"legacy\": [\"a.b\", {\"path\": \"c\", \"why\": \"d\"}]}}");
    expect_over("{\"x-valuelint\": {\"legacy\": [\"a.b\"]}}",
                "{\"x-valuelint\": {\"suggested\": [{\"path\": \"a.b\"}, {\"path\": \"c\"}]}}",
                "{\"x-valuelint\": {\"legacy\": [\"a.b\"], \"suggested\": [{\"path\": \"c\"}]}}");
}

/* ---- keys that templates name ---- */

Test(infer, keys_behind_dots_and_in_quotes_are_named) {
    struct template_file file = {.source.text = STR("{{ .Values.a_b.c-d }} {{ index .Values \"e\" }} {{ f }}")};
    struct template_files files = {&file, 1, 1};
    struct map names = {NULL, 0, 0, NULL, 0};
    named_keys_collect(&arena, &files, &names);
    cr_expect(map_get(&names, STR("a_b")) && map_get(&names, STR("c-d")) && map_get(&names, STR("e")));
    cr_expect(!map_get(&names, STR("f")));
}

/* ---- jobs on several threads ---- */

#define JOBS 500

static void square(void *data, uint32_t job, struct arena *a, void *kept, void *result) {
    (void)kept;
    (void)data;
    uint32_t *number = arena_new(a, uint32_t);
    *number = job * job;
    *(uint32_t **)result = number;
}

struct taken {
    uint32_t numbers[JOBS], count;
};

static void take(void *data, uint32_t job, void *result) {
    struct taken *taken = data;
    cr_assert_eq(job, taken->count);
    taken->numbers[taken->count++] = **(uint32_t **)result;
}

Test(infer, results_come_in_the_order_of_the_jobs) {
    static const unsigned THREADS[] = {1, 2, 7};
    for (size_t i = 0; i < sizeof THREADS / sizeof *THREADS; i++) {
        struct taken taken = {.count = 0};
        struct pool_jobs jobs = {.count = JOBS,
                                 .threads = THREADS[i],
                                 .result_size = sizeof(uint32_t *),
                                 .make = square,
                                 .take = take,
                                 .stops = NULL,
                                 .data = &taken};
        pool_run(&jobs);
        cr_assert_eq(taken.count, JOBS);
        for (uint32_t k = 0; k < JOBS; k++) cr_assert_eq(taken.numbers[k], k * k);
    }
}
