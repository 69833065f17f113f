#include "template/eval/scope_work.h"

void template_scope_read(struct arena *a, struct template_scope_file *file) {
    struct tmpl_tree *tree = arena_new(a, struct tmpl_tree);
    file->broken = !tmpl_parse(a, file->text, tree, &file->error);
    file->tree = file->broken ? NULL : tree;
}

static void add_item(struct work *w, struct abstract_items *items, const char *key, const struct value *value) {
    struct abstract_item item = {str_from(key), value ? abstract_data(value) : abstract_unknown()};
    vec_push(w->arena, &items->list, item);
}

/* .Chart */
static struct abstract chart_of(struct work *w) {
    static const char *const names[][2] = {
        {"Name", "name"}, {"Version", "version"}, {"AppVersion", "appVersion"}, {"Type", "type"}};
    struct abstract chart = {.kind = ABSTRACT_DICT, .items = arena_new(w->arena, struct abstract_items)};
    chart.items->open = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct value *value = w->input->chart ? value_get(w->input->chart, str_from(names[i][1])) : NULL;
        if (value && value->kind != VALUE_STRING) value = NULL;
        add_item(w, chart.items, names[i][0], value);
    }
    return chart;
}

static void add_defines(struct work *w, uint32_t file) {
    const struct tmpl_tree *tree = w->input->files[file].tree;
    for (uint32_t i = 0; tree && i < tree->defines.len; i++) {
        const struct tmpl_define *body = &tree->defines.items[i];
        if (body->empty && map_get(&w->defines, body->name)) continue;
        struct routine *routine = arena_new(w->arena, struct routine);
        *routine = (struct routine){.unit = {tree, file, false, {0, 0}}, .body = body->body};
        map_put(w->arena, &w->defines, body->name, routine);
    }
}

/* Goes through all bodies once. */
static void run_all(struct work *w) {
    w->defines = w->texts = (struct map){0};
    w->out->failures.len = 0;
    w->out->blanks.len = 0;
    w->steps = w->serial = 0;
    w->changed = UINT32_MAX;
    w->others = false;
    for (uint32_t i = 0; i < w->input->file_count; i++) add_defines(w, i);
    for (uint32_t i = 0; i < w->input->file_count; i++) {
        const struct template_scope_file *file = &w->input->files[i];
        struct abstract root = {.kind = ABSTRACT_ROOT};
        if (!file->entry || !file->tree) continue;
        struct routine routine = {.unit = {file->tree, i, false, {0, 0}}, .body = file->tree->body};
        w->reach = w->limit = TRUTH_YES;
        w->unit = &routine.unit;
        work_routine(w, &routine, &root);
    }
}

void template_scope_run(struct arena *a, const struct template_scope_input *input, struct template_scope *scope) {
    struct work w = {.arena = a, .input = input, .out = scope};
    for (uint32_t i = 0; i < input->filled_count; i++)
        template_place_below(a, &scope->root, input->filled[i])->uses |= TEMPLATE_PLACE_OTHER;
    w.chart = chart_of(&w);
    run_all(&w);
    /* What a template changes is not known in those before it either; the second time all such places are known. */
    if (w.others && !scope->stopped) run_all(&w);
}
