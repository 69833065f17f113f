#include "cli/command.h"

static int command_help(struct arena *a, const struct options *options) {
    return command_print(options_help(a, options->topic, terminal_width(stdout)));
}

static int (*const COMMANDS[COMMAND_COUNT])(struct arena *, const struct options *) = {
    [COMMAND_RULES] = command_rules,   [COMMAND_EXPLAIN] = command_explain,
    [COMMAND_DOCS] = command_docs,     [COMMAND_LINT] = command_lint,
    [COMMAND_SHOW] = command_show,     [COMMAND_CONFIG] = command_config,
    [COMMAND_HELP] = command_help,     [COMMAND_BASELINE] = command_baseline,
    [COMMAND_SCHEMA] = command_schema, [COMMAND_COMPLETION] = command_completion,
    [COMMAND_MAN] = command_man,       [COMMAND_VERSION] = command_version,
    [COMMAND_NEW] = command_new,       [COMMAND_RENDER] = command_render,
    [COMMAND_DEBUG] = command_debug,   [COMMAND_MV] = command_mv,
    [COMMAND_INIT] = command_init,     [COMMAND_TEST] = command_test,
    [COMMAND_LSP] = command_lsp,       [COMMAND_MESH] = command_mesh,
};

int main(int argc, char **argv) {
    struct arena arena = {NULL, NULL};
    struct options options;
    struct error error;
    int status = EXIT_USAGE;

    if (options_parse(&arena, argc, argv, &options, &error)) status = COMMANDS[options.command](&arena, &options);
    else command_error(str_from(error.message));
    arena_free(&arena);
    return status;
}
