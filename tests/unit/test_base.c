#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/fuzzy.h"
#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"

Test(arena, grows_the_newest_piece_in_place) {
    struct arena a = {0};
    char *p = arena_alloc(&a, 10);
    cr_assert(arena_grow(&a, p, 10, 100) == p);
    char *q = arena_alloc(&a, 1);
    char *r = arena_grow(&a, p, 100, 200);
    cr_assert(r != p && r != q);
    arena_free(&a);
}

Test(arena, reset_gives_zeroed_memory_again) {
    struct arena a = {0};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++) {
            char *p = arena_alloc(&a, 1000);
            for (int k = 0; k < 1000; k++) cr_assert_eq(p[k], 0);
            memset(p, 0xAB, 1000);
        }
        arena_reset(&a);
    }
    arena_free(&a);
}

Test(arena, release_goes_back_to_a_mark) {
    struct arena a = {0};
    struct arena_mark empty = arena_mark(&a);
    char *kept = arena_alloc(&a, 100);
    memset(kept, 'k', 100);
    struct arena_mark mark = arena_mark(&a);
    char *first = arena_alloc(&a, 50);
    for (int i = 0; i < 100; i++) arena_alloc(&a, 5000);
    arena_release(&a, mark);
    cr_expect_eq(arena_alloc(&a, 50), first);
    char *grown = arena_grow(&a, kept, 100, 200);
    cr_expect_neq(grown, kept);
    cr_expect_eq(grown[99], 'k');
    arena_release(&a, empty);
    cr_expect_eq(arena_alloc(&a, 100), kept);
    arena_free(&a);
}

Test(arena, formats_texts_of_any_length) {
    struct arena a = {0};
    char text[1024] = {0};
    for (size_t len = 0; len + 1 < sizeof text; len++) {
        struct str printed = arena_printf(&a, "%s%c", text, 'a' + (int)(len % 26));
        text[len] = (char)('a' + len % 26);
        cr_assert_eq(printed.len, len + 1);
        cr_assert_eq(strcmp(printed.ptr, text), 0);
    }
    arena_free(&a);
}

Test(map, keeps_order_and_replaces) {
    struct arena a = {0};
    struct map m = {0};
    int values[100];
    for (int i = 0; i < 100; i++) cr_assert_null(map_put(&a, &m, arena_printf(&a, "key%d", i), &values[i]));
    cr_assert_eq(map_put(&a, &m, STR("key7"), &values[0]), &values[7]);
    cr_assert_eq(map_get(&m, STR("key7")), &values[0]);
    cr_assert_eq(map_get(&m, STR("key99")), &values[99]);
    cr_assert_null(map_get(&m, STR("key100")));
    cr_assert(str_eq(m.entries[42].key, STR("key42")));
    arena_free(&a);
}

static void check_normalize(const char *in, const char *out) {
    struct arena a = {0};
    struct str got = path_normalize(&a, str_from(in));
    cr_expect(str_eq(got, str_from(out)), "%s -> %.*s, not %s", in, STR_ARG(got), out);
    arena_free(&a);
}

Test(path, normalize) {
    check_normalize("./a//b/../c", "a/c");
    check_normalize("", ".");
    check_normalize("a/..", ".");
    check_normalize("../a", "../a");
    check_normalize("../../a/..", "../..");
    check_normalize("/../a/", "/a");
    check_normalize("/", "/");
}

static void check_match(const char *pattern, const char *path, bool expected) {
    cr_expect_eq(path_match(str_from(pattern), str_from(path)), expected, "%s on %s", pattern, path);
}

Test(path, match) {
    check_match("charts/*/values.yaml", "charts/a/values.yaml", true);
    check_match("charts/*/values.yaml", "charts/a/b/values.yaml", false);
    check_match("**/values.yaml", "values.yaml", true);
    check_match("**/values.yaml", "a/b/values.yaml", true);
    check_match("**/values.yaml", "a/xvalues.yaml", false);
    check_match("a/**/b", "a/b", true);
    check_match("a/**/b", "a/x/y/b", true);
    check_match("a/**/b", "a/xb", false);
    check_match("a/**", "a/x/y", true);
    check_match("a/**", "b", false);
    check_match("*.yaml", "a/b.yaml", false);
    check_match("v?lues-[a-c]*.yaml", "values-beta.yaml", true);
    check_match("v?lues-[!a-c]*.yaml", "values-beta.yaml", false);
    check_match("\\*", "*", true);
    check_match("\\*", "x", false);
    check_match("[", "[", true);
    check_match("*a*b*c*d*e*", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false);
    check_match("", "", true);
    check_match("*", "", true);
}

Test(fuzzy, nearest) {
    const struct str names[] = {STR("env"), STR("enabled"), STR("environment"), STR("port")};
    cr_expect(str_eq(fuzzy_nearest(STR("enviroment"), names, 4), STR("environment")));
    cr_expect(str_eq(fuzzy_nearest(STR("enabeld"), names, 4), STR("enabled")));
    cr_expect(str_eq(fuzzy_nearest(STR("prot"), names, 4), STR("port")));
    cr_expect_eq(fuzzy_nearest(STR("zebra"), names, 4).len, 0);
    cr_expect(str_eq(fuzzy_nearest(STR("enviroment"), names, 2), STR("env")));
    cr_expect_eq(fuzzy_nearest(STR("envFrom"), names, 1).len, 0);
    cr_expect_eq(fuzzy_distance(STR("abc"), STR("ABC"), 3), 0);
    cr_expect_eq(fuzzy_distance(STR("abcd"), STR("acbd"), 3), 1);
    cr_expect_eq(fuzzy_distance(STR("abcd"), STR("wxyz"), 2), 3);
}

static void check_between(const char *folder, const char *path, const char *want) {
    struct arena a = {0};
    struct str got = path_between(&a, str_from(folder), str_from(path));
    cr_expect(str_eq(got, str_from(want)), "%s from %s: %.*s, not %s", path, folder, STR_ARG(got), want);
    arena_free(&a);
}

Test(path, between) {
    check_between("/a/b", "/a/b", ".");
    check_between("/a/b", "/a/b/c/d", "c/d");
    check_between("/a/b", "/a", "..");
    check_between("/a/b", "/a/c", "../c");
    check_between("/a/b", "/a/bc", "../bc");
    check_between("/a/bc", "/a/b", "../b");
    check_between("/a/b/c", "/x", "../../../x");
    check_between("/", "/x/y", "x/y");
    check_between("/x", "/", "..");
    check_between("/", "/", ".");
}
