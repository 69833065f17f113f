/* Begins a chart: its Chart.yaml, a values.yaml that holds the standard with the defaults for its name, and the
 * standard as values.schema.json, for Helm and editors. */
#include <stdio.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/path.h"
#include "base/system.h"
#include "cli/modeline.h"
#include "cli/session.h"
#include "config/export.h"
#include "fix/fix_write.h"

#define NAME_MOST 63

/* Whether Kubernetes takes `name` as part of its objects' names. */
static bool is_name(struct str name) {
    if (name.len == 0 || name.len > NAME_MOST) return false;
    for (size_t i = 0; i < name.len; i++) {
        bool alnum = (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') || ascii_is_digit(name.ptr[i]);
        if (!alnum && (name.ptr[i] != '-' || i == 0 || i + 1 == name.len)) return false;
    }
    return true;
}

static struct str chart_yaml(struct arena *a, struct str name) {
    return arena_printf(a,
                        "apiVersion: v2\nname: %.*s\ndescription: The service %.*s\ntype: application\n"
                        "version: 0.1.0\nappVersion: \"0.1.0\"\n",
                        STR_ARG(name), STR_ARG(name));
}

/* Fills the values in; the chart's two files are there. */
static int fill(struct session *s, const struct settings *settings, const struct chart_paths *paths) {
    struct settings own = *settings;
    own.without_standard = NULL; /* what is begun here is a chart of the standard */
    struct fix_request request = {.checks = &s->checks, .settings = &own, .paths = paths};
    struct fix_result result;
    struct error error;
    fix_chart(s->arena, &request, &result);
    if (result.bug.len == 0 && fix_write(&result, STR(""), &error)) return EXIT_CLEAN;
    command_error(result.bug.len ? result.bug : str_from(error.message));
    return EXIT_IO;
}

/* Writes the files; where that fails, none stays. */
static int make(struct session *s, const struct settings *settings, const struct chart_paths *paths, struct str name) {
    struct str chart = path_join(s->arena, paths->folder, STR("Chart.yaml"));
    struct str values = arena_printf(s->arena, MODELINE "\n# Values of %.*s\n", STR_ARG(name));
    struct str schema = path_join(s->arena, paths->folder, SCHEMA_NAME);
    struct error error;
    int status = EXIT_IO;
    if (!file_write(chart.ptr, chart_yaml(s->arena, name), &error) || !file_write(paths->values.ptr, values, &error))
        command_error(str_from(error.message));
    else status = fill(s, settings, paths);
    if (status == EXIT_CLEAN && !file_write(schema.ptr, export_schema(s->arena, settings), &error)) {
        command_error(str_from(error.message));
        status = EXIT_IO;
    }
    if (status == EXIT_CLEAN) {
        command_say(chart);
        command_say(paths->values);
        command_say(schema);
        return fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_IO;
    }
    system_remove(chart.ptr);
    system_remove(paths->values.ptr);
    system_remove(schema.ptr);
    return status;
}

int command_new(struct arena *a, const struct options *options) {
    struct session session;
    const struct settings *settings;
    struct error error;
    struct str made;
    struct str folder = arena_str(a, path_normalize(a, options->operands.items[0]));
    struct str absolute = path_absolute(a, folder), name = path_name(absolute);
    struct chart_paths paths = {.folder = folder, .has_chart_yaml = true, .has_config = true, .has_templates = true};
    paths.values = path_join(a, folder, STR("values.yaml"));

    session_begin(&session, a, options);
    int status = session_open_folder(&session, absolute, &settings);
    if (status) return status;
    if (!is_name(name)) {
        command_error(arena_printf(a, "%.*s is not a valid chart name: use a-z, 0-9 and -, at most %d characters",
                                   STR_ARG(name), NAME_MOST));
        return EXIT_USAGE;
    }
    if (file_kind(path_join(a, folder, STR("Chart.yaml")).ptr) != FILE_MISSING ||
        file_kind(paths.values.ptr) != FILE_MISSING) {
        command_error(arena_printf(a, "%.*s already contains a chart; --fix completes its values", STR_ARG(folder)));
        return EXIT_USAGE;
    }
    if (!folder_make(a, folder, &made, &error)) {
        command_error(str_from(error.message));
        status = EXIT_IO;
    }
    if (status == EXIT_CLEAN) status = make(&session, settings, &paths, name);
    if (status) folder_remove(a, folder, made);
    return status;
}
