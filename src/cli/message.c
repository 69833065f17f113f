#include <stdio.h>

#include "cli/command.h"

void command_error(struct str message) {
    fprintf(stderr, "valuelint: error: %.*s\n", STR_ARG(message));
}

void command_warning(struct str message) {
    fprintf(stderr, "valuelint: warning: %.*s\n", STR_ARG(message));
}

int command_print(struct str text) {
    bool ok = fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    if (!ok) command_error(STR("cannot write to standard output"));
    return ok ? EXIT_CLEAN : EXIT_IO;
}

int command_problems(struct arena *a, const struct problems *problems) {
    for (uint32_t i = 0; i < problems->len; i++) command_error(problem_text(a, &problems->items[i]));
    return problems->len ? EXIT_USAGE : EXIT_CLEAN;
}
