#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)64 << 10)

enum file_kind file_kind(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0) return FILE_MISSING;
    if (S_ISREG(info.st_mode)) return FILE_REGULAR;
    return S_ISDIR(info.st_mode) ? FILE_FOLDER : FILE_OTHER;
}

/* Reads what `fd` gives until its end; `hint` is the size that it probably has. */
static bool read_all(struct arena *a, int fd, size_t hint, size_t max, struct str *text, struct error *error,
                     const char *path) {
    size_t cap = hint ? hint + 1 : CHUNK;
    size_t len = 0;
    char *bytes = arena_alloc_raw(a, cap + 1);

    for (;;) {
        if (len == cap) {
            bytes = arena_grow(a, bytes, cap, cap * 2 + 1);
            cap = cap * 2;
        }
        ssize_t got = read(fd, bytes + len, cap - len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            error_set(error, errno, "cannot read %s: %s", path, strerror(errno));
            return false;
        }
        if (got == 0) break;
        len += (size_t)got;
        if (len == hint) break; /* all that the file held when it was opened */
        if (len > max) {
            error_set(error, EFBIG, "%s is larger than %zu MiB, which is more than any values file", path, max >> 20);
            return false;
        }
    }
    bytes[len] = '\0';
    *text = (struct str){bytes, len};
    return true;
}

bool file_read(struct arena *a, const char *path, size_t max, struct str *text, struct error *error) {
    struct stat info;
    *text = (struct str){NULL, 0};
    if (strcmp(path, "-") == 0) return read_all(a, STDIN_FILENO, 0, max, text, error, "standard input");

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error_set(error, errno, "cannot read %s: %s", path, strerror(errno));
        return false;
    }
    bool ok = false;
    if (fstat(fd, &info) != 0) error_set(error, errno, "cannot read %s: %s", path, strerror(errno));
    else if (S_ISDIR(info.st_mode)) error_set(error, EISDIR, "cannot read %s: it is a folder", path);
    else ok = read_all(a, fd, S_ISREG(info.st_mode) ? (size_t)info.st_size : 0, max, text, error, path);
    close(fd);
    return ok;
}

static bool write_all(int fd, struct str text) {
    while (text.len) {
        ssize_t put = write(fd, text.ptr, text.len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        text = str_slice(text, (size_t)put, text.len);
    }
    return true;
}

/* Whether fchown failed since this user or this file system cannot give files such an owner. */
static bool is_refusal(int problem) {
    return problem == EPERM || problem == EINVAL || problem == ENOSYS || problem == EOPNOTSUPP;
}

/* Gives the new file the permissions and the owner of the one that it replaces. An owner that cannot be given stays the
 * user's own; the permissions come last, since a change of the owner takes some away. */
static bool take_place(int fd, const struct stat *old) {
    struct stat now;
    if (fstat(fd, &now) != 0) return false;
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) && fchown(fd, old->st_uid, old->st_gid) != 0) {
        if (!is_refusal(errno)) return false;
        if (fchown(fd, (uid_t)-1, old->st_gid) != 0 && !is_refusal(errno)) return false;
    }
    return fchmod(fd, old->st_mode & 07777) == 0;
}

/* What is to be replaced: links are followed, and the file is there. */
struct target {
    char path[PATH_MAX];
    struct stat info;
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

/* Makes a file of a name of its own beside `path`, and gives that in `temporary`. -1 with errno where that fails. */
static int make_beside(const char *path, mode_t mode, char *temporary) {
    int fd = -1;
    for (unsigned attempt = 0; fd < 0 && attempt < 100; attempt++) {
        int len =
            snprintf(temporary, PATH_MAX, "%.*s.valuelint-%ld-%u.tmp", folder_len(path), path, (long)getpid(), attempt);
        if (len >= PATH_MAX) errno = ENAMETOOLONG;
        if (len >= PATH_MAX) return -1;
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST) return -1;
    }
    return fd;
}

/* Brings all that the new file needs to the disk, and closes it. */
static bool fill(int fd, const struct stat *old, struct str text) {
    bool ok = write_all(fd, text) && (!old || take_place(fd, old)) && fsync(fd) == 0;
    int problem = errno;
    if (close(fd) != 0 && ok) return false;
    errno = problem;
    return ok;
}

/* Brings the folder's new entry to the disk; that this cannot be done everywhere does no harm to the file. */
static void sync_folder(const char *path) {
    char folder[PATH_MAX] = ".";
    if (folder_len(path)) snprintf(folder, sizeof folder, "%.*s", folder_len(path), path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd);
    close(fd);
}

/* Whether the file at `path` holds `text` and nothing else. False with errno 0 where it holds something else. */
static bool holds(const char *path, struct str text) {
    char bytes[16 << 10];
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t got = -1;
    bool same = true;
    if (fd < 0) return false;
    if (fstat(fd, &info) == 0) same = S_ISREG(info.st_mode) && (size_t)info.st_size == text.len;
    while (same && ((got = read(fd, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR))) {
        if (got < 0) continue;
        same = (size_t)got <= text.len && memcmp(bytes, text.ptr, (size_t)got) == 0;
        text = str_slice(text, (size_t)got, text.len);
    }
    int problem = same && got < 0 ? errno : 0;
    close(fd);
    errno = problem;
    return same && got == 0 && text.len == 0;
}

/* The last look at the file before it is replaced. */
static bool check_unchanged(const char *name, const char *path, struct str expected, struct error *error) {
    if (holds(path, expected)) return true;
    if (errno) return fail_writing(name, errno, error);
    error_set(error, ESTALE, "%s has changed since it was read; run valuelint again", name);
    return false;
}

/* Puts a new file with `text` in the place of `path`. `old` is NULL where there is none yet, `expected` where it does
 * not matter what it holds. */
static bool replace(const char *name, const char *path, const struct stat *old, const struct str *expected,
                    struct str text, struct error *error) {
    char temporary[PATH_MAX];
    /* Nobody else reads the text before the file has the old one's permissions. */
    int fd = make_beside(path, old ? 0600 : 0666, temporary);
    if (fd < 0) return fail_in_folder(name, errno, error);
    bool ok = fill(fd, old, text) || fail_writing(name, errno, error);
    ok = ok && (!expected || check_unchanged(name, path, *expected, error));
    ok = ok && (rename(temporary, path) == 0 || fail_writing(name, errno, error));
    if (ok) sync_folder(path);
    else unlink(temporary);
    return ok;
}

static bool write_directly(const char *path, struct str text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool ok = write_all(fd, text);
    int problem = errno;
    if (close(fd) != 0 && ok) return false;
    errno = problem;
    return ok;
}

/* Finds what stands at `name`. Who may not write a file could still replace it, which is not what its owner meant. */
static bool find_target(const char *name, struct target *target, struct error *error) {
    if (!realpath(name, target->path) || stat(target->path, &target->info) != 0)
        return fail_writing(name, errno, error);
    if (S_ISDIR(target->info.st_mode)) return fail_writing(name, EISDIR, error);
    return access(target->path, W_OK) == 0 || fail_writing(name, errno, error);
}

/* The same for what only a regular file can be. */
static bool find_regular(const char *name, struct target *target, struct error *error) {
    if (!find_target(name, target, error)) return false;
    if (S_ISREG(target->info.st_mode)) return true;
    error_set(error, EINVAL, "cannot write %s: it is no regular file", name);
    return false;
}

bool file_write(const char *path, struct str text, struct error *error) {
    struct target target;
    struct stat info;
    struct error problem;
    if (find_target(path, &target, &problem)) {
        if (S_ISREG(target.info.st_mode)) return replace(path, target.path, &target.info, NULL, text, error);
        return write_directly(target.path, text) || fail_writing(path, errno, error);
    }
    /* A link that leads nowhere cannot be followed; a missing file is made. */
    if (problem.code == ENOENT && lstat(path, &info) != 0 && errno == ENOENT)
        return replace(path, path, NULL, NULL, text, error);
    *error = problem;
    return false;
}

bool file_replace(const char *path, struct str expected, struct str text, struct error *error) {
    struct target target;
    return find_regular(path, &target, error) && replace(path, target.path, &target.info, &expected, text, error);
}

bool file_may_replace(const char *path, struct error *error) {
    struct target target;
    if (!find_regular(path, &target, error)) return false;
    target.path[folder_len(target.path)] = '\0';
    return access(target.path, W_OK | X_OK) == 0 || fail_in_folder(path, errno, error);
}
