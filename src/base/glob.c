#include "base/glob.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/system.h"

/* Folders inside each other. */
#define DEPTH_MAX 64

struct search {
    struct arena *arena;
    struct str pattern;
    struct glob_files *files;
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

void glob_find(struct arena *a, struct str pattern, struct glob_files *files) {
    struct glob_files found = {NULL, 0, 0};
    struct search search = {.arena = a, .pattern = path_normalize(a, pattern), .files = &found};
    struct str path = arena_str(a, search.pattern);
    if (file_kind(path.ptr) == FILE_REGULAR) vec_push(a, &found, path);
    else look_at(&search, fixed_folder(a, search.pattern), 0);
    if (found.len) qsort(found.items, found.len, sizeof *found.items, path_cmp);
    for (uint32_t i = 0; i < found.len; i++) vec_push(a, files, found.items[i]);
}
