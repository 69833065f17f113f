/* Drafts a standard from the charts that are there. Files are only ever made, never replaced: where a draft lies
 * already, what a new one would change is shown. */
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/boundary.h"
#include "cli/session.h"
#include "infer/survey.h"
#include "infer/write.h"
#include "rule/document.h"
#include "text/diff.h"

#define STANDARD_NAME "standard.json"

struct init {
    struct arena *arena;
    const struct options *options;
    struct str folder;   /* as it was given; NUL behind it */
    struct str absolute; /* the same, absolute and normalized */
    struct str boundary; /* see chart/boundary.h */
    struct draft draft;
};

/* A file that init makes. */
struct made {
    struct str path;
    struct str text;
    struct str old; /* what stands there */
    bool is_there;
    bool is_foreign; /* it is there, and was not made by init */
};

static int find_charts(struct init *in, struct chart_list *charts) {
    struct discover_problems problems = {NULL, 0, 0};
    struct session session;
    session_begin(&session, in->arena, in->options);
    const struct config *config = config_for(&session.store, in->absolute);
    struct discover_options options = {.root = config->folder, .boundary = in->boundary};
    int status = command_problems(in->arena, &session.store.problems);
    if (status) return status;
    config_excludes(in->arena, config, &options.exclude, &options.exclude_count);
    discover_charts(in->arena, in->folder, &options, charts, &problems);
    discover_unite(in->arena, charts, false);
    for (uint32_t i = 0; i < problems.len; i++) {
        if (problems.items[i].note) {
            command_warning(problems.items[i].message);
            continue;
        }
        command_error(problems.items[i].message);
        status = problems.items[i].unreadable ? EXIT_IO : EXIT_USAGE;
    }
    return status;
}

/* Reads what stands in place of the file; gives the exit status. */
static int look(struct init *in, struct made *file) {
    struct error error;
    file->is_there = file_kind(file->path.ptr) != FILE_MISSING;
    if (!file->is_there) return EXIT_CLEAN;
    if (!file_read(in->arena, file->path.ptr, INPUT_MAX, &file->old, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    file->is_foreign = str_find(file->old, WRITE_MARK) == file->old.len;
    return EXIT_CLEAN;
}

static void add_diff(struct init *in, struct buf *out, const struct made *file) {
    struct edits edits = {NULL, 0, 0};
    vec_push(in->arena, &edits, (struct edit){span_make(0, file->old.len), file->text});
    if (!edits_settle(in->arena, &edits)) return;
    struct diff_file diff = {file->path, file->old, &edits};
    diff_unified(out, &diff, false);
}

static int write_file(const struct made *file) {
    struct error error;
    if (!file_write(file->path.ptr, file->text, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    fprintf(stderr, "wrote %.*s\n", STR_ARG(file->path));
    return EXIT_CLEAN;
}

static bool is_markdown(const struct output *output) {
    return strcmp(output->format->name, "markdown") == 0;
}

static bool check_formats(const struct options *options) {
    for (uint32_t i = 0; i < options->outputs.len; i++) {
        if (is_markdown(&options->outputs.items[i]) || strcmp(options->outputs.items[i].format->name, "text") == 0)
            continue;
        command_error(STR("init reports as text or markdown"));
        return false;
    }
    return true;
}

static int report(struct init *in) {
    int status = EXIT_CLEAN;
    for (uint32_t i = 0; i < in->options->outputs.len && status == EXIT_CLEAN; i++) {
        const struct output *output = &in->options->outputs.items[i];
        struct str text = is_markdown(output) ? survey_markdown(&in->draft) : survey_text(&in->draft);
        struct error error;
        if (output->file.len == 0) {
            status = command_print(text);
        } else if (!file_write(output->file.ptr, text, &error)) {
            command_error(str_from(error.message));
            status = EXIT_IO;
        }
    }
    return status;
}

/* A new draft where there is one already: what it would change. */
static int compare(struct init *in, struct made *standard, struct made *config) {
    struct buf out = buf_in(in->arena);
    struct document document;
    struct problems problems = {NULL, 0, 0};
    if (!document_parse(in->arena, standard->path, standard->old, &document, &problems))
        return command_problems(in->arena, &problems);
    standard->text = write_standard(&in->draft, &document.root);
    add_diff(in, &out, standard);
    config->text = write_config_over(&in->draft, config->old, in->absolute);
    if (config->is_there && !config->is_foreign) add_diff(in, &out, config);
    if (!config->is_there)
        command_warning(arena_printf(in->arena, "%.*s is not there; `schema: %s` in it puts the standard in force",
                                     STR_ARG(config->path), STANDARD_NAME));
    if (out.len == 0) {
        command_say(STR("Nothing to change: the standard says what the charts say."));
        return EXIT_CLEAN;
    }
    int status = command_print_data(buf_str(&out));
    return status ? status : EXIT_FINDINGS;
}

/* The first draft. The configuration comes last: once it is there, the standard that it names is. */
static int write_draft(struct init *in, const struct made *standard, const struct made *config) {
    int status = report(in);
    if (status == EXIT_CLEAN) status = write_file(standard);
    if (status == EXIT_CLEAN && !config->is_there) status = write_file(config);
    if (status == EXIT_CLEAN && config->is_there)
        command_warning(arena_printf(in->arena, "%.*s stays as it is; `schema: %s` in it puts the draft in force",
                                     STR_ARG(config->path), STANDARD_NAME));
    return status;
}

int command_init(struct arena *a, const struct options *options) {
    struct str operand = options->operands.len ? options->operands.items[0] : STR(".");
    struct init in = {.arena = a, .options = options, .folder = arena_str(a, operand)};
    struct chart_list charts = {NULL, 0, 0};
    int status = EXIT_CLEAN;
    in.absolute = path_absolute(a, in.folder);
    in.boundary = boundary_of(a, in.folder, STR(""));
    if (file_kind(in.folder.ptr) != FILE_FOLDER) {
        command_error(arena_printf(a, "%.*s is not a folder", STR_ARG(in.folder)));
        return EXIT_USAGE;
    }
    if (!check_formats(options)) return EXIT_USAGE;
    status = find_charts(&in, &charts);
    if (status) return status;
    struct fleet *fleet = fleet_new(a);
    fleet_read(fleet, &charts, in.boundary, options->jobs ? options->jobs : system_processors());
    if (fleet->charts.len == 0) {
        command_error(arena_printf(a, "no chart below %.*s has values to learn from", STR_ARG(in.folder)));
        return EXIT_USAGE;
    }
    draft_make(a, fleet, &in.draft);
    struct made standard = {.path = path_join(a, in.folder, str_from(STANDARD_NAME)),
                            .text = write_standard(&in.draft, NULL)};
    struct made config = {.path = path_join(a, in.folder, STR(".valuelint.yaml")),
                          .text = write_config(&in.draft, str_from(STANDARD_NAME), in.absolute)};
    status = look(&in, &standard);
    if (status == EXIT_CLEAN) status = look(&in, &config);
    if (status) return status;
    if (standard.is_foreign) {
        command_error(
            arena_printf(a, "%.*s was not drafted by `valuelint init`, and stays as it is", STR_ARG(standard.path)));
        return EXIT_USAGE;
    }
    return standard.is_there ? compare(&in, &standard, &config) : write_draft(&in, &standard, &config);
}
