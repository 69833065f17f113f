#include <criterion/criterion.h>
#include <dirent.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "yaml/slab.h"

#define FILE_MAX ((size_t)1 << 20)

static struct arena arena;

/* The names of the owners of all lines: a member's key, an item's place after `#`, `.` for nobody. */
static struct str owner_names(const struct slabs *slabs) {
    struct buf out = buf_in(&arena);
    for (uint32_t line = 0; line < slabs->line_count; line++) {
        const struct node *owner = slabs->owners[line];
        if (line) buf_add_char(&out, ' ');
        if (!owner) {
            buf_add_char(&out, '.');
        } else if (owner->key) {
            buf_add(&out, owner->key->kind == NODE_SCALAR ? owner->key->text : STR("?"));
        } else {
            uint32_t index = 0;
            for (const struct node *item = owner->parent->first; item != owner; item = item->next) index++;
            buf_addf(&out, "#%u", index);
        }
    }
    return buf_str(&out);
}

static void check(const char *text, const char *owners) {
    struct source source = {.path = STR("test"), .text = str_from(text)};
    struct tree tree;
    struct yaml_issue issue;
    struct slabs slabs;
    cr_assert(tree_parse(&arena, &source, &tree, &issue), "%.*s", STR_ARG(issue.message));
    slab_lines(&arena, &tree, &slabs);
    const char *wrong = slab_check(&arena, &tree, &slabs);
    cr_expect(!wrong, "%s\n%s", wrong, text);
    struct str names = owner_names(&slabs);
    cr_expect(str_eq(names, str_from(owners)), "%s%.*s\n--- expected:\n%s", text, STR_ARG(names), owners);
}

Test(slab, comments_go_to_what_they_speak_of) {
    check("a: 1   # at the end\nb: 2\n", "a b .");
    check("x: 1\n# directly above\na: 1\n", "x a a .");
    check("x: 1\na:\n  # above a blank line\n\n  b: 1\n", "x a a b b .");
    check("x: 1\n\n# above a blank line\n\na: 1\n", "x . . a a .");
}

Test(slab, the_first_block_stays_at_the_top) {
    check("# first\n# block\na: 1\n", ". . a .");
    check("\n# first\n\n# second\na: 1\n", ". . a a a .");
    check("---\n# first\na: 1\n", ". . a .");
    check("# only a comment\n", ". .");
}

Test(slab, tails_go_by_their_column) {
    check("a:\n  b: 1\n    # deeper than b\n  # as deep as b\nc: 1\n", "a b b a c .");
    check("a:\n  b:\n    c: 1\n\n    # of b\n\n  # of a\n\n# of nobody\n", "a b c b b a a . . .");
    check("a:\n  b: 1\n # between a and b\nc: 1\n", "a b a c .");
    check("a:\n  b: 1\n# above c\n  # deeper, but behind it\nc: 1\n", "a b c c c .");
    check("a:\n  b:\n    c: 1\n  # of a\n    # not of b any more\nd: 1\n", "a b c a a d .");
}

Test(slab, lists_with_and_without_indentation) {
    check("a:\n- x\n# about y\n- y\nb: 1\n", "a #0 #1 #1 b .");
    check("a:\n  - x\n  # - y\nb: 1\n", "a #0 a b .");
    check("a:\n- name: x\n  # of x\n  value: 1\n- - 1\n  - 2\n", "a #0 value value #1 #1 .");
    check("-\n  a: 1\n- b: 1\n", "#0 a #1 .");
}

Test(slab, values_over_several_lines) {
    check("a: |\n  x\n\n  # no comment\n\n# above b\nb: 1\n", "a a a a b b b .");
    check("a: |+\n  x\n\n# above b\nb: 1\n", "a a a b b .");
    check("a: {\n  # inside\n\n  b: 1\n}\nc: 1\n", "a a a a a c .");
    check("a: \"x\n\n  y\"\n\nb:\n  # alone\n  z\n", "a a a b b b b .");
    check("a:\n  # before a flow\n  [1]\nb: 1\n", "a a a b .");
}

Test(slab, what_belongs_to_nobody) {
    check("%YAML 1.2\n---\na: 1\n...\n# behind\n---\nb: 1\n", ". . a . . . . .");
    check("a: 1\n\n\n", "a . . .");
    check("{a: 1,\n b: 2}\n", ". . .");
    check("", ".");
    check("\xEF\xBB\xBF"
          "a:\n  b: 1\n # of a\n",
          "a b a .");
}

Test(slab, explicit_keys) {
    check("? a\n: b\n# above c\n? c\n: d\n", "a a c c c .");
    check("?\n  a\n: b\nc: 1\n", "a a a c .");
    check("? - x\n  - y\n: z\n", "? ? ? .");
}

Test(slab, windows_line_ends_and_no_last_one) {
    check("a:\r\n  b: 1\r\n\r\n  # above c\r\n  c: 2\r\n", "a b c c c .");
    check("a:\n  b: 1\n  # tail", "a b a");
}

Test(slab, columns_and_starts) {
    struct source source = {.path = STR("test"), .text = STR("a:\n- name: x\n  v: 1\n? b\n: c\n")};
    struct tree tree;
    struct yaml_issue issue;
    struct slabs slabs;
    cr_assert(tree_parse(&arena, &source, &tree, &issue));
    slab_lines(&arena, &tree, &slabs);
    const struct node *a = tree.root->first, *item = a->first, *name = item->first, *v = name->next, *b = a->next;
    cr_expect(slab_has(&slabs, a) && slab_has(&slabs, item) && !slab_has(&slabs, name) && slab_has(&slabs, v));
    cr_expect_eq(slabs.of[item->id].start, 3);
    cr_expect_eq(slabs.of[name->id].start, 5);
    cr_expect_eq(slabs.of[name->id].column, 2);
    cr_expect_eq(slabs.of[v->id].outer, item);
    cr_expect_eq(slabs.of[item->id].outer, a);
    cr_expect_eq(slabs.of[a->id].outer, NULL);
    cr_expect_eq(source.text.ptr[slabs.of[b->id].start], '?');
    cr_expect_eq(slabs.of[a->id].end, 3);
}

/* What the fuzz target has found. */
Test(slab, invariants_hold_for_the_fixtures) {
    struct str root = STR(FIXTURES "/fuzz/tree");
    uint32_t count = 0;
    DIR *dir = opendir(root.ptr);
    cr_assert(dir != NULL);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        struct source source = {.path = path_join(&arena, root, arena_str(&arena, str_from(entry->d_name)))};
        struct error error;
        struct tree tree;
        struct yaml_issue issue;
        struct slabs slabs;
        if (file_kind(source.path.ptr) != FILE_REGULAR) continue;
        cr_assert(file_read(&arena, source.path.ptr, FILE_MAX, &source.text, &error), "%s", error.message);
        count++;
        if (!tree_parse(&arena, &source, &tree, &issue)) continue;
        slab_lines(&arena, &tree, &slabs);
        const char *wrong = slab_check(&arena, &tree, &slabs);
        cr_expect(!wrong, "%s: %s", source.path.ptr, wrong);
    }
    closedir(dir);
    cr_expect(count > 0);
    arena_free(&arena);
}
