#include "base/buf.h"
#include "cli/option_table.h"

#define WIDTH_DEFAULT 80
#define WIDTH_LEAST 50
#define WIDTH_MOST 100
#define INDENT 2
/* Where the text beside the name of an option, and of a command or format, begins. */
#define OPTION_COLUMN 26
#define NAME_COLUMN 12

/* Adds `text` in lines of at most `width` columns, of which the first one has come to `at` and those after it begin at
 * `column`. */
static void add_wrapped(struct buf *out, unsigned width, struct str text, size_t at, size_t column) {
    struct str word;
    bool first = true;
    while (str_split_next(&text, ' ', &word)) {
        if (!first && at + 1 + word.len > width) {
            buf_add_char(out, '\n');
            buf_add_repeat(out, ' ', column);
            at = column;
        } else if (!first) {
            buf_add_char(out, ' ');
            at++;
        }
        buf_add(out, word);
        at += word.len;
        first = false;
    }
    buf_add_char(out, '\n');
}

/* A line of a list: `name`, and its text at `column`, on a line of its own where the name is too long. */
static void add_item(struct buf *out, unsigned width, struct str name, struct str text, size_t column) {
    buf_add_repeat(out, ' ', INDENT);
    buf_add(out, name);
    size_t at = INDENT + name.len;
    if (at + INDENT > column) {
        buf_add_char(out, '\n');
        at = 0;
    }
    buf_add_repeat(out, ' ', column - at);
    add_wrapped(out, width, text, column, column);
}

static void add_option(struct buf *out, unsigned width, const struct option_spec *spec) {
    struct buf name = buf_in(out->arena);
    if (spec->letter) buf_addf(&name, "-%c, ", spec->letter);
    buf_add(&name, str_from(spec->name));
    if (spec->value) buf_addf(&name, spec->kind == KIND_HELM ? "[=%s]" : " %s", spec->value);
    add_item(out, width, buf_str(&name), str_from(spec->help), OPTION_COLUMN);
}

static void add_options(struct buf *out, unsigned width, enum command command) {
    for (enum option_group group = GROUP_FIX; group < GROUP_COUNT; group++) {
        bool any = false;
        for (size_t i = 0; i < OPTION_COUNT; i++) {
            const struct option_spec *spec = &OPTIONS[i];
            if (spec->group != group || !(spec->commands >> command & 1)) continue;
            if (!any) buf_addf(out, "\n%s:\n", OPTION_GROUPS[group]);
            any = true;
            add_option(out, width, spec);
        }
    }
}

static void add_commands(struct buf *out, unsigned width) {
    buf_add(out, STR("\nCommands:\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        struct str name = arena_printf(out->arena, "%s%s%s", COMMANDS[i].name, *COMMANDS[i].operands ? " " : "",
                                       COMMANDS[i].operands);
        add_item(out, width, name, str_from(COMMANDS[i].summary), OPTION_COLUMN);
    }
}

static void add_formats(struct buf *out, unsigned width) {
    buf_add(out, STR("\nFormats:\n"));
    for (const struct format *const *f = FORMATS; *f; f++)
        add_item(out, width, str_from((*f)->name), str_from((*f)->summary), NAME_COLUMN);
}

static void add_exit_codes(struct buf *out) {
    buf_add(out, STR("\nExit status:\n"));
    for (size_t i = 0; EXIT_CODES[i]; i++) buf_addf(out, "  %zu  %s\n", i, EXIT_CODES[i]);
}

static unsigned width_for(unsigned columns) {
    if (columns == 0) return WIDTH_DEFAULT;
    if (columns < WIDTH_LEAST) return WIDTH_LEAST;
    return columns > WIDTH_MOST ? WIDTH_MOST : columns;
}

struct str options_help(struct arena *a, enum command command, unsigned columns) {
    unsigned width = width_for(columns);
    struct buf out = buf_in(a);
    const struct command_spec *spec = &COMMANDS[command];
    if (command == COMMAND_LINT) {
        buf_add(&out, STR("Usage: valuelint [OPTION...] [PATH...]\n       valuelint COMMAND [OPERAND...]\n\n"));
        add_wrapped(&out, width, str_from(ABOUT), 0, 0);
        add_commands(&out, width);
    } else {
        buf_addf(&out, "Usage: valuelint %s%s%s\n\n", spec->name, *spec->operands ? " " : "", spec->operands);
        buf_addf(&out, "%c%s.\n", spec->summary[0] - 'a' + 'A', spec->summary + 1);
    }
    add_options(&out, width, command);
    if (command == COMMAND_LINT) {
        add_formats(&out, width);
        add_exit_codes(&out);
        buf_add(&out, STR("\nExamples:\n"));
        buf_add(&out, str_from(EXAMPLES));
    }
    return buf_str(&out);
}
