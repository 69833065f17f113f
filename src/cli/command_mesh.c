/* Prints who may call whom by the policies of a mesh. */
#include <string.h>

#include "cli/progress.h"
#include "cli/session.h"
#include "mesh/mesh_table.h"

struct mesh_run {
    struct session session;
    struct mesh mesh;
    struct progress progress;
};

static void chart_done(void *data, uint32_t job, struct lint_result *result) {
    struct mesh_run *r = data;
    mesh_add(&r->mesh, r->session.jobs[job].settings, result);
    progress_update(&r->progress, job + 1);
}

static bool find_format(const struct options *options, enum mesh_table_format *format) {
    static const char *const NAMES[] = {
        [MESH_TABLE_TEXT] = "text", [MESH_TABLE_JSON] = "json", [MESH_TABLE_MARKDOWN] = "markdown"};
    for (int i = MESH_TABLE_TEXT; i <= MESH_TABLE_MARKDOWN; i++) {
        *format = (enum mesh_table_format)i;
        if (strcmp(options->outputs.items[0].format->name, NAMES[i]) == 0)
            return options->outputs.len == 1 && options->outputs.items[0].file.len == 0;
    }
    return false;
}

int command_mesh(struct arena *a, const struct options *given) {
    struct mesh_run r = {.progress = {0}};
    struct options options = *given;
    enum mesh_table_format format;
    options.preview = true; /* what the charts print is asked for by new rules alone */
    if (!find_format(&options, &format)) {
        command_error(STR("mesh prints text, json or markdown, on standard output only"));
        return EXIT_USAGE;
    }
    session_begin(&r.session, a, &options);
    int status = session_open_charts(&r.session);
    if (status) return status;
    struct session *session = &r.session;
    struct run run = {.checks = &session->checks,
                      .jobs = session->jobs,
                      .job_count = session->charts.len,
                      .threads = session_threads(session),
                      .done = chart_done,
                      .data = &r};
    r.mesh = (struct mesh){.arena = a, .checks = &session->checks, .covers = true};
    progress_start(&r.progress, session->charts.len);
    run_charts(&run);
    progress_clear(&r.progress);
    struct str text = mesh_table(&r.mesh, a, format);
    if (text.len) return command_print(text);
    command_error(
        STR("there is nothing to print: no overlays (--mesh DIR, or `mesh` in the configuration) hold policies, or no "
            "chart prints a Service"));
    return EXIT_USAGE;
}
