#include "cel/cel.h"

#include "cel/check.h"
#include "cel/parse.h"

static const struct cel_table *const tables[] = {&fn_core, &fn_convert,  &fn_time, &fn_string, &fn_format,
                                                 &fn_list, &fn_quantity, &fn_url,  &fn_regex};

static void add_function(struct arena *a, struct map *functions, const struct cel_function *function) {
    struct cel_overloads *overloads = map_get(functions, function->name);
    if (!overloads) {
        overloads = arena_new(a, struct cel_overloads);
        overloads->name = function->name;
        map_put(a, functions, function->name, overloads);
    }
    if (overloads->len % 4 == 0)
        overloads->items =
            arena_grow(a, overloads->items, sizeof(void *) * overloads->len, sizeof(void *) * (overloads->len + 4));
    overloads->items[overloads->len++] = function;
}

const struct cel_env *cel_env_make(struct arena *a, const struct cel_options *options) {
    struct cel_env *env = arena_new(a, struct cel_env);
    struct cel_variable *variables = arena_array(a, struct cel_variable, options->count);

    env->container = options->container;
    env->dotted = options->container.len > 0;
    env->unchecked = options->unchecked;
    env->variables = variables;
    env->variable_count = options->count;
    for (uint32_t i = 0; i < options->count; i++) {
        variables[i] = options->variables[i];
        map_put(a, &env->slots, variables[i].name, &variables[i]);
        if (str_find_char(variables[i].name, '.') < variables[i].name.len) env->dotted = true;
    }
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (uint32_t i = 0; i < tables[t]->count; i++) add_function(a, &env->functions, &tables[t]->functions[i]);
    return env;
}

const struct cel_program *cel_compile(struct arena *a, const struct cel_env *env, struct str text,
                                      struct cel_error *error) {
    struct cel_node *root = cel_parse(a, text, error);
    if (!root) return NULL;
    struct cel_program *program = arena_new(a, struct cel_program);
    *program = (struct cel_program){.text = text, .env = env, .root = root};
    return cel_check(a, program, error) ? program : NULL;
}

const struct cel_type *cel_program_type(const struct cel_program *program) {
    return program->root->type;
}
