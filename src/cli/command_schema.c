/* Prints the standard as a schema for Helm, or puts it into charts. */
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "check/exemption.h"
#include "cli/modeline.h"
#include "cli/session.h"
#include "config/export.h"
#include "config/membership.h"
#include "yaml/read.h"

#define FILE_LIMIT ((size_t)64 << 20)

struct schema_run {
    struct session session;
    struct arena scratch;            /* for one chart */
    const struct settings *settings; /* that `text` was made from */
    struct str text;
    uint32_t written, same, left;
    int status;
};

static void worsen(struct schema_run *r, int status) {
    if (status > r->status) r->status = status;
}

/* Why no schema goes into the chart; empty where one does. */
static struct str reason_to_leave(struct arena *a, const struct chart_paths *paths, const struct settings *settings) {
    struct value values;
    struct chart chart;

    if (!paths->has_chart_yaml) return STR("it has no Chart.yaml");
    chart_read(a, path_join(a, paths->folder, STR("Chart.yaml")), path_name(paths->folder), &chart);
    if (!chart.found) return STR("its Chart.yaml cannot be read");
    bool ok = read_file_values(a, path_join(a, paths->folder, STR("values.yaml")), FILE_LIMIT, &values);
    if (!ok) return STR("its values.yaml cannot be read");
    if (settings->without_standard && !membership_holds(settings->standard, &values))
        return STR("it has few keys of the built-in standard; --schema builtin");
    return exemption_of(a, settings, &chart, paths->folder, paths->has_templates, &values);
}

/* The text for charts under `settings`; most often all of them share one. */
static struct str text_for(struct schema_run *r, const struct settings *settings) {
    if (r->settings != settings) r->text = export_schema(r->session.arena, settings);
    r->settings = settings;
    return r->text;
}

/* Whether the schema stands there afterwards. */
static bool write_schema(struct schema_run *r, struct str path, struct str text) {
    struct error error = {0};
    struct str old = STR("");
    enum file_kind kind = file_kind(path.ptr);
    bool there = kind != FILE_MISSING;
    if (there && !file_read(&r->scratch, path.ptr, FILE_LIMIT, &old, &error)) {
        command_error(str_from(error.message));
        worsen(r, EXIT_IO);
        return false;
    }
    if (there && str_eq(old, text)) {
        r->same++;
        return true;
    }
    if (there && !r->session.options->force && !export_is_own(&r->scratch, old)) {
        command_warning(arena_printf(&r->scratch, "%.*s was not written by valuelint and is kept; --force replaces it",
                                     STR_ARG(path)));
        worsen(r, EXIT_FINDINGS);
        r->left++;
        return false;
    }
    if (!file_write(path.ptr, text, &error)) {
        command_error(str_from(error.message));
        worsen(r, EXIT_IO);
        return false;
    }
    command_say(path);
    r->written++;
    return true;
}

/* Tells editors of the schema. A file that others may reach by a link stays as it is. */
static void write_modeline(struct schema_run *r, const struct chart_paths *paths) {
    struct error error;
    struct str old;
    if (paths->values.len == 0 || paths->has_links) return;
    if (!file_read(&r->scratch, paths->values.ptr, INPUT_MAX, &old, &error)) return;
    struct str text = modeline_put(&r->scratch, old);
    if (text.ptr == old.ptr) return;
    if (file_rewrite(paths->values.ptr, old, text, &error)) {
        command_say(paths->values);
        r->written++;
        return;
    }
    command_error(str_from(error.message));
    worsen(r, EXIT_IO);
}

static void write_chart(struct schema_run *r, const struct run_job *job) {
    arena_reset(&r->scratch);
    struct str why = reason_to_leave(&r->scratch, job->paths, job->settings);
    if (why.len == 0) {
        struct str path = path_join(&r->scratch, job->paths->folder, SCHEMA_NAME);
        if (write_schema(r, path, text_for(r, job->settings))) write_modeline(r, job->paths);
        return;
    }
    command_say(
        arena_printf(&r->scratch, "note: %.*s gets no schema (%.*s)", STR_ARG(job->paths->folder), STR_ARG(why)));
    r->left++;
}

static int write_all(struct schema_run *r) {
    int status = session_open_charts(&r->session);
    if (status) return status;
    for (uint32_t i = 0; i < r->session.charts.len; i++) write_chart(r, &r->session.jobs[i]);
    printf("%u written, %u unchanged, %u skipped.\n", r->written, r->same, r->left);
    arena_free(&r->scratch);
    if (fflush(stdout) != 0 || r->session.unreadable) worsen(r, EXIT_IO);
    return r->status;
}

static int print_schema(struct schema_run *r) {
    const struct settings *settings;
    int status = session_open_folder(&r->session, path_absolute(r->session.arena, STR(".")), &settings);
    if (status) return status;
    if (r->session.options->annotated) return command_print_data(settings->standard->document->source.text);
    return command_print_data(export_schema(r->session.arena, settings));
}

int command_schema(struct arena *a, const struct options *options) {
    struct schema_run r = {.status = EXIT_CLEAN};
    session_begin(&r.session, a, options);
    return options->write ? write_all(&r) : print_schema(&r);
}
