/* Fails or ends a program at one of its system calls on files:  LD_PRELOAD=libfault.so PROGRAM
 *
 *   VALUELINT_FAULT_ROOT   only calls on files in this folder and below count (absolute, without links); needed
 *   VALUELINT_FAULT_LOG    a file that gets a line `NUMBER CALL PATH` for each of them; a rename has the new path
 *   VALUELINT_FAULT_AT     the number, from 1, of the call where it happens; without it, nothing does
 *   VALUELINT_FAULT_KIND   what happens there:
 *       enospc, eio, eacces      the call is not made, and fails (a close is made nevertheless, as Linux does it)
 *       short                    a write takes half of the bytes, and all writes after it fail with ENOSPC; another
 * call is made as it is kill-before, kill-after  the process gets SIGKILL, the call not made, or made
 *
 * What counts: open, openat and creat for writing; write, pwrite, writev, fchmod, fchown and close of a file that is
 * open for writing; fsync and fdatasync of any, a folder too; rename and its kin. The calls that stdio makes within
 * the C library are not seen. With several threads the numbers differ from run to run. The calls go to the kernel
 * directly, so that no other function of the C library has to be looked up. */
#undef _FILE_OFFSET_BITS /* so that open and open64 are two functions here */
#undef _FORTIFY_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* What the fortified headers make of open. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

enum verdict { GO_ON, FAIL, CUT, KILL_AFTER, KILL_BEFORE };

static atomic_long calls;
static atomic_bool full; /* after a cut write */

static bool below_root(const char *path) {
    const char *root = getenv("VALUELINT_FAULT_ROOT");
    size_t len = root ? strlen(root) : 0;
    return len && strncmp(path, root, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* Whether `fd` is a file (or folder) that counts; `path` gets its path. */
static bool find_fd(int fd, bool for_writing, char path[PATH_MAX]) {
    char link[64];
    int problem = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, PATH_MAX - 1);
    path[len > 0 ? len : 0] = '\0';
    bool found = len > 0 && below_root(path);
    if (found && for_writing) found = (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
    errno = problem;
    return found;
}

/* The same for a path below the open folder `folder`; links in all but its last part are followed. */
static bool find_path(int folder, const char *path, char full_path[PATH_MAX]) {
    char given[PATH_MAX], parent[PATH_MAX];
    int problem = errno, len;
    bool found = false;
    if (folder == AT_FDCWD || path[0] == '/') len = snprintf(given, sizeof given, "%s", path);
    else len = snprintf(given, sizeof given, "/proc/self/fd/%d/%s", folder, path);
    if (len > 0 && len < PATH_MAX) {
        char *slash = strrchr(given, '/');
        const char *name = slash ? slash + 1 : path;
        char last = slash ? slash[1] : '\0';
        if (slash) slash[1] = '\0';
        found = realpath(slash ? given : ".", parent) != NULL;
        if (slash) slash[1] = last;
        found = found && snprintf(full_path, PATH_MAX, "%s/%s", parent, name) < PATH_MAX && below_root(full_path);
    }
    errno = problem;
    return found;
}

static void log_call(long number, const char *call, const char *path) {
    char line[PATH_MAX + 64];
    const char *log = getenv("VALUELINT_FAULT_LOG");
    if (!log) return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    int len = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
    if (fd < 0 || syscall(SYS_write, fd, line, (size_t)len) != len) abort();
    syscall(SYS_close, fd);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* A call that counts is about to be made. FAIL leaves errno set. */
static enum verdict arrive(const char *call, const char *path) {
    static const struct {
        const char *kind;
        enum verdict verdict;
        int problem;
    } KINDS[] = {{"enospc", FAIL, ENOSPC},      {"eio", FAIL, EIO},
                 {"eacces", FAIL, EACCES},      {"short", CUT, 0},
                 {"kill-after", KILL_AFTER, 0}, {"kill-before", KILL_BEFORE, 0}};
    int problem = errno;
    const char *at = getenv("VALUELINT_FAULT_AT"), *kind = getenv("VALUELINT_FAULT_KIND");
    long number = atomic_fetch_add(&calls, 1) + 1;
    log_call(number, call, path);
    errno = problem;
    if (!at || !kind || number != atol(at)) return GO_ON;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(kind, KINDS[i].kind) != 0) continue;
        if (KINDS[i].verdict == KILL_BEFORE) die();
        if (KINDS[i].verdict == FAIL) errno = KINDS[i].problem;
        return KINDS[i].verdict;
    }
    abort(); /* no such kind */
}

/* The call was made: gives its result, or ends the process. */
static long leave(enum verdict verdict, long result) {
    if (verdict == KILL_AFTER) die();
    return result;
}

static int open_at(const char *call, int folder, const char *path, int flags, mode_t mode) {
    char found[PATH_MAX];
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    enum verdict verdict = GO_ON;
    if (writes && find_path(folder, path, found)) verdict = arrive(call, found);
    if (verdict == FAIL) return -1;
    return (int)leave(verdict, syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode));
}

/* The mode behind the flags `last`, where there is one. */
#define MODE_AFTER(last)                                                                                               \
    mode_t mode = 0;                                                                                                   \
    if (((last)&O_CREAT) || ((last)&O_TMPFILE) == O_TMPFILE) {                                                         \
        va_list args;                                                                                                  \
        va_start(args, last);                                                                                          \
        mode = va_arg(args, mode_t);                                                                                   \
        va_end(args);                                                                                                  \
    }

int open(const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_at("open", AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_at("open", AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_at("openat", folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_at("openat", folder, path, flags, mode);
}

int __open_2(const char *path, int flags) {
    return open_at("open", AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags) {
    return open_at("open", AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char *path, int flags) {
    return open_at("openat", folder, path, flags, 0);
}

int __openat64_2(int folder, const char *path, int flags) {
    return open_at("openat", folder, path, flags, 0);
}

int creat(const char *path, mode_t mode) {
    return open_at("creat", AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode) {
    return open_at("creat", AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

/* What is to be done with a write of `len` bytes to `fd`; CUT leaves half of them in `len`. */
static enum verdict arrive_write(const char *call, int fd, size_t *len) {
    char path[PATH_MAX];
    if (!find_fd(fd, true, path)) return GO_ON;
    enum verdict verdict = arrive(call, path);
    if (verdict == CUT) atomic_store(&full, true);
    else if (atomic_load(&full)) verdict = FAIL, errno = ENOSPC;
    if (verdict != CUT || (*len /= 2) > 0) return verdict;
    errno = ENOSPC;
    return FAIL;
}

ssize_t write(int fd, const void *bytes, size_t len) {
    enum verdict verdict = arrive_write("write", fd, &len);
    if (verdict == FAIL) return -1;
    return leave(verdict, syscall(SYS_write, fd, bytes, len));
}

static ssize_t write_at(int fd, const void *bytes, size_t len, off_t offset) {
    enum verdict verdict = arrive_write("pwrite", fd, &len);
    if (verdict == FAIL) return -1;
    return leave(verdict, syscall(SYS_pwrite64, fd, bytes, len, offset));
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset) {
    return write_at(fd, bytes, len, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset) {
    return write_at(fd, bytes, len, offset);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
    size_t len = count > 0 ? pieces[0].iov_len : 0;
    enum verdict verdict = arrive_write("writev", fd, &len);
    if (verdict == FAIL) return -1;
    if (verdict == CUT) return syscall(SYS_write, fd, pieces[0].iov_base, len);
    return leave(verdict, syscall(SYS_writev, fd, pieces, count));
}

int fsync(int fd) {
    char path[PATH_MAX];
    enum verdict verdict = find_fd(fd, false, path) ? arrive("fsync", path) : GO_ON;
    return verdict == FAIL ? -1 : (int)leave(verdict, syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
    char path[PATH_MAX];
    enum verdict verdict = find_fd(fd, false, path) ? arrive("fdatasync", path) : GO_ON;
    return verdict == FAIL ? -1 : (int)leave(verdict, syscall(SYS_fdatasync, fd));
}

int fchmod(int fd, mode_t mode) {
    char path[PATH_MAX];
    enum verdict verdict = find_fd(fd, true, path) ? arrive("fchmod", path) : GO_ON;
    return verdict == FAIL ? -1 : (int)leave(verdict, syscall(SYS_fchmod, fd, mode));
}

int fchown(int fd, uid_t owner, gid_t group) {
    char path[PATH_MAX];
    enum verdict verdict = find_fd(fd, true, path) ? arrive("fchown", path) : GO_ON;
    return verdict == FAIL ? -1 : (int)leave(verdict, syscall(SYS_fchown, fd, owner, group));
}

int close(int fd) {
    char path[PATH_MAX];
    enum verdict verdict = find_fd(fd, true, path) ? arrive("close", path) : GO_ON;
    int problem = errno;
    long result = leave(verdict, syscall(SYS_close, fd));
    if (verdict != FAIL) return (int)result;
    errno = problem;
    return -1;
}

static int rename_at(int old_folder, const char *old, int new_folder, const char *new, unsigned flags) {
    char path[PATH_MAX];
    enum verdict verdict = find_path(new_folder, new, path) ? arrive("rename", path) : GO_ON;
    if (verdict == FAIL) return -1;
    return (int)leave(verdict, syscall(SYS_renameat2, old_folder, old, new_folder, new, flags));
}

int rename(const char *old, const char *new) {
    return rename_at(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int old_folder, const char *old, int new_folder, const char *new) {
    return rename_at(old_folder, old, new_folder, new, 0);
}

int renameat2(int old_folder, const char *old, int new_folder, const char *new, unsigned flags) {
    return rename_at(old_folder, old, new_folder, new, flags);
}
