/* What a terminal can show. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Whether to colour what goes to a `terminal` (or not one), given the values of NO_COLOR and TERM, each NULL where it
 * is not set. https://no-color.org: a NO_COLOR that is not empty turns colour off; --color goes before it. */
bool color_decide(enum color_mode mode, bool terminal, const char *no_color, const char *term);

/* The same for `out` in this process's environment. */
bool terminal_color(enum color_mode mode, FILE *out);

/* The columns of the terminal that `out` goes to; 0 where it is none. */
unsigned terminal_width(FILE *out);

#endif
