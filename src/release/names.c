#include "release/names.h"

#include "base/file.h"
#include "base/path.h"
#include "chart/archive.h"
#include "chart/templates.h"
#include "template/syntax/parse.h"

/* How deep nodes and pipelines are followed; what nests deeper counts as not read. */
#define DEPTH_MAX 200
/* Packed charts inside of packed charts. */
#define PACKED_DEPTH_MAX 4

struct reader {
    struct arena *arena;
    bool in_define;
    struct release_names *names;
};

static void note(struct reader *r, struct map *map, struct str name) {
    map_put(r->arena, map, name, r->names);
}

static void read_pipe(struct reader *r, const struct tmpl_pipe *pipe, int depth);

static void read_field(struct reader *r, const struct tmpl_arg *arg, uint32_t index) {
    struct str name = arg->fields[index].name;
    bool last = index + 1 == arg->field_count;
    note(r, &r->names->fields, name);
    if (r->in_define) note(r, &r->names->define_fields, name);
    if (str_eq(name, STR("Subcharts"))) r->names->subcharts = true;
    if (!str_eq(name, STR("Values")) || !(last || str_eq(arg->fields[index + 1].name, STR("AsMap")))) return;
    r->names->whole = true;
    r->names->define_whole = r->names->define_whole || r->in_define;
}

static void read_arg(struct reader *r, const struct tmpl_arg *arg, int depth) {
    if (depth > DEPTH_MAX) {
        r->names->unread = true;
        return;
    }
    for (uint32_t i = 0; i < arg->field_count; i++) read_field(r, arg, i);
    if (arg->kind == TMPL_STRING) note(r, &r->names->strings, arg->name);
    if (arg->kind == TMPL_STRING && r->in_define) note(r, &r->names->define_strings, arg->name);
    if (arg->kind == TMPL_PIPE) read_pipe(r, arg->pipe, depth + 1);
    if (arg->kind == TMPL_CHAIN) read_arg(r, arg->head, depth + 1);
}

/* `include` with a name that is not written out. */
static bool computes_name(const struct tmpl_command *command) {
    const struct tmpl_arg *args = command->args;
    if (args[0].kind != TMPL_IDENTIFIER || !str_eq(args[0].name, STR("include"))) return false;
    return command->arg_count < 2 || args[1].kind != TMPL_STRING;
}

static void read_pipe(struct reader *r, const struct tmpl_pipe *pipe, int depth) {
    for (uint32_t c = 0; pipe && c < pipe->command_count; c++) {
        const struct tmpl_command *command = &pipe->commands[c];
        if (computes_name(command)) r->names->computed = true;
        for (uint32_t i = 0; i < command->arg_count; i++) read_arg(r, &command->args[i], depth);
    }
}

static void read_nodes(struct reader *r, const struct tmpl_node *node, int depth) {
    if (depth > DEPTH_MAX) r->names->unread = true;
    for (; node && depth <= DEPTH_MAX; node = node->next) {
        if (node->kind == TMPL_TEMPLATE) note(r, &r->names->strings, node->name);
        read_pipe(r, node->pipe, depth);
        read_nodes(r, node->body, depth + 1);
        read_nodes(r, node->otherwise, depth + 1);
    }
}

static void read_text(struct reader *r, struct str text) {
    struct tmpl_tree tree;
    struct tmpl_error error;
    if (!tmpl_parse(r->arena, text, &tree, &error)) {
        r->names->unread = true;
        return;
    }
    read_nodes(r, tree.body, 0);
    for (uint32_t i = 0; i < tree.defines.len; i++) {
        note(r, &r->names->defines, tree.defines.items[i].name);
        r->in_define = true;
        read_nodes(r, tree.defines.items[i].body, 0);
        r->in_define = false;
    }
}

static bool is_wanted(struct str path) {
    return str_find(path, STR("templates/")) < path.len || str_ends(path, STR(".tgz"));
}

static void read_packed(struct reader *r, struct str bytes, int depth) {
    struct archive archive;
    struct error error;
    if (depth > PACKED_DEPTH_MAX || !archive_read(r->arena, bytes, is_wanted, &archive, &error)) {
        r->names->unread = true;
        return;
    }
    for (uint32_t i = 0; i < archive.files.len; i++) {
        const struct archive_file *file = &archive.files.items[i];
        if (str_ends(file->path, STR(".tgz"))) read_packed(r, file->text, depth + 1);
        else read_text(r, file->text);
    }
}

void names_read(struct arena *a, const struct release_chart *chart, struct release_names *names) {
    struct reader r = {.arena = a, .names = names};
    struct chart_templates templates = {NULL, 0, 0};
    struct error error;
    struct str text;
    *names = (struct release_names){.unread = !chart_list_templates(a, chart->folder, &templates, &error)};
    for (uint32_t i = 0; i < templates.len; i++) {
        const struct chart_template *file = &templates.items[i];
        if (file->kind != CHART_TEMPLATE_OWN && file->kind != CHART_TEMPLATE_SHARED) continue;
        if (file_read(a, file->path.ptr, INPUT_MAX, &text, &error)) read_text(&r, text);
        else names->unread = true;
    }
    for (uint32_t i = 0; i < chart->packed.len; i++) {
        struct str path = path_join(a, path_join(a, chart->folder, STR("charts")), chart->packed.items[i]);
        if (file_read(a, path.ptr, ARCHIVE_TOTAL_MAX, &text, &error)) read_packed(&r, text, 0);
        else names->unread = true;
    }
}
