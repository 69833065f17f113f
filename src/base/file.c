#include "base/file.h"

#include <errno.h>
#include <stdlib.h>

#include "base/folder_lock.h"
#include "base/map.h"
#include "base/system.h"

#define CHUNK ((size_t)64 << 10)

#define STANDARD_INPUT 0

enum file_kind file_kind(const char *path) {
    struct system_info info;
    int problem = system_look(path, true, &info);
    errno = problem;
    return problem ? FILE_MISSING : info.kind;
}

struct str file_identity(struct arena *a, const char *path) {
    struct system_info info;
    if (system_look(path, true, &info)) return STR("");
    return arena_printf(a, "%llu:%llu", (unsigned long long)info.identity.device,
                        (unsigned long long)info.identity.file);
}

bool file_visit(struct arena *a, struct map *seen, const char *path) {
    struct str identity = file_identity(a, path);
    return identity.len && !map_put(a, seen, identity, seen);
}

static bool fail_reading(const char *path, int problem, struct error *error) {
    error_set(error, problem, "cannot read %s: %s", path, strerror(problem));
    return false;
}

static bool fail_size(const char *path, size_t max, struct error *error) {
    error_set(error, EFBIG, "%s is larger than %zu MiB, which is more than any values file", path, max >> 20);
    return false;
}

static bool fail_kind(const char *path, struct error *error) {
    error_set(error, EINVAL, "cannot read %s: it is no regular file", path);
    return false;
}

/* Reads what `file` gives until its end; `hint` is the size that it probably has, at most `max`. */
static bool read_all(struct arena *a, int file, size_t hint, size_t max, struct str *text, struct error *error,
                     const char *path) {
    size_t cap = hint ? hint + 1 : CHUNK;
    size_t len = 0;
    char *bytes = arena_alloc_raw(a, cap + 1);

    for (;;) {
        if (len == cap) {
            bytes = arena_grow(a, bytes, cap, cap * 2 + 1);
            cap = cap * 2;
        }
        long got = system_read(file, bytes + len, cap - len);
        if (got < 0) return errno == EAGAIN ? fail_kind(path, error) : fail_reading(path, errno, error);
        if (got == 0) break;
        len += (size_t)got;
        if (len > max) return fail_size(path, max, error);
        if (len == hint) break; /* all that the file held when it was opened */
    }
    bytes[len] = '\0';
    *text = (struct str){bytes, len};
    return true;
}

/* Whether `path` names an open stream of this process, as shells do for `<(command)`. What a repository holds is never
 * read as one: a link to it has another name. */
static bool names_stream(const char *path) {
    struct str name = str_from(path);
    return str_eq(name, STR("/dev/stdin")) || str_starts(name, STR("/dev/fd/")) ||
           str_starts(name, STR("/proc/self/fd/"));
}

bool file_read(struct arena *a, const char *path, size_t max, struct str *text, struct error *error) {
    struct system_info info;
    bool stream = names_stream(path), ok = false;
    int file;
    *text = (struct str){NULL, 0};
    if (strcmp(path, "-") == 0) return read_all(a, STANDARD_INPUT, 0, max, text, error, "standard input");

    int problem = stream ? system_open_stream(path, &file, &info) : system_open(path, &file, &info);
    if (problem == ENXIO) return fail_kind(path, error); /* a socket, or a device that is not there */
    if (problem) return fail_reading(path, problem, error);
    if (info.kind == FILE_FOLDER) error_set(error, EISDIR, "cannot read %s: it is a folder", path);
    else if (info.kind != FILE_REGULAR && !stream) fail_kind(path, error);
    else if (info.kind == FILE_REGULAR && info.size > max) fail_size(path, max, error);
    else ok = read_all(a, file, info.kind == FILE_REGULAR ? (size_t)info.size : 0, max, text, error, path);
    system_close(file);
    return ok;
}

const struct str *file_text_at(const struct file_texts *texts, struct str path) {
    for (uint32_t i = 0; texts && i < texts->len; i++)
        if (str_eq(texts->items[i].path, path)) return &texts->items[i].text;
    return NULL;
}

bool file_read_or(const struct file_texts *texts, struct arena *a, struct str path, size_t max, struct str *text,
                  struct error *error) {
    const struct str *given = file_text_at(texts, path);
    if (!given) return file_read(a, path.ptr, max, text, error);
    *text = *given;
    if (text->len <= max) return true;
    *text = STR("");
    return fail_size(path.ptr, max, error);
}

/* What is to be replaced: links are followed, and the file is there. */
struct target {
    char path[SYSTEM_PATH_MAX];
    struct system_info info;
};

/* Says why `name` cannot be written; false. */
static bool fail_writing(const char *name, int problem, struct error *error) {
    error_set(error, problem, "cannot write %s: %s", name, strerror(problem));
    return false;
}

static bool fail_in_folder(const char *name, int problem, struct error *error) {
    if (problem != EACCES && problem != EPERM) return fail_writing(name, problem, error);
    error_set(error, problem, "cannot write %s: no new file can be made in its folder: %s", name, strerror(problem));
    return false;
}

/* How many bytes of `path` name its folder, the slash included; 0 where that is the current one. */
static int folder_len(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path) + 1 : 0;
}

/* Makes a file of a name of its own beside `path`, and gives that in `temporary`. */
static int make_beside(const char *path, uint32_t permissions, char *temporary, int *file) {
    int problem = EEXIST;
    for (unsigned attempt = 0; problem == EEXIST && attempt < 100; attempt++) {
        int len = snprintf(temporary, SYSTEM_PATH_MAX, "%.*s" FILE_TEMPORARY "%lu-%u.tmp", folder_len(path), path,
                           system_process(), attempt);
        if (len >= SYSTEM_PATH_MAX) return ENAMETOOLONG;
        problem = system_create(temporary, permissions, file);
    }
    return problem;
}

/* Brings all that the new file needs to the disk, and closes it. */
static int fill(int file, const struct target *old, struct str text) {
    int problem = system_write(file, text);
    if (!problem && old) problem = system_take_place(file, old->path, &old->info);
    if (!problem) problem = system_sync(file);
    int closed = system_close(file);
    return problem ? problem : closed;
}

/* Brings the folder's new entry to the disk; that this cannot be done everywhere does no harm to the file. */
static void sync_folder(const char *path) {
    char folder[SYSTEM_PATH_MAX] = ".";
    if (folder_len(path)) snprintf(folder, sizeof folder, "%.*s", folder_len(path), path);
    system_sync_folder(folder);
}

/* Whether the rest of `file` is `text`. False with `problem` 0 where it is something else. */
static bool rest_is(int file, struct str text, int *problem) {
    char bytes[16 << 10];
    for (;;) {
        long got = system_read(file, bytes, sizeof bytes);
        if (got < 0) *problem = errno;
        if (got <= 0) return got == 0 && text.len == 0;
        if ((size_t)got > text.len || memcmp(bytes, text.ptr, (size_t)got) != 0) return false;
        text = str_slice(text, (size_t)got, text.len);
    }
}

bool file_holds(const char *path, struct str text, int *problem) {
    struct system_info info;
    int file;
    *problem = system_open(path, &file, &info);
    if (*problem) return false;
    bool same = info.kind == FILE_REGULAR && info.size == text.len && rest_is(file, text, problem);
    system_close(file);
    return same;
}

/* The last look at the file before it is replaced. */
static bool check_unchanged(const char *name, const char *path, struct str expected, struct error *error) {
    int problem;
    if (file_holds(path, expected, &problem)) return true;
    if (problem) return fail_writing(name, problem, error);
    error_set(error, ESTALE, "%s has changed since it was read; run valuelint again", name);
    return false;
}

/* Puts a new file with `text` in the place of `path`. `old` is NULL where there is none yet, `expected` where it does
 * not matter what it holds. */
static bool replace(const char *name, const char *path, const struct target *old, const struct str *expected,
                    struct str text, struct error *error) {
    char temporary[SYSTEM_PATH_MAX];
    int file;
    /* Nobody else reads the text before the file has the old one's permissions. */
    int problem = make_beside(path, old ? 0600 : 0666, temporary, &file);
    if (problem) return fail_in_folder(name, problem, error);
    problem = fill(file, old, text);
    bool ok = problem ? fail_writing(name, problem, error) : true;
    ok = ok && (!expected || check_unchanged(name, path, *expected, error));
    problem = ok ? system_rename(temporary, path) : 0;
    if (problem) ok = fail_writing(name, problem, error);
    if (ok) sync_folder(path);
    else system_remove(temporary);
    return ok;
}

static int write_directly(const char *path, struct str text) {
    int file, problem = system_open_to_write(path, &file);
    if (problem) return problem;
    problem = system_write(file, text);
    int closed = system_close(file);
    return problem ? problem : closed;
}

/* Finds what stands at `name`. Who may not write a file could still replace it, which is not what its owner meant. */
static bool find_target(const char *name, struct target *target, struct error *error) {
    int problem = system_real_path(name, target->path);
    if (!problem) problem = system_look(target->path, true, &target->info);
    if (!problem && target->info.kind == FILE_FOLDER) problem = EISDIR;
    if (!problem) problem = system_may_write(target->path, false);
    return problem ? fail_writing(name, problem, error) : true;
}

/* The same for what only a regular file can be that has one name. */
static bool find_regular(const char *name, struct target *target, struct error *error) {
    if (!find_target(name, target, error)) return false;
    if (target->info.kind != FILE_REGULAR) {
        error_set(error, EINVAL, "cannot write %s: it is no regular file", name);
        return false;
    }
    if (target->info.links < 2) return true;
    error_set(error, EMLINK, "cannot write %s: it is one of %llu hard links, and the others would keep the old text",
              name, (unsigned long long)target->info.links);
    return false;
}

static bool write_locked(const char *path, struct str text, struct error *error) {
    struct target target;
    struct system_info info;
    struct error problem;
    if (find_target(path, &target, &problem)) {
        if (target.info.kind == FILE_REGULAR) return replace(path, target.path, &target, NULL, text, error);
        int failed = write_directly(target.path, text);
        return failed ? fail_writing(path, failed, error) : true;
    }
    /* A link that leads nowhere cannot be followed; a missing file is made. */
    if (problem.code == ENOENT && system_look(path, false, &info) == ENOENT)
        return replace(path, path, NULL, NULL, text, error);
    *error = problem;
    return false;
}

bool file_write(const char *path, struct str text, struct error *error) {
    struct arena arena = {NULL, NULL};
    struct folder_locks locks;
    struct str name = str_from(path);
    folder_locks_take(&arena, &name, 1, &locks);
    bool ok = write_locked(path, text, error);
    folder_locks_release(&locks);
    arena_free(&arena);
    return ok;
}

bool file_replace(const char *path, struct str expected, struct str text, struct error *error) {
    struct target target;
    return find_regular(path, &target, error) && replace(path, target.path, &target, &expected, text, error);
}

bool file_rewrite(const char *path, struct str expected, struct str text, struct error *error) {
    struct arena arena = {NULL, NULL};
    struct folder_locks locks;
    struct str name = str_from(path);
    folder_locks_take(&arena, &name, 1, &locks);
    bool ok = file_replace(path, expected, text, error);
    folder_locks_release(&locks);
    arena_free(&arena);
    return ok;
}

bool file_may_replace(const char *path, struct error *error) {
    struct target target;
    if (!find_regular(path, &target, error)) return false;
    target.path[folder_len(target.path)] = '\0';
    int problem = system_may_write(target.path, true);
    return problem ? fail_in_folder(path, problem, error) : true;
}
