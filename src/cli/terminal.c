#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/system.h"

static bool is_set(const char *value) {
    return value && *value;
}

bool color_decide(enum color_mode mode, bool terminal, const struct color_environment *set) {
    bool clicolor = !set->clicolor || strcmp(set->clicolor, "0") != 0;
    if (mode != COLOR_AUTO) return mode == COLOR_ALWAYS;
    if (is_set(set->force_color) || (is_set(set->clicolor_force) && strcmp(set->clicolor_force, "0") != 0)) return true;
    if (!terminal || is_set(set->no_color) || !clicolor) return false;
    return is_set(set->term) && strcmp(set->term, "dumb") != 0;
}

bool terminal_color(enum color_mode mode, FILE *out) {
    const struct color_environment set = {.force_color = getenv("FORCE_COLOR"),
                                          .clicolor_force = getenv("CLICOLOR_FORCE"),
                                          .no_color = getenv("NO_COLOR"),
                                          .clicolor = getenv("CLICOLOR"),
                                          .term = getenv("TERM")};
    return color_decide(mode, system_is_terminal(out), &set);
}

#define COLUMNS_MOST 1000

unsigned columns_parse(const char *text) {
    unsigned columns = 0;
    for (; text && ascii_is_digit(*text) && columns < COLUMNS_MOST; text++)
        columns = columns * 10 + (unsigned)(*text - '0');
    return text && *text == '\0' && columns <= COLUMNS_MOST ? columns : 0;
}

unsigned terminal_width(FILE *out) {
    unsigned wanted = columns_parse(getenv("COLUMNS"));
    if (wanted) return wanted;
    return system_terminal_width(out);
}
