#include "base/folder_lock.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/path.h"
#include "base/system.h"

struct folder {
    struct str path;
    struct system_identity identity;
};

struct folders VEC(struct folder);

static int folder_cmp(const void *left, const void *right) {
    const struct system_identity *a = &((const struct folder *)left)->identity;
    const struct system_identity *b = &((const struct folder *)right)->identity;
    if (a->device != b->device) return a->device < b->device ? -1 : 1;
    return a->file == b->file ? 0 : a->file < b->file ? -1 : 1;
}

/* The folders of the files, each once, in the order in which everybody locks them. */
static void find_folders(struct arena *a, const struct str *paths, uint32_t count, struct folders *folders) {
    char real[SYSTEM_PATH_MAX];
    struct system_info info;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct str path = system_real_path(paths[i].ptr, real) ? paths[i] : str_from(real);
        path = arena_str(a, path_folder(path));
        if (system_look(path.ptr, true, &info) == 0) vec_push(a, folders, (struct folder){path, info.identity});
    }
    if (folders->len) qsort(folders->items, folders->len, sizeof *folders->items, folder_cmp);
    for (uint32_t i = 0; i < folders->len; i++)
        if (i == 0 || folder_cmp(&folders->items[i], &folders->items[kept - 1]) != 0)
            folders->items[kept++] = folders->items[i];
    folders->len = kept;
}

/* The process that a temporary file's name, `.valuelint-PROCESS-NUMBER.tmp`, has in it; 0 for any other name. */
static unsigned long process_of(struct str name) {
    unsigned long process = 0;
    size_t at = strlen(FILE_TEMPORARY);
    if (!str_starts(name, STR(FILE_TEMPORARY)) || !str_ends(name, STR(".tmp"))) return 0;
    for (; at < name.len && ascii_is_digit(name.ptr[at]) && process < UINT32_MAX; at++)
        process = process * 10 + (unsigned long)(name.ptr[at] - '0');
    if (at >= name.len || name.ptr[at] != '-') return 0;
    for (at++; at < name.len && ascii_is_digit(name.ptr[at]);) at++;
    return at + strlen(".tmp") == name.len ? process : 0;
}

/* Who writes in the folder holds its lock, which is ours: a file of this process is of another one that had its number.
 */
static void remove_leftovers(struct arena *a, struct str folder) {
    struct system_entries entries;
    if (system_list(a, folder.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        unsigned long process = entry->kind == FILE_REGULAR ? process_of(entry->name) : 0;
        if (process && (process == system_process() || !system_process_runs(process)))
            system_remove(path_join(a, folder, entry->name).ptr);
    }
}

void folder_locks_take(struct arena *a, const struct str *paths, uint32_t count, struct folder_locks *locks) {
    struct folders folders = {NULL, 0, 0};
    *locks = (struct folder_locks){NULL, 0, 0};
    find_folders(a, paths, count, &folders);
    for (uint32_t i = 0; i < folders.len; i++) {
        int lock;
        if (system_lock_folder(folders.items[i].path.ptr, &lock)) continue;
        vec_push(a, locks, lock);
        remove_leftovers(a, folders.items[i].path);
    }
}

void folder_locks_release(struct folder_locks *locks) {
    for (uint32_t i = locks->len; i > 0; i--) system_close(locks->items[i - 1]);
    locks->len = 0;
}
