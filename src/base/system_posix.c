/* Linux and macOS. What they do differently: extended attributes, and how a disk is made to keep what it has.
 */
#include "base/system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"

_Static_assert(SYSTEM_PATH_MAX >= PATH_MAX, "realpath writes up to PATH_MAX bytes");

/* Files */

static void fill_info(const struct stat *found, struct system_info *info) {
    *info = (struct system_info){
        .kind = S_ISREG(found->st_mode)   ? FILE_REGULAR
                : S_ISDIR(found->st_mode) ? FILE_FOLDER
                                          : FILE_OTHER,
        .is_link = S_ISLNK(found->st_mode),
        .size = found->st_size > 0 ? (uint64_t)found->st_size : 0,
        .links = (uint64_t)found->st_nlink,
        .identity = {(uint64_t)found->st_dev, (uint64_t)found->st_ino},
        .permissions = (uint32_t)(found->st_mode & 07777),
        .owner = (uint32_t)found->st_uid,
        .group = (uint32_t)found->st_gid,
    };
}

int system_look(const char *path, bool follow, struct system_info *info) {
    struct stat found;
    if ((follow ? stat(path, &found) : lstat(path, &found)) != 0) return errno;
    fill_info(&found, info);
    return 0;
}

int system_real_path(const char *path, char *real) {
    return realpath(path, real) ? 0 : errno;
}

int system_may_write(const char *path, bool folder) {
    return access(path, folder ? W_OK | X_OK : W_OK) == 0 ? 0 : errno;
}

static int open_for_reading(const char *path, int flags, int *file, struct system_info *info) {
    struct stat found;
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
    if (*file < 0) return errno;
    if (fstat(*file, &found) == 0) {
        fill_info(&found, info);
        return 0;
    }
    int problem = errno;
    close(*file);
    return problem;
}

int system_open(const char *path, int *file, struct system_info *info) {
    return open_for_reading(path, O_NONBLOCK, file, info);
}

int system_open_stream(const char *path, int *file, struct system_info *info) {
    return open_for_reading(path, 0, file, info);
}

int system_open_to_write(const char *path, int *file) {
    *file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return *file < 0 ? errno : 0;
}

int system_create(const char *path, uint32_t permissions, int *file) {
    *file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)permissions);
    return *file < 0 ? errno : 0;
}

long system_read(int file, void *bytes, size_t size) {
    ssize_t got;
    do got = read(file, bytes, size);
    while (got < 0 && errno == EINTR);
    return (long)got;
}

int system_write(int file, struct str text) {
    while (text.len) {
        ssize_t put = write(file, text.ptr, text.len);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errno;
        text = str_slice(text, (size_t)put, text.len);
    }
    return 0;
}

bool system_readable(int file, int wait) {
    struct pollfd poller = {.fd = file, .events = POLLIN};
    int got;
    do got = poll(&poller, 1, wait);
    while (got < 0 && errno == EINTR);
    return got != 0;
}

int system_sync(int file) {
#ifdef F_FULLFSYNC /* macOS: fsync leaves the text in the disk's own cache */
    if (fcntl(file, F_FULLFSYNC) == 0) return 0;
#endif
    return fsync(file) == 0 ? 0 : errno;
}

void system_sync_folder(const char *path) {
    int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    (void)fsync(file);
    close(file);
}

int system_close(int file) {
    return close(file) == 0 ? 0 : errno;
}

/* Whether it failed since this user or this file system cannot give files such a thing. */
static bool is_refusal(int problem) {
    return problem == EPERM || problem == EINVAL || problem == ENOSYS || problem == ENOTSUP || problem == EOPNOTSUPP;
}

/* The calls on extended attributes, which macOS gives more arguments. */
#ifdef XATTR_NOFOLLOW
#define list_attributes(path, names, size) listxattr((path), (names), (size), 0)
#define get_attribute(path, name, value, size) getxattr((path), (name), (value), (size), 0, 0)
#define set_attribute(file, name, value, size) fsetxattr((file), (name), (value), (size), 0, 0)
#else
#define list_attributes(path, names, size) listxattr((path), (names), (size))
#define get_attribute(path, name, value, size) getxattr((path), (name), (value), (size))
#define set_attribute(file, name, value, size) fsetxattr((file), (name), (value), (size), 0)
#endif

static int copy_attribute(int file, const char *path, const char *name) {
    ssize_t size = get_attribute(path, name, NULL, 0);
    if (size < 0) return 0; /* gone, or not for this user */
    char *value = malloc((size_t)size + 1);
    if (!value) return ENOMEM;
    size = get_attribute(path, name, value, (size_t)size);
    int problem = size >= 0 && set_attribute(file, name, value, (size_t)size) != 0 ? errno : 0;
    free(value);
    return problem;
}

/* Copies what a user may set: labels that the system gives by itself (security.selinux) are refused, and are right
 * already. ACLs are such attributes on Linux. */
static int copy_attributes(int file, const char *path) {
    char short_list[1024], *names = short_list;
    int problem = 0;
    ssize_t len = list_attributes(path, names, sizeof short_list);
    if (len < 0 && errno == ERANGE) {
        len = list_attributes(path, NULL, 0);
        names = len > 0 ? malloc((size_t)len) : NULL;
        if (!names) return len > 0 ? ENOMEM : 0;
        len = list_attributes(path, names, (size_t)len);
    }
    for (ssize_t at = 0; at < len && !problem; at += (ssize_t)strlen(names + at) + 1) {
        problem = copy_attribute(file, path, names + at);
        if ((is_refusal(problem) || problem == EACCES) && strncmp(names + at, "user.", 5) != 0) problem = 0;
    }
    if (names != short_list) free(names);
    return problem;
}

int system_take_place(int file, const char *path, const struct system_info *old) {
    struct stat now;
    if (fstat(file, &now) != 0) return errno;
    if ((now.st_uid != old->owner || now.st_gid != old->group) && fchown(file, old->owner, old->group) != 0) {
        if (!is_refusal(errno)) return errno;
        if (fchown(file, (uid_t)-1, old->group) != 0 && !is_refusal(errno)) return errno;
    }
    int problem = copy_attributes(file, path);
    if (problem) return problem;
    /* The permissions come last, since a change of the owner takes some away. */
    return fchmod(file, (mode_t)old->permissions) == 0 ? 0 : errno;
}

int system_rename(const char *from, const char *to) {
    return rename(from, to) == 0 ? 0 : errno;
}

int system_remove(const char *path) {
    return unlink(path) == 0 ? 0 : errno;
}

int system_make_folder(const char *path) {
    return mkdir(path, 0777) == 0 ? 0 : errno;
}

int system_remove_folder(const char *path) {
    return rmdir(path) == 0 ? 0 : errno;
}

struct str system_current_folder(struct arena *a) {
    char folder[SYSTEM_PATH_MAX];
    return getcwd(folder, sizeof folder) ? arena_str(a, str_from(folder)) : STR("");
}

static int entry_cmp(const void *left, const void *right) {
    return str_cmp(((const struct system_entry *)left)->name, ((const struct system_entry *)right)->name);
}

static struct system_entry make_entry(struct arena *a, DIR *folder, const struct dirent *item) {
    struct system_entry entry = {.name = arena_str(a, str_from(item->d_name)), .kind = FILE_OTHER};
    struct stat found;
    switch (item->d_type) {
    case DT_REG: entry.kind = FILE_REGULAR; break;
    case DT_DIR: entry.kind = FILE_FOLDER; break;
    case DT_LNK: entry.is_link = true; break;
    case DT_UNKNOWN: /* the file system does not say */
        if (fstatat(dirfd(folder), item->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) break;
        if (S_ISREG(found.st_mode)) entry.kind = FILE_REGULAR;
        else if (S_ISDIR(found.st_mode)) entry.kind = FILE_FOLDER;
        entry.is_link = S_ISLNK(found.st_mode);
        break;
    default: break;
    }
    return entry;
}

int system_list(struct arena *a, const char *folder, struct system_entries *entries) {
    DIR *open = opendir(folder);
    *entries = (struct system_entries){NULL, 0, 0};
    if (!open) return errno;
    for (const struct dirent *item; (item = readdir(open));) {
        bool dots = strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0;
        if (!dots) vec_push(a, entries, make_entry(a, open, item));
    }
    closedir(open);
    if (entries->len) qsort(entries->items, entries->len, sizeof *entries->items, entry_cmp);
    return 0;
}

int system_lock_folder(const char *path, int *lock) {
    int got;
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0) return errno;
    do got = flock(*lock, LOCK_EX);
    while (got != 0 && errno == EINTR);
    int problem = got == 0 ? 0 : errno;
    if (problem) close(*lock);
    return problem;
}

/* Processes, threads and time */

unsigned long system_process(void) {
    return (unsigned long)getpid();
}

bool system_process_runs(unsigned long process) {
    return process > INT_MAX || kill((pid_t)process, 0) == 0 || errno != ESRCH;
}

unsigned system_processors(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > UINT16_MAX ? UINT16_MAX : (unsigned)count;
}

int64_t system_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool system_local_zone(int64_t seconds, int32_t *offset, char *name, size_t size) {
    time_t when = (time_t)seconds;
    struct tm local;
    if (!localtime_r(&when, &local)) return false;
    *offset = (int32_t)local.tm_gmtoff;
    snprintf(name, size, "%s", local.tm_zone);
    return true;
}

void system_run_threads(struct arena *a, unsigned count, void *(*work)(void *data), void *data) {
    pthread_t *threads = arena_array(a, pthread_t, count);
    unsigned started = 0;
    while (started + 1 < count && pthread_create(&threads[started], NULL, work, data) == 0) started++;
    work(data); /* this thread works too, so that a system without threads to spare gets there all the same */
    for (unsigned i = 0; i < started; i++) pthread_join(threads[i], NULL);
}

struct system_monitor {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

struct system_monitor *system_monitor_new(struct arena *a) {
    struct system_monitor *monitor = arena_new(a, struct system_monitor);
    pthread_mutex_init(&monitor->lock, NULL);
    pthread_cond_init(&monitor->changed, NULL);
    return monitor;
}

void system_monitor_end(struct system_monitor *monitor) {
    pthread_cond_destroy(&monitor->changed);
    pthread_mutex_destroy(&monitor->lock);
}

void system_monitor_enter(struct system_monitor *monitor) {
    pthread_mutex_lock(&monitor->lock);
}

void system_monitor_leave(struct system_monitor *monitor) {
    pthread_mutex_unlock(&monitor->lock);
}

void system_monitor_wait(struct system_monitor *monitor) {
    pthread_cond_wait(&monitor->changed, &monitor->lock);
}

void system_monitor_wake_one(struct system_monitor *monitor) {
    pthread_cond_signal(&monitor->changed);
}

void system_monitor_wake_all(struct system_monitor *monitor) {
    pthread_cond_broadcast(&monitor->changed);
}

/* Signals, for base/interrupt.h */

#define SIGNAL_COUNT 3

static const int SIGNALS[SIGNAL_COUNT] = {SIGINT, SIGTERM, SIGHUP};

/* A signal handler gets no argument of ours, so this cannot be anywhere else. */
static atomic_int pending;
static struct sigaction before[SIGNAL_COUNT];

static void remember(int number) {
    int none = 0;
    atomic_compare_exchange_strong(&pending, &none, number);
}

void interrupt_install(void) {
    struct sigaction action = {.sa_handler = remember, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    atomic_store(&pending, 0);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        sigaction(SIGNALS[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) sigaction(SIGNALS[i], &action, NULL);
    }
}

int interrupt_pending(void) {
    return atomic_load(&pending);
}

void interrupt_resume(void) {
    for (int i = 0; i < SIGNAL_COUNT; i++) sigaction(SIGNALS[i], &before[i], NULL);
    int number = atomic_exchange(&pending, 0);
    if (number) raise(number);
}

/* Terminals */

bool system_is_terminal(FILE *file) {
    return isatty(fileno(file)) == 1;
}

unsigned system_terminal_width(FILE *file) {
    struct winsize size;
    if (!system_is_terminal(file) || ioctl(fileno(file), TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}
