/* The commands that tell about the program itself: version, completion, man. */
#include "chart/archive.h"
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "commit.h"
#include "schema/regex.h"
#include "value/json.h"
#include "yaml/tree.h"

int command_version(struct arena *a, const struct options *options) {
    (void)options;
    struct str pcre2 = regex_library_version(a);
    return command_print(arena_printf(a, "valuelint %s (%s)\nlibfyaml %s, jansson %s, PCRE2 %.*s, zlib %s\n",
                                      VALUELINT_VERSION, VALUELINT_COMMIT, tree_library_version(),
                                      json_library_version(), STR_ARG(pcre2), archive_library_version()));
}

int command_completion(struct arena *a, const struct options *options) {
    struct str shell = options->operands.items[0], script;
    if (completion_script(a, shell, &script)) return command_print(script);
    command_error(arena_printf(a, "unknown shell `%.*s`: bash, zsh or fish", STR_ARG(shell)));
    return EXIT_USAGE;
}

int command_man(struct arena *a, const struct options *options) {
    struct str page = options->operands.len ? options->operands.items[0] : STR("valuelint");
    struct str date = STR(VALUELINT_COMMIT), commit;
    str_split_next(&date, ',', &commit);
    date = str_trim(date);
    if (date.len == 0) date = STR("1970-01-01"); /* a build that knows no commit */
    if (str_eq(page, STR("valuelint"))) return command_print(manual_program(a, STR(VALUELINT_VERSION), date));
    if (str_eq(page, STR("valuelint.yaml")))
        return command_print(manual_configuration(a, STR(VALUELINT_VERSION), date));
    command_error(arena_printf(a, "unknown page `%.*s`: valuelint or valuelint.yaml", STR_ARG(page)));
    return EXIT_USAGE;
}
