/* The floor to measure valuelint against: reads Chart.yaml and values.yaml of every folder below FOLDER and runs
 * libfyaml's events over them, on JOBS threads, and does nothing with them.
 *
 * usage: floor FOLDER [JOBS]      prints how many files, bytes and events there were */
#include <dirent.h>
#include <fcntl.h>
#include <libfyaml.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_JOBS 64

struct fleet {
    DIR *dir;
    int folder; /* its descriptor */
    char **names;
    size_t count;
    atomic_size_t next; /* the first chart that no thread has taken yet */
};

struct worker {
    struct fleet *fleet;
    pthread_t thread;
    char *buffer;
    size_t capacity;
    size_t files, bytes, events;
};

static void fail(const char *what, const char *name) {
    fprintf(stderr, "floor: %s: %s\n", what, name);
    exit(1);
}

static void list_charts(struct fleet *fleet, const char *path) {
    fleet->dir = opendir(path);
    if (!fleet->dir) fail("cannot open", path);
    fleet->folder = dirfd(fleet->dir);
    size_t capacity = 0;
    for (struct dirent *entry; (entry = readdir(fleet->dir));) {
        if (entry->d_name[0] == '.') continue;
        if (fleet->count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            fleet->names = realloc(fleet->names, capacity * sizeof *fleet->names);
            if (!fleet->names) fail("no memory", path);
        }
        fleet->names[fleet->count] = strdup(entry->d_name);
        if (!fleet->names[fleet->count++]) fail("no memory", path);
    }
}

static void free_charts(struct fleet *fleet) {
    for (size_t i = 0; i < fleet->count; i++) free(fleet->names[i]);
    free(fleet->names);
    closedir(fleet->dir);
}

static size_t read_whole(struct worker *worker, const char *name) {
    struct stat info;
    int fd = openat(worker->fleet->folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) fail("cannot open", name);
    size_t size = (size_t)info.st_size, len = 0;
    if (size > worker->capacity) {
        worker->capacity = size * 2;
        worker->buffer = realloc(worker->buffer, worker->capacity);
        if (!worker->buffer) fail("no memory", name);
    }
    while (len < size) {
        ssize_t got = read(fd, worker->buffer + len, size - len);
        if (got <= 0) fail("cannot read", name);
        len += (size_t)got;
    }
    close(fd);
    return len;
}

static void drop_output(struct fy_diag *diag, void *user, const char *text, size_t len) {
    (void)diag, (void)user, (void)text, (void)len;
}

static void parse_file(struct worker *worker, struct fy_diag *diag, const char *chart, const char *file) {
    char name[512];
    snprintf(name, sizeof name, "%s/%s", chart, file);
    size_t len = read_whole(worker, name);

    struct fy_parse_cfg cfg = {.flags = FYPCF_COLLECT_DIAG | FYPCF_SLOPPY_FLOW_INDENTATION, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&cfg);
    if (!parser || fy_parser_set_string(parser, worker->buffer, len) != 0) fail("cannot parse", name);
    for (struct fy_event *event; (event = fy_parser_parse(parser)); worker->events++)
        fy_parser_event_free(parser, event);
    if (fy_parser_get_stream_error(parser)) fail("cannot parse", name);
    fy_parser_destroy(parser);
    worker->files++;
    worker->bytes += len;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    struct fleet *fleet = worker->fleet;
    struct fy_diag_cfg cfg;
    fy_diag_cfg_default(&cfg);
    cfg.output_fn = drop_output;
    struct fy_diag *diag = fy_diag_create(&cfg);
    if (!diag) fail("no memory", "diag");
    for (size_t i; (i = atomic_fetch_add(&fleet->next, 1)) < fleet->count;) {
        parse_file(worker, diag, fleet->names[i], "Chart.yaml");
        parse_file(worker, diag, fleet->names[i], "values.yaml");
    }
    fy_diag_destroy(diag);
    free(worker->buffer);
    return NULL;
}

int main(int argc, char **argv) {
    int jobs = argc > 2 ? atoi(argv[2]) : 2;
    if (argc < 2 || jobs < 1 || jobs > MAX_JOBS) fail("usage", "floor FOLDER [JOBS]");
    struct fleet fleet = {0};
    list_charts(&fleet, argv[1]);

    struct worker workers[MAX_JOBS] = {0};
    struct worker sum = {0};
    for (int i = 0; i < jobs; i++) {
        workers[i].fleet = &fleet;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) fail("cannot start", "thread");
    }
    for (int i = 0; i < jobs; i++) {
        pthread_join(workers[i].thread, NULL);
        sum.files += workers[i].files;
        sum.bytes += workers[i].bytes;
        sum.events += workers[i].events;
    }
    free_charts(&fleet);
    printf("%zu files, %zu bytes, %zu events\n", sum.files, sum.bytes, sum.events);
    return 0;
}
