#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
