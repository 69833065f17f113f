/* The two readers of YAML on real texts:  plain_reader [PATH...]
 *
 * Each file below the paths that ends in .yaml or .yml is read as it always is and through libfyaml alone, and both
 * trees must be the same to the node. Without a path: the fixtures, and what is below $VALUELINT_TESTDATA where that is
 * set. The last line is the score; before it stands how many texts the plain reader took. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/trees.h"
#include "base/file.h"
#include "yaml/plain.h"

static unsigned passed, failed;

static void compare(const char *path, struct str text) {
    struct arena arena = {NULL, NULL};
    struct source source = {.path = str_from(path), .text = text};
    struct yaml_issue issue, other_issue;
    struct tree tree, other;
    bool ok = tree_parse(&arena, &source, &tree, &issue);
    bool other_ok = tree_parse_by(&arena, &source, READ_BY_GRAMMAR, &other, &other_issue);
    const char *difference = ok != other_ok ? "whether it can be read" : ok ? tree_difference(&tree, &other) : NULL;
    if (difference) printf("FAIL %s: the readers differ in %s\n", path, difference);
    if (difference) failed++;
    else passed++;
    arena_free(&arena);
}

/* Also with each single line left out, which makes many small mistakes. */
static void compare_all(const char *path, struct str text) {
    struct arena arena = {NULL, NULL};
    compare(path, text);
    for (size_t at = 0; at < text.len && text.len < 20000;) {
        size_t end = at + str_find_char(str_slice(text, at, text.len), '\n') + 1;
        char *cut = arena_alloc_raw(&arena, text.len);
        memcpy(cut, text.ptr, at);
        if (end < text.len) memcpy(cut + at, text.ptr + end, text.len - end);
        compare(path, (struct str){cut, end < text.len ? at + text.len - end : at});
        arena_reset(&arena);
        at = end;
    }
    arena_free(&arena);
}

static int visit(const char *path, const struct stat *info, int type, struct FTW *ftw) {
    struct arena arena = {NULL, NULL};
    struct error error;
    struct str text;
    (void)info, (void)ftw;
    bool yaml = str_ends(str_from(path), STR(".yaml")) || str_ends(str_from(path), STR(".yml"));
    if (type == FTW_F && yaml && file_read(&arena, path, TEXT_MAX, &text, &error)) compare_all(path, text);
    arena_free(&arena);
    return 0;
}

int main(int argc, char **argv) {
    const char *data = getenv("VALUELINT_TESTDATA");
    for (int i = 1; i < argc; i++) nftw(argv[i], visit, 16, FTW_PHYS);
    if (argc == 1) nftw(FIXTURES, visit, 16, FTW_PHYS);
    if (argc == 1 && data) nftw(data, visit, 16, FTW_PHYS);
    printf("%u passed, %u failed, 0 skipped\n", passed, failed);
    return failed || passed == 0;
}
