/* A small repository of two charts, unpacked from one input: its files stand one after the other, with a NUL between
 * them. It is checked with one thread and with four, which must find the same; then it is fixed, and fixed again, where
 * nothing may be left to do, and no promise may be broken on the way.
 *
 * About 30 runs a second of a processor, where others make 1,000 and more: under the sanitizers, planning the
 * standard's defaults for two charts four times, and checking what they then hold, takes that long. The inputs of a
 * corpus must be named by absolute paths, since it works in a folder of its own. */
#include <dirent.h>
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "chart/discover.h"
#include "config/config.h"
#include "run/run.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const FILES[] = {"c/values.yaml",      "c/Chart.yaml",  "c/templates/a.yaml", "c/values-prod.yaml",
                                    "d/values.yaml",      "d/Chart.yaml",  "d/templates/a.yaml", "d/values.schema.json",
                                    "c/templates/_a.tpl", "c/.helmignore", ".gitignore"};
static const char *const FOLDERS[] = {"c", "d", "c/templates", "d/templates"};

static struct arena forever;
static struct rule_set rules;
static struct config_store store;
static struct checks checks;
static const struct settings *settings;
static char folder[] = "/tmp/valuelint-fuzz-XXXXXX", memory_folder[] = "/dev/shm/valuelint-fuzz-XXXXXX";

static void leave(void) {
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) unlink(FILES[i]);
    for (size_t i = sizeof FOLDERS / sizeof *FOLDERS; i-- > 0;) rmdir(FOLDERS[i]);
    char *here = getcwd(NULL, 0);
    if (here) rmdir(here);
    free(here);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    struct config_overrides overrides = {.no_config = true};
    (void)argc, (void)argv;
    if (!mkdtemp(memory_folder) || chdir(memory_folder) != 0)
        if (!mkdtemp(folder) || chdir(folder) != 0) base_panic("no folder to work in");
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) mkdir(FOLDERS[i], 0700);
    atexit(leave);
    rule_set_add_builtin(&forever, &rules);
    config_store_init(&store, &forever, &rules, &overrides);
    config_open(&store, STR("/"), true);
    config_store_close(&store);
    settings = config_settings(&store, STR("/"), true);
    checks_bind(&rules, &checks);
    return 0;
}

/* What a run found, as text, and what it changed. */
struct seen {
    struct buf text;
    uint32_t changed, failed;
};

static void chart_done(void *data, uint32_t job, struct lint_result *result) {
    struct seen *seen = data;
    for (uint32_t i = 0; i < result->files.len; i++) {
        const struct lint_file *file = result->files.items[i];
        buf_addf(&seen->text, "%u %.*s\n", job, STR_ARG(file->source.path));
        for (uint32_t k = 0; k < file->findings.len; k++) {
            const struct finding *finding = &file->findings.items[k];
            buf_addf(&seen->text, "%.*s %u-%u %d %.*s\n", STR_ARG(finding->check->id), finding->span.start,
                     finding->span.end, (int)finding->fix, STR_ARG(finding->message));
        }
    }
    if (!result->fixed) return;
    if (result->fixed->bug.len) base_panic(arena_str(&forever, result->fixed->bug).ptr);
    seen->changed += result->fixed->files.len;
    seen->failed += result->failure.len > 0;
}

static struct seen run(struct arena *a, const struct chart_list *charts, unsigned threads, bool fix) {
    struct seen seen = {.text = buf_in(a)};
    struct repair_options repair = {.write = true, .check = true};
    struct str operand = STR(".");
    struct run_job *jobs = arena_array(a, struct run_job, charts->len + 1);
    for (uint32_t i = 0; i < charts->len; i++) jobs[i] = (struct run_job){&charts->items[i], settings};
    struct run run = {.checks = &checks,
                      .jobs = jobs,
                      .job_count = charts->len,
                      .threads = threads,
                      .repair = fix ? &repair : NULL,
                      .done = chart_done,
                      .data = &seen,
                      .operands = &operand,
                      .operand_count = 1};
    run_charts(&run);
    return seen;
}

static void check_charts(struct arena *a) {
    struct discover_options options = {.root = STR("/"), .whole = true};
    struct discover_problems problems = {NULL, 0, 0};
    struct chart_list charts = {NULL, 0, 0};
    discover_charts(a, STR("."), &options, &charts, &problems);
    discover_unite(a, &charts, false);
    struct seen one = run(a, &charts, 1, false), four = run(a, &charts, 4, false);
    if (!str_eq(buf_str(&one.text), buf_str(&four.text))) base_panic("four threads find something else than one");
    struct seen fixed = run(a, &charts, 4, true), again = run(a, &charts, 1, true);
    if (fixed.failed || again.failed) base_panic("a file could not be written");
    if (again.changed) base_panic("a second run has something left to do");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct str rest = {(const char *)data, size}, text;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        unlink(FILES[i]);
        if (!rest.len || !str_split_next(&rest, '\0', &text)) continue;
        FILE *file = fopen(FILES[i], "we");
        if (!file || fwrite(text.ptr, 1, text.len, file) != text.len || fclose(file) != 0)
            base_panic("a file of the repository cannot be made");
    }
    /* libfyaml leaks on some texts that it refuses; the target `tree` looks for leaks of ours. */
    __lsan_disable();
    check_charts(&arena);
    __lsan_enable();
    arena_free(&arena);
    return 0;
}
