#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>

#include "base/system.h"

bool color_decide(enum color_mode mode, bool terminal, const char *no_color, const char *term) {
    if (mode != COLOR_AUTO) return mode == COLOR_ALWAYS;
    if (!terminal || (no_color && *no_color)) return false;
    return term && *term && strcmp(term, "dumb") != 0;
}

bool terminal_color(enum color_mode mode, FILE *out) {
    return color_decide(mode, system_is_terminal(out), getenv("NO_COLOR"), getenv("TERM"));
}

unsigned terminal_width(FILE *out) {
    return system_terminal_width(out);
}
