#include "cli/changed_since.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"

#define SECONDS_MOST 60
#define BYTES_MOST ((size_t)64 << 20)
#define ARGUMENTS_MOST 16

struct changes {
    struct session *session;
    struct str git; /* the program */
    char **environment;
    struct map asked;             /* the repositories whose changes are in `files` */
    struct VEC(struct str) files; /* absolute, without links */
    int status;
};

/* What git may know of our environment: where its settings are, and nothing that chooses another program. */
static char **environment_for_git(struct arena *a) {
    static const char *const names[] = {"PATH",    "HOME",          "XDG_CONFIG_HOME",   "GIT_CONFIG_GLOBAL",
                                        "GIT_DIR", "GIT_WORK_TREE", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"};
    char **environment = arena_array(a, char *, sizeof names / sizeof *names + 3);
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value) environment[count++] = (char *)(uintptr_t)arena_printf(a, "%s=%s", names[i], value).ptr;
    }
    environment[count++] = (char *)(uintptr_t) "LC_ALL=C";
    environment[count++] = (char *)(uintptr_t) "GIT_OPTIONAL_LOCKS=0";
    return environment;
}

/* Runs git in `folder`, and gives what it prints; false where it fails, with its first line told. */
static bool ask(struct changes *c, struct str folder, const char *const *words, struct str *out) {
    char *arguments[ARGUMENTS_MOST] = {(char *)(uintptr_t) "git", (char *)(uintptr_t) "-C",
                                       (char *)(uintptr_t)folder.ptr, (char *)(uintptr_t) "-c",
                                       (char *)(uintptr_t) "core.fsmonitor=false"};
    size_t count = 5;
    for (; *words; words++) arguments[count++] = (char *)(uintptr_t)*words;
    struct system_program program = {c->git.ptr, arguments, c->environment, SECONDS_MOST, BYTES_MOST};
    struct system_ended ended;
    int problem = system_run(c->session->arena, &program, &ended);
    *out = ended.out;
    if (problem == 0 && ended.status == 0) return true;
    struct str said = problem          ? STR("it could not be run")
                      : ended.too_late ? STR("it took too long")
                                       : str_trim(ended.err);
    c->status = EXIT_USAGE;
    command_error(arena_printf(c->session->arena, "--changed-since %.*s: git: %.*s",
                               STR_ARG(c->session->options->changed_since),
                               STR_ARG(str_slice(said, 0, str_find_char(said, '\n')))));
    return false;
}

static void add_files(struct changes *c, struct str top, struct str names) {
    struct str name;
    while (str_split_next(&names, '\0', &name))
        if (name.len) vec_push(c->session->arena, &c->files, path_join(c->session->arena, top, name));
}

/* Asks for the changes in the repository around `folder`, once. */
static void ask_repository(struct changes *c, struct str folder) {
    struct arena *a = c->session->arena;
    struct str revision = c->session->options->changed_since, top, names;
    const char *const where[] = {"rev-parse", "--show-toplevel", NULL};
    const char *const differ[] = {"diff",         "--name-only",      "-z",         "--no-renames", "--no-ext-diff",
                                  "--merge-base", "--end-of-options", revision.ptr, "--",           NULL};
    const char *const untracked[] = {"ls-files", "-z", "--others", "--exclude-standard", "--full-name", NULL};
    if (!ask(c, folder, where, &top)) return;
    top = arena_str(a, str_trim(top));
    if (map_put(a, &c->asked, top, c)) return;
    if (!ask(c, top, differ, &names)) return;
    add_files(c, top, names);
    if (ask(c, top, untracked, &names)) add_files(c, top, names);
}

/* Whether something at or below `path` has changed; an empty path is none. */
static bool has_changed(const struct changes *c, struct str path) {
    if (path.len == 0) return false;
    struct str real = path_real(c->session->arena, arena_str(c->session->arena, path));
    for (uint32_t i = 0; real.len && i < c->files.len; i++)
        if (path_is_below(c->files.items[i], real)) return true;
    return false;
}

static bool is_touched(const struct changes *c, const struct run_job *job) {
    const struct settings *settings = job->settings;
    const struct str around[] = {job->paths->folder, settings->config, settings->schema.value};
    struct str folders = settings->mesh.value, folder; /* a line each */
    for (size_t i = 0; i < sizeof around / sizeof *around; i++)
        if (has_changed(c, around[i])) return true;
    while (str_split_next(&folders, '\n', &folder))
        if (has_changed(c, folder)) return true;
    for (uint32_t i = 0; i < settings->templates.len; i++)
        if (has_changed(c, settings->templates.items[i].value)) return true;
    return false;
}

int changed_since_keep(struct session *session) {
    struct arena *a = session->arena;
    struct changes c = {.session = session, .git = system_find_program(a, STR("git"))};
    const struct str_list *operands = &session->options->operands;
    uint32_t kept = 0, all = session->charts.len;
    if (c.git.len == 0) {
        command_error(STR("--changed-since needs git, which is not in $PATH"));
        return EXIT_USAGE;
    }
    c.environment = environment_for_git(a);
    if (operands->len == 0) ask_repository(&c, STR("."));
    for (uint32_t i = 0; i < operands->len && c.status == EXIT_CLEAN; i++) {
        struct str path = operands->items[i];
        ask_repository(&c, file_kind(path.ptr) == FILE_FOLDER ? path : arena_str(a, path_folder(path)));
    }
    if (c.status) return c.status;
    for (uint32_t i = 0; i < all; i++)
        if (is_touched(&c, &session->jobs[i])) session->jobs[kept++] = session->jobs[i];
    session->charts.len = kept;
    command_note(arena_printf(a, "note: %u of %u charts changed since %.*s", kept, all,
                              STR_ARG(session->options->changed_since)));
    return EXIT_CLEAN;
}
