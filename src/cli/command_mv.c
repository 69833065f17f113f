/* `valuelint mv`: one move that a person asks for, done as --fix does its own. It is a run of --fix that plans nothing
 * else and looks for nothing but files that cannot be read, and places that go on naming the old path. */
#include "base/file.h"
#include "cli/command.h"
#include "fix/fix_rename.h"

/* VL001, VL005, VL008: no YAML, refused by Helm, unreadable. VL106: the old place is named elsewhere. */
static const char *const FOUND[] = {"VL001", "VL005", "VL008", "VL106"};

int command_mv(struct arena *a, const struct options *options) {
    const struct str *operands = options->operands.items;
    uint32_t first = options->operands.len - 2;
    struct options run = *options;
    struct fix_rename rename;
    struct error error;
    if (!fix_rename_parse(a, operands[first], operands[first + 1], &rename, &error)) {
        command_error(str_from(error.message));
        return EXIT_USAGE;
    }
    run.operands = (struct str_list){NULL, 0, 0};
    vec_push(a, &run.operands, first ? operands[0] : STR("."));
    if (file_kind(run.operands.items[0].ptr) != FILE_FOLDER) {
        command_error(arena_printf(a, "%.*s is not a folder: name a chart, or a folder of charts",
                                   STR_ARG(run.operands.items[0])));
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < sizeof FOUND / sizeof *FOUND; i++) vec_push(a, &run.select, str_from(FOUND[i]));
    run.fix = !options->diff;
    run.rename = &rename;
    return command_lint(a, &run);
}
