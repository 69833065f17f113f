/* `$schema`, `$ref` and its kin: finding documents, places in them, and cycles among them. */
#include <stdio.h>

#include "base/fuzzy.h"
#include "schema/compile.h"
#include "schema/metaschemas.h"
#include "schema/uri.h"
#include "value/json.h"

/* How long a chain of references inside one value may be. */
#define CHAIN_MAX 1000

/* ---- Dialects ---- */

#define STANDARD                                                                                                       \
    (VOCABULARY_CORE | VOCABULARY_APPLICATOR | VOCABULARY_UNEVALUATED | VOCABULARY_VALIDATION | VOCABULARY_OTHER)

static const struct dialect DIALECTS[] = {
    [SCHEMA_DRAFT_7] = {SCHEMA_DRAFT_7, STANDARD, false},
    [SCHEMA_DRAFT_2019_09] = {SCHEMA_DRAFT_2019_09, STANDARD, false},
    [SCHEMA_DRAFT_2020_12] = {SCHEMA_DRAFT_2020_12, STANDARD, false},
};

const struct dialect *schema_dialect_of_draft(enum schema_draft draft) {
    return &DIALECTS[draft];
}

/* What follows "http://json-schema.org/" or "https://json-schema.org/"; `ptr` NULL for other URIs. */
static struct str official_path(struct str uri) {
    static const struct str prefixes[] = {STR_INIT("http://json-schema.org/"), STR_INIT("https://json-schema.org/")};
    for (int i = 0; i < 2; i++)
        if (str_starts(uri, prefixes[i])) return str_slice(uri, prefixes[i].len, uri.len);
    return (struct str){NULL, 0};
}

static const struct dialect *official_dialect(const struct compiler *c, struct str uri) {
    struct str path = official_path(uri);
    if (str_eq(path, STR("draft-07/schema"))) return &DIALECTS[SCHEMA_DRAFT_7];
    if (str_eq(path, STR("draft/2019-09/schema"))) return &DIALECTS[SCHEMA_DRAFT_2019_09];
    if (str_eq(path, STR("draft/2020-12/schema"))) return &DIALECTS[SCHEMA_DRAFT_2020_12];
    if (str_eq(path, STR("schema"))) return &DIALECTS[c->options->draft];
    return NULL;
}

static const struct {
    struct str name;
    uint8_t vocabulary;
    bool assert_format;
} VOCABULARIES[] = {
    {STR_INIT("core"), VOCABULARY_CORE, false},
    {STR_INIT("applicator"), VOCABULARY_APPLICATOR, false},
    {STR_INIT("unevaluated"), VOCABULARY_UNEVALUATED, false},
    {STR_INIT("validation"), VOCABULARY_VALIDATION, false},
    {STR_INIT("meta-data"), VOCABULARY_OTHER, false},
    {STR_INIT("content"), VOCABULARY_OTHER, false},
    {STR_INIT("format"), VOCABULARY_OTHER, false}, /* true behind it: format is asserted; see add_vocabulary */
    {STR_INIT("format-annotation"), VOCABULARY_OTHER, false},
    {STR_INIT("format-assertion"), VOCABULARY_OTHER, true},
};

/* Adds the vocabulary `uri` to the dialect; false where it is not known. */
static bool add_vocabulary(struct dialect *dialect, struct str uri, bool required) {
    struct str path = official_path(uri);
    bool newer = str_starts(path, STR("draft/2020-12/vocab/"));
    if (!newer && !str_starts(path, STR("draft/2019-09/vocab/"))) return false;
    struct str name = str_slice(path, STR("draft/2019-09/vocab/").len, path.len);
    for (size_t i = 0; i < sizeof VOCABULARIES / sizeof *VOCABULARIES; i++) {
        if (!str_eq(name, VOCABULARIES[i].name)) continue;
        dialect->vocabularies |= VOCABULARIES[i].vocabulary;
        if (!newer && str_eq(name, STR("applicator"))) dialect->vocabularies |= VOCABULARY_UNEVALUATED;
        if (VOCABULARIES[i].assert_format || (!newer && required && str_eq(name, STR("format"))))
            dialect->assert_format = true;
        return true;
    }
    return false;
}

static const struct dialect *unknown_dialect(struct compiler *c, const struct resource *resource,
                                             const struct member *m) {
    compile_fail(c, resource, compile_member_span(m),
                 "unknown \"$schema\" \"%.*s\"; use http://json-schema.org/draft-07/schema#, "
                 "https://json-schema.org/draft/2019-09/schema or https://json-schema.org/draft/2020-12/schema",
                 STR_ARG(m->value.string));
    return NULL;
}

/* The dialect that a metaschema of the users' own makes. */
static const struct dialect *custom_dialect(struct compiler *c, const struct resource *resource, const struct member *m,
                                            struct str uri) {
    const struct value *metaschema = reference_load(c, uri);
    const struct value *base = metaschema ? value_get(metaschema, STR("$schema")) : NULL;
    if (!base || base->kind != VALUE_STRING) return unknown_dialect(c, resource, m);
    struct str fragment;
    const struct dialect *above = official_dialect(c, uri_split_fragment(base->string, &fragment));
    if (!above) return unknown_dialect(c, resource, m);
    struct dialect *dialect = arena_new(c->a, struct dialect);
    *dialect = *above;
    const struct value *list = value_get(metaschema, STR("$vocabulary"));
    if (list && list->kind == VALUE_MAP && above->draft != SCHEMA_DRAFT_7) {
        dialect->vocabularies = VOCABULARY_CORE;
        for (uint32_t i = 0; i < list->map.len; i++) {
            const struct member *vocabulary = &list->map.members[i];
            bool required = vocabulary->value.kind == VALUE_BOOL && vocabulary->value.boolean;
            if (add_vocabulary(dialect, vocabulary->key, required) || !required) continue;
            compile_fail(c, resource, compile_member_span(m), "\"$schema\" asks for the unknown vocabulary %.*s",
                         STR_ARG(vocabulary->key));
            return NULL;
        }
    }
    map_put(c->a, &c->dialects, uri, dialect);
    return dialect;
}

const struct dialect *schema_dialect_find(struct compiler *c, const struct resource *resource, const struct member *m) {
    struct str fragment;
    if (m->value.kind != VALUE_STRING) {
        compile_fail(c, resource, compile_member_span(m), "\"$schema\" must be a string with a URI");
        return NULL;
    }
    struct str uri = uri_split_fragment(m->value.string, &fragment);
    const struct dialect *dialect = official_dialect(c, uri);
    if (!dialect) dialect = map_get(&c->dialects, uri);
    return dialect ? dialect : custom_dialect(c, resource, m, uri);
}

/* ---- Documents ---- */

static const struct value *load_metaschema(struct compiler *c, struct str uri) {
    struct str path = official_path(uri);
    for (const struct embedded *file = METASCHEMAS; path.len && file->name.ptr; file++) {
        bool same = str_ends(file->name, STR(".json")) && str_eq(str_slice(file->name, 0, file->name.len - 5), path);
        if (!same) continue;
        struct value *document = arena_new(c->a, struct value);
        struct json_error error;
        if (!json_parse(c->a, file->text, document, &error)) base_panic("an embedded metaschema is broken");
        return document;
    }
    return NULL;
}

const struct value *reference_load(struct compiler *c, struct str uri) {
    const struct value *document = load_metaschema(c, uri);
    if (!document && c->options->resolve) document = c->options->resolve(c->options->resolve_data, uri);
    return document;
}

/* ---- References ---- */

static bool leads_nowhere(struct compiler *c, const struct reference *r, const char *why, struct str what) {
    return compile_fail(c, r->node->resource, compile_member_span(r->member), "\"%.*s\" leads nowhere: %s %.*s",
                        STR_ARG(r->member->key), why, STR_ARG(what));
}

/* The resource at `uri`, brought in where it is new. NULL with the error set. */
static struct resource *find_resource(struct compiler *c, const struct reference *r, struct str uri) {
    struct resource *resource = map_get(&c->resources, uri);
    if (resource) return resource;
    const struct value *document = reference_load(c, uri);
    if (!document) {
        leads_nowhere(c, r, "there is no document", uri);
        return NULL;
    }
    resource = compile_document(c, document, uri, false, r->node->resource->dialect);
    return resource;
}

/* One step of a JSON Pointer. */
static const struct value *step_into(const struct value *v, struct str key) {
    if (v->kind == VALUE_MAP) return value_get(v, key);
    if (v->kind != VALUE_LIST || key.len == 0 || key.len > 8 || (key.len > 1 && key.ptr[0] == '0')) return NULL;
    uint32_t index = 0;
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] < '0' || key.ptr[i] > '9') return NULL;
        index = index * 10 + (uint32_t)(key.ptr[i] - '0');
    }
    return index < v->list.len ? &v->list.items[index] : NULL;
}

/* `text`, and the name in `map` that is nearest to `key`. */
static struct str with_nearest(struct arena *a, const struct value *map, struct str text, struct str key) {
    struct VEC(struct str) names = {NULL, 0, 0};
    for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->map.len; i++) vec_push(a, &names, map->map.members[i].key);
    struct str near = fuzzy_nearest(key, names.items, names.len);
    return near.len ? arena_printf(a, "%.*s; did you mean `%.*s`?", STR_ARG(text), STR_ARG(near)) : text;
}

/* The schema that the JSON Pointer `fragment` names; one in a place where no keyword expects a schema is compiled here.
 */
static struct schema_node *find_pointer(struct compiler *c, const struct reference *r, struct resource *resource,
                                        struct str fragment) {
    struct str *keys;
    uint32_t count;
    const struct value *at = resource->source;
    if (!pointer_parse(c->a, uri_unescape(c->a, fragment), &keys, &count)) {
        leads_nowhere(c, r, "this is no JSON Pointer:", fragment);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct value *below = step_into(at, keys[i]);
        if (!below) {
            leads_nowhere(c, r, "there is nothing at", with_nearest(c->a, at, fragment, keys[i]));
            return NULL;
        }
        at = below;
        const struct schema_node *on_the_way = compile_known_node(c, at);
        if (on_the_way) resource = on_the_way->resource;
    }
    if (at->kind != VALUE_MAP && at->kind != VALUE_BOOL) {
        leads_nowhere(c, r, "there is no schema at", fragment);
        return NULL;
    }
    return compile_schema(c, at, resource);
}

static struct schema_node *find_target(struct compiler *c, const struct reference *r, struct resource **resource,
                                       struct str *fragment) {
    struct str uri = uri_resolve(c->a, r->node->resource->uri, r->member->value.string);
    uri = uri_split_fragment(uri, fragment);
    *resource = find_resource(c, r, uri);
    if (!*resource) return NULL;
    if (fragment->len == 0) return (*resource)->root;
    if (fragment->ptr[0] == '/') return find_pointer(c, r, *resource, *fragment);
    struct schema_node *node = map_get(&(*resource)->anchors, uri_unescape(c->a, *fragment));
    if (!node) leads_nowhere(c, r, "there is no anchor", *fragment);
    return node;
}

static bool resolve_one(struct compiler *c, const struct reference *r) {
    struct resource *resource;
    struct str fragment;
    struct schema_node *target = find_target(c, r, &resource, &fragment);
    if (!target) return false;
    struct apply_checks *apply = r->node->apply;
    if (r->kind == REFERENCE_PLAIN) {
        apply->ref = target;
        return true;
    }
    apply->dynamic = target;
    struct str name = r->kind == REFERENCE_RECURSIVE ? STR("") : fragment;
    bool dynamic = (r->kind == REFERENCE_RECURSIVE || fragment.len) && map_get(&resource->dynamic_anchors, name);
    if (dynamic) {
        apply->dynamic_anchor = name;
        c->schema->dynamic = true;
    }
    return true;
}

bool reference_resolve_all(struct compiler *c) {
    for (uint32_t i = 0; i < c->references.len; i++) {
        struct reference reference = c->references.items[i]; /* the list may move */
        if (!resolve_one(c, &reference)) return false;
    }
    return true;
}

/* ---- Cycles ---- */

enum { MARK_NEW, MARK_OPEN, MARK_DONE };

struct cycle_search {
    struct compiler *c;
    const struct schema_node *last_ref; /* the newest reference on the way here */
    uint32_t depth;
};

static bool visit(struct cycle_search *s, struct schema_node *node);

static bool visit_all(struct cycle_search *s, const struct node_list *list) {
    for (uint32_t i = 0; i < list->len; i++)
        if (!visit(s, list->items[i])) return false;
    return true;
}

static bool visit_applied(struct cycle_search *s, const struct schema_node *node) {
    const struct apply_checks *apply = node->apply;
    const struct map_checks *map = node->map;
    for (uint32_t i = 0; map && i < map->dependency_count; i++)
        if (!visit(s, map->dependencies[i].node)) return false;
    if (!apply) return true;
    if (!visit_all(s, &apply->all_of) || !visit_all(s, &apply->any_of) || !visit_all(s, &apply->one_of)) return false;
    if (!visit(s, apply->negated) || !visit(s, apply->condition)) return false;
    if (!visit(s, apply->then) || !visit(s, apply->otherwise)) return false;
    const struct schema_node *outer = s->last_ref;
    s->last_ref = node;
    bool good = visit(s, apply->ref) && (apply->dynamic_anchor.ptr || visit(s, apply->dynamic));
    s->last_ref = outer;
    return good;
}

static bool fail_at_reference(struct cycle_search *s, const struct schema_node *at, const char *what) {
    const struct schema_node *node = s->last_ref ? s->last_ref : at;
    const struct member *m = value_member(node->source, STR("$ref"));
    if (!m) m = value_member(node->source, STR("$dynamicRef"));
    if (!m) m = value_member(node->source, STR("$recursiveRef"));
    if (!m) return compile_fail(s->c, node->resource, node->source->span, "the schema %s", what);
    return compile_fail(s->c, node->resource, compile_member_span(m), "\"%.*s\" %s", STR_ARG(m->key), what);
}

/* Whether `node` is nothing but a $ref. */
static bool is_only_ref(const struct schema_node *node) {
    const struct apply_checks *apply = node->apply;
    if (!apply || !apply->ref || node->types != TYPE_ANY) return false;
    if (node->number || node->string || node->list || node->map || node->values) return false;
    return !apply->dynamic && !apply->all_of.len && !apply->any_of.len && !apply->one_of.len && !apply->negated &&
           !apply->condition && !apply->unevaluated_items && !apply->unevaluated_properties;
}

static uint8_t types_of_values(const struct value_checks *checks) {
    uint8_t types = 0;
    if (checks->constant) return node_types_of(checks->constant);
    for (uint32_t i = 0; i < checks->enumeration->list.len; i++)
        types |= node_types_of(&checks->enumeration->list.items[i]);
    return types;
}

/* Sums up what `node` and what it applies to the same value say of types and unknown keys; the others are done. */
static void sum_up(struct schema_node *node) {
    const struct apply_checks *apply = node->apply;
    node->possible_types = node->types;
    node->closed = node->map && node->map->additional && node->map->additional->never;
    if (node->values) node->possible_types &= types_of_values(node->values);
    if (!apply) return;
    if (apply->unevaluated_properties && apply->unevaluated_properties->never) node->closed = true;
    if (apply->ref) {
        node->possible_types &= apply->ref->possible_types;
        node->closed |= apply->ref->closed;
    }
    for (uint32_t i = 0; i < apply->all_of.len; i++) {
        node->possible_types &= apply->all_of.items[i]->possible_types;
        node->closed |= apply->all_of.items[i]->closed;
    }
    uint8_t any = apply->any_of.len ? 0 : TYPE_ANY, one = apply->one_of.len ? 0 : TYPE_ANY;
    for (uint32_t i = 0; i < apply->any_of.len; i++) any |= apply->any_of.items[i]->possible_types;
    for (uint32_t i = 0; i < apply->one_of.len; i++) one |= apply->one_of.items[i]->possible_types;
    node->possible_types &= any & one;
}

static bool visit(struct cycle_search *s, struct schema_node *node) {
    if (!node || node->mark == MARK_DONE) return true;
    if (node->mark == MARK_OPEN) return fail_at_reference(s, node, "leads back to itself without going into the value");
    if (s->depth == CHAIN_MAX) return fail_at_reference(s, node, "is part of a chain that is too long");
    node->mark = MARK_OPEN;
    s->depth++;
    bool good = visit_applied(s, node);
    s->depth--;
    node->mark = MARK_DONE;
    if (good) sum_up(node);
    if (good && is_only_ref(node))
        node->forward = node->apply->ref->forward ? node->apply->ref->forward : node->apply->ref;
    return good;
}

bool reference_check_cycles(struct compiler *c) {
    struct cycle_search search = {c, NULL, 0};
    for (uint32_t i = 0; i < c->nodes.len; i++)
        if (!visit(&search, c->nodes.items[i])) return false;
    return true;
}
