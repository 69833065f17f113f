#include <criterion/criterion.h>

#include <stdio.h>
#include <time.h>

#include "text/diff.h"

/* The diff of `old` with one edit: what stands in [start, end) becomes `text`. */
static struct str diff_one(struct arena *a, const char *path, const char *old, size_t start, size_t end,
                           const char *text, bool color) {
    struct edits edits = {NULL, 0, 0};
    struct buf out = buf_in(a);
    vec_push(a, &edits, (struct edit){span_make(start, end), str_from(text)});
    struct diff_file file = {str_from(path), str_from(old), &edits};
    bool differs = diff_unified(&out, &file, color);
    cr_expect_eq(differs, out.len > 0);
    return out.len ? buf_str(&out) : STR("");
}

static void check_edit(const char *old, size_t start, size_t end, const char *text, const char *want) {
    struct arena a = {0};
    struct str got = diff_one(&a, "f", old, start, end, text, false);
    struct str full = want[0] ? arena_printf(&a, "--- a/f\n+++ b/f\n%s", want) : STR("");
    cr_expect(str_eq(got, full), "got\n%.*s\nnot\n%.*s", STR_ARG(got), STR_ARG(full));
    arena_free(&a);
}

/* One edit for the whole of the text. */
static void check_texts(const char *old, const char *new, const char *want) {
    check_edit(old, 0, strlen(old), new, want);
}

Test(diff, edits_inside_a_line) {
    check_edit("a: 1\nb: 2\n", 3, 4, "x", "@@ -1,2 +1,2 @@\n-a: 1\n+a: x\n b: 2\n");
    check_edit("a: 1\nb: 2\n", 8, 9, "", "@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: \n");
    check_edit("a: 1\nb: 2\n", 4, 5, "", "@@ -1,2 +1 @@\n-a: 1\n-b: 2\n+a: 1b: 2\n");
    check_edit("a: 1\nb: 2\n", 4, 4, "\nx: 3", "@@ -1,2 +1,3 @@\n a: 1\n+x: 3\n b: 2\n");
    check_edit("a: 1\nb: 2\n", 4, 9, "", "@@ -1,2 +1 @@\n a: 1\n-b: 2\n");
}

Test(diff, edits_of_whole_lines) {
    check_edit("a\nb\n", 0, 0, "x\n", "@@ -1,2 +1,3 @@\n+x\n a\n b\n");
    check_edit("a\nb\n", 2, 2, "x\n", "@@ -1,2 +1,3 @@\n a\n+x\n b\n");
    check_edit("a\nb\n", 4, 4, "x\n", "@@ -1,2 +1,3 @@\n a\n b\n+x\n");
    check_edit("a\nb\n", 0, 2, "", "@@ -1,2 +1 @@\n-a\n b\n");
    check_edit("a\na\na\n", 2, 2, "a\n", "@@ -1,3 +1,4 @@\n a\n+a\n a\n a\n");
}

Test(diff, nothing_changes) {
    check_texts("a\nb\n", "a\nb\n", "");
    check_texts("", "", "");
    check_edit("a\nb\n", 1, 3, "\nb", "");
    struct arena a = {0};
    struct edits none = {NULL, 0, 0};
    struct buf out = buf_in(&a);
    cr_expect_not(diff_unified(&out, &(struct diff_file){STR("f"), STR("a\n"), &none}, true));
    cr_expect_eq(out.len, 0);
    arena_free(&a);
}

Test(diff, ends_of_texts) {
    check_texts("", "a\n", "@@ -0,0 +1 @@\n+a\n");
    check_texts("", "a\nb", "@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n");
    check_texts("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n");
    check_texts("a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
    check_texts("a\nb\n", "a\nb", "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n");
    check_texts("a\nb", "x\nb", "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n");
    check_texts("a", "b", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n");
    check_edit("a\nb", 3, 3, "\nc",
               "@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n"
               "\\ No newline at end of file\n");
}

Test(diff, carriage_returns_are_bytes_of_the_line) {
    check_texts("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n");
    check_texts("a\r\nb\r\n", "a\r\nb\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+b\n");
    check_texts("a\rb\n", "a\nb\n", "@@ -1 +1,2 @@\n-a\rb\n+a\n+b\n");
}

Test(diff, common_lines_inside_a_region) {
    check_texts("a\nb\nc\nd\n", "x\nb\nc\ny\n", "@@ -1,4 +1,4 @@\n-a\n+x\n b\n c\n-d\n+y\n");
    check_texts("a\nb\nc\n", "c\na\nb\n", "@@ -1,3 +1,3 @@\n+c\n a\n b\n-c\n");
    check_texts("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", "@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n");
}

Test(diff, hunks) {
    /* Six lines between two changes: one hunk; seven: two. */
    check_texts("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
                "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    check_texts("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\nB\nC\n",
                "@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,5 @@\n 5\n 6\n 7\n-b\n+B\n+C\n");
    check_texts("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n6\n7\n8\n9\n",
                "@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n");
}

Test(diff, several_edits) {
    struct arena a = {0};
    struct edits edits = {NULL, 0, 0};
    struct buf out = buf_in(&a);
    struct str old = STR("a: 1\nb: 2\nc: 3\nd: 4\n");
    vec_push(&a, &edits, (struct edit){span_make(0, 1), STR("A")});
    vec_push(&a, &edits, (struct edit){span_make(3, 4), STR("5")});        /* in the same line */
    vec_push(&a, &edits, (struct edit){span_make(5, 5), STR("new: 1\n")}); /* where that line ends */
    vec_push(&a, &edits, (struct edit){span_make(15, 20), STR("")});
    cr_assert(diff_unified(&out, &(struct diff_file){STR("f"), old, &edits}, false));
    struct str want = STR("--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-a: 1\n+A: 5\n+new: 1\n b: 2\n c: 3\n-d: 4\n");
    cr_expect(str_eq(buf_str(&out), want), "%.*s", STR_ARG(buf_str(&out)));
    arena_free(&a);
}

Test(diff, colors_are_those_of_git) {
    struct arena a = {0};
    struct str got = diff_one(&a, "a b", "a\r\n\nb\r\nc", 4, 8, "B\r\nC", true);
    struct str want = STR("\x1B[1m--- a/a b\x1B[m\t\n\x1B[1m+++ b/a b\x1B[m\t\n\x1B[36m@@ -1,4 +1,4 @@\x1B[m\n"
                          " a\x1B[m\r\n \x1B[m\n\x1B[31m-b\x1B[m\r\n"
                          "\x1B[31m-c\x1B[m\n\\ No newline at end of file\x1B[m\n"
                          "\x1B[32m+B\x1B[m\r\n\x1B[32m+C\x1B[m\n\\ No newline at end of file\x1B[m\n");
    cr_expect(str_eq(got, want), "got\n%.*s\nnot\n%.*s", STR_ARG(got), STR_ARG(want));
    arena_free(&a);
}

static void check_header(const char *path, const char *old, const char *new) {
    struct arena a = {0};
    struct str got = diff_one(&a, path, "a\n", 0, 1, "b", false);
    struct str want = arena_printf(&a, "--- %s\n+++ %s\n@@ -1 +1 @@\n-a\n+b\n", old, new);
    cr_expect(str_eq(got, want), "got\n%.*s\nnot\n%.*s", STR_ARG(got), STR_ARG(want));
    arena_free(&a);
}

Test(diff, names) {
    check_header("charts/a/values.yaml", "a/charts/a/values.yaml", "b/charts/a/values.yaml");
    check_header("./charts//a/./values.yaml", "a/charts/a/values.yaml", "b/charts/a/values.yaml");
    check_header("/tmp/values.yaml", "a/tmp/values.yaml", "b/tmp/values.yaml");
    check_header("../x/values.yaml", "a/../x/values.yaml", "b/../x/values.yaml");
    check_header("my chart/values.yaml", "a/my chart/values.yaml\t", "b/my chart/values.yaml\t");
    check_header("\xC3\xA4", "\"a/\\303\\244\"", "\"b/\\303\\244\"");
    check_header("\xC3\xA4 b", "\"a/\\303\\244 b\"\t", "\"b/\\303\\244 b\"\t");
    check_header("a\"b\\c\td\n\x01\x7F", "\"a/a\\\"b\\\\c\\td\\n\\001\\177\"", "\"b/a\\\"b\\\\c\\td\\n\\001\\177\"");
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* A text of `lines` lines of `kinds` different ones. */
static struct str random_text(struct arena *a, uint64_t *state, uint32_t lines, uint32_t kinds) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < lines; i++) buf_addf(&out, "line %u\n", (unsigned)(next_random(state) % kinds));
    return out.len ? buf_str(&out) : STR("");
}

/* The text that the hunks of `diff` make of `old`. */
static struct str apply_hunks(struct arena *a, struct str old, struct str diff) {
    struct buf out = buf_in(a);
    struct str line, kept = old;
    uint32_t passed = 0; /* lines of `old` */
    while (str_split_next(&diff, '\n', &line)) {
        unsigned start, count = 1;
        line = arena_str(a, line); /* sscanf needs a NUL */
        if (str_starts(line, STR("--- ")) || str_starts(line, STR("+++ "))) continue;
        if (sscanf(line.ptr, "@@ -%u,%u", &start, &count) >= 1) {
            for (start -= count > 0; passed < start; passed++) {
                size_t end = str_find_char(kept, '\n') + 1;
                buf_add(&out, str_slice(kept, 0, end));
                kept = str_slice(kept, end, kept.len);
            }
            continue;
        }
        if (line.ptr[0] != '-') buf_add(&out, str_slice(line, 1, line.len)), buf_add_char(&out, '\n');
        if (line.ptr[0] == '+') continue;
        kept = str_slice(kept, str_find_char(kept, '\n') + 1, kept.len);
        passed++;
    }
    buf_add(&out, kept);
    return out.len ? buf_str(&out) : STR("");
}

/* Long ways between the texts, so that the search goes on in several rounds. */
Test(diff, random_texts) {
    struct arena a = {0};
    uint64_t state = 1;
    for (uint32_t round = 0; round < 400; round++) {
        uint32_t kinds = 2 + round % 60;
        struct str old = random_text(&a, &state, (uint32_t)(next_random(&state) % 300), kinds);
        struct str new = random_text(&a, &state, (uint32_t)(next_random(&state) % 300), kinds);
        struct str diff = diff_one(&a, "f", arena_str(&a, old).ptr, 0, old.len, arena_str(&a, new).ptr, false);
        struct str got = apply_hunks(&a, old, diff);
        cr_assert(str_eq(got, new), "round %u: %.*s", round, STR_ARG(diff));
        arena_reset(&a);
    }
    arena_free(&a);
}

/* A hundred times the lines must not take much more than a hundred times as long. */
static double measure(uint32_t lines) {
    struct arena a = {0};
    struct timespec start, end;
    uint64_t state = 7;
    struct str old = random_text(&a, &state, lines, 3), new = random_text(&a, &state, lines, 3);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    diff_one(&a, "f", arena_str(&a, old).ptr, 0, old.len, arena_str(&a, new).ptr, false);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    arena_free(&a);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

Test(diff, time_is_linear) {
    double small = measure(2000), large = measure(200000);
    cr_expect_lt(large, small * 1000 + 1, "%f s and %f s", small, large);
}
