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

/* Gives the new file the permissions and the owner of the one that it replaces. An owner that cannot be given stays the
 * user's own; the permissions come last, since a change of the owner takes some away. */
static bool take_place(int fd, const struct stat *old) {
    struct stat now;
    if (fstat(fd, &now) != 0) return false;
    if ((now.st_uid != old->st_uid || now.st_gid != old->st_gid) && fchown(fd, old->st_uid, old->st_gid) != 0 &&
        fchown(fd, (uid_t)-1, old->st_gid) != 0 && errno != EPERM)
        return false;
    return fchmod(fd, old->st_mode & 07777) == 0;
}

/* Writes `text` to a file of a name of its own beside `target`; `old` is NULL where there is none yet. Gives that name
 * in `temporary`; where it fails, nothing is left of it. */
static bool write_beside(const char *target, const struct stat *old, struct str text, char *temporary) {
    const char *slash = strrchr(target, '/');
    int folder = slash ? (int)(slash - target) + 1 : 0;
    int fd = -1, problem;
    for (unsigned attempt = 0; fd < 0 && attempt < 100; attempt++) {
        int len = snprintf(temporary, PATH_MAX, "%.*s.valuelint-%ld-%u.tmp", folder, target, (long)getpid(), attempt);
        if (len >= PATH_MAX) errno = ENAMETOOLONG;
        if (len >= PATH_MAX) return false;
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST) return false;
    }
    if (fd < 0) return false;
    bool ok = write_all(fd, text) && (!old || take_place(fd, old)) && fsync(fd) == 0;
    problem = errno;
    if (close(fd) != 0 && ok) {
        problem = errno;
        ok = false;
    }
    if (!ok) unlink(temporary);
    errno = problem;
    return ok;
}

/* Brings the folder's new entry to the disk; that this cannot be done everywhere does no harm to the file. */
static void sync_folder(const char *target) {
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(target, '/');
    if (slash) snprintf(folder, sizeof folder, "%.*s", (int)(slash - target) + 1, target);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd);
    close(fd);
}

static bool replace(const char *target, const struct stat *old, struct str text) {
    char temporary[PATH_MAX];
    if (!write_beside(target, old, text, temporary)) return false;
    if (rename(temporary, target) == 0) {
        sync_folder(target);
        return true;
    }
    int problem = errno;
    unlink(temporary);
    errno = problem;
    return false;
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

bool file_write(const char *path, struct str text, struct error *error) {
    char target[PATH_MAX];
    struct stat info;
    bool ok;

    if (!realpath(path, target)) {
        /* A link that leads nowhere cannot be followed; a missing file is made. */
        ok = errno == ENOENT && lstat(path, &info) != 0 && errno == ENOENT && replace(path, NULL, text);
    } else if (stat(target, &info) != 0) {
        ok = false;
    } else if (!S_ISREG(info.st_mode)) {
        ok = write_directly(target, text);
    } else {
        /* Who may not write the file could still replace it, which is not what its owner meant. */
        ok = access(target, W_OK) == 0 && replace(target, &info, text);
    }
    if (!ok) error_set(error, errno, "cannot write %s: %s", path, strerror(errno));
    return ok;
}
