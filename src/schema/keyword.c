/* The keywords that lead to other schemas or hold a map or list together, and those that only describe. */
#include "schema/keyword.h"

static struct list_checks *list_of(struct compiler *c, struct schema_node *node) {
    if (!node->list) {
        node->list = arena_new(c->a, struct list_checks);
        node->list->max_items = node->list->max_contains = UINT32_MAX;
        node->list->min_contains = 1;
    }
    return node->list;
}

static struct map_checks *map_of(struct compiler *c, struct schema_node *node) {
    if (!node->map) {
        node->map = arena_new(c->a, struct map_checks);
        node->map->max_properties = UINT32_MAX;
    }
    return node->map;
}

static struct apply_checks *apply_of(struct compiler *c, struct schema_node *node) {
    if (!node->apply) node->apply = arena_new(c->a, struct apply_checks);
    return node->apply;
}

static struct schema_node *compile_child(struct compiler *c, struct schema_node *node, const struct value *source) {
    return compile_schema(c, source, node->resource);
}

/* ---- Lists ---- */

static bool kw_max_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &list_of(c, node)->max_items);
}

static bool kw_min_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &list_of(c, node)->min_items);
}

static bool kw_unique_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_BOOL) return keyword_fail(c, node, m, "true or false");
    if (m->value.boolean) list_of(c, node)->unique = true;
    return true;
}

static bool compile_list(struct compiler *c, struct schema_node *node, const struct member *m,
                         struct schema_node ***items, uint32_t *len) {
    *items = arena_array(c->a, struct schema_node *, m->value.list.len);
    *len = m->value.list.len;
    for (uint32_t i = 0; i < *len; i++) {
        (*items)[i] = compile_child(c, node, &m->value.list.items[i]);
        if (!(*items)[i]) return false;
    }
    return true;
}

static bool kw_prefix_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_LIST || m->value.list.len == 0) return keyword_fail(c, node, m, "a list of schemas");
    struct list_checks *list = list_of(c, node);
    return compile_list(c, node, m, &list->prefix, &list->prefix_count);
}

static bool kw_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct list_checks *list = list_of(c, node);
    if (m->value.kind == VALUE_LIST && node->resource->dialect->draft != SCHEMA_DRAFT_2020_12)
        return compile_list(c, node, m, &list->prefix, &list->prefix_count);
    if (m->value.kind == VALUE_LIST)
        return compile_fail(c, node->resource, compile_member_span(m),
                            "\"items\" must be a schema; a list of schemas is \"prefixItems\" in draft 2020-12");
    list->rest = compile_child(c, node, &m->value);
    return list->rest != NULL;
}

static bool kw_additional_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct schema_node *rest = compile_child(c, node, &m->value);
    const struct value *items = value_get(node->source, STR("items"));
    if (items && items->kind == VALUE_LIST) list_of(c, node)->rest = rest;
    return rest != NULL;
}

static bool kw_contains(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct list_checks *list = list_of(c, node);
    list->contains_evaluates = node->resource->dialect->draft == SCHEMA_DRAFT_2020_12;
    list->contains = compile_child(c, node, &m->value);
    return list->contains != NULL;
}

static bool kw_max_contains(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &list_of(c, node)->max_contains);
}

static bool kw_min_contains(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &list_of(c, node)->min_contains);
}

static bool kw_unevaluated_items(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct apply_checks *apply = apply_of(c, node);
    apply->unevaluated_items = compile_child(c, node, &m->value);
    return apply->unevaluated_items != NULL;
}

/* ---- Maps ---- */

static bool kw_max_properties(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &map_of(c, node)->max_properties);
}

static bool kw_min_properties(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_count(c, node, m, &map_of(c, node)->min_properties);
}

static uint32_t length_of(const struct value *v) {
    if (!v) return 0;
    return v->kind == VALUE_MAP ? v->map.len : v->kind == VALUE_LIST ? v->list.len : 0;
}

/* The entry of `key`, made where it is new. Room is made once for all that `properties` and `required` name. */
static struct property *property_of(struct compiler *c, struct schema_node *node, struct str key, uint32_t hash) {
    struct map_checks *map = map_of(c, node);
    if (!map->slots) {
        uint32_t most =
            length_of(value_get(node->source, STR("properties"))) + length_of(value_get(node->source, STR("required")));
        map->slot_count = 4;
        while (map->slot_count < most * 2) map->slot_count *= 2;
        map->slots = arena_array(c->a, uint32_t, map->slot_count);
        map->properties = arena_array(c->a, struct property, most);
    }
    uint32_t slot = hash & (map->slot_count - 1);
    for (; map->slots[slot]; slot = (slot + 1) & (map->slot_count - 1)) {
        struct property *property = &map->properties[map->slots[slot] - 1];
        if (property->hash == hash && str_eq(property->key, key)) return property;
    }
    struct property *property = &map->properties[map->property_count++];
    map->slots[slot] = map->property_count;
    property->key = key;
    property->hash = hash;
    return property;
}

static bool is_string_list(const struct value *v, const struct value **wrong) {
    *wrong = v;
    if (v->kind != VALUE_LIST) return false;
    for (uint32_t i = 0; i < v->list.len; i++) {
        *wrong = &v->list.items[i];
        if ((*wrong)->kind != VALUE_STRING) return false;
    }
    return true;
}

static bool fail_string_list(struct compiler *c, struct schema_node *node, const struct member *m,
                             const struct value *wrong) {
    struct span span = wrong == &m->value ? compile_member_span(m) : wrong->span;
    return compile_fail(c, node->resource, span, "\"%.*s\" must be a list of strings", STR_ARG(m->key));
}

static bool kw_required(struct compiler *c, struct schema_node *node, const struct member *m) {
    const struct value *wrong;
    if (!is_string_list(&m->value, &wrong)) return fail_string_list(c, node, m, wrong);
    for (uint32_t i = 0; i < m->value.list.len; i++) {
        struct str key = m->value.list.items[i].string;
        struct property *property = property_of(c, node, key, str_hash(key));
        if (!property->required) node->map->required_count++;
        property->required = true;
    }
    return true;
}

static bool fail_map_of_schemas(struct compiler *c, struct schema_node *node, const struct member *m) {
    return keyword_fail(c, node, m, "an object whose values are schemas");
}

static bool kw_properties(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_MAP) return fail_map_of_schemas(c, node, m);
    for (uint32_t i = 0; i < m->value.map.len; i++) {
        const struct member *child = &m->value.map.members[i];
        struct property *property = property_of(c, node, child->key, child->hash);
        property->node = compile_child(c, node, &child->value);
        if (!property->node) return false;
    }
    return true;
}

static bool kw_pattern_properties(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_MAP) return fail_map_of_schemas(c, node, m);
    struct map_checks *map = map_of(c, node);
    map->patterns = arena_array(c->a, struct pattern_property, m->value.map.len);
    for (uint32_t i = 0; i < m->value.map.len; i++) {
        const struct member *child = &m->value.map.members[i];
        struct pattern_property *pattern = &map->patterns[map->pattern_count++];
        pattern->regex = keyword_regex(c, node, "patternProperties", child->key, child->key_span);
        pattern->node = pattern->regex ? compile_child(c, node, &child->value) : NULL;
        if (!pattern->node) return false;
    }
    return true;
}

static bool kw_additional_properties(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct map_checks *map = map_of(c, node);
    map->additional = compile_child(c, node, &m->value);
    return map->additional != NULL;
}

static bool kw_property_names(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct map_checks *map = map_of(c, node);
    map->names = compile_child(c, node, &m->value);
    return map->names != NULL;
}

static bool kw_unevaluated_properties(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct apply_checks *apply = apply_of(c, node);
    apply->unevaluated_properties = compile_child(c, node, &m->value);
    return apply->unevaluated_properties != NULL;
}

/* dependencies, dependentRequired, dependentSchemas: of each member a list of keys or a schema, as `lists` and
 * `schemas` allow. */
static bool add_dependencies(struct compiler *c, struct schema_node *node, const struct member *m, bool lists,
                             bool schemas) {
    if (m->value.kind != VALUE_MAP) return keyword_fail(c, node, m, "an object");
    struct map_checks *map = map_of(c, node);
    uint32_t len = m->value.map.len;
    map->dependencies = arena_grow(c->a, map->dependencies, sizeof(struct dependency) * map->dependency_count,
                                   sizeof(struct dependency) * (map->dependency_count + len));
    for (uint32_t i = 0; i < len; i++) {
        const struct member *child = &m->value.map.members[i];
        struct dependency dependency = {child->key, NULL, SCHEMA_DEPENDENT_REQUIRED, NULL};
        const struct value *wrong = &child->value;
        if (lists && (!schemas || child->value.kind == VALUE_LIST)) {
            if (!is_string_list(&child->value, &wrong)) return fail_string_list(c, node, child, wrong);
            dependency.names = &child->value;
        } else {
            dependency.node = compile_child(c, node, &child->value);
            if (!dependency.node) return false;
        }
        map->dependencies[map->dependency_count++] = dependency;
    }
    return true;
}

static bool kw_dependencies(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_dependencies(c, node, m, true, true);
}

static bool kw_dependent_required(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_dependencies(c, node, m, true, false);
}

static bool kw_dependent_schemas(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_dependencies(c, node, m, false, true);
}

/* ---- Logic ---- */

static bool set_list(struct compiler *c, struct schema_node *node, const struct member *m, struct node_list *out) {
    if (m->value.kind != VALUE_LIST || m->value.list.len == 0)
        return keyword_fail(c, node, m, "a list of schemas that is not empty");
    return compile_list(c, node, m, &out->items, &out->len);
}

static bool kw_all_of(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_list(c, node, m, &apply_of(c, node)->all_of);
}

static bool kw_any_of(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_list(c, node, m, &apply_of(c, node)->any_of);
}

static bool kw_one_of(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_list(c, node, m, &apply_of(c, node)->one_of);
}

static bool set_child(struct compiler *c, struct schema_node *node, const struct member *m, struct schema_node **out) {
    *out = compile_child(c, node, &m->value);
    return *out != NULL;
}

static bool kw_not(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_child(c, node, m, &apply_of(c, node)->negated);
}

static bool kw_if(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_child(c, node, m, &apply_of(c, node)->condition);
}

static bool kw_then(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_child(c, node, m, &apply_of(c, node)->then);
}

static bool kw_else(struct compiler *c, struct schema_node *node, const struct member *m) {
    return set_child(c, node, m, &apply_of(c, node)->otherwise);
}

/* ---- References and their targets ---- */

static bool add_reference(struct compiler *c, struct schema_node *node, const struct member *m,
                          enum reference_kind kind) {
    if (m->value.kind != VALUE_STRING) return keyword_fail(c, node, m, "a string with a URI reference");
    apply_of(c, node);
    vec_push(c->a, &c->references, (struct reference){kind, node, m});
    return true;
}

static bool kw_ref(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_reference(c, node, m, REFERENCE_PLAIN);
}

static bool kw_dynamic_ref(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_reference(c, node, m, REFERENCE_DYNAMIC);
}

static bool kw_recursive_ref(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_STRING || !str_eq(m->value.string, STR("#"))) return keyword_fail(c, node, m, "\"#\"");
    return add_reference(c, node, m, REFERENCE_RECURSIVE);
}

static bool add_anchor(struct compiler *c, struct schema_node *node, const struct member *m, bool dynamic) {
    struct resource *resource = node->resource;
    if (m->value.kind != VALUE_STRING || m->value.string.len == 0)
        return keyword_fail(c, node, m, "a string with a name");
    struct str name = m->value.string;
    struct schema_node *before = map_get(&resource->anchors, name);
    if (before && before != node)
        return compile_fail(c, resource, compile_member_span(m), "the anchor \"%.*s\" is already taken", STR_ARG(name));
    map_put(c->a, &resource->anchors, name, node);
    if (dynamic) map_put(c->a, &resource->dynamic_anchors, name, node);
    return true;
}

static bool kw_anchor(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_anchor(c, node, m, false);
}

static bool kw_dynamic_anchor(struct compiler *c, struct schema_node *node, const struct member *m) {
    return add_anchor(c, node, m, true);
}

static bool kw_recursive_anchor(struct compiler *c, struct schema_node *node, const struct member *m) {
    struct resource *resource = node->resource;
    if (m->value.kind != VALUE_BOOL) return keyword_fail(c, node, m, "true or false");
    if (m->value.boolean && resource->root == node) map_put(c->a, &resource->dynamic_anchors, STR(""), node);
    return true;
}

static bool kw_definitions(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_MAP) return fail_map_of_schemas(c, node, m);
    for (uint32_t i = 0; i < m->value.map.len; i++)
        if (!compile_child(c, node, &m->value.map.members[i].value)) return false;
    return true;
}

/* ---- Annotations ---- */

static bool kw_text(struct compiler *c, struct schema_node *node, const struct member *m) {
    return m->value.kind == VALUE_STRING || keyword_fail(c, node, m, "a string");
}

static bool kw_flag(struct compiler *c, struct schema_node *node, const struct member *m) {
    return m->value.kind == VALUE_BOOL || keyword_fail(c, node, m, "true or false");
}

static bool kw_examples(struct compiler *c, struct schema_node *node, const struct member *m) {
    return m->value.kind == VALUE_LIST || keyword_fail(c, node, m, "a list");
}

static bool kw_valuelint(struct compiler *c, struct schema_node *node, const struct member *m) {
    if (m->value.kind != VALUE_MAP) return keyword_fail(c, node, m, "an object");
    const struct member *message = value_member(&m->value, STR("message"));
    return !message || message->value.kind == VALUE_STRING || keyword_fail(c, node, message, "a string");
}

void keyword_finish(struct compiler *c, struct schema_node *node) {
    struct map_checks *map = node->map;
    if (!map || !map->additional || !map->additional->never) return;
    struct str *known = arena_array(c->a, struct str, map->property_count);
    for (uint32_t i = 0; i < map->property_count; i++)
        if (map->properties[i].node) known[map->known_count++] = map->properties[i].key;
    map->known = known;
}

const struct keyword_rule KEYWORDS_OF_STRUCTURE[] = {
    RULE("$ref", ALL, CORE, kw_ref),
    RULE("$dynamicRef", D20, CORE, kw_dynamic_ref),
    RULE("$recursiveRef", D19, CORE, kw_recursive_ref),
    RULE("$anchor", D19 | D20, CORE, kw_anchor),
    RULE("$dynamicAnchor", D20, CORE, kw_dynamic_anchor),
    RULE("$recursiveAnchor", D19, CORE, kw_recursive_anchor),
    RULE("$defs", ALL, CORE, kw_definitions),
    RULE("definitions", ALL, CORE, kw_definitions),
    RULE("$comment", ALL, CORE, kw_text),
    RULE("maxItems", ALL, VALIDATION, kw_max_items),
    RULE("minItems", ALL, VALIDATION, kw_min_items),
    RULE("uniqueItems", ALL, VALIDATION, kw_unique_items),
    RULE("prefixItems", D20, APPLICATOR, kw_prefix_items),
    RULE("items", ALL, APPLICATOR, kw_items),
    RULE("additionalItems", D7 | D19, APPLICATOR, kw_additional_items),
    RULE("contains", ALL, APPLICATOR, kw_contains),
    RULE("maxContains", D19 | D20, VALIDATION, kw_max_contains),
    RULE("minContains", D19 | D20, VALIDATION, kw_min_contains),
    RULE("unevaluatedItems", D19 | D20, UNEVALUATED, kw_unevaluated_items),
    RULE("maxProperties", ALL, VALIDATION, kw_max_properties),
    RULE("minProperties", ALL, VALIDATION, kw_min_properties),
    RULE("required", ALL, VALIDATION, kw_required),
    RULE("properties", ALL, APPLICATOR, kw_properties),
    RULE("patternProperties", ALL, APPLICATOR, kw_pattern_properties),
    RULE("additionalProperties", ALL, APPLICATOR, kw_additional_properties),
    RULE("propertyNames", ALL, APPLICATOR, kw_property_names),
    RULE("unevaluatedProperties", D19 | D20, UNEVALUATED, kw_unevaluated_properties),
    RULE("dependencies", ALL, APPLICATOR, kw_dependencies),
    RULE("dependentRequired", D19 | D20, VALIDATION, kw_dependent_required),
    RULE("dependentSchemas", D19 | D20, APPLICATOR, kw_dependent_schemas),
    RULE("allOf", ALL, APPLICATOR, kw_all_of),
    RULE("anyOf", ALL, APPLICATOR, kw_any_of),
    RULE("oneOf", ALL, APPLICATOR, kw_one_of),
    RULE("not", ALL, APPLICATOR, kw_not),
    RULE("if", ALL, APPLICATOR, kw_if),
    RULE("then", ALL, APPLICATOR, kw_then),
    RULE("else", ALL, APPLICATOR, kw_else),
    RULE("title", ALL, OTHER, kw_text),
    RULE("description", ALL, OTHER, kw_text),
    RULE("readOnly", ALL, OTHER, kw_flag),
    RULE("writeOnly", D7 | D19 | D20, OTHER, kw_flag),
    RULE("deprecated", D19 | D20, OTHER, kw_flag),
    RULE("examples", ALL, OTHER, kw_examples),
    RULE("contentEncoding", ALL, OTHER, kw_text),
    RULE("contentMediaType", ALL, OTHER, kw_text),
    RULE("x-valuelint", ALL, OTHER, kw_valuelint),
    {{NULL, 0}, 0, 0, NULL},
};
