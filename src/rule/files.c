#include "rule/files.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"

static bool add_file(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                     struct rule_documents *documents, struct problems *problems) {
    struct str absolute = path_absolute(a, path);
    struct document *document = map_get(&files->by_path, absolute);
    bool ok = true;
    if (!document) {
        document = arena_new(a, struct document);
        map_put(a, &files->by_path, absolute, document);
        ok = document_read_or(a, files->texts, path, document, problems) && rule_set_add(a, set, document, problems);
    }
    vec_push(a, documents, document);
    return ok;
}

static bool is_rule_file(struct str name) {
    return name.len && name.ptr[0] != '.' &&
           (str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml")) || str_ends(name, STR(".json")));
}

static bool add_folder(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                       struct rule_documents *documents, struct problems *problems) {
    struct system_entries entries;
    int problem = system_list(a, path.ptr, &entries);
    bool ok = true;
    if (problem) {
        problem_add(a, problems, NULL, (struct span){0, 0},
                    arena_printf(a, "cannot read %s: %s", path.ptr, strerror(problem)), STR(""));
        return false;
    }
    for (uint32_t i = 0; i < entries.len; i++)
        if (is_rule_file(entries.items[i].name))
            ok = add_file(a, files, path_join(a, path, entries.items[i].name), set, documents, problems) && ok;
    return ok;
}

bool rule_files_add(struct arena *a, struct rule_files *files, struct str path, struct rule_set *set,
                    struct rule_documents *documents, struct problems *problems) {
    bool folder = file_kind(path.ptr) == FILE_FOLDER;
    return (folder ? add_folder : add_file)(a, files, path, set, documents, problems);
}
