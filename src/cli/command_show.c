#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/command.h"
#include "value/json.h"
#include "yaml/read.h"

static void tell(struct arena *a, const struct source *source, const struct yaml_issue *issue) {
    struct problem problem = {source, issue->span, issue->message, issue->help};
    command_error(problem_text(a, &problem));
}

/* Prints the values of one file as Helm sees them, as JSON. */
int command_show(struct arena *a, const struct options *options) {
    struct source source = {.path = options->operands.items[0]};
    struct yaml_issues issues = {NULL, 0, 0};
    struct error error;
    struct value values;
    struct tree tree;

    if (file_kind(source.path.ptr) == FILE_FOLDER) source.path = path_join(a, source.path, STR("values.yaml"));
    if (!file_read(a, source.path.ptr, INPUT_MAX, &source.text, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    if (!read_text_values(a, &source, &tree, &values, &issues)) {
        tell(a, &source, &issues.items[issues.len - 1]);
        return EXIT_FINDINGS;
    }
    struct buf out = buf_in(a);
    json_write(&out, &values, JSON_PRETTY);
    buf_add_char(&out, '\n');
    return command_print_data(buf_str(&out));
}
