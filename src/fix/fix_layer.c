/* Values of ancestors that move along. What a parent sets below the chart's key lies over the chart's values as an
 * overlay does, so it becomes one: a file whose values are those below the key, and whose operations get the key put in
 * front. Nothing but moves is done to it.
 *
 * Where a file cannot be written along, fix_release.c holds the move back. */
#include "base/path.h"
#include "chart/boundary.h"
#include "fix/fix_plan.h"
#include "release/part.h"
#include "value/pointer.h"
#include "yaml/read.h"

static bool any_move_is_set(const struct fix_plan *p, const struct value *below) {
    for (uint32_t i = 0; i < p->moves.len; i++)
        if (fix_value(below, p->moves.items[i]->from) || fix_value(below, p->moves.items[i]->to)) return true;
    return false;
}

struct key_path fix_layer_keys(const struct fix_plan *p, const struct release_view *view,
                               const struct release_layer *layer) {
    uint32_t front = layer->bound ? layer->bound->key_count : 0;
    if (front == 0) return (struct key_path){view->keys, view->key_count};
    struct str *keys = arena_array(p->arena, struct str, front + view->key_count);
    memcpy(keys, layer->bound->keys, sizeof *keys * front);
    if (view->key_count) memcpy(keys + front, view->keys, sizeof *keys * view->key_count);
    return (struct key_path){keys, front + view->key_count};
}

struct fix_doc *fix_layer_of(const struct fix_plan *p, const struct release_view *view,
                             const struct release_layer *layer) {
    struct str path = fix_shown(p, layer->source.path);
    struct key_path keys = fix_layer_keys(p, view, layer);
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        if (doc->view != view || !str_eq(doc->source.path, path) || !doc->bound != !layer->bound) continue;
        bool same = doc->above.count == keys.count && keys_lead(doc->above.keys, keys.count, keys.keys, keys.count);
        if (same && (!doc->bound || doc->within.start == layer->within.start)) return doc;
    }
    return NULL;
}

/* The document whose text the layer shares, below other keys; NULL for none. *blocked: another part of the file that
 * overlaps with it is open. */
static struct fix_doc *find_open(const struct fix_plan *p, const struct fix_doc *opened, bool *blocked) {
    *blocked = false;
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        if (!str_eq(doc->source.path, opened->source.path)) continue;
        if (doc->within.start == opened->within.start && doc->within.end == opened->within.end) return doc;
        if (doc->within.start < opened->within.end && opened->within.start < doc->within.end) *blocked = true;
    }
    return NULL;
}

/* Why a layer that is bound from outside cannot be written. */
static struct str bound_blocker(const struct fix_plan *p, const struct release_view *view,
                                const struct release_layer *layer) {
    struct release_world *world = p->request->world;
    struct str path = layer->source.path;
    if (layer->bound->blocker.len) return layer->bound->blocker;
    if (layer->is_loose) return layer->why;
    if (part_is_templated(layer->file)) return STR("the file is a template, which is never written");
    if (release_world_is_shared(world, view->from->folder, layer->bound))
        return STR("several charts take values from it");
    if (!release_world_is_asked(world, path))
        return arena_printf(p->arena, "to move it along, run valuelint on %.*s too",
                            STR_ARG(fix_shown(p, arena_str(p->arena, path_folder(path)))));
    return STR("");
}

struct str fix_layer_blocker(const struct fix_plan *p, const struct release_view *view,
                             const struct release_layer *layer) {
    struct arena *a = p->arena;
    struct str boundary = p->request->paths->boundary;
    struct str bound = layer->bound ? bound_blocker(p, view, layer) : STR("");
    if (bound.len) return bound;
    bool local = view->key_count == 1 && view->by_repository && release_world_is_local(p->request->world, p->node);
    if (view->by_repository && !local)
        return STR("the chart comes from a repository there, which may not be built from this one");
    if (view->uncertain && !local) return STR("which chart Helm uses there is unknown");
    if (value_get(&layer->values, STR("sops"))) return STR("the file is encrypted");
    if (!layer->bound && !path_is_below(path_real(a, layer->source.path), view->from->folder))
        return STR("the file is a link");
    if (boundary.len && !boundary_holds(a, boundary, layer->source.path))
        return STR("it lies outside of the repository");
    if (!p->request->rename && !release_world_is_asked(p->request->world, view->from->folder))
        return arena_printf(a, "to move it along, run valuelint on %.*s", STR_ARG(fix_shown(p, view->from->folder)));
    return STR("");
}

/* Reads the part of the file that the layer is; false where it cannot be had. */
static bool take_part(const struct fix_plan *p, struct fix_doc *doc, const struct release_layer *layer) {
    struct release_layer now = {.source = {.path = doc->source.path}};
    doc->within = span_make(0, UINT32_MAX);
    if (!layer->bound) return true;
    release_layer_read(p->arena, layer->bound, doc->source.text, &now);
    doc->bound = layer->bound;
    if (now.unread || now.is_loose) return false;
    if (now.source.text.ptr != now.file.ptr) {
        doc->file = now.file;
        doc->source.text = now.source.text;
        doc->within = now.within;
    }
    return true;
}

/* Makes the document one on the text of its owner. */
static void share_text(struct fix_plan *p, struct fix_doc *doc) {
    doc->source = doc->owner->source;
    doc->tree = doc->owner->tree;
    fix_add_doc(p, doc);
    fix_layer_take(p, doc->owner, doc->owner->whole, false);
    doc->first_values = doc->values;
}

/* The file as an overlay of the chart; false where it is to be left alone. */
static bool open_layer(struct fix_plan *p, const struct release_view *view, const struct release_layer *layer) {
    struct fix_doc *doc = arena_new(p->arena, struct fix_doc);
    struct yaml_issues issues = {NULL, 0, 0};
    struct error error;
    struct key_path keys = fix_layer_keys(p, view, layer);
    const struct value *known = value_path(&layer->values, keys.keys, keys.count);
    bool own = view == p->own_view, blocked;
    if (layer->unread || !known || known->kind != VALUE_MAP || (!own && !any_move_is_set(p, known))) return false;
    if (fix_layer_blocker(p, view, layer).len) return false;
    doc->overlay = true;
    doc->view = view;
    doc->above = keys;
    doc->source.path = fix_shown(p, layer->source.path);
    if (!lint_read_text(p->arena, p->request->texts, doc->source.path, &doc->source.text, &error)) return false;
    if (!take_part(p, doc, layer)) return false;
    doc->owner = find_open(p, doc, &blocked);
    if (blocked || (doc->owner && !doc->owner->view)) return false; /* it is a file of the chart itself too */
    if (doc->owner) {
        share_text(p, doc);
        return true;
    }
    if (!read_text_values(p->arena, &doc->source, &doc->tree, &doc->whole, &issues)) return false;
    if (!value_path(&doc->whole, keys.keys, keys.count)) return false;
    fix_add_doc(p, doc);
    fix_layer_take(p, doc, doc->whole, false);
    doc->first_values = doc->values;
    return true;
}

/* An edit that begins with the line in whose middle the part begins (an item of a list: `- a: 1`) puts its indentation
 * where the part is indented already; one that takes the entry away leaves that of the next line. */
static void keep_column(struct fix_plan *p, const struct fix_doc *doc, struct edit *edit) {
    struct str text = doc->source.text;
    uint32_t column = 0, blanks = 0;
    while (edit->span.start > column && text.ptr[edit->span.start - column - 1] != '\n') column++;
    if (column == 0) return;
    while (blanks < edit->text.len && edit->text.ptr[blanks] == ' ') blanks++;
    if (blanks >= column) edit->text = arena_str(p->arena, str_slice(edit->text, column, edit->text.len));
    if (edit->text.len) return;
    while (blanks < column && edit->span.end + blanks < text.len && text.ptr[edit->span.end + blanks] == ' ') blanks++;
    if (blanks == column) edit->span.end += column;
}

/* Blank lines around a part may go with its first or last entry: they are what else the file holds, and stay. */
bool fix_keep_within(struct fix_plan *p, struct fix_doc *doc, const struct value *model) {
    struct patch_result *patched = &doc->patched;
    struct yaml_issues issues = {NULL, 0, 0};
    uint32_t start = doc->within.start, end = doc->within.end + (uint32_t)(doc->source.text.len - doc->first.len);
    bool any = false;
    for (uint32_t i = 0; i < patched->edits.len; i++) {
        struct span *span = &patched->edits.items[i].span;
        if (span->start >= start && span->end <= end) continue;
        any = true;
        bool begins = span->start < start;
        if (span->start < start) span->start = start;
        if (span->start > end) span->start = end;
        if (span->end > end) span->end = end;
        if (span->end < span->start) span->end = span->start;
        if (begins && span->start == start) keep_column(p, doc, &patched->edits.items[i]);
    }
    if (!any) return true;
    struct source *source = arena_new(p->arena, struct source);
    struct tree *tree = arena_new(p->arena, struct tree);
    struct value *values = arena_new(p->arena, struct value);
    if (!edits_settle(p->arena, &patched->edits)) return false;
    *source =
        (struct source){.path = doc->source.path, .text = edits_apply(p->arena, doc->source.text, &patched->edits)};
    patched->text = source->text;
    patched->tree = tree;
    patched->values = values;
    return read_text_values(p->arena, source, tree, values, &issues) && value_equal(values, model);
}

const struct release_views *fix_views(struct fix_plan *p) {
    struct str folder = p->request->paths->folder;
    if (p->views || !p->request->world) return p->views;
    struct release_views *views = arena_new(p->arena, struct release_views);
    p->node = release_world_chart(p->request->world, folder.len ? folder : STR("."), &p->graph);
    if (p->node) release_views(p->arena, p->node, views);
    return p->views = views;
}

bool fix_open_bound(struct fix_plan *p, bool moves) {
    struct release_world *world = p->request->world;
    struct release_bindings bindings = {NULL, 0, 0};
    uint32_t before = p->docs.len;
    if (!world) return false;
    release_world_bindings(world, p->arena, p->request->paths->folder, moves, &bindings);
    if (bindings.len == 0) return false;
    fix_views(p);
    if (!p->node) return false;
    struct release_view *view = arena_new(p->arena, struct release_view);
    if (!p->own_view) *view = (struct release_view){.from = p->node}, p->own_view = view;
    struct release_bindings *kept = arena_new(p->arena, struct release_bindings); /* layers point to it */
    *kept = bindings;
    p->own_layers = (struct release_layers){NULL, 0, 0};
    release_layers_bound(p->arena, kept, &p->own_layers);
    for (uint32_t i = 0; i < p->own_layers.len; i++)
        if (!fix_layer_of(p, p->own_view, &p->own_layers.items[i])) open_layer(p, p->own_view, &p->own_layers.items[i]);
    return p->docs.len > before;
}

/* The values files of a chart around, and what is bound to it. */
static void read_layers(struct fix_plan *p, const struct release_chart *from, struct release_layers *layers) {
    struct release_bindings *bindings = arena_new(p->arena, struct release_bindings);
    release_layers_read(p->arena, from, layers);
    release_world_bindings(p->request->world, p->arena, from->folder, true, bindings);
    release_layers_bound(p->arena, bindings, layers);
}

bool fix_open_layers(struct fix_plan *p) {
    uint32_t before = p->docs.len;
    if (p->layers_open || p->moves.len == 0 || p->docs.items[0]->overlay) return false;
    const struct release_views *views = fix_views(p);
    p->layers_open = true;
    fix_open_bound(p, true);
    p->layers = arena_array(p->arena, struct release_layers, views ? views->list.len + 1 : 1);
    for (uint32_t v = 0; views && v < views->list.len; v++) {
        const struct release_view *view = &views->list.items[v];
        struct release_layers *layers = &p->layers[v];
        read_layers(p, view->from, layers);
        for (uint32_t i = 0; i < layers->len; i++)
            if (open_layer(p, view, &layers->items[i]) && i > 0)
                p->docs.items[p->docs.len - 1]->base = fix_layer_of(p, view, &layers->items[0]);
    }
    return p->docs.len > before;
}
