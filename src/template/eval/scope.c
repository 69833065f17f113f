/* All bodies are gone through once from the root. Where a template changes a value, files before it may have read the
 * value as it was after: they are gone through a second time, with all places that change known. */
#include "template/eval/scope_evaluator.h"

void scope_parse(struct arena *a, struct tmpl_memo *memo, struct scope_file *file) {
    struct tmpl_memo own = {.arena = a};
    const struct tmpl_parsed *parsed = tmpl_memo_parse(memo ? memo : &own, file->text);
    file->broken = parsed->broken;
    file->error = parsed->error;
    file->tree = file->broken ? NULL : &parsed->tree;
}

static void add_item(struct scope_evaluator *e, struct abstract_items *items, const char *key,
                     const struct value *value) {
    struct abstract_item item = {str_from(key), value ? abstract_data(value) : abstract_unknown()};
    vec_push(e->arena, &items->list, item);
}

/* .Chart */
static struct abstract chart_of(struct scope_evaluator *e) {
    static const char *const names[][2] = {
        {"Name", "name"}, {"Version", "version"}, {"AppVersion", "appVersion"}, {"Type", "type"}};
    struct abstract chart = {.kind = ABSTRACT_DICT, .items = arena_new(e->arena, struct abstract_items)};
    chart.items->open = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct value *value = e->input->chart ? value_get(e->input->chart, str_from(names[i][1])) : NULL;
        if (value && value->kind != VALUE_STRING) value = NULL;
        add_item(e, chart.items, names[i][0], value);
    }
    return chart;
}

static void add_defines(struct scope_evaluator *e, uint32_t file) {
    const struct tmpl_tree *tree = e->input->files[file].tree;
    for (uint32_t i = 0; tree && i < tree->defines.len; i++) {
        const struct tmpl_define *body = &tree->defines.items[i];
        if (body->empty && map_get(&e->defines, body->name)) continue;
        struct scope_routine *routine = arena_new(e->arena, struct scope_routine);
        *routine = (struct scope_routine){.unit = {tree, file, false, {0, 0}}, .body = body->body};
        map_put(e->arena, &e->defines, body->name, routine);
    }
}

/* Goes through all bodies once. */
static void run_all(struct scope_evaluator *e) {
    e->defines = e->texts = (struct map){0};
    e->out->failures.len = 0;
    e->out->blanks.len = 0;
    e->steps = e->serial = 0;
    e->changed = UINT32_MAX;
    e->others = false;
    for (uint32_t i = 0; i < e->input->file_count; i++) add_defines(e, i);
    for (uint32_t i = 0; i < e->input->file_count; i++) {
        const struct scope_file *file = &e->input->files[i];
        struct abstract root = {.kind = ABSTRACT_ROOT};
        if (!file->entry || !file->tree) continue;
        struct scope_routine routine = {.unit = {file->tree, i, false, {0, 0}}, .body = file->tree->body};
        e->reach = e->limit = TRUTH_YES;
        e->unit = &routine.unit;
        scope_routine(e, &routine, &root);
    }
}

void scope_run(struct arena *a, const struct scope_input *input, struct scope_result *scope) {
    struct scope_evaluator e = {.arena = a, .input = input, .out = scope};
    for (uint32_t i = 0; i < input->filled_count; i++)
        value_path_below(a, &scope->root, input->filled[i])->uses |= VALUE_PATH_OTHER;
    e.chart = chart_of(&e);
    run_all(&e);
    /* What a template changes is not known in those before it either; the second time all such places are known. */
    if (e.others && !scope->stopped) run_all(&e);
}
