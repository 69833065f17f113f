#include "lsp/context.h"

#include "base/path.h"
#include "chart/overlay.h"
#include "chart/templates.h"
#include "value/pointer.h"
#include "yaml/read.h"

/* ---- texts ---- */

bool lsp_read_source(struct lsp_call *call, struct str path, struct source *source) {
    const struct lsp_document *doc = lsp_documents_at(&call->server->documents, path_absolute(call->arena, path));
    struct error error;
    *source = (struct source){.path = path};
    if (doc) source->text = doc->lines.text;
    else if (!file_read(call->arena, arena_str(call->arena, path).ptr, INPUT_MAX, &source->text, &error)) return false;
    source_lines(call->arena, source);
    return true;
}

struct lsp_lines lsp_source_lines(struct lsp_call *call, const struct source *source) {
    const struct lsp_document *doc =
        lsp_documents_at(&call->server->documents, path_absolute(call->arena, source->path));
    return doc ? doc->lines : lsp_lines_of(call->arena, source->text, true);
}

void lsp_put_location(struct lsp_call *call, struct emit *out, const struct source *source, struct span span) {
    struct lsp_lines lines = lsp_source_lines(call, source);
    emit_open(out, '{');
    emit_put_text(out, "uri", lsp_server_uri(call->server, call->arena, path_absolute(call->arena, source->path)));
    lsp_put_range(out, "range", &lines, span);
    emit_close(out, '}');
}

/* ---- layers ---- */

static void add_layer(struct lsp_call *call, struct lsp_layers *layers, struct str path,
                      const struct release_view *view) {
    struct arena *a = call->arena;
    struct lsp_layer *layer = arena_new(a, struct lsp_layer);
    struct yaml_issues issues = {NULL, 0, 0};
    if (path.len == 0 || !lsp_read_source(call, path, &layer->source)) return;
    if (!read_text_values(a, &layer->source, &layer->tree, &layer->values, &issues)) return;
    if (view) layer->prefix = view->keys, layer->prefix_count = view->key_count;
    layer->of_parent = view != NULL;
    vec_push(a, layers, layer);
}

static void add_layers(struct lsp_call *call, struct lsp_layers *layers, struct str folder,
                       const struct release_view *view) {
    struct chart_paths paths;
    discover_chart(call->arena, arena_str(call->arena, folder), &paths);
    add_layer(call, layers, paths.values, view);
    for (uint32_t i = 0; i < paths.overlays.len; i++) add_layer(call, layers, paths.overlays.items[i], view);
}

static const struct release_chart *node_of(struct lsp_call *call, struct str folder) {
    const struct release_graph *graph;
    struct release_world *world = lsp_charts_world(&call->server->charts);
    return release_world_chart(world, arena_str(call->arena, folder), &graph);
}

void lsp_layers_of(struct lsp_call *call, struct str folder, struct lsp_layers *layers) {
    struct release_views views = {.more = false};
    const struct release_chart *node = node_of(call, folder);
    add_layers(call, layers, folder, NULL);
    if (node) release_views(call->arena, node, &views);
    for (uint32_t i = 0; i < views.list.len; i++)
        add_layers(call, layers, views.list.items[i].from->folder, &views.list.items[i]);
}

const struct member *lsp_layer_member(const struct lsp_layer *layer, const struct str *keys, uint32_t count) {
    const struct value *at = value_path(&layer->values, layer->prefix, layer->prefix_count);
    const struct member *member = NULL;
    for (uint32_t i = 0; i < count; i++) {
        member = at && at->kind == VALUE_MAP ? value_member(at, keys[i]) : NULL;
        at = member ? &member->value : NULL;
    }
    return member;
}

/* ---- templates ---- */

static const enum refs_role ROLES[] = {
    [CHART_TEMPLATE_OWN] = REFS_OWN,
    [CHART_TEMPLATE_SHARED] = REFS_SHARED,
    [CHART_TEMPLATE_LIBRARY] = REFS_LIBRARY,
    [CHART_TEMPLATE_PARENT] = REFS_LIBRARY,
};

void lsp_templates_of(struct lsp_call *call, struct str folder, struct lsp_templates *templates) {
    struct arena *a = call->arena;
    struct chart_templates list = {NULL, 0, 0};
    struct refs_set *set = arena_new(a, struct refs_set);
    struct error error;
    refs_set_init(a, NULL, set);
    if (!chart_list_templates(a, arena_str(a, folder), &list, &error)) return;
    for (uint32_t i = 0; i < list.len; i++) {
        struct lsp_template *template = arena_new(a, struct lsp_template);
        if (!lsp_read_source(call, list.items[i].path, &template->source)) continue;
        template->file = refs_set_add(set, template->source.text, ROLES[list.items[i].kind]);
        vec_push(a, templates, template);
    }
    refs_set_finish(set);
    for (uint32_t i = 0; i < templates->len; i++)
        if (!templates->items[i]->file->broken)
            refs_reads_of(a, set, templates->items[i]->file, &templates->items[i]->reads);
}

/* ---- targets ---- */

/* The innermost value of a map whose entry holds `offset`, with its keys. */
struct trail {
    struct VEC(struct str) keys;
    struct span span;
    const struct value *value;
};

static bool holds(struct span span, uint32_t offset) {
    return span.start <= offset && offset <= span.end;
}

static bool descend(struct arena *a, const struct value *map, uint32_t offset, struct trail *trail) {
    for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        bool on_key = holds(member->key_span, offset);
        bool below = !on_key && member->value.span.end > member->key_span.end && member->key_span.end <= offset &&
                     offset <= member->value.span.end;
        if (!on_key && !below) continue;
        vec_push(a, &trail->keys, member->key);
        trail->value = &member->value;
        if (below && member->value.kind == VALUE_MAP) return descend(a, &member->value, offset, trail);
        trail->span = on_key || member->value.kind == VALUE_LIST ? member->key_span : member->value.span;
        return on_key || holds(member->value.span, offset);
    }
    return false;
}

/* In the values of a chart that holds others, what stands below the key of one is that one's. */
static void enter_subcharts(struct lsp_call *call, struct lsp_target *target) {
    const struct release_chart *node = target->count > 1 ? node_of(call, target->folder) : NULL;
    while (node && target->count > 1) {
        const struct release_chart *below = NULL;
        for (uint32_t i = 0; i < node->below.len; i++)
            if (str_eq(node->below.items[i]->key, target->keys[0])) below = node->below.items[i]->below;
        if (!below) return;
        target->folder = below->folder;
        target->keys++;
        target->count--;
        node = below;
    }
}

static bool target_in_values(struct lsp_call *call, struct lsp_target *target) {
    struct arena *a = call->arena;
    struct source *source = arena_new(a, struct source);
    struct tree *tree = arena_new(a, struct tree);
    struct value *values = arena_new(a, struct value);
    struct yaml_issues issues = {NULL, 0, 0};
    struct trail trail = {.value = NULL};
    *source = (struct source){.path = call->doc->path, .text = call->doc->lines.text};
    if (!read_text_values(a, source, tree, values, &issues) || !descend(a, values, call->offset, &trail)) return false;
    *target = (struct lsp_target){LSP_VALUES, call->doc->chart->folder, trail.keys.items, trail.keys.len, trail.span,
                                  trail.value};
    enter_subcharts(call, target);
    return true;
}

static bool target_in_template(struct lsp_call *call, struct lsp_target *target) {
    struct lsp_templates templates = {NULL, 0, 0};
    lsp_templates_of(call, call->doc->chart->folder, &templates);
    for (uint32_t i = 0; i < templates.len; i++) {
        if (!str_eq(path_absolute(call->arena, templates.items[i]->source.path), call->doc->path)) continue;
        const struct refs_read_list *reads = &templates.items[i]->reads;
        for (uint32_t k = 0; k < reads->len; k++) {
            const struct refs_read *read = &reads->items[k];
            if (!holds(read->span, call->offset)) continue;
            uint32_t part = 0; /* the one at the cursor; before all of them, the first */
            while (part + 1 < read->part_count && read->parts[part].span.end < call->offset) part++;
            *target = (struct lsp_target){LSP_TEMPLATE,
                                          call->doc->chart->folder,
                                          read->keys,
                                          read->count - read->part_count + part + 1,
                                          read->parts[part].span,
                                          NULL};
            enter_subcharts(call, target);
            return true;
        }
    }
    return false;
}

bool lsp_target_at(struct lsp_call *call, struct lsp_target *target) {
    *target = (struct lsp_target){.role = LSP_NO_ROLE};
    if (!call->doc || !call->doc->chart) return false;
    struct str below = path_relative(call->doc->path, call->doc->chart->folder);
    if (str_starts(below, STR("templates/"))) return target_in_template(call, target);
    if (!str_eq(below, STR("values.yaml")) && !overlay_is(below)) return false;
    return target_in_values(call, target);
}
