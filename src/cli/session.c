#include "cli/session.h"

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/boundary.h"
#include "cli/changed_since.h"
#include "object/crd.h"

struct config_overrides session_overrides(const struct options *options) {
    return (struct config_overrides){
        .select = options->select.items,
        .select_count = options->select.len,
        .ignore = options->ignore.items,
        .ignore_count = options->ignore.len,
        .lowest = options->severity,
        .schema = options->schema,
        .mesh = options->mesh.items,
        .mesh_count = options->mesh.len,
        .read_crds = object_crds_read,
        .rules = options->rules.items,
        .rules_count = options->rules.len,
        .config = options->config,
        .no_config = options->no_config,
        .isolated = options->isolated,
        .preview = options->preview,
        .version = STR(VALUELINT_VERSION),
    };
}

void session_begin(struct session *session, struct arena *a, const struct options *options) {
    struct config_overrides overrides = session_overrides(options);
    *session = (struct session){.arena = a, .options = options};
    rule_set_add_builtin(a, &session->rules);
    config_store_init(&session->store, a, &session->rules, &overrides);
}

/* Finds the charts of one path, without what its configuration excludes. */
static void discover_path(struct session *s, struct str path, struct discover_problems *problems) {
    bool folder = file_kind(path.ptr) == FILE_FOLDER;
    struct str absolute = path_absolute(s->arena, path);
    const struct config *config = config_for(&s->store, folder ? absolute : arena_str(s->arena, path_folder(absolute)));
    struct str operand = folder ? path : arena_str(s->arena, path_folder(path));
    struct discover_options options = {
        .root = config->folder,
        .boundary = boundary_of(s->arena, operand, config->found ? config->folder : STR("")),
        .no_gitignore = s->options->isolated,
        .whole = s->options->fix || s->options->diff,
    };
    config_excludes(s->arena, config, &options.exclude, &options.exclude_count);
    discover_charts(s->arena, path, &options, &s->charts, problems);
}

/* Tells what could not be found; gives the exit status that it asks for. */
static int tell_problems(struct session *s, const struct discover_problems *problems) {
    int status = EXIT_CLEAN;
    for (uint32_t i = 0; i < problems->len; i++) {
        if (problems->items[i].note) {
            command_warning(problems->items[i].message);
            continue;
        }
        command_error(problems->items[i].message);
        if (problems->items[i].unreadable) s->unreadable = true;
        else status = EXIT_USAGE;
    }
    return status;
}

/* Tells what is odd or wrong with the configurations and the rules. */
static int tell_store(struct session *s) {
    checks_bind(&s->rules, &s->checks);
    for (uint32_t i = 0; i < s->store.warnings.len; i++)
        command_warning(problem_text(s->arena, &s->store.warnings.items[i]));
    return command_problems(s->arena, &s->store.problems);
}

/* Of `mv`: a chart that is named means itself, not the subcharts in its charts/ too. */
static void keep_named(struct session *s) {
    struct chart_list *charts = &s->charts;
    struct str operand = s->options->operands.items[0], folder = path_normalize(s->arena, operand);
    if (file_kind(path_join(s->arena, operand, STR("Chart.yaml")).ptr) == FILE_MISSING) return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < charts->len; i++)
        if (str_eq(path_normalize(s->arena, charts->items[i].folder), folder)) charts->items[kept++] = charts->items[i];
    charts->len = kept;
}

int session_open_charts(struct session *s) {
    struct discover_problems problems = {NULL, 0, 0};
    const struct str_list *operands = &s->options->operands;
    for (uint32_t i = 0; i < operands->len; i++) discover_path(s, operands->items[i], &problems);
    if (operands->len == 0) discover_path(s, STR("."), &problems);
    discover_unite(s->arena, &s->charts, operands->len > 1);
    discover_share(s->arena, &s->charts);
    if (s->options->rename) keep_named(s);
    int status = tell_problems(s, &problems);
    if (status || (s->charts.len == 0 && s->unreadable)) return status ? status : EXIT_IO;

    struct str *folders = arena_array(s->arena, struct str, s->charts.len);
    s->jobs = arena_array(s->arena, struct run_job, s->charts.len);
    for (uint32_t i = 0; i < s->charts.len; i++) {
        folders[i] = path_absolute(s->arena, s->charts.items[i].folder);
        config_open(&s->store, folders[i], s->charts.items[i].has_config);
    }
    config_store_close(&s->store);
    for (uint32_t i = 0; i < s->charts.len && s->store.problems.len == 0; i++) {
        const struct chart_paths *chart = &s->charts.items[i];
        s->jobs[i] = (struct run_job){.paths = chart,
                                      .settings = config_settings(&s->store, folders[i], chart->has_config),
                                      .is_local = config_is_local(&s->store, folders[i])};
        config_bindings(&s->store, folders[i], &s->jobs[i].bindings);
    }
    int told = tell_store(s);
    return told == EXIT_CLEAN && s->options->changed_since.len ? changed_since_keep(s) : told;
}

int session_open_folder(struct session *s, struct str folder, const struct settings **settings) {
    config_open(&s->store, folder, true);
    config_store_close(&s->store);
    *settings = config_settings(&s->store, folder, true);
    return tell_store(s);
}

/* Whether the folder holds charts without being one. */
static bool is_folder_of_charts(struct arena *a, struct str path) {
    return file_kind(path.ptr) == FILE_FOLDER && file_kind(path_join(a, path, STR("Chart.yaml")).ptr) == FILE_MISSING &&
           file_kind(path_join(a, path, STR("values.yaml")).ptr) == FILE_MISSING;
}

bool session_covers_folder(const struct session *s) {
    const struct str_list *operands = &s->options->operands;
    if (s->options->changed_since.len) return false;
    bool covers = operands->len == 0 && is_folder_of_charts(s->arena, STR("."));
    for (uint32_t i = 0; i < operands->len; i++) covers = covers || is_folder_of_charts(s->arena, operands->items[i]);
    return covers;
}

/* Threads of a run that writes, at least: they wait for the disk most of the time, and what several of them wait for at
 * once, a file system brings to the disk together. */
#define WRITERS_LEAST 8

unsigned session_threads(const struct session *session) {
    unsigned cores = system_processors();
    if (session->options->jobs) return session->options->jobs;
    if (session->options->fix && cores < WRITERS_LEAST) return WRITERS_LEAST;
    return cores > 64 ? 64 : cores;
}
