/* The cases of fixtures/patch, and what they do not reach. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "check_document.h"
#include "operations.h"
#include "patch/verify.h"
#include "value/json.h"
#include "yaml/helm.h"

#define FILE_MAX ((size_t)1 << 20)

static struct arena arena;

static struct str read_part(struct str folder, const char *name) {
    struct str text;
    struct error error;
    struct str path = path_join(&arena, folder, str_from(name));
    cr_assert(file_read(&arena, path.ptr, FILE_MAX, &text, &error), "%s", error.message);
    return text;
}

static struct str outcome_lines(const struct patch_result *result, uint32_t count) {
    static const char *const names[] = {"left", "done", "refused", "broken"};
    struct buf out = buf_in(&arena);
    for (uint32_t i = 0; i < count; i++) {
        struct str reason = result->outcomes[i].reason;
        buf_addf(&out, "%s%s%.*s\n", names[result->outcomes[i].state], reason.len ? ": " : "", STR_ARG(reason));
    }
    return buf_str(&out);
}

static void check_case(struct str folder) {
    struct source source = {.path = folder, .text = read_part(folder, "before.yaml")};
    struct str after = read_part(folder, "after.yaml"), outcomes = read_part(folder, "outcomes");
    struct patch_result result;
    uint32_t count;
    struct patch_operation *operations = operations_read(&arena, read_part(folder, "patch.json"), &count);

    cr_expect(patch_run(&arena, &source, operations, count, NULL, &result), "%s: nothing was tried", folder.ptr);
    struct str lines = outcome_lines(&result, count);
    cr_expect(str_eq(result.text, after), "%s:\n%.*s--- expected:\n%.*s", folder.ptr, STR_ARG(result.text),
              STR_ARG(after));
    cr_expect(str_eq(lines, outcomes), "%s:\n%.*s--- expected:\n%.*s", folder.ptr, STR_ARG(lines), STR_ARG(outcomes));
    cr_expect(str_eq(edits_apply(&arena, source.text, &result.edits), after), "%s: the edits make another text",
              folder.ptr);
    struct edits inverse = edits_invert(&arena, source.text, &result.edits);
    cr_expect(str_eq(edits_apply(&arena, result.text, &inverse), source.text), "%s: it cannot be undone", folder.ptr);
}

Test(patch, cases_of_the_fixtures) {
    struct str root = STR(FIXTURES "/patch");
    uint32_t count = 0;
    DIR *dir = opendir(root.ptr);
    cr_assert(dir != NULL);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        struct str folder = path_join(&arena, root, arena_str(&arena, str_from(entry->d_name)));
        if (entry->d_name[0] == '.' || file_kind(folder.ptr) != FILE_FOLDER) continue;
        check_case(folder);
        count++;
    }
    closedir(dir);
    cr_expect(count >= 60, "%u cases", count);
    arena_free(&arena);
}

/* Ranks the keys by their first letter; those after `m` have none. */
static uint32_t rank_letters(void *user, const struct str *keys, uint32_t count) {
    (void)user;
    char first = keys[count - 1].len ? keys[count - 1].ptr[0] : 'z';
    return first > 'm' ? UINT32_MAX : (uint32_t)first;
}

static struct str name_heading(void *user, const struct str *keys, uint32_t count) {
    (void)user;
    return count == 1 ? arena_printf(&arena, "The %.*s", STR_ARG(keys[0])) : STR("");
}

static void check_guided(const char *before, const char *patch, const char *after) {
    const struct patch_guide guide = {NULL, rank_letters, name_heading};
    struct source source = {.path = STR("test"), .text = str_from(before)};
    struct patch_result result;
    uint32_t count;
    struct patch_operation *operations = operations_read(&arena, str_from(patch), &count);
    patch_run(&arena, &source, operations, count, &guide, &result);
    cr_expect(str_eq(result.text, str_from(after)), "%.*s--- expected:\n%s", STR_ARG(result.text), after);
}

Test(patch, a_guide_gives_places_and_headings) {
    check_guided("b: 1\nf: 2\nz: 3\n", "[{\"op\": \"add\", \"path\": \"/d/x\", \"value\": 1}]",
                 "b: 1\n# The d\nd:\n  x: 1\nf: 2\nz: 3\n");
    check_guided("z: 3\n", "[{\"op\": \"add\", \"path\": \"/d\", \"value\": 1}]", "# The d\nd: 1\n\nz: 3\n");
    check_guided("f: 3\na:\n  k: 1\n", "[{\"op\": \"move\", \"from\": \"/a/k\", \"path\": \"/f2/k\"}]",
                 "f: 3\n# The f2\nf2:\n  k: 1\n");
    check_guided(
        "a:\n  c: 1\n  x: 1\n",
        "[{\"op\": \"add\", \"path\": \"/a/b\", \"value\": 1}, {\"op\": \"add\", \"path\": \"/a/z\", \"value\": 1}]",
        "a:\n  b: 1\n  c: 1\n  x: 1\n  z: 1\n");
    arena_free(&arena);
}

Test(patch, operations_share_a_parse) {
    const char *text = "a:\n  x: 1\nb:\n  x: 1\nc:\n  x: 1\n";
    struct source source = {.path = STR("test"), .text = str_from(text)};
    struct patch_result result;
    uint32_t count;
    struct patch_operation *operations = operations_read(
        &arena,
        STR("[{\"op\": \"add\", \"path\": \"/a/w\", \"value\": 1}, {\"op\": \"replace\", \"path\": \"/b/x\", "
            "\"value\": 2},"
            " {\"op\": \"rename\", \"path\": \"/c/x\", \"key\": \"z\"}, {\"op\": \"remove\", \"path\": \"/a/x\"}]"),
        &count);
    cr_assert(patch_run(&arena, &source, operations, count, NULL, &result));
    cr_expect_eq(result.done, 4);
    cr_expect_eq(result.parses, 2);
    cr_expect(str_eq(result.text, STR("a:\n  w: 1\nb:\n  x: 2\nc:\n  z: 1\n")), "%.*s", STR_ARG(result.text));
    cr_expect(str_eq(result.tree->source->text, result.text));
    cr_expect_eq(value_get(value_get(result.values, STR("c")), STR("z"))->integer, 1);
    arena_free(&arena);
}

Test(patch, a_reason_has_a_place_in_the_first_text) {
    const char *text = "a:\n  x: 1\nb: 2\n";
    struct source source = {.path = STR("test"), .text = str_from(text)};
    struct patch_result result;
    uint32_t count;
    struct patch_operation *operations =
        operations_read(&arena,
                        STR("[{\"op\": \"add\", \"path\": \"/a/long key\", \"value\": \"long value\"},"
                            " {\"op\": \"move\", \"from\": \"/a/x\", \"path\": \"/b\"}]"),
                        &count);
    patch_run(&arena, &source, operations, count, NULL, &result);
    cr_expect_eq(result.outcomes[1].state, PATCH_REFUSED);
    cr_expect_eq(result.outcomes[1].span.start, 13);
    cr_expect_eq(result.outcomes[1].span.end, 14);
    arena_free(&arena);
}

Test(patch, a_file_that_helm_refuses_is_left_alone) {
    const char *const texts[] = {"a: [\n", "null: 1\n", "- 1\n", "a: *b\n"};
    struct value one = {.kind = VALUE_INT, .integer = 1};
    struct patch_operation operation = {.kind = PATCH_ADD, .path = STR("/x"), .value = &one};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct source source = {.path = STR("test"), .text = str_from(texts[i])};
        struct patch_result result;
        cr_expect(!patch_run(&arena, &source, &operation, 1, NULL, &result), "%s", texts[i]);
        cr_expect(str_eq(result.text, source.text));
        cr_expect(!result.tree && !result.values);
        cr_expect_eq(result.outcomes[0].state, PATCH_REFUSED);
        cr_expect(result.outcomes[0].reason.len > 0);
    }
    arena_free(&arena);
}

/* Documents. */

/* Puts `new` in the place of `old`, which stands once in `text`. */
static void check_follows(const char *text, const char *old, const char *new, bool good) {
    struct source source = {.path = STR("test"), .text = str_from(text)};
    uint32_t at = (uint32_t)str_find(source.text, str_from(old));
    struct edit edit = {{at, at + (uint32_t)strlen(old)}, str_from(new)};
    struct edits edits = {&edit, 1, 1};
    struct yaml_document document;
    struct tree tree;
    struct yaml_issue issue;
    cr_assert(tree_parse(&arena, &source, &tree, &issue));
    yaml_document_open(&arena, &tree, &document);
    cr_expect_eq(yaml_document_follow(&arena, &document, &edits), good, "%s", new);
    const char *wrong = check_document(&arena, &document);
    cr_expect(!wrong, "%s -> %s: %s", old, new, wrong);
    if (good) cr_expect(str_eq(document.source.text, edits_apply(&arena, source.text, &edits)));
    else cr_expect(str_eq(document.source.text, source.text));
}

Test(document, follows_edits) {
    const char *text = "# Top\n\na:\n  # x's\n  x: 1\n  y:\n    z: |\n      text\n  # tail\n\n# b's\nb: [1]\n\n# end\n";
    check_follows(text, "b: [1]", "b: [1, 2]", true);
    check_follows(text, "  y:\n", "  w: {}\n  y:\n", true);
    check_follows(text, "  # x's\n  x: 1\n", "", true);
    check_follows(text, "  y:\n    z: |\n      text\n", "", true);
    check_follows(text, "\n# b's\n", "\n# c's\nc:\n  d: 1\n\n# b's\n", true);
    check_follows(text, "# b's\nb: [1]\n", "", true);
    check_follows(text, "a:\n  # x's\n  x: 1\n  y:\n    z: |\n      text\n  # tail\n", "# new top\n", true);
    check_follows(text, "  x: 1\n", "", true);
    check_follows(text, "# end\n", "  # deep end\nlast: 1", true);
    check_follows(text, "  x: 1\n", "x: 1\n", false);
    check_follows(text, "[1]", "[1", false);
    check_follows("a: 1\n", "a: 1\n", "", true);
    check_follows("a: &x 1\nb: *x\nc: 2\n", "c: 2", "c: *x", true);
    check_follows("a: &x 1\nb: 2\n", "2", "*x", true);
    check_follows("? a\n\nb: 1\n", "\nb", "c: 1\n\nb", true);
    check_follows("{a: 1}\n", "1", "2", true);
    check_follows("a: 1\n...\n", "1", "2", true);
    arena_free(&arena);
}

/* Edits. */

static struct edits edit_list(const struct edit *items, uint32_t len) {
    struct edits edits = {NULL, 0, 0};
    for (uint32_t i = 0; i < len; i++) vec_push(&arena, &edits, items[i]);
    return edits;
}

Test(edit, settling_sorts_joins_and_finds_overlaps) {
    const struct edit touching[] = {
        {{4, 6}, STR_INIT("")}, {{6, 6}, STR_INIT("x")}, {{4, 4}, STR_INIT("y")}, {{0, 1}, STR_INIT("")}};
    const struct edit overlapping[] = {{{2, 5}, STR_INIT("")}, {{4, 6}, STR_INIT("x")}};
    struct edits edits = edit_list(touching, 4);
    cr_assert(edits_settle(&arena, &edits));
    cr_expect_eq(edits.len, 2);
    cr_expect(str_eq(edits.items[1].text, STR("yx")));
    cr_expect(str_eq(edits_apply(&arena, STR("abcdefgh"), &edits), STR("bcdyxgh")));
    edits = edit_list(overlapping, 2);
    cr_expect(!edits_settle(&arena, &edits));
    arena_free(&arena);
}

Test(edit, two_steps_become_one) {
    const struct edit first[] = {{{1, 3}, STR_INIT("12345")}, {{5, 5}, STR_INIT("+")}};
    const struct edit second[] = {{{0, 2}, STR_INIT("")}, {{3, 8}, STR_INIT("=")}, {{10, 10}, STR_INIT("!")}};
    struct str text = STR("abcdefg");
    struct edits one = edit_list(first, 2), two = edit_list(second, 3);
    struct str between = edits_apply(&arena, text, &one), after = edits_apply(&arena, between, &two);
    cr_assert(str_eq(between, STR("a12345de+fg")));
    cr_assert(str_eq(after, STR("2=+f!g")), "%.*s", STR_ARG(after));
    struct edits both = edits_compose(&arena, text, &one, &two);
    cr_expect(str_eq(edits_apply(&arena, text, &both), after));
    struct edits inverse = edits_invert(&arena, text, &both);
    cr_expect(str_eq(edits_apply(&arena, after, &inverse), text));
    cr_expect_eq(edits_origin(&one, 0), 0);
    cr_expect_eq(edits_origin(&one, 4), 1);
    cr_expect_eq(edits_origin(&one, 6), 3);
    cr_expect_eq(edits_origin(&one, 10), 6);
    arena_free(&arena);
}

/* Promises that are broken. */

static enum verify_promise judge(const char *before, const char *after, const char *expected, const char *dropped) {
    struct source old_source = {.path = STR("old"), .text = str_from(before)},
                  new_source = {.path = STR("new"), .text = str_from(after)};
    struct tree old_tree, new_tree;
    struct yaml_issue issue;
    struct yaml_issues issues = {NULL, 0, 0};
    struct value values, wanted;
    struct json_error error;
    struct str comment = str_from(dropped);
    cr_assert(tree_parse(&arena, &old_source, &old_tree, &issue));
    cr_assert(json_parse(&arena, str_from(expected), &wanted, &error));
    bool good = tree_parse(&arena, &new_source, &new_tree, &issue) && helm_values(&arena, &new_tree, &values, &issues);
    struct verify_input input = {.before = &old_tree,
                                 .expected = &wanted,
                                 .after = good ? &new_tree : NULL,
                                 .values = good ? &values : NULL,
                                 .dropped = &comment,
                                 .dropped_count = dropped != NULL};
    return verify_patch(&arena, &input);
}

Test(verify, says_which_promise_is_broken) {
    const char *before = "a: 1 # one\n# one\nb: 2 # two\n";
    cr_expect_eq(judge(before, "b: 2 # two\n# one\na: 1 # one\n", "{\"a\": 1, \"b\": 2}", NULL), VERIFY_KEPT);
    cr_expect_eq(judge(before, "a: [\n", "{}", NULL), VERIFY_PARSES);
    cr_expect_eq(judge(before, "null: 1\n", "{}", NULL), VERIFY_PARSES);
    cr_expect_eq(judge(before, "a: 1 # one\n# one\nb: \"2\" # two\n", "{\"a\": 1, \"b\": 2}", NULL), VERIFY_VALUES);
    cr_expect_eq(judge(before, "a: 1 # one\nb: 2 # two\n", "{\"a\": 1, \"b\": 2}", NULL), VERIFY_COMMENTS);
    cr_expect_eq(judge(before, "a: 1 # one\nb: 2 # two\n", "{\"a\": 1, \"b\": 2}", "# one"), VERIFY_KEPT);
    cr_expect_eq(judge(before, "a: 1 # one\nb: 2 # two\n", "{\"a\": 1, \"b\": 2}", "# two"), VERIFY_COMMENTS);
    arena_free(&arena);
}
