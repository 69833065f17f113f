#include "base/folder.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"

bool folder_make(struct arena *a, struct str path, struct str *made, struct error *error) {
    enum file_kind kind = file_kind(path.ptr);
    *made = STR("");
    if (kind == FILE_FOLDER) return true;
    struct str above = arena_str(a, path_folder(path));
    if (kind == FILE_MISSING && above.len < path.len && !folder_make(a, above, made, error)) return false;
    int problem = kind == FILE_MISSING ? system_make_folder(path.ptr) : ENOTDIR;
    if (!problem) {
        if (made->len == 0) *made = path;
        return true;
    }
    if (problem == EEXIST && file_kind(path.ptr) == FILE_FOLDER) return true; /* somebody else was faster */
    error_set(error, problem, "cannot make the folder %.*s: %s", STR_ARG(path), strerror(problem));
    return false;
}

void folder_remove(struct arena *a, struct str path, struct str made) {
    while (made.len && system_remove_folder(path.ptr) == 0 && path.len > made.len)
        path = arena_str(a, path_folder(path));
}
