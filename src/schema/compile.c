/* Documents and schema objects to nodes. What a single keyword means stands in keyword*.c, references in reference.c.
 */
#include "schema/compile.h"

#include <stdio.h>

#include "schema/keyword.h"
#include "schema/uri.h"

#define DEPTH_MAX 1000
#define STEPS_DEFAULT 20000000u

bool compile_fail(struct compiler *c, const struct resource *resource, struct span span, const char *format, ...) {
    va_list args;
    c->error->span = span;
    snprintf(c->error->document, sizeof c->error->document, "%.*s", STR_ARG(resource->document));
    va_start(args, format);
    vsnprintf(c->error->message, sizeof c->error->message, format, args);
    va_end(args);
    return false;
}

struct span compile_member_span(const struct member *m) {
    return span_len(m->value.span) ? m->value.span : m->key_span;
}

static uint32_t pointer_hash(const struct value *source) {
    uint64_t bits = (uint64_t)(uintptr_t)source * 0x9E3779B97F4A7C15u;
    return (uint32_t)(bits >> 32);
}

static struct schema_node **node_slot(struct schema_node **nodes, uint32_t slots, const struct value *source) {
    uint32_t slot = pointer_hash(source) & (slots - 1);
    while (nodes[slot] && nodes[slot]->source != source) slot = (slot + 1) & (slots - 1);
    return &nodes[slot];
}

struct schema_node *compile_known_node(const struct compiler *c, const struct value *source) {
    return c->node_slots ? *node_slot(c->node_table, c->node_slots, source) : NULL;
}

static struct schema_node *add_node(struct compiler *c, const struct value *source) {
    if (c->nodes.len * 2 >= c->node_slots) {
        c->node_slots = c->node_slots ? c->node_slots * 2 : 256;
        c->node_table = arena_array(c->a, struct schema_node *, c->node_slots);
        for (uint32_t i = 0; i < c->nodes.len; i++)
            *node_slot(c->node_table, c->node_slots, c->nodes.items[i]->source) = c->nodes.items[i];
    }
    struct schema_node *node = arena_new(c->a, struct schema_node);
    node->source = source;
    node->types = TYPE_ANY;
    *node_slot(c->node_table, c->node_slots, source) = node;
    vec_push(c->a, &c->nodes, node);
    return node;
}

static const struct keyword_rule *find_rule(const struct compiler *c, const struct member *m) {
    uint32_t slot = m->hash & 255;
    while (c->keywords[slot] && !str_eq(c->keywords[slot]->name, m->key)) slot = (slot + 1) & 255;
    return c->keywords[slot];
}

/* In draft 7 a `$ref` turns off everything beside it; only definitions are still looked at, as places for others
 * to refer to. */
static bool is_hidden_by_ref(const struct keyword_rule *rule) {
    return !str_eq(rule->name, STR("$ref")) && !str_eq(rule->name, STR("definitions")) &&
           !str_eq(rule->name, STR("$defs"));
}

static bool compile_keywords(struct compiler *c, struct schema_node *node, bool only_ref) {
    const struct dialect *dialect = node->resource->dialect;
    const struct value_map *map = &node->source->map;
    for (uint32_t i = 0; i < map->len; i++) {
        const struct keyword_rule *rule = find_rule(c, &map->members[i]);
        if (!rule || !(rule->drafts >> dialect->draft & 1) || !(rule->vocabulary & dialect->vocabularies)) continue;
        if (only_ref && is_hidden_by_ref(rule)) continue;
        if (!rule->compile(c, node, &map->members[i])) return false;
    }
    return true;
}

static struct resource *add_resource(struct compiler *c, struct str uri, const struct resource *parent) {
    struct resource *resource = arena_new(c->a, struct resource);
    resource->uri = uri;
    if (parent) {
        resource->document = parent->document;
        resource->dialect = parent->dialect;
    }
    if (!map_get(&c->resources, uri)) map_put(c->a, &c->resources, uri, resource);
    return resource;
}

/* Gives the schema object with `id` a resource of its own, if it is one; an id that is only a fragment names an anchor
 * in draft 7. NULL with the error set. */
static struct resource *enter_resource(struct compiler *c, struct schema_node *node, struct resource *parent,
                                       const struct member *id) {
    struct str fragment;
    if (id->value.kind != VALUE_STRING) {
        compile_fail(c, parent, compile_member_span(id), "\"$id\" must be a string with a URI reference");
        return NULL;
    }
    struct str reference = uri_split_fragment(id->value.string, &fragment);
    bool root = !parent->root;
    if (fragment.len && parent->dialect->draft != SCHEMA_DRAFT_7) {
        compile_fail(c, parent, compile_member_span(id), "\"$id\" must not have a fragment; use \"$anchor\"");
        return NULL;
    }
    if (fragment.len && !map_get(&parent->anchors, fragment)) map_put(c->a, &parent->anchors, fragment, node);
    if (reference.len == 0) return parent;
    struct str uri = uri_resolve(c->a, parent->uri, reference);
    if (!root) return add_resource(c, uri, parent);
    if (!map_get(&c->resources, uri)) map_put(c->a, &c->resources, uri, parent);
    parent->uri = uri;
    return parent;
}

/* The resource of the schema object behind `node`: a new one where it has an $id. NULL with the error set. */
static struct resource *resource_of(struct compiler *c, struct schema_node *node, struct resource *parent,
                                    const struct member *ref) {
    const struct member *id = value_member(node->source, STR("$id"));
    const struct member *schema = value_member(node->source, STR("$schema"));
    const struct dialect *dialect = parent->dialect;
    bool root = !parent->root;

    if (schema && (root || id)) {
        dialect = schema_dialect_find(c, parent, schema);
        if (!dialect) return NULL;
    }
    struct resource *resource = parent;
    if (root) parent->dialect = dialect;
    if (id && !(ref && dialect->draft == SCHEMA_DRAFT_7)) {
        resource = enter_resource(c, node, parent, id);
        if (!resource) return NULL;
    }
    if (!resource->root) {
        resource->root = node;
        resource->source = node->source;
        resource->dialect = dialect;
    }
    return resource;
}

static bool compile_object(struct compiler *c, struct schema_node *node, struct resource *parent) {
    const struct member *ref = value_member(node->source, STR("$ref"));
    struct resource *resource = resource_of(c, node, parent, ref);
    if (!resource) return false;
    node->resource = resource;
    if (++c->depth > DEPTH_MAX) return compile_fail(c, resource, node->source->span, "the schema is nested too deeply");
    bool done = compile_keywords(c, node, ref && resource->dialect->draft == SCHEMA_DRAFT_7);
    c->depth--;
    if (done) keyword_finish(c, node);
    return done;
}

struct schema_node *compile_schema(struct compiler *c, const struct value *source, struct resource *parent) {
    struct schema_node *node = compile_known_node(c, source);
    if (node) return node;
    if (source->kind != VALUE_BOOL && source->kind != VALUE_MAP) {
        struct str kind = value_kind_name(source);
        compile_fail(c, parent, source->span, "a schema must be an object, true or false, not %s %.*s",
                     kind.ptr[0] == 'a' || kind.ptr[0] == 'i' ? "an" : "a", STR_ARG(kind));
        return NULL;
    }
    node = add_node(c, source);
    node->resource = parent;
    if (source->kind == VALUE_MAP) return compile_object(c, node, parent) ? node : NULL;
    if (!parent->root) parent->root = node, parent->source = source;
    node->never = !source->boolean;
    if (node->never) node->types = 0;
    return node;
}

struct resource *compile_document(struct compiler *c, const struct value *document, struct str uri, bool is_user,
                                  const struct dialect *dialect) {
    struct resource *resource = add_resource(c, uri, NULL);
    if (!is_user) resource->document = uri;
    resource->dialect = dialect;
    struct schema_node *root = compile_schema(c, document, resource);
    if (root && !resource->root) { /* another name of a document that is there already */
        resource->root = root;
        resource->source = document;
    }
    return root ? resource : NULL;
}

static void add_keywords(struct compiler *c, const struct keyword_rule *rules) {
    for (const struct keyword_rule *rule = rules; rule->name.ptr; rule++) {
        uint32_t slot = str_hash(rule->name) & 255;
        while (c->keywords[slot]) slot = (slot + 1) & 255;
        c->keywords[slot] = rule;
    }
}

const struct schema *schema_compile(struct arena *a, const struct value *document, const struct schema_options *options,
                                    struct schema_error *error) {
    static const struct schema_options defaults = {0};
    struct compiler c = {.a = a, .options = options ? options : &defaults, .error = error};
    struct str fragment, base = uri_split_fragment(c.options->base_uri, &fragment);

    *error = (struct schema_error){0};
    c.schema = arena_new(a, struct schema);
    c.schema->max_steps = c.options->max_steps ? c.options->max_steps : STEPS_DEFAULT;
    add_keywords(&c, KEYWORDS_OF_VALUES);
    add_keywords(&c, KEYWORDS_OF_STRUCTURE);
    struct resource *resource = compile_document(&c, document, base, true, schema_dialect_of_draft(c.options->draft));
    if (!resource || !reference_resolve_all(&c) || !reference_check_cycles(&c)) return NULL;
    c.schema->root = compile_known_node(&c, document);
    c.schema->node_table = c.node_table;
    c.schema->node_slots = c.node_slots;
    return c.schema;
}

const struct value *schema_reference(const struct schema *schema, const struct value *source) {
    const struct schema_node *node = *node_slot(schema->node_table, schema->node_slots, source);
    return node && node->apply && node->apply->ref ? node->apply->ref->source : NULL;
}
