#include "rule/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"

static bool add_file(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                     struct rule_documents *documents, struct problems *problems) {
    struct str absolute = path_absolute(a, path);
    struct document *document = map_get(&files->by_path, absolute);
    bool ok = true;
    if (!document) {
        document = arena_new(a, struct document);
        map_put(a, &files->by_path, absolute, document);
        ok = document_read(a, path, document, problems) && rule_set_add(a, set, document, problems);
    }
    vec_push(a, documents, document);
    return ok;
}

static int name_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static bool is_rule_file(struct str name) {
    return name.len && name.ptr[0] != '.' &&
           (str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml")) || str_ends(name, STR(".json")));
}

static bool add_folder(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                       struct rule_documents *documents, struct problems *problems) {
    struct VEC(struct str) names = {NULL, 0, 0};
    DIR *dir = opendir(path.ptr);
    bool ok = true;
    if (!dir) {
        problem_add(a, problems, NULL, (struct span){0, 0},
                    arena_printf(a, "cannot read %s: %s", path.ptr, strerror(errno)), STR(""));
        return false;
    }
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (is_rule_file(str_from(entry->d_name))) vec_push(a, &names, arena_str(a, str_from(entry->d_name)));
    closedir(dir);
    if (names.len) qsort(names.items, names.len, sizeof *names.items, name_cmp);
    for (uint32_t i = 0; i < names.len; i++)
        ok = add_file(a, files, path_join(a, path, names.items[i]), set, documents, problems) && ok;
    return ok;
}

bool rule_files_add(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                    struct rule_documents *documents, struct problems *problems) {
    bool folder = file_kind(path.ptr) == FILE_FOLDER;
    return (folder ? add_folder : add_file)(a, files, path, set, documents, problems);
}
