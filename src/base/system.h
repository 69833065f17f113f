/* What differs between operating systems, in one place: each has one file system_*.c that implements all of this, and
 * no other file includes a system's headers. Paths are NUL-terminated. A function that returns int gives 0 or an errno
 * value, unless it says otherwise. */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/vec.h"

/* Longest path that is resolved or made here, its NUL included. */
#define SYSTEM_PATH_MAX 4096

/* Which file something is, by whatever name it is reached. */
struct system_identity {
    uint64_t device;
    uint64_t file;
};

struct system_info {
    enum file_kind kind; /* never FILE_MISSING */
    bool is_link;        /* a symbolic link that was not followed */
    uint64_t size;       /* bytes */
    uint64_t links;      /* names that the file has */
    struct system_identity identity;
    uint32_t permissions, owner, group;
};

/* Files. An open file is a small number, closed by system_close. */

int system_look(const char *path, bool follow, struct system_info *info);
/* The path without links; `real` has SYSTEM_PATH_MAX bytes. */
int system_real_path(const char *path, char *real);
/* Whether this user may write what is at `path`, or, for a folder, make and remove files in it. */
int system_may_write(const char *path, bool folder);

/* Opens for reading. Never waits for a pipe's other end, and gets no controlling terminal. */
int system_open(const char *path, int *file, struct system_info *info);
/* The same for what the user names to read a stream from (`/dev/stdin`): reading from it may wait. */
int system_open_stream(const char *path, int *file, struct system_info *info);
/* Opens what is there for writing, and keeps what it holds. */
int system_open_to_write(const char *path, int *file);
/* Makes a new file; EEXIST where there is one already. */
int system_create(const char *path, uint32_t permissions, int *file);
/* Reads up to `size` bytes; gives their number, 0 at the end, or -1 with errno set. */
long system_read(int file, void *bytes, size_t size);
int system_write(int file, struct str text);
/* Whether system_read would not wait: there are bytes, or nothing comes any more. Waits for that up to `wait`
 * milliseconds. */
bool system_readable(int file, int wait);
/* Waits until the disk has the file. */
int system_sync(int file);
/* The same for the names in the folder at `path`; that this cannot be done everywhere does no harm. */
void system_sync_folder(const char *path);
int system_close(int file);
/* Gives the new file the permissions, the owner and the extended attributes of `old`, the file at `path`. An owner that
 * this user cannot give stays the user's own. */
int system_take_place(int file, const char *path, const struct system_info *old);

int system_rename(const char *from, const char *to);
int system_remove(const char *path);
int system_make_folder(const char *path);
int system_remove_folder(const char *path);

/* The current folder; empty where it is gone. */
struct str system_current_folder(struct arena *a);

struct system_entry {
    struct str name;     /* NUL behind it */
    enum file_kind kind; /* of the entry itself; FILE_OTHER for a link */
    bool is_link;
};

struct system_entries VEC(struct system_entry);

/* The entries of a folder without `.` and `..`, in the order of their bytes. */
int system_list(struct arena *a, const char *folder, struct system_entries *entries);

/* Waits for the lock of the folder at `path`, which one open lock holds at a time (in this process, too). It ends with
 * system_close, or with the process. */
int system_lock_folder(const char *path, int *lock);

/* Processes, threads and time. */

unsigned long system_process(void);
/* Whether a process of that number runs on this machine. */
bool system_process_runs(unsigned long process);
/* Processors that can be used; at least 1. */
unsigned system_processors(void);
/* Milliseconds since some moment in the past. */
int64_t system_clock_ms(void);
/* The local zone at a time (seconds since 1970, in UTC): what is added to it, in seconds, and the zone's abbreviation.
 * False where the system does not know. */
bool system_local_zone(int64_t seconds, int32_t *offset, char *name, size_t size);

/* Runs `work` on up to `count` threads, this one among them, and returns when all are done. */
void system_run_threads(struct arena *a, unsigned count, void *(*work)(void *data), void *data);

/* A mutex and a condition; lives in the arena until system_monitor_end. */
struct system_monitor;
struct system_monitor *system_monitor_new(struct arena *a);
void system_monitor_end(struct system_monitor *monitor);
void system_monitor_enter(struct system_monitor *monitor);
void system_monitor_leave(struct system_monitor *monitor);
/* Waits inside of the monitor for a wake; what was waited for may still not be so. */
void system_monitor_wait(struct system_monitor *monitor);
void system_monitor_wake_one(struct system_monitor *monitor);
void system_monitor_wake_all(struct system_monitor *monitor);

/* Other programs. */

struct system_program {
    const char *path;
    char *const *arguments;   /* the first is its name; NULL behind the last */
    char *const *environment; /* all of it; NULL behind the last */
    unsigned seconds;         /* that it may take */
    size_t most;              /* bytes that it may print, on each of its two outputs */
};

struct system_ended {
    int status; /* its exit status; -1 where it was ended */
    bool too_late, too_much;
    struct str out, err; /* what it printed */
};

/* Runs the program, without a shell and with nothing to read. What goes beyond its limits is ended, with all that it
 * started. */
int system_run(struct arena *a, const struct system_program *program, struct system_ended *ended);
/* The absolute path of the program `name`: a path where it has a slash, else what $PATH leads to; empty for none. */
struct str system_find_program(struct arena *a, struct str name);
/* Makes a folder for temporary files that only this user may enter. */
int system_make_temporary(struct arena *a, struct str *folder);

/* Terminals. */

bool system_is_terminal(FILE *file);
/* Its columns; 0 where it is none. */
unsigned system_terminal_width(FILE *file);

#endif
