/* What a terminal can show. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The values of the variables of these names; each NULL where it is not set. */
struct color_environment {
    const char *force_color, *clicolor_force, *no_color, *clicolor, *term;
};

/* Whether to colour what goes to a `terminal` (or not one). --color takes precedence over FORCE_COLOR (not empty) and
 * CLICOLOR_FORCE (not 0), these over NO_COLOR (not empty, https://no-color.org), and that over CLICOLOR (0 is none). */
bool color_decide(enum color_mode mode, bool terminal, const struct color_environment *set);

/* The number that COLUMNS holds; 0 where it is not set, no number, or not one of a terminal. */
unsigned columns_parse(const char *text);

/* The same for `out` in this process's environment. */
bool terminal_color(enum color_mode mode, FILE *out);

/* The columns that COLUMNS asks for, else those of the terminal that `out` goes to; 0 where it is none. */
unsigned terminal_width(FILE *out);

#endif
