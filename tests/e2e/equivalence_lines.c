/* Reads a JSON list of cases as in fixtures/template/equivalence.json from standard input, and prints a line for each:
 * its differences, as refs_compare finds them, or nothing. For template_helm.py. */
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/equivalence.h"
#include "value/json.h"

static struct refs_file *read_template(struct arena *a, const struct value *text, struct refs_set *set) {
    refs_set_init(a, NULL, set);
    struct refs_file *file = refs_set_add(set, text->string, REFS_OWN);
    refs_set_finish(set);
    return file;
}

static void print_case(struct arena *a, const struct value *entry) {
    struct refs_set before, after;
    struct refs_differences differences = {0};
    const struct value *text = value_get(entry, STR("template")), *new_text = value_get(entry, STR("new_template"));
    struct refs_file *file = read_template(a, text, &before);
    struct refs_file *new_file = read_template(a, new_text ? new_text : text, &after);
    const struct value *values = value_get(entry, STR("before")), *new_values = value_get(entry, STR("after"));
    if (refs_compare(a, &before, file, values, &after, new_file, new_values, &differences))
        refs_compare_parts(a, &before, file, values, &after, new_file, new_values, &differences);
    for (uint32_t i = 0; i < differences.len; i++)
        printf("%s%s%.*s", i ? "; " : "", differences.items[i].effect == REFS_FAILS ? "fails: " : "",
               STR_ARG(differences.items[i].reason));
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
