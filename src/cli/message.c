#include <stdio.h>

#include "cli/command.h"

void command_error(struct str message) {
    fprintf(stderr, "valuelint: error: %.*s\n", STR_ARG(message));
}

void command_warning(struct str message) {
    fprintf(stderr, "valuelint: warning: %.*s\n", STR_ARG(message));
}

int command_problems(struct arena *a, const struct problems *problems) {
    for (uint32_t i = 0; i < problems->len; i++) command_error(problem_text(a, &problems->items[i]));
    return problems->len ? EXIT_USAGE : EXIT_CLEAN;
}
