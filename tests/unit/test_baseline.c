#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "run/baseline.h"

static struct arena arena;
static char folder[] = "/tmp/vl-baseline-XXXXXX";

static const struct check MISSING = {STR_INIT("VL103"), STR_INIT("missing-key"), SEVERITY_ERROR, STR_INIT("a key"), 0};
static const struct check VALUE = {STR_INIT("VL101"), STR_INIT("invalid-value"), SEVERITY_ERROR, STR_INIT("a value"),
                                   1};
static const struct checks CHECKS = {.by = {[CHECK_MISSING_KEY] = &MISSING, [CHECK_INVALID_VALUE] = &VALUE}};

static void enter(void) {
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void leave(void) {
    unlink("known.json");
    cr_expect_eq(rmdir(folder), 0);
    arena_free(&arena);
}

static struct lint_file file_at(const char *path) {
    return (struct lint_file){.source = {.path = str_from(path)}, .is_values = true};
}

static void find(struct lint_file *file, const struct check *check, const char *path, const char *message) {
    uint32_t at = file->findings.len;
    vec_push(&arena, &file->findings,
             (struct finding){.check = check,
                              .severity = check->severity,
                              .span = span_make(at, at + 1),
                              .path = str_from(path),
                              .message = str_from(message)});
}

/* Writes a baseline of `files` to known.json, and reads it into `read`. */
static struct str write_and_read(const struct lint_file *files, size_t count, struct baseline *read) {
    struct problems problems = {NULL, 0, 0};
    struct baseline made;
    struct error error;
    baseline_init(&made, &arena, &CHECKS, STR("known.json"));
    for (size_t i = 0; i < count; i++) baseline_add(&made, &files[i]);
    struct str text = baseline_text(&arena, &made);
    cr_assert(file_write("known.json", text, &error), "%s", error.message);
    baseline_free(&made);
    bool ok = baseline_read(read, &arena, &CHECKS, STR("known.json"), &problems);
    cr_assert(ok, "%.*s", ok ? 0 : (int)problems.items[0].message.len, ok ? "" : problems.items[0].message.ptr);
    return text;
}

static void expect_left(struct baseline *baseline, struct lint_file *file, const char *messages) {
    struct buf left = buf_in(&arena);
    uint32_t before = file->findings.len;
    baseline_take(baseline, NULL, file);
    for (uint32_t i = 0; i < file->findings.len; i++)
        buf_addf(&left, "%.*s;", STR_ARG(file->findings.items[i].message));
    cr_expect(str_eq(buf_str(&left), str_from(messages)), "%.*s is left", STR_ARG(buf_str(&left)));
    cr_expect_eq(file->baselined, before - file->findings.len);
}

Test(baseline, the_order_of_findings_does_not_matter, .init = enter, .fini = leave) {
    struct lint_file files[] = {file_at("b/values.yaml"), file_at("a/values.yaml"), file_at("c/values.yaml")};
    struct baseline baseline;
    find(&files[0], &MISSING, "b", "m");
    find(&files[0], &VALUE, "z", "m");
    find(&files[0], &VALUE, "a", "m");
    find(&files[1], &VALUE, "", "about no value");
    find(&files[0], &VALUE, "z", "another");
    const char *want = "{\n"
                       "  \"version\": 1,\n"
                       "  \"files\": {\n"
                       "    \"a/values.yaml\": [\n"
                       "      {\"rule\": \"VL101\", \"message\": \"about no value\"}\n"
                       "    ],\n"
                       "    \"b/values.yaml\": [\n"
                       "      {\"rule\": \"VL101\", \"value\": \"a\"},\n"
                       "      {\"rule\": \"VL101\", \"value\": \"z\", \"count\": 2},\n"
                       "      {\"rule\": \"VL103\", \"value\": \"b\"}\n"
                       "    ]\n"
                       "  }\n"
                       "}\n";
    struct str text = write_and_read(files, 3, &baseline);
    cr_expect(str_eq(text, str_from(want)), "%.*s", STR_ARG(text));
    baseline_free(&baseline);
}

Test(baseline, nothing_is_a_baseline_too, .init = enter, .fini = leave) {
    struct baseline baseline;
    struct lint_file file = file_at("values.yaml");
    struct str text = write_and_read(&file, 1, &baseline);
    cr_expect(str_eq(text, STR("{\n  \"version\": 1,\n  \"files\": {}\n}\n")), "%.*s", STR_ARG(text));
    find(&file, &VALUE, "a", "new");
    expect_left(&baseline, &file, "new;");
    baseline_free(&baseline);
}

Test(baseline, odd_texts_come_back, .init = enter, .fini = leave) {
    const char *texts[] = {"a \"b\" \\ c", "two\nlines", "\x01 \x7F", "\xC3\xA9\xF0\x9F\x90\xA7",
                           "{}[],:",       "",           " VL101 a"};
    struct lint_file file = file_at("odd \"name\"\\\xC3\xA9.yaml");
    struct baseline baseline;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        find(&file, &VALUE, texts[i], "of a value");
        find(&file, &VALUE, "", texts[i]);
    }
    write_and_read(&file, 1, &baseline);
    expect_left(&baseline, &file, "");
    baseline_free(&baseline);
}

Test(baseline, of_findings_that_are_alike_the_first_are_known, .init = enter, .fini = leave) {
    struct lint_file file = file_at("values.yaml"), now = file_at("values.yaml"), other = file_at("x/values.yaml");
    struct baseline baseline;
    find(&file, &VALUE, "a", "1");
    find(&file, &VALUE, "a", "2");
    write_and_read(&file, 1, &baseline);
    find(&now, &VALUE, "a", "one");
    find(&now, &MISSING, "a", "of another rule");
    find(&now, &VALUE, "a", "two");
    find(&now, &VALUE, "a", "three");
    find(&now, &VALUE, "b", "of another value");
    expect_left(&baseline, &now, "of another rule;three;of another value;");
    find(&other, &VALUE, "a", "of another file");
    expect_left(&baseline, &other, "of another file;");
    baseline_free(&baseline);
}

Test(baseline, keys_missing_at_the_top_are_one_whatever_they_are, .init = enter, .fini = leave) {
    struct lint_file file = file_at("values.yaml"), now = file_at("./values.yaml");
    struct baseline baseline;
    find(&file, &MISSING, "", "`a` and `b` are missing");
    find(&file, &VALUE, "", "of no value");
    write_and_read(&file, 1, &baseline);
    find(&now, &MISSING, "", "`b` is missing");
    find(&now, &VALUE, "", "another message");
    expect_left(&baseline, &now, "another message;");
    baseline_free(&baseline);
}

Test(baseline, a_file_that_could_not_be_read_is_never_known, .init = enter, .fini = leave) {
    struct lint_file file = file_at("values.yaml");
    struct baseline baseline;
    find(&file, &VALUE, "", "cannot read");
    write_and_read(&file, 1, &baseline);
    file.unreadable = true;
    expect_left(&baseline, &file, "cannot read;");
    baseline_free(&baseline);
    struct str text = write_and_read(&file, 1, &baseline);
    cr_expect(str_eq(text, STR("{\n  \"version\": 1,\n  \"files\": {}\n}\n")), "%.*s", STR_ARG(text));
    baseline_free(&baseline);
}
