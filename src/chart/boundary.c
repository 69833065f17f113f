#include "chart/boundary.h"

#include <errno.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"

struct str boundary_repository(struct arena *a, struct str folder) {
    for (struct str at = folder;; at = path_folder(at)) {
        if (file_kind(path_join(a, at, STR(".git")).ptr) != FILE_MISSING) return arena_str(a, at);
        if (at.len <= 1) return STR("");
    }
}

struct str boundary_real(struct arena *a, struct str path) {
    char real[SYSTEM_PATH_MAX];
    struct str absolute = path_absolute(a, path);
    return system_real_path(absolute.ptr, real) ? absolute : arena_str(a, str_from(real));
}

static bool lies_in(struct str path, struct str folder) {
    return str_eq(path, folder) || path_relative(path, folder).len < path.len;
}

struct str boundary_of(struct arena *a, struct str folder, struct str configuration) {
    struct str real = boundary_real(a, folder);
    struct str repository = boundary_repository(a, real);
    if (repository.len) return repository;
    if (configuration.len) configuration = boundary_real(a, configuration);
    return configuration.len && lies_in(real, configuration) ? configuration : real;
}

bool boundary_holds(struct arena *a, struct str boundary, struct str path) {
    char real[SYSTEM_PATH_MAX];
    for (struct str at = path_absolute(a, path);; at = arena_str(a, path_folder(at))) {
        int problem = system_real_path(at.ptr, real);
        if (problem != ENOENT || at.len <= 1) return !problem && lies_in(str_from(real), boundary);
    }
}
