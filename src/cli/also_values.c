#include "cli/also_values.h"

#include <stdlib.h>

#include "base/glob.h"
#include "base/path.h"
#include "cli/command.h"

static int path_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

struct str_list also_values_find(struct arena *a, const struct options *options) {
    struct glob_files files = {NULL, 0, 0};
    for (uint32_t i = 0; i < options->also_values.len; i++) {
        uint32_t before = files.len;
        glob_find(a, options->also_values.items[i], &files);
        if (files.len == before)
            command_warning(arena_printf(a, "--also-values %.*s matches no file",
                                         STR_ARG(path_normalize(a, options->also_values.items[i]))));
    }
    if (files.len) qsort(files.items, files.len, sizeof *files.items, path_cmp);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < files.len; i++)
        if (i == 0 || !str_eq(files.items[i], files.items[kept - 1])) files.items[kept++] = files.items[i];
    return (struct str_list){files.items, kept, files.cap};
}
