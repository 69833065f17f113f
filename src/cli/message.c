#include <stdio.h>

#include "base/clean.h"
#include "cli/command.h"
#include "cli/option_table.h"

static void print_line(FILE *file, struct str before, struct str line) {
    struct arena arena = {NULL, NULL};
    struct buf out = buf_in(&arena);
    buf_add(&out, before);
    if (before.len) clean_add(&out, line);
    else clean_add_start(&out, line);
    buf_add_char(&out, '\n');
    fwrite(out.ptr, 1, out.len, file);
    arena_free(&arena);
}

void command_error(struct str message) {
    print_line(stderr, STR("valuelint: error: "), message);
}

void command_warning(struct str message) {
    print_line(stderr, STR("valuelint: warning: "), message);
}

void command_note(struct str line) {
    print_line(stderr, STR(""), line);
}

void command_say(struct str line) {
    print_line(stdout, STR(""), line);
}

static bool write_out(struct str text) {
    return fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
}

int command_print_data(struct str text) {
    if (write_out(text)) return EXIT_CLEAN;
    command_error(STR("cannot write to standard output"));
    return EXIT_IO;
}

int command_print(struct str text) {
    struct arena arena = {NULL, NULL};
    struct buf out = buf_in(&arena);
    clean_add_lines(&out, text);
    int status = command_print_data(buf_str(&out));
    arena_free(&arena);
    return status;
}

int command_problems(struct arena *a, const struct problems *problems) {
    for (uint32_t i = 0; i < problems->len; i++) command_error(problem_text(a, &problems->items[i]));
    return problems->len ? EXIT_USAGE : EXIT_CLEAN;
}

bool command_json(const struct options *options) {
    return str_eq(str_from(options->outputs.items[0].format->name), STR("json"));
}

bool command_text_or_json(struct arena *a, const struct options *options) {
    struct str name = str_from(options->outputs.items[0].format->name);
    if (options->outputs.len == 1 && options->outputs.items[0].file.len == 0 &&
        (str_eq(name, STR("text")) || str_eq(name, STR("json"))))
        return true;
    command_error(arena_printf(a, "%s prints text or json, on standard output only", COMMANDS[options->command].name));
    return false;
}
