/* values.schema.json: Helm checks what a release's layers come to against the one of each chart, so a move must leave
 * every such outcome valid that was. A move that somebody asks for is held back, too, where a schema names the old
 * place: what it says of the value there would be lost in silence. */
#include "base/path.h"
#include "check/own_schema.h"
#include "fix/fix_plan.h"
#include "value/change.h"
#include "value/json.h"

static const struct own_schema *schema_of(struct fix_plan *p, struct str folder) {
    struct own_schema *own = map_get(&p->schemas, folder);
    if (own) return own;
    own = arena_new(p->arena, struct own_schema);
    own_schema_read(p->arena, p->request->buffers, folder, own);
    own->source.path = fix_shown(p, own->source.path);
    map_put(p->arena, &p->schemas, folder, own);
    return own;
}

/* ---- Names ---- */

/* References within a document, one behind the other. */
#define REFERENCES_MOST 8

/* The schema that `schema` stands for, where it is a reference within the document. */
static const struct value *dereferenced(struct fix_plan *p, const struct value *document, const struct value *schema) {
    for (int i = 0; i < REFERENCES_MOST; i++) {
        const struct value *reference = value_get(schema, STR("$ref"));
        if (!reference || reference->kind != VALUE_STRING || !str_starts(reference->string, STR("#"))) break;
        schema = pointer_get(p->arena, document, str_slice(reference->string, 1, reference->string.len));
    }
    return schema;
}

/* What the schema says of the value at `keys`, with the key before it; NULL where it does not name it. */
static const struct member *named_property(struct fix_plan *p, const struct value *document, const struct str *keys,
                                           uint32_t count) {
    const struct value *schema = document;
    const struct member *property = NULL;
    for (uint32_t i = 0; i < count && schema; i++) {
        property = value_member(value_get(dereferenced(p, document, schema), STR("properties")), keys[i]);
        schema = property ? &property->value : NULL;
    }
    return schema ? property : NULL;
}

static void ask_names(struct fix_plan *p, const struct own_schema *own, const struct str *above, uint32_t above_count) {
    struct source *about = arena_new(p->arena, struct source);
    *about = own->source;
    for (uint32_t i = 0; i < p->moves.len && own->document; i++) {
        struct key_path from = p->moves.items[i]->from;
        struct str *keys = arena_array(p->arena, struct str, above_count + from.count);
        if (above_count) memcpy(keys, above, sizeof *keys * above_count);
        memcpy(keys + above_count, from.keys, sizeof *keys * from.count);
        const struct member *property = named_property(p, own->document, keys, above_count + from.count);
        if (property)
            fix_refuse(p, PART_MOVE, from, about, property->key_span,
                       arena_printf(p->arena, "%.*s describes it; move the description there first",
                                    STR_ARG(own->source.path)));
    }
}

void fix_check_schema_names(struct fix_plan *p) {
    if (!p->request->rename) return;
    ask_names(p, schema_of(p, p->request->paths->folder), NULL, 0);
    const struct release_views *views = fix_views(p);
    for (uint32_t i = 0; views && i < views->list.len; i++) {
        const struct release_view *view = &views->list.items[i];
        ask_names(p, schema_of(p, view->from->folder), view->keys, view->key_count);
    }
}

/* ---- Values ---- */

static void stop(struct fix_plan *p, const struct own_schema *own, struct str path, struct span span, struct str why) {
    struct source *about = arena_new(p->arena, struct source);
    *about = own->source;
    p->result->stopped = (struct fix_refusal){.path = path, .reason = why, .about = about, .span = span};
}

/* Leaves the chart alone where the schema takes what the layers come to no longer. `before` is NULL for values that are
 * to be valid whatever they were. `whose` names the schema. */
static void check_outcome(struct fix_plan *p, const struct own_schema *own, const struct value *before,
                          const struct value *after, struct str whose) {
    struct violations violations = {NULL, 0, 0};
    if (!own->schema || schema_validate(own->schema, p->arena, after, &violations)) return;
    if (before && !schema_is_valid(own->schema, before)) return;
    const struct violation *first = &violations.items[0];
    struct schema_message words = schema_violation_message(p->arena, first);
    stop(p, own, first->path, first->expected ? first->expected->span : (struct span){0, 0},
         arena_printf(p->arena, "%.*s values.schema.json would reject the %s values: %.*s", STR_ARG(whose),
                      p->request->rename ? "moved" : "standardized", STR_ARG(words.message)));
}

/* A layer of an ancestor, without and with what becomes of it. */
static void add_layer(struct fix_plan *p, const struct release_view *view, const struct release_layer *layer,
                      struct value *before, struct value *after) {
    struct fix_doc *doc = fix_layer_of(p, view, layer);
    const struct release_binding *bound = layer->bound;
    const struct value *old = doc ? &fix_doc_owner(doc)->whole : &layer->values,
                       *new = doc ? &fix_doc_owner(doc)->whole_model : &layer->values;
    if (layer->unread || (bound && (bound->is_unknown || bound->sets.len))) return;
    if (bound)
        old = value_path(old, bound->keys, bound->key_count), new = value_path(new, bound->keys, bound->key_count);
    if (old && old->kind == VALUE_MAP) *before = value_overlay(p->arena, before, old);
    if (new &&new->kind == VALUE_MAP) *after = value_overlay(p->arena, after, new);
}

static void check_view(struct fix_plan *p, const struct release_view *view, const struct release_layers *layers) {
    const struct own_schema *own = schema_of(p, view->from->folder);
    struct str whose = arena_printf(p->arena, "the parent chart's (%.*s)", STR_ARG(fix_shown(p, view->from->folder)));
    struct value before, after;
    if (!own->schema) return;
    fix_coalesce(p, p->docs.items[0], &before, &after);
    before = fix_seen_from_above(p, view, &before);
    after = fix_seen_from_above(p, view, &after);
    uint32_t first = layers->len && !layers->items[0].bound;
    if (first) add_layer(p, view, &layers->items[0], &before, &after);
    check_outcome(p, own, &before, &after, whose);
    for (uint32_t i = first; i < layers->len && !p->result->stopped.reason.len; i++) {
        struct value over_before = before, over_after = after;
        add_layer(p, view, &layers->items[i], &over_before, &over_after);
        check_outcome(p, own, &over_before, &over_after, whose);
    }
}

void fix_check_schema(struct fix_plan *p) {
    const struct own_schema *own = schema_of(p, p->request->paths->folder);
    bool first_is_overlay = p->docs.items[0]->overlay;
    if (own->problem.len && !first_is_overlay)
        stop(p, own, STR(""), own->span,
             arena_printf(p->arena, "the chart's values.schema.json cannot be used: %.*s", STR_ARG(own->problem)));
    for (uint32_t i = first_is_overlay ? p->docs.len : 0; i < p->docs.len && !p->result->stopped.reason.len; i++) {
        struct value before, after;
        fix_coalesce(p, p->docs.items[i], &before, &after);
        check_outcome(p, own, i ? &before : NULL, &after, STR("the chart's"));
    }
    for (uint32_t v = 0; p->layers && p->views && v < p->views->list.len && !p->result->stopped.reason.len; v++)
        check_view(p, &p->views->list.items[v], &p->layers[v]);
}
