#include <criterion/criterion.h>

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"

static char folder[] = "/tmp/vl-base-XXXXXX";

static void enter_folder(void) {
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

/* Removes what the test made; anything else that was left behind keeps the folder, and fails the test. At the end of
 * the test, since Criterion does not count what fails behind it. */
static void leave_folder(void) {
    const char *names[] = {"file", "link", "folder"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (unlink(names[i]) != 0) rmdir(names[i]);
    cr_expect_eq(rmdir(folder), 0, "%s is not empty", folder);
}

static void expect_content_at(const char *path, const char *want, unsigned line) {
    struct arena a = {0};
    struct error error;
    struct str got;
    cr_assert(file_read(&a, path, 1 << 20, &got, &error), "line %u: %s", line, error.message);
    cr_expect(str_eq(got, str_from(want)), "line %u: %s holds %.*s", line, path, STR_ARG(got));
    arena_free(&a);
}
#define expect_content(path, want) expect_content_at((path), (want), __LINE__)

static void expect_failure_at(const char *path, int code, unsigned line) {
    struct error error = {0};
    cr_expect_not(file_write(path, STR("new"), &error), "line %u", line);
    cr_expect_eq(error.code, code, "line %u: %s", line, error.message);
    cr_expect(strstr(error.message, path) != NULL, "line %u: %s", line, error.message);
}
#define expect_failure(path, code) expect_failure_at((path), (code), __LINE__)

Test(file, write_makes_and_replaces, .init = enter_folder) {
    struct stat first, second;
    struct error error;
    umask(022);
    cr_assert(file_write("file", STR("one"), &error), "%s", error.message);
    expect_content("file", "one");
    cr_assert_eq(stat("file", &first), 0);
    cr_expect_eq(first.st_mode & 07777, 0644);
    cr_assert_eq(chmod("file", 0640), 0);
    cr_assert(file_write("./file", STR("two\n"), &error), "%s", error.message);
    expect_content("file", "two\n");
    cr_assert_eq(stat("file", &second), 0);
    cr_expect_eq(second.st_mode & 07777, 0640);
    cr_expect_neq(first.st_ino, second.st_ino, "it was changed in place");
    cr_assert(file_write("file", STR(""), &error));
    expect_content("file", "");
    leave_folder();
}

Test(file, write_follows_a_link, .init = enter_folder) {
    struct stat info;
    struct error error;
    cr_assert_eq(mkdir("folder", 0700), 0);
    cr_assert(file_write("folder/file", STR("one"), &error), "%s", error.message);
    cr_assert_eq(symlink("folder/file", "link"), 0);
    cr_assert(file_write("link", STR("two"), &error), "%s", error.message);
    cr_assert(lstat("link", &info) == 0 && S_ISLNK(info.st_mode));
    expect_content("folder/file", "two");
    cr_assert_eq(unlink("folder/file"), 0);
    expect_failure("link", ENOENT);
    leave_folder();
}

Test(file, write_that_fails_leaves_nothing, .init = enter_folder) {
    cr_assert_eq(mkdir("folder", 0700), 0);
    expect_failure("folder", EISDIR);
    expect_failure("missing/file", ENOENT);
    expect_failure("", ENOENT);
    expect_failure("/dev/full", ENOSPC);
    leave_folder();
}

Test(file, write_that_fails_keeps_the_old_text, .init = enter_folder) {
    struct rlimit limit;
    struct error error;
    cr_assert(file_write("file", STR("old"), &error), "%s", error.message);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 2;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_failure("file", EFBIG);
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_content("file", "old");
    leave_folder();
}

static void write_file(const char *path, const char *text) {
    struct error error;
    cr_assert(file_write(path, str_from(text), &error), "%s", error.message);
}

/* file_replace of "old" by "new" fails, with just this message. */
static void refuse_replace_at(const char *path, int code, const char *message, unsigned line) {
    struct error error = {0};
    cr_expect_not(file_replace(path, STR("old"), STR("new"), &error), "line %u", line);
    cr_expect_eq(error.code, code, "line %u: %s", line, error.message);
    cr_expect_str_eq(error.message, message, "line %u: %s", line, error.message);
}
#define refuse_replace(path, code, message) refuse_replace_at((path), (code), (message), __LINE__)

/* The same, and file_may_replace knows it before. */
static void refuse_both_at(const char *path, int code, const char *message, unsigned line) {
    struct error error = {0};
    refuse_replace_at(path, code, message, line);
    cr_expect_not(file_may_replace(path, &error), "line %u", line);
    cr_expect_eq(error.code, code, "line %u: %s", line, error.message);
    cr_expect_str_eq(error.message, message, "line %u: %s", line, error.message);
}
#define refuse_both(path, code, message) refuse_both_at((path), (code), (message), __LINE__)

/* Root may do everything: goes on as a user who may not, to whom the test's folder belongs. */
static void become_user(void) {
    if (geteuid() != 0) return;
    cr_assert_eq(chown(".", 65534, 65534), 0);
    cr_assert_eq(setgroups(0, NULL), 0);
    cr_assert_eq(setresgid(65534, 65534, 65534), 0);
    cr_assert_eq(setresuid(65534, 65534, 65534), 0);
}

Test(file, replace, .init = enter_folder) {
    struct stat first, second;
    struct error error = {0};
    write_file("file", "old");
    cr_assert_eq(chmod("file", 02751), 0);
    cr_assert_eq(stat("file", &first), 0);
    cr_assert(file_may_replace("file", &error), "%s", error.message);
    cr_assert(file_replace("file", STR("old"), STR("new text\n"), &error), "%s", error.message);
    expect_content("file", "new text\n");
    cr_assert_eq(stat("file", &second), 0);
    cr_expect_eq(second.st_mode & 07777, 02751);
    cr_expect_neq(first.st_ino, second.st_ino, "it was changed in place");
    cr_assert(file_replace("file", STR("new text\n"), STR(""), &error), "%s", error.message);
    expect_content("file", "");
    cr_assert(file_replace("file", STR(""), STR("more"), &error), "%s", error.message);
    expect_content("file", "more");
    cr_expect_eq(error.code, 0);
    leave_folder();
}

Test(file, replace_of_a_large_file, .init = enter_folder) {
    static char large[1 << 20];
    struct error error = {0};
    struct str text = {large, sizeof large};
    memset(large, 'x', sizeof large);
    cr_assert(file_write("file", text, &error), "%s", error.message);
    large[sizeof large - 1] = 'y';
    cr_expect_not(file_replace("file", text, STR("new"), &error));
    cr_expect_eq(error.code, ESTALE);
    large[sizeof large - 1] = 'x';
    cr_expect(file_replace("file", text, STR("new"), &error), "%s", error.message);
    expect_content("file", "new");
    leave_folder();
}

Test(file, replace_refuses_what_has_changed, .init = enter_folder) {
    const char *others[] = {"", "ol", "older", "OLD", "old\n"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        write_file("file", others[i]);
        refuse_replace("file", ESTALE, "file has changed since it was read; run valuelint again");
        expect_content("file", others[i]);
    }
    leave_folder();
}

Test(file, replace_needs_a_regular_file, .init = enter_folder) {
    refuse_both("file", ENOENT, "cannot write file: No such file or directory");
    cr_assert_eq(mkdir("folder", 0700), 0);
    refuse_both("folder", EISDIR, "cannot write folder: Is a directory");
    refuse_both("folder/file", ENOENT, "cannot write folder/file: No such file or directory");
    cr_assert_eq(mkfifo("file", 0600), 0);
    refuse_both("file", EINVAL, "cannot write file: it is no regular file");
    refuse_both("/dev/null", EINVAL, "cannot write /dev/null: it is no regular file");
    cr_assert_eq(symlink("missing", "link"), 0);
    refuse_both("link", ENOENT, "cannot write link: No such file or directory");
    leave_folder();
}

Test(file, replace_follows_a_link, .init = enter_folder) {
    struct stat info;
    struct error error;
    cr_assert_eq(mkdir("folder", 0700), 0);
    write_file("folder/file", "old");
    cr_assert_eq(symlink("folder/file", "link"), 0);
    cr_assert(file_may_replace("link", &error), "%s", error.message);
    cr_assert(file_replace("link", STR("old"), STR("new"), &error), "%s", error.message);
    cr_assert(lstat("link", &info) == 0 && S_ISLNK(info.st_mode));
    expect_content("folder/file", "new");
    refuse_replace("link", ESTALE, "link has changed since it was read; run valuelint again");
    cr_assert_eq(unlink("folder/file"), 0);
    leave_folder();
}

Test(file, replace_refuses_to_cut_hard_links, .init = enter_folder) {
    write_file("file", "old");
    cr_assert_eq(link("file", "link"), 0);
    refuse_both("link", EMLINK, "cannot write link: it is one of 2 hard links, and the others would keep the old text");
    expect_content("file", "old");
    expect_content("link", "old");
    leave_folder();
}

Test(file, replace_keeps_extended_attributes, .init = enter_folder) {
    struct error error;
    char value[16] = "";
    write_file("file", "old");
    if (setxattr("file", "user.origin", "hand", 4, 0) != 0) {
        leave_folder();
        cr_skip("this file system has no extended attributes");
    }
    cr_assert(file_replace("file", STR("old"), STR("new"), &error), "%s", error.message);
    cr_expect_eq(getxattr("file", "user.origin", value, sizeof value), 4);
    cr_expect_str_eq(value, "hand");
    leave_folder();
}

static void refuse_reading(const char *path, size_t max, int code, const char *message) {
    struct arena a = {0};
    struct error error = {0};
    struct str text;
    cr_expect_not(file_read(&a, path, max, &text, &error));
    cr_expect_eq(error.code, code);
    cr_expect_str_eq(error.message, message);
    cr_expect_null(a.first, "memory was taken for %s", path);
    arena_free(&a);
}

Test(file, read_refuses_what_is_no_regular_file, .init = enter_folder, .timeout = 10) {
    cr_assert_eq(mkfifo("file", 0600), 0);
    refuse_reading("file", 1 << 20, EINVAL, "cannot read file: it is no regular file");
    cr_assert_eq(unlink("file"), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "file"};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    refuse_reading("file", 1 << 20, EINVAL, "cannot read file: it is no regular file");
    close(listener);
    cr_assert_eq(symlink("/dev/zero", "link"), 0);
    refuse_reading("link", 1 << 20, EINVAL, "cannot read link: it is no regular file");
    leave_folder();
}

Test(file, read_asks_for_the_size_first, .init = enter_folder) {
    write_file("file", "");
    cr_assert_eq(truncate("file", (off_t)20 << 30), 0);
    refuse_reading("file", (size_t)32 << 20, EFBIG, "file is larger than 32 MiB, which is more than any values file");
    cr_assert_eq(truncate("file", (1 << 20) + 1), 0);
    refuse_reading("file", 1 << 20, EFBIG, "file is larger than 1 MiB, which is more than any values file");
    leave_folder();
}

Test(file, replace_keeps_the_owner, .init = enter_folder) {
    struct stat info;
    struct error error;
    if (geteuid() != 0) cr_skip("needs root");
    write_file("file", "old");
    cr_assert_eq(chown("file", 1234, 4321), 0);
    cr_assert_eq(chmod("file", 04755), 0);
    cr_assert(file_replace("file", STR("old"), STR("new"), &error), "%s", error.message);
    cr_assert_eq(stat("file", &info), 0);
    cr_expect_eq(info.st_uid, 1234);
    cr_expect_eq(info.st_gid, 4321);
    cr_expect_eq(info.st_mode & 07777, 04755);
    leave_folder();
}

Test(file, replace_of_another_users_file, .init = enter_folder) {
    struct stat info;
    struct error error;
    if (geteuid() != 0) cr_skip("needs root");
    write_file("file", "old");
    cr_assert_eq(chown("file", 1234, 4321), 0);
    cr_assert_eq(chmod("file", 0666), 0);
    become_user();
    cr_assert(file_may_replace("file", &error), "%s", error.message);
    cr_assert(file_replace("file", STR("old"), STR("new"), &error), "%s", error.message);
    cr_assert_eq(stat("file", &info), 0);
    cr_expect_eq(info.st_uid, 65534);
    cr_expect_eq(info.st_mode & 07777, 0666);
    leave_folder();
}

Test(file, replace_without_the_right_to, .init = enter_folder) {
    become_user();
    cr_assert_eq(mkdir("folder", 0700), 0);
    write_file("folder/file", "old");
    cr_assert_eq(chmod("folder/file", 0444), 0);
    refuse_both("folder/file", EACCES, "cannot write folder/file: Permission denied");
    cr_assert_eq(chmod("folder/file", 0644), 0);
    cr_assert_eq(chmod("folder", 0500), 0);
    refuse_both("folder/file", EACCES,
                "cannot write folder/file: no new file can be made in its folder: Permission denied");
    expect_content("folder/file", "old");
    cr_assert_eq(chmod("folder", 0700), 0);
    cr_assert_eq(unlink("folder/file"), 0);
    leave_folder();
}

Test(file, replace_on_a_full_disk, .init = enter_folder) {
    struct rlimit limit;
    write_file("file", "old");
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 2;
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    refuse_replace("file", EFBIG, "cannot write file: File too large");
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_content("file", "old");
    leave_folder();
}

Test(interrupt, is_remembered) {
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < 3; i++) signal(numbers[i], SIG_DFL); /* the tests may have been started with one ignored */
    for (size_t i = 0; i < 3; i++) {
        interrupt_install();
        cr_expect_eq(interrupt_pending(), 0);
        raise(numbers[i]);
        raise(numbers[(i + 1) % 3]);
        cr_expect_eq(interrupt_pending(), numbers[i]);
    }
}

/* How a process ends to which `number` was sent between the two calls; 0: not at all, and status 7. */
static int end_with(int number, bool ignored) {
    int status = 0;
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        signal(number ? number : SIGHUP, ignored ? SIG_IGN : SIG_DFL);
        interrupt_install();
        if (number) raise(number);
        bool wrong = interrupt_pending() != (ignored ? 0 : number);
        interrupt_resume();
        _exit(wrong ? 8 : 7);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) == 7 ? 0 : -1;
}

Test(interrupt, ends_the_program_when_it_is_resumed) {
    cr_expect_eq(end_with(SIGINT, false), SIGINT);
    cr_expect_eq(end_with(SIGTERM, false), SIGTERM);
    cr_expect_eq(end_with(SIGHUP, false), SIGHUP);
    cr_expect_eq(end_with(SIGHUP, true), 0);
    cr_expect_eq(end_with(0, false), 0);
}
