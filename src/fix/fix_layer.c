/* Values of ancestors that move along. What a parent sets below the chart's key lies over the chart's values as an
 * overlay does, so it becomes one: a file whose values are those below the key, and whose operations get the key put in
 * front. Nothing but moves is done to it.
 *
 * Where a file cannot be written along, fix_release.c holds the move back. */
#include "base/path.h"
#include "chart/boundary.h"
#include "fix/fix_plan.h"
#include "value/pointer.h"
#include "yaml/read.h"

static bool any_move_is_set(const struct fix_plan *p, const struct value *below) {
    for (uint32_t i = 0; i < p->moves.len; i++)
        if (fix_value(below, p->moves.items[i]->from) || fix_value(below, p->moves.items[i]->to)) return true;
    return false;
}

struct fix_doc *fix_layer_of(const struct fix_plan *p, const struct release_view *view, struct str path) {
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        if (doc->view == view && str_eq(doc->source.path, path)) return doc;
    }
    return NULL;
}

/* The document of the file, which others may share; NULL for none. */
static struct fix_doc *find_open(const struct fix_plan *p, struct str path) {
    for (uint32_t i = 0; i < p->docs.len; i++)
        if (str_eq(p->docs.items[i]->source.path, path)) return p->docs.items[i];
    return NULL;
}

struct str fix_layer_blocker(const struct fix_plan *p, const struct release_view *view,
                             const struct release_layer *layer) {
    struct arena *a = p->arena;
    struct str boundary = p->request->paths->boundary;
    if (view->link->source == RELEASE_REPOSITORY || view->by_repository)
        return STR("the chart comes from a repository there, which may not be built from this one");
    if (view->uncertain) return STR("which chart Helm uses there is unknown");
    if (value_get(&layer->values, STR("sops"))) return STR("the file is encrypted");
    if (!path_is_below(path_real(a, layer->source.path), view->from->folder)) return STR("the file is a link");
    if (boundary.len && !boundary_holds(a, boundary, layer->source.path))
        return STR("it lies outside of the repository");
    if (!p->request->rename && !release_world_is_asked(p->request->world, view->from->folder))
        return arena_printf(a, "to move it along, run valuelint on %.*s", STR_ARG(fix_shown(p, view->from->folder)));
    return STR("");
}

/* The file as an overlay of the chart; false where it is to be left alone. */
static bool open_layer(struct fix_plan *p, const struct release_view *view, const struct release_layer *layer) {
    struct fix_doc *doc = arena_new(p->arena, struct fix_doc);
    struct yaml_issues issues = {NULL, 0, 0};
    struct error error;
    const struct value *known = value_path(&layer->values, view->keys, view->key_count);
    if (layer->unread || !known || known->kind != VALUE_MAP || !any_move_is_set(p, known)) return false;
    if (fix_layer_blocker(p, view, layer).len) return false;
    doc->overlay = true;
    doc->view = view;
    doc->source.path = fix_shown(p, layer->source.path);
    doc->owner = find_open(p, doc->source.path);
    if (doc->owner) {
        if (!doc->owner->view) return false; /* it is a file of the chart itself too */
        doc->source = doc->owner->source;
        doc->tree = doc->owner->tree;
        fix_add_doc(p, doc);
        fix_layer_take(p, doc->owner, doc->owner->whole, false);
        doc->first_values = doc->values;
        return true;
    }
    if (!lint_read_text(p->arena, p->request->texts, doc->source.path, &doc->source.text, &error)) return false;
    if (!read_text_values(p->arena, &doc->source, &doc->tree, &doc->whole, &issues)) return false;
    if (!value_path(&doc->whole, view->keys, view->key_count)) return false;
    fix_add_doc(p, doc);
    fix_layer_take(p, doc, doc->whole, false);
    doc->first_values = doc->values;
    return true;
}

const struct release_views *fix_views(struct fix_plan *p) {
    struct str folder = p->request->paths->folder;
    if (p->views || !p->request->world) return p->views;
    struct release_views *views = arena_new(p->arena, struct release_views);
    p->node = release_world_chart(p->request->world, folder.len ? folder : STR("."), &p->graph);
    if (p->node) release_views(p->arena, p->node, views);
    return p->views = views;
}

bool fix_open_layers(struct fix_plan *p) {
    uint32_t before = p->docs.len;
    if (p->layers_open || p->moves.len == 0 || p->docs.items[0]->overlay) return false;
    const struct release_views *views = fix_views(p);
    p->layers_open = true;
    p->layers = arena_array(p->arena, struct release_layers, views ? views->list.len + 1 : 1);
    for (uint32_t v = 0; views && v < views->list.len; v++) {
        const struct release_view *view = &views->list.items[v];
        struct release_layers *layers = &p->layers[v];
        release_layers_read(p->arena, view->from, layers);
        for (uint32_t i = 0; i < layers->len; i++)
            if (open_layer(p, view, &layers->items[i]) && i > 0)
                p->docs.items[p->docs.len - 1]->base =
                    fix_layer_of(p, view, fix_shown(p, layers->items[0].source.path));
    }
    return p->docs.len > before;
}
