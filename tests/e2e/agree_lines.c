/* Reads a JSON list of cases as in fixtures/template/agree.json from standard input, and prints a line for each: its
 * clashes, as template_agree finds them, or nothing. For template_helm.py. */
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/agree.h"
#include "value/json.h"

static struct template_file *read_template(struct arena *a, const struct value *text, struct template_set *set) {
    template_set_init(a, set);
    struct template_file *file = template_set_add(set, text->string, TEMPLATE_OWN);
    template_set_finish(set);
    return file;
}

static void print_case(struct arena *a, const struct value *entry) {
    struct template_set before, after;
    struct template_clashes clashes = {0};
    const struct value *text = value_get(entry, STR("template")), *new_text = value_get(entry, STR("new_template"));
    struct template_file *file = read_template(a, text, &before);
    struct template_file *new_file = read_template(a, new_text ? new_text : text, &after);
    const struct value *values = value_get(entry, STR("before")), *new_values = value_get(entry, STR("after"));
    if (template_agree(a, &before, file, values, &after, new_file, new_values, &clashes))
        template_agree_parts(a, &before, file, values, &after, new_file, new_values, &clashes);
    for (uint32_t i = 0; i < clashes.len; i++)
        printf("%s%s%.*s", i ? "; " : "", clashes.items[i].effect == TEMPLATE_FAILS ? "fails: " : "",
               STR_ARG(clashes.items[i].reason));
    putchar('\n');
}

int main(void) {
    struct arena arena = {0};
    struct error error;
    struct json_error problem;
    struct str text;
    struct value cases;
    if (!file_read(&arena, "-", TEXT_MAX, &text, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    if (!json_parse(&arena, text, &cases, &problem) || cases.kind != VALUE_LIST) {
        fprintf(stderr, "no list of cases: %s\n", problem.message);
        return 2;
    }
    for (uint32_t i = 0; i < cases.list.len; i++) print_case(&arena, &cases.list.items[i]);
    arena_free(&arena);
    return 0;
}
