/* Other programs, on Linux and macOS: run without a shell, in a process group of their own so that what they start ends
 * with them, and read through two pipes until both end or the time is up. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/system.h"

#define PIECE 65536

struct stream {
    int read_end, write_end;
    struct buf text;
};

static int open_stream(struct arena *a, struct stream *stream) {
    int ends[2];
    if (pipe(ends) != 0) return errno;
    for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    *stream = (struct stream){ends[0], ends[1], buf_in(a)};
    return 0;
}

static void close_end(int *file) {
    if (*file >= 0) close(*file);
    *file = -1;
}

static int spawn(const struct system_program *program, struct stream streams[2], pid_t *process) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, streams[0].write_end, 1);
    posix_spawn_file_actions_adddup2(&files, streams[1].write_end, 2);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    int problem = posix_spawn(process, program->path, &files, &attributes, program->arguments, program->environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return problem;
}

/* Takes what is there; false where nothing comes any more. */
static bool take(struct stream *stream, size_t most, bool *too_much) {
    char piece[PIECE];
    ssize_t count = read(stream->read_end, piece, sizeof piece);
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    *too_much = *too_much || stream->text.len + (size_t)count > most;
    if (!*too_much) buf_add(&stream->text, (struct str){piece, (size_t)count});
    return true;
}

/* Reads both streams to their ends; false where the time is up, or there is too much. */
static bool read_streams(struct stream streams[2], size_t most, int64_t end, bool *too_much) {
    while (streams[0].read_end >= 0 || streams[1].read_end >= 0) {
        struct pollfd polls[2] = {{streams[0].read_end, POLLIN, 0}, {streams[1].read_end, POLLIN, 0}};
        int64_t left = end - system_clock_ms();
        int count = left > 0 ? poll(polls, 2, (int)left) : 0;
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        for (int i = 0; i < 2; i++)
            if (polls[i].revents && !take(&streams[i], most, too_much)) close_end(&streams[i].read_end);
        if (*too_much) return false;
    }
    return true;
}

/* Waits for the end of the process, which has closed its output; false where the time is up. */
static bool wait_for(pid_t process, int64_t end, int *status) {
    for (;;) {
        pid_t ended = waitpid(process, status, WNOHANG);
        if (ended == process || (ended < 0 && errno != EINTR)) return true;
        if (system_clock_ms() >= end) return false;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
}

int system_run(struct arena *a, const struct system_program *program, struct system_ended *ended) {
    struct stream streams[2] = {{-1, -1, buf_in(a)}, {-1, -1, buf_in(a)}};
    int64_t end = system_clock_ms() + (int64_t)program->seconds * 1000;
    int status = 0;
    pid_t process;
    *ended = (struct system_ended){.status = -1};
    int problem = open_stream(a, &streams[0]);
    if (problem == 0) problem = open_stream(a, &streams[1]);
    if (problem == 0) problem = spawn(program, streams, &process);
    for (int i = 0; i < 2; i++) close_end(&streams[i].write_end);
    if (problem == 0) {
        bool done = read_streams(streams, program->most, end, &ended->too_much) && wait_for(process, end, &status);
        ended->too_late = !done && !ended->too_much;
        if (!done) {
            kill(-process, SIGKILL);
            while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
        } else if (WIFEXITED(status)) {
            ended->status = WEXITSTATUS(status);
        }
    }
    for (int i = 0; i < 2; i++) close_end(&streams[i].read_end);
    ended->out = buf_str(&streams[0].text);
    ended->err = buf_str(&streams[1].text);
    return problem;
}

struct str system_find_program(struct arena *a, struct str name) {
    struct str list = str_from(getenv("PATH") ? getenv("PATH") : ""), folder;
    struct stat found;
    if (str_find_char(name, '/') < name.len) return path_absolute(a, name);
    while (list.len && str_split_next(&list, ':', &folder)) {
        struct str path = path_join(a, folder.len ? folder : STR("."), name);
        if (stat(path.ptr, &found) == 0 && S_ISREG(found.st_mode) && access(path.ptr, X_OK) == 0)
            return path_absolute(a, path);
    }
    return (struct str){NULL, 0};
}

int system_make_temporary(struct arena *a, struct str *folder) {
    const char *above = getenv("TMPDIR");
    struct str text = arena_printf(a, "%s/valuelint-XXXXXX", above && *above ? above : "/tmp");
    char *path = arena_alloc_raw(a, text.len + 1);
    memcpy(path, text.ptr, text.len + 1);
    *folder = (struct str){NULL, 0};
    if (!mkdtemp(path)) return errno;
    *folder = str_from(path);
    return 0;
}
