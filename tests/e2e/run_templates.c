/* Runs templates with valuelint's evaluator, many in one process, for tests/e2e/functions_helm.py. The protocol is that
 * of helm_functions/main.go; a result with a hole in it is `hole`, and an error is its innermost cause alone.
 * With the argument `names` it prints the names of all functions instead. */
#include <stdio.h>
#include <stdlib.h>

#include "template/eval/fn_table.h"
#include "template/eval/program.h"
#include "template/go/hash.h"
#include "value/json.h"

/* All numbers of values are floats, as Helm reads them. */
static struct go_value to_go(struct go_env *env, const struct value *v) {
    struct go_value made = go_nil();
    struct go_value *items;
    switch (v->kind) {
    case VALUE_NULL: break;
    case VALUE_BOOL: made = go_bool(v->boolean); break;
    case VALUE_INT:
    case VALUE_FLOAT: made = go_float(value_number(v)); break;
    case VALUE_STRING: made = go_string(v->string); break;
    case VALUE_LIST:
        items = arena_array(env->arena, struct go_value, v->list.len + 1);
        for (uint32_t i = 0; i < v->list.len; i++) items[i] = go_kept(to_go(env, &v->list.items[i]));
        made = go_list(&GO_TYPE_LIST, items, v->list.len);
        break;
    case VALUE_MAP:
        made = go_map(env, &GO_TYPE_MAP, v->map.len);
        for (uint32_t i = 0; i < v->map.len; i++)
            go_map_set(env, made.map, v->map.members[i].key, to_go(env, &v->map.members[i].value));
        break;
    }
    return made;
}

static void answer(struct arena *a, const char *word, struct str text) {
    struct buf out = buf_in(a);
    go_base64_encode(&out, text);
    printf("%s %.*s\n", word, STR_ARG(buf_str(&out)));
}

static void run(struct arena *a, struct str template, struct str values, uint8_t helm, bool trace) {
    struct go_env env = {.arena = a, .budget = {1000000, 64 << 20, 0}, .helm = helm, .trace = trace};
    struct value parsed;
    struct json_error problem;
    struct template_error error = {0};
    struct template_file file = {
        .source = {.name = STR("c/templates/t.yaml"), .text = template}, .base_path = STR("c/templates"), .runs = true};
    if (!json_parse(a, values, &parsed, &problem)) base_panic(problem.message);
    file.dot = go_map(&env, &GO_TYPE_MAP, 1);
    go_map_set(&env, file.dot.map, STR("Values"), to_go(&env, &parsed));
    if (!program_run(&env, &file, 1, &error))
        answer(a, error.failure == TEMPLATE_CUT_OFF ? "hole" : "error", error.message);
    else answer(a, go_find_hole(&file.output) ? "hole" : "ok", file.output.text);
}

static bool read_line(char **line, size_t *size, struct str *out) {
    ssize_t len = getline(line, size, stdin);
    if (len < 0) return false;
    *out = (struct str){*line, (size_t)(len > 0 && (*line)[len - 1] == '\n' ? len - 1 : len)};
    return true;
}

static int print_names(void) {
    for (size_t t = 0; FN_TABLES[t]; t++)
        for (const struct go_function *function = FN_TABLES[t]; function->name; function++) puts(function->name);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "names") == 0) return print_names();
    uint8_t helm = argc > 1 && strcmp(argv[1], "4") == 0 ? 4 : 3;
    bool trace = argc > 2 && strcmp(argv[2], "trace") == 0;
    char *lines[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0}, bad;
    struct str encoded, values;
    struct arena arena = {0};
    while (read_line(&lines[0], &sizes[0], &encoded) && read_line(&lines[1], &sizes[1], &values)) {
        struct buf template = buf_in(&arena);
        if (!go_base64_decode(&template, encoded, &bad)) base_panic("the template is not in base64");
        run(&arena, template.len ? buf_str(&template) : STR(""), values, helm, trace);
        arena_reset(&arena);
    }
    free(lines[0]);
    free(lines[1]);
    arena_free(&arena);
    return 0;
}
