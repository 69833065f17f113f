#include "cli/also_values.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/system.h"
#include "cli/command.h"

/* Folders inside each other. */
#define DEPTH_MAX 64

struct search {
    struct arena *arena;
    struct str pattern;
    struct str_list *files;
    struct map seen; /* folders, each of which is looked at once */
};

static void look_at(struct search *s, struct str folder, int depth) {
    struct system_entries entries;
    if (depth >= DEPTH_MAX || !file_visit(s->arena, &s->seen, folder.ptr) ||
        system_list(s->arena, folder.ptr, &entries))
        return;
    for (uint32_t i = 0; i < entries.len; i++) {
        if (entries.items[i].name.ptr[0] == '.') continue;
        struct str path = path_join(s->arena, folder, entries.items[i].name);
        enum file_kind kind = entries.items[i].is_link ? file_kind(path.ptr) : entries.items[i].kind;
        if (kind == FILE_FOLDER) look_at(s, path, depth + 1);
        else if (kind == FILE_REGULAR && path_match(s->pattern, path)) vec_push(s->arena, s->files, path);
    }
}

/* The folder that a pattern begins with, before anything in it that is not taken as it is. */
static struct str fixed_folder(struct arena *a, struct str pattern) {
    size_t wild = 0;
    while (wild < pattern.len && !strchr("*?[\\", pattern.ptr[wild])) wild++;
    size_t slash = str_rfind_char(str_slice(pattern, 0, wild), '/');
    return slash == wild ? STR(".") : arena_str(a, str_slice(pattern, 0, slash ? slash : 1));
}

static int path_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

struct str_list also_values_find(struct arena *a, const struct options *options) {
    struct str_list files = {NULL, 0, 0};
    for (uint32_t i = 0; i < options->also_values.len; i++) {
        struct str pattern = path_normalize(a, options->also_values.items[i]);
        struct search search = {.arena = a, .pattern = pattern, .files = &files};
        uint32_t before = files.len;
        if (file_kind(arena_str(a, pattern).ptr) == FILE_REGULAR) vec_push(a, &files, arena_str(a, pattern));
        else look_at(&search, fixed_folder(a, pattern), 0);
        if (files.len == before)
            command_warning(arena_printf(a, "--also-values %.*s matches no file", STR_ARG(pattern)));
    }
    if (files.len) qsort(files.items, files.len, sizeof *files.items, path_cmp);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < files.len; i++)
        if (i == 0 || !str_eq(files.items[i], files.items[kept - 1])) files.items[kept++] = files.items[i];
    files.len = kept;
    return files;
}
