/* The releases that the chart is a part of. A change of the chart must leave each of them rendering as before, so what
 * stands or is read elsewhere holds a move back, with its place:
 *
 * - an ancestor's values or overlays that set the old place, or the new one, below the chart's key;
 * - an ancestor's templates that read it there (fix_parent.c), its conditions and its import-values;
 * - a define whose body would change, or that another chart of a release has or calls by the same name: Helm keeps one
 *   define of a name for a whole release;
 * - a file that others read too, through a link.
 *
 * Nothing is asked before something is to be changed. */
#include "base/path.h"
#include "fix/fix_plan.h"
#include "release/world.h"
#include "template/syntax/parse.h"

/* ---- Chart.yaml of ancestors ---- */

static struct str dotted_below(const struct fix_plan *p, const struct release_view *view, struct key_path path) {
    return fix_dotted(p, fix_path_below(p, (struct key_path){view->keys, view->key_count}, path));
}

static void ask_conditions(struct fix_plan *p, const struct release_view *view) {
    const struct chart *chart = &view->from->chart;
    for (uint32_t d = 0; d < chart->dependencies.len; d++) {
        struct str list = chart->dependencies.items[d].condition, piece;
        while (parts_next_condition(&list, &piece)) {
            for (uint32_t i = 0; i < p->moves.len; i++) {
                struct str from = dotted_below(p, view, p->moves.items[i]->from);
                struct str to = dotted_below(p, view, p->moves.items[i]->to);
                if (!fix_dotted_meet(piece, from) && !fix_dotted_meet(piece, to)) continue;
                fix_refuse(p, PART_MOVE, p->moves.items[i]->from, NULL, (struct span){0, 0},
                           arena_printf(p->arena, "a condition in %.*s/Chart.yaml reads `%.*s`",
                                        STR_ARG(fix_shown(p, view->from->folder)), STR_ARG(piece)));
            }
        }
    }
}

/* Whether the parent imports values of the chart from `path`, or from around or below it. */
static bool is_imported_from(const struct fix_plan *p, const struct value *item, struct key_path path) {
    struct parts_import import;
    return parts_read_import(p->arena, item, &import) &&
           (str_eq(import.from, STR(".")) || fix_dotted_meet(import.from, fix_dotted(p, path)));
}

static void ask_imports(struct fix_plan *p, const struct release_view *view) {
    const struct chart_dependency *dependency = view->link->dependency;
    const struct value *list = dependency ? value_get(dependency->item, STR("import-values")) : NULL;
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++)
        for (uint32_t m = 0; m < p->moves.len; m++) {
            const struct fix_move *move = p->moves.items[m];
            if (!is_imported_from(p, &list->list.items[i], move->from)) continue;
            fix_refuse(p, PART_MOVE, move->from, NULL, (struct span){0, 0},
                       arena_printf(p->arena, "%.*s/Chart.yaml imports it (`import-values`)",
                                    STR_ARG(fix_shown(p, view->link->above->folder))));
        }
}

/* ---- Names ---- */

/* The moves that change what is defined as `name` in the file. */
static void refuse_moves_within(struct fix_plan *p, const struct fix_template *file, struct span body,
                                struct str reason) {
    for (uint32_t i = 0; i < file->follow.len; i++) {
        const struct fix_move *move = file->follow_moves.items[i];
        struct span at = file->follow.items[i].span;
        if (!move || at.start < body.start || at.end > body.end) continue;
        struct source *source = arena_new(p->arena, struct source);
        *source = (struct source){.path = file->source.path, .text = file->text};
        fix_refuse(p, PART_MOVE, move->from, source, at, reason);
    }
}

static bool changes_within(const struct fix_template *file, struct span body) {
    for (uint32_t i = 0; i < file->follow.len; i++)
        if (file->follow.items[i].span.start >= body.start && file->follow.items[i].span.end <= body.end) return true;
    return false;
}

struct family {
    struct VEC(const struct release_chart *) charts; /* of the releases, without the chart and its own parts */
    struct map known;                                /* by folder */
};

static void add_parts(struct fix_plan *p, struct family *family, const struct release_chart *chart,
                      const struct release_chart *own) {
    if (chart == own || map_put(p->arena, &family->known, chart->folder, family)) return;
    vec_push(p->arena, &family->charts, chart);
    for (uint32_t i = 0; i < chart->below.len; i++) add_parts(p, family, chart->below.items[i]->below, own);
}

/* A chart of a release that stands against a change of the define; NULL for none. */
static const struct release_chart *who_shares(struct fix_plan *p, const struct family *family, struct str name,
                                              const char **how) {
    for (uint32_t i = 0; i < family->charts.len; i++) {
        const struct release_chart *chart = family->charts.items[i];
        const struct release_names *names = release_world_names(p->request->world, chart);
        *how = map_get(&names->defines, name)   ? "defines it too"
               : map_get(&names->strings, name) ? "may call it"
               : names->computed                ? "calls a named template by a computed name"
               : names->unread                  ? "has templates that cannot be read"
                                                : NULL;
        if (*how) return chart;
    }
    return NULL;
}

static void ask_define(struct fix_plan *p, const struct family *family, const struct fix_template *file,
                       const struct tmpl_define *define) {
    struct span body = span_make(define->span.end, define->end_action.start);
    const char *how = NULL;
    if (!changes_within(file, body)) return;
    const struct release_chart *other = who_shares(p, family, define->name, &how);
    if (!other) return;
    p->result->waits = true;
    refuse_moves_within(p, file, body,
                        arena_printf(p->arena,
                                     "the named template `%.*s` would change, and %.*s, in the same release, %s",
                                     STR_ARG(define->name), STR_ARG(fix_shown(p, other->folder)), how));
}

/* Whether the defines that use these names may read the value that moves: each key of its path is among them. */
static bool may_read_move(const struct release_names *names, const struct fix_move *move) {
    if (names->define_whole || names->unread) return true;
    for (uint32_t i = 0; i < move->from.count; i++) {
        struct str key = move->from.keys[i];
        if (!map_get(&names->define_fields, key) && !map_get(&names->define_strings, key)) return false;
    }
    return true;
}

/* A define that the chart calls, and has, and that another chart of the release has too: Helm may take that one's,
 * which then reads this chart's values. */
static void ask_called(struct fix_plan *p, const struct release_chart *chart, const struct family *family) {
    const struct release_names *own = release_world_names(p->request->world, chart);
    for (uint32_t i = 0; i < family->charts.len && p->moves.len; i++) {
        const struct release_chart *other = family->charts.items[i];
        const struct release_names *names = release_world_names(p->request->world, other);
        for (uint32_t d = 0; d < names->defines.len; d++) {
            struct str name = names->defines.entries[d].key;
            if (!own->computed && !map_get(&own->strings, name)) continue;
            for (uint32_t m = 0; m < p->moves.len; m++)
                if (may_read_move(names, p->moves.items[m])) {
                    p->result->waits = true;
                    fix_refuse(p, PART_MOVE, p->moves.items[m]->from, NULL, (struct span){0, 0},
                               arena_printf(p->arena,
                                            "the named template `%.*s` of %.*s, in the same release, may read it",
                                            STR_ARG(name), STR_ARG(fix_shown(p, other->folder))));
                }
        }
    }
}

static void ask_names(struct fix_plan *p, const struct release_chart *chart, const struct release_views *views) {
    struct family family = {{NULL, 0, 0}, {0}};
    for (uint32_t i = 0; i < views->list.len; i++) add_parts(p, &family, views->list.items[i].from, chart);
    if (family.charts.len == 0) return;
    ask_called(p, chart, &family);
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        struct tmpl_error error;
        struct tmpl_tree tree;
        if (file->follow.len == 0 || !tmpl_parse(p->arena, file->text, &tree, &error)) continue;
        for (uint32_t d = 0; d < tree.defines.len; d++) ask_define(p, &family, file, &tree.defines.items[d]);
    }
}

/* ---- Links ---- */

/* Why the file at `path` belongs to others than the chart in `folder` too; empty where it does not. */
static struct str why_shared(struct fix_plan *p, const struct release_graph *graph, struct str folder,
                             struct str path) {
    struct str real = path_real(p->arena, path), own = path_real(p->arena, folder.len ? folder : STR("."));
    if (real.len == 0 || own.len == 0) return STR("");
    if (!path_is_below(real, own))
        return arena_printf(p->arena, "%.*s is a link to %.*s, which other charts may read", STR_ARG(path),
                            STR_ARG(fix_shown(p, real)));
    struct str link = release_linked_from(graph, real, own);
    if (link.len == 0) return STR("");
    return arena_printf(p->arena, "%.*s is a link to %.*s", STR_ARG(fix_shown(p, link)), STR_ARG(path));
}

static void ask_links(struct fix_plan *p, const struct release_graph *graph) {
    struct str own = p->request->paths->folder;
    bool any = graph->links.len || p->request->paths->has_links;
    for (uint32_t i = 0; i < p->docs.len; i++) {
        const struct fix_doc *doc = p->docs.items[i];
        if (!any && !doc->view) continue;
        struct str folder = doc->view ? doc->view->from->folder : own;
        if (doc->bound) folder = arena_str(p->arena, path_folder(path_real(p->arena, doc->source.path)));
        struct str why = doc->operations.len ? why_shared(p, graph, folder, doc->source.path) : STR("");
        for (uint32_t k = 0; why.len && k < doc->origins.len; k++)
            fix_refuse(p, doc->origins.items[k].kind, doc->origins.items[k].path, NULL, (struct span){0, 0}, why);
    }
    for (uint32_t i = 0; i < p->templates.files.len && any; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        struct str why = file->follow.len ? why_shared(p, graph, own, file->source.path) : STR("");
        if (why.len) refuse_moves_within(p, file, span_make(0, file->text.len + 1), why);
    }
}

/* ---- */

static void ask_view(struct fix_plan *p, const struct release_view *view, const struct release_layers *layers) {
    for (uint32_t i = 0; layers && i < layers->len; i++) fix_check_layer(p, view, &layers->items[i]);
    ask_conditions(p, view);
    ask_imports(p, view);
    if (p->moves.len && release_world_names(p->request->world, view->from)->subcharts)
        fix_refuse_moves(
            p, NULL, (struct span){0, 0},
            arena_printf(p->arena, "a template of %.*s reads `.Subcharts`", STR_ARG(fix_shown(p, view->from->folder))));
    fix_check_parents(p, view);
}

void fix_check_releases(struct fix_plan *p) {
    const struct release_views *views = fix_views(p);
    if (!views) return;
    fix_check_mentions(p);
    ask_links(p, p->graph);
    if (!p->node) return;
    /* Before anything of this chart is written: whoever asks for its names in this run gets those that it began with.
     */
    if (p->node->above.len || p->node->below.len) release_world_names(p->request->world, p->node);
    if (views->more)
        fix_refuse_moves(p, NULL, (struct span){0, 0}, STR("the chart is part of too many releases to check"));
    for (uint32_t i = 0; i < p->own_layers.len; i++) fix_check_layer(p, p->own_view, &p->own_layers.items[i]);
    for (uint32_t i = 0; i < views->list.len; i++) ask_view(p, &views->list.items[i], p->layers ? &p->layers[i] : NULL);
    ask_names(p, p->node, views);
}
