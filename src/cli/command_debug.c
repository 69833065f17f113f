/* What the program sees, for whoever works on it: the source tree of a file, the plan of a chart's fixes, and what a
 * template reads. The text is for people and may change with any version. */
#include "base/file.h"
#include "base/path.h"
#include "chart/templates.h"
#include "cli/session.h"
#include "release/world.h"
#include "template/eval/scope.h"
#include "yaml/read.h"

/* ---- debug tree FILE ---- */

static const char *const KINDS[] = {
    [NODE_SCALAR] = "scalar", [NODE_MAP] = "map", [NODE_LIST] = "list", [NODE_ALIAS] = "alias"};
static const char *const STYLES[] = {
    [STYLE_PLAIN] = "plain",     [STYLE_SINGLE] = "single-quoted", [STYLE_DOUBLE] = "double-quoted",
    [STYLE_LITERAL] = "literal", [STYLE_FOLDED] = "folded",        [STYLE_FLOW] = "flow",
    [STYLE_BLOCK] = "block",     [STYLE_EMPTY] = "empty"};

static uint32_t depth_of(const struct node *node) {
    uint32_t depth = 0;
    for (; node->parent; node = node->parent) depth++;
    return depth;
}

static int debug_tree(struct arena *a, const struct options *options) {
    struct source source = {.path = options->operands.items[1]};
    struct buf out = buf_in(a);
    struct yaml_issue issue;
    struct error error;
    struct tree tree;
    if (!file_read(a, source.path.ptr, INPUT_MAX, &source.text, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    source_lines(a, &source);
    if (!tree_parse(a, &source, &tree, &issue)) {
        struct problem problem = {&source, issue.span, issue.message, issue.help};
        command_error(problem_text(a, &problem));
        return EXIT_FINDINGS;
    }
    buf_addf(&out, "%u documents, %u nodes, read by the %s reader\n", tree.document_count, tree.node_count - 1,
             tree.is_plain ? "plain" : "full");
    for (uint32_t i = 1; i < tree.node_count; i++) {
        const struct node *node = tree.nodes[i];
        if (node->key == NULL && node->parent && node->parent->kind == NODE_MAP)
            continue; /* a key: told with its value */
        buf_add_repeat(&out, ' ', 2 * (size_t)depth_of(node));
        if (node->key)
            buf_addf(&out, "%.*s [%u, %u): ", STR_ARG(node->key->text), node->key->span.start, node->key->span.end);
        buf_addf(&out, "%s %s [%u, %u)", KINDS[node->kind], STYLES[node->style], node->span.start, node->span.end);
        if (node->kind != NODE_SCALAR) buf_addf(&out, " %u", node->count);
        if (node->props && node->props->anchor.len) buf_addf(&out, " &%.*s", STR_ARG(node->props->anchor));
        if (node->props && node->props->tag.len) buf_addf(&out, " %.*s", STR_ARG(node->props->tag));
        buf_add_char(&out, '\n');
    }
    return command_print(buf_str(&out));
}

/* ---- debug plan CHART ---- */

static const char *const PARTS[] = {
    [PART_MOVE] = "move", [PART_SCALAR] = "scalar", [PART_ADD] = "addition", [PART_RULE] = "rule"};

static void plan_add(struct arena *a, const struct fix_result *result, struct buf *out) {
    buf_addf(out, "%.*s: %u rounds\n", STR_ARG(result->chart), result->rounds);
    for (uint32_t i = 0; i < result->moved.len; i++)
        buf_addf(out, "  moves %.*s -> %.*s\n", STR_ARG(result->moved.items[i].from),
                 STR_ARG(result->moved.items[i].to));
    for (uint32_t i = 0; i < result->refused.len; i++) {
        const struct fix_refusal *refusal = &result->refused.items[i];
        buf_addf(out, "  refuses the %s of %.*s%s: %.*s", PARTS[refusal->part], STR_ARG(refusal->path),
                 refusal->unsafe ? " (unsafe)" : "", STR_ARG(refusal->reason));
        if (refusal->about) {
            struct source shown = *refusal->about;
            source_lines(a, &shown);
            struct position at = source_position(&shown, refusal->span.start);
            buf_addf(out, " (%.*s:%u:%u)", STR_ARG(shown.path), at.line, at.column);
        }
        buf_add_char(out, '\n');
    }
    if (result->stopped.reason.len) buf_addf(out, "  stops: %.*s\n", STR_ARG(result->stopped.reason));
    if (result->bug.len) buf_addf(out, "  bug: %.*s\n", STR_ARG(result->bug));
    for (uint32_t i = 0; i < result->files.len; i++)
        buf_addf(out, "  writes %.*s: %u edits%s\n", STR_ARG(result->files.items[i].source.path),
                 result->files.items[i].edits.len, result->files.items[i].between.len ? ", in two steps" : "");
}

static int debug_plan(struct arena *a, const struct options *options) {
    struct options charts = *options;
    struct session session;
    struct buf out = buf_in(a);
    charts.operands.items++;
    charts.operands.len--;
    session_begin(&session, a, &charts);
    int status = session_open_charts(&session);
    if (status) return status;
    struct release_world *world = release_world_new(a, charts.operands.items, charts.operands.len);
    for (uint32_t i = 0; i < session.charts.len; i++) {
        struct fix_request request = {.checks = &session.checks,
                                      .settings = session.jobs[i].settings,
                                      .paths = session.jobs[i].paths,
                                      .unsafe = options->unsafe_fixes,
                                      .world = world};
        struct fix_result result;
        fix_chart(a, &request, &result);
        plan_add(a, &result, &out);
    }
    release_world_end(world);
    return command_print(buf_str(&out));
}

/* ---- debug template CHART FILE ---- */

struct shown {
    struct arena *arena;
    struct buf *out;
    struct source source; /* of the file that is asked for */
    uint32_t file;
};

static void add_site(struct shown *s, const struct value_path_site *site) {
    if (site->file != s->file) return;
    struct position at = source_position(&s->source, site->span.start);
    buf_addf(s->out, " %u:%u%s", at.line, at.column, site->certain ? "" : " (under a condition)");
}

static void add_path(struct shown *s, const struct value_path *path) {
    static const struct {
        uint8_t bit;
        const char *name;
    } uses[] = {{VALUE_PATH_READ, "read"},
                {VALUE_PATH_TRUTH, "truth"},
                {VALUE_PATH_WHOLE, "whole"},
                {VALUE_PATH_OTHER, "changed"}};
    if (path->parent) {
        buf_addf(s->out, "  %.*s:", STR_ARG(value_path_text(s->arena, path)));
        for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
            if (path->uses & uses[i].bit) buf_addf(s->out, " %s", uses[i].name);
        for (uint32_t i = 0; i < path->sites.len; i++) add_site(s, &path->sites.items[i]);
        buf_add_char(s->out, '\n');
    }
    for (uint32_t i = 0; i < path->children.len; i++) add_path(s, path->children.entries[i].value);
    if (path->any) add_path(s, path->any);
}

static void add_scope(struct shown *s, const struct scope_result *scope) {
    buf_addf(s->out, "reads by all templates, with places in %.*s:\n", STR_ARG(s->source.path));
    add_path(s, &scope->root);
    for (uint32_t i = 0; i < scope->failures.len; i++) {
        const struct scope_failure *failure = &scope->failures.items[i];
        if (failure->file != s->file) continue;
        struct position at = source_position(&s->source, failure->span.start);
        buf_addf(s->out, "  %s at %u:%u\n", failure->certain ? "fails" : "may fail", at.line, at.column);
    }
    if (scope->stopped) buf_add(s->out, STR("  the work was cut short\n"));
}

static int debug_template(struct arena *a, const struct options *options) {
    struct str folder = options->operands.items[1], name = options->operands.items[2];
    struct chart_templates list = {NULL, 0, 0};
    struct scope_result scope = {.stopped = false};
    struct value values = value_map_new(a, 0);
    struct buf out = buf_in(a);
    struct shown shown = {.arena = a, .out = &out, .file = UINT32_MAX};
    struct chart chart;
    struct error error;
    if (!chart_list_templates(a, folder, &list, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    struct scope_file *files = arena_array(a, struct scope_file, list.len + 1);
    for (uint32_t i = 0; i < list.len; i++) {
        if (!file_read(a, list.items[i].path.ptr, INPUT_MAX, &files[i].text, &error)) {
            command_error(str_from(error.message));
            return EXIT_IO;
        }
        files[i].entry = list.items[i].kind == CHART_TEMPLATE_OWN || list.items[i].kind == CHART_TEMPLATE_SHARED;
        scope_parse(a, NULL, &files[i]);
        if (!str_ends(list.items[i].path, name)) continue;
        shown.file = i;
        shown.source = (struct source){.path = list.items[i].path, .text = files[i].text};
    }
    if (shown.file == UINT32_MAX) {
        command_error(arena_printf(a, "no template of %.*s is called %.*s", STR_ARG(folder), STR_ARG(name)));
        return EXIT_USAGE;
    }
    source_lines(a, &shown.source);
    chart_read(a, path_join(a, folder, STR("Chart.yaml")), path_name(folder), &chart);
    read_file_values(a, path_join(a, folder, STR("values.yaml")), INPUT_MAX, &values);
    struct scope_input input = {.values = &values, .chart = &chart.document, .files = files, .file_count = list.len};
    if (files[shown.file].broken) buf_addf(&out, "Helm refuses it: %.*s\n", STR_ARG(files[shown.file].error.message));
    scope_run(a, &input, &scope);
    add_scope(&shown, &scope);
    return command_print(buf_str(&out));
}

/* ---- */

static const struct {
    const char *name;
    uint32_t operands; /* behind the name */
    int (*run)(struct arena *a, const struct options *options);
} TOPICS[] = {{"tree", 1, debug_tree}, {"plan", 1, debug_plan}, {"template", 2, debug_template}};

int command_debug(struct arena *a, const struct options *options) {
    struct str topic = options->operands.items[0];
    for (size_t i = 0; i < sizeof TOPICS / sizeof *TOPICS; i++)
        if (str_eq(topic, str_from(TOPICS[i].name)) && options->operands.len == TOPICS[i].operands + 1)
            return TOPICS[i].run(a, options);
    command_error(STR("usage: valuelint debug tree FILE, debug plan CHART or debug template CHART FILE"));
    return EXIT_USAGE;
}
