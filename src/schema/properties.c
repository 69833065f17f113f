/* The properties that a schema describes, as a list. All schemas that speak of one map are looked at together, so that
 * what an allOf adds to a property joins what `properties` says of it. */
#include "schema/validate.h"

#define DEPTH_MAX 60
#define PROPERTIES_MAX 20000
#define NODES_MAX 64       /* schemas that may speak of one property */
#define STEPS_MAX 1000000u /* the ways through references may be many: what lies beyond is left out */

struct nodes VEC(const struct schema_node *);

/* What is said of one key of a map under one condition. */
struct entry {
    struct str key;
    const struct schema_condition *condition;
    bool required;
    struct nodes nodes;
    struct entry *same_key; /* the next one of this key */
};

struct walk {
    struct arena *a;
    struct VEC(struct schema_property) found;
    uint32_t depth;
    uint32_t steps;
};

/* A map on the way down. */
struct place {
    const struct place *outer;
    const struct nodes *nodes;
    const struct step *step;
    const struct str *keys;
    uint32_t key_count;
    int32_t parent;
    struct VEC(struct entry *) entries;
    struct map by_key; /* key -> its first entry */
};

static struct entry *entry_of(struct walk *w, struct place *place, struct str key,
                              const struct schema_condition *condition) {
    struct entry *first = map_get(&place->by_key, key), *last = NULL;
    for (struct entry *entry = first; entry; entry = entry->same_key) {
        if (entry->condition == condition) return entry;
        last = entry;
    }
    struct entry *entry = arena_new(w->a, struct entry);
    entry->key = key;
    entry->condition = condition;
    vec_push(w->a, &place->entries, entry);
    if (last) last->same_key = entry;
    else map_put(w->a, &place->by_key, key, entry);
    return entry;
}

static void add_node(struct walk *w, struct entry *entry, const struct schema_node *node) {
    if (entry->nodes.len == NODES_MAX) return;
    for (uint32_t i = 0; i < entry->nodes.len; i++)
        if (entry->nodes.items[i] == node) return;
    vec_push(w->a, &entry->nodes, node);
}

static const struct schema_condition *add_condition(struct walk *w, const struct place *place,
                                                    const struct schema_condition *outer,
                                                    const struct schema_node *node, struct str key, bool negated) {
    struct schema_condition *condition = arena_new(w->a, struct schema_condition);
    *condition =
        (struct schema_condition){outer, node, node ? node->source : NULL, key, negated, place->keys, place->key_count};
    return condition;
}

static void gather(struct walk *w, struct place *place, const struct schema_node *node,
                   const struct schema_condition *condition, uint32_t depth);

static void gather_applied(struct walk *w, struct place *place, const struct apply_checks *apply,
                           const struct schema_condition *condition, uint32_t depth) {
    gather(w, place, apply->ref, condition, depth);
    gather(w, place, apply->dynamic, condition, depth);
    for (uint32_t i = 0; i < apply->all_of.len; i++) gather(w, place, apply->all_of.items[i], condition, depth);
    if (apply->condition && apply->then) {
        const struct schema_condition *then = add_condition(w, place, condition, apply->condition, STR(""), false);
        gather(w, place, apply->then, then, depth);
    }
    if (apply->condition && apply->otherwise) {
        const struct schema_condition *not = add_condition(w, place, condition, apply->condition, STR(""), true);
        gather(w, place, apply->otherwise, not, depth);
    }
}

static void gather_dependency(struct walk *w, struct place *place, const struct dependency *dependency,
                              const struct schema_condition *condition, uint32_t depth) {
    condition = add_condition(w, place, condition, NULL, dependency->key, false);
    gather(w, place, dependency->node, condition, depth);
    for (uint32_t i = 0; dependency->names && i < dependency->names->list.len; i++)
        entry_of(w, place, dependency->names->list.items[i].string, condition)->required = true;
}

/* Adds what `node` says of the keys of the map at `place`. */
static void gather(struct walk *w, struct place *place, const struct schema_node *node,
                   const struct schema_condition *condition, uint32_t depth) {
    if (!node || depth == DEPTH_MAX || place->entries.len > PROPERTIES_MAX || ++w->steps > STEPS_MAX) return;
    const struct map_checks *map = node->map;
    const struct value *properties = value_get(node->source, STR("properties"));
    for (uint32_t i = 0; map && properties && i < properties->map.len; i++) {
        const struct member *member = &properties->map.members[i];
        const struct property *property = node_property(map, member->key, member->hash);
        if (property && property->node) add_node(w, entry_of(w, place, member->key, condition), property->node);
    }
    for (uint32_t i = 0; map && i < map->property_count; i++)
        if (map->properties[i].required) entry_of(w, place, map->properties[i].key, condition)->required = true;
    if (node->apply) gather_applied(w, place, node->apply, condition, depth + 1);
    for (uint32_t i = 0; map && i < map->dependency_count; i++)
        gather_dependency(w, place, &map->dependencies[i], condition, depth + 1);
}

/* The first that `node` or what it refers to says under the keyword `key`, or NULL. */
static const struct value *annotation_of(struct walk *w, const struct schema_node *node, struct str key,
                                         uint32_t depth) {
    const struct value *found = value_get(node->source, key);
    const struct apply_checks *apply = node->apply;
    if (found || !apply || depth == DEPTH_MAX || ++w->steps > STEPS_MAX) return found;
    if (apply->ref) found = annotation_of(w, apply->ref, key, depth + 1);
    for (uint32_t i = 0; i < apply->all_of.len && !found; i++)
        found = annotation_of(w, apply->all_of.items[i], key, depth + 1);
    return found;
}

static const struct value *annotation_in(struct walk *w, const struct nodes *nodes, struct str key) {
    const struct value *found = NULL;
    for (uint32_t i = 0; i < nodes->len && !found; i++) found = annotation_of(w, nodes->items[i], key, 0);
    return found;
}

static void describe(struct walk *w, struct schema_property *property, const struct entry *entry) {
    const struct value *description = annotation_in(w, &entry->nodes, STR("description"));
    property->default_value = annotation_in(w, &entry->nodes, STR("default"));
    property->annotation = annotation_in(w, &entry->nodes, STR("x-valuelint"));
    if (description && description->kind == VALUE_STRING) property->description = description->string;
    if (property->annotation && property->annotation->kind != VALUE_MAP) property->annotation = NULL;
    property->types = TYPE_ANY;
    for (uint32_t i = 0; i < entry->nodes.len; i++) {
        const struct schema_node *node = entry->nodes.items[i];
        property->types &= node->possible_types;
        property->closed = property->closed || node->closed;
    }
    if (entry->nodes.len) {
        const struct schema_node *node = entry->nodes.items[0];
        property->schema = node->forward ? node->forward->source : node->source;
    }
}

/* Whether one of the schemas speaks of a map further up already: it describes itself. */
static bool is_recursive(const struct place *place, const struct nodes *nodes) {
    for (; place; place = place->outer)
        for (uint32_t i = 0; i < place->nodes->len; i++)
            for (uint32_t k = 0; k < nodes->len; k++) {
                const struct schema_node *a = place->nodes->items[i], *b = nodes->items[k];
                if ((a->forward ? a->forward : a) == (b->forward ? b->forward : b)) return true;
            }
    return false;
}

static void walk_map(struct walk *w, struct place *place, const struct schema_condition *condition);

static void add_property(struct walk *w, const struct place *place, const struct entry *entry) {
    struct step step = {place->step, entry->key, 0};
    struct str *keys = arena_array(w->a, struct str, place->key_count + 1);
    if (place->key_count) memcpy(keys, place->keys, sizeof *keys * place->key_count);
    keys[place->key_count] = entry->key;
    struct schema_property property = {
        .path = step_dotted(w->a, &step),
        .pointer = step_pointer(w->a, &step),
        .keys = keys,
        .key_count = place->key_count + 1,
        .parent = place->parent,
        .required = entry->required,
        .condition = entry->condition,
    };
    describe(w, &property, entry);
    int32_t index = (int32_t)w->found.len;
    vec_push(w->a, &w->found, property);
    if (is_recursive(place, &entry->nodes) || w->depth == DEPTH_MAX) return;
    struct place below = {place, &entry->nodes, &step, keys, property.key_count, index, {NULL, 0, 0}, {0}};
    walk_map(w, &below, entry->condition);
}

/* What a condition asks for by name only takes its default from where the property is described. */
static void lend_default(struct walk *w, const struct place *place, struct schema_property *property) {
    const struct entry *other = map_get(&place->by_key, property->keys[property->key_count - 1]);
    for (; other && !property->default_value; other = other->same_key)
        property->default_value = annotation_in(w, &other->nodes, STR("default"));
}

static void walk_map(struct walk *w, struct place *place, const struct schema_condition *condition) {
    w->depth++;
    for (uint32_t i = 0; i < place->nodes->len; i++) gather(w, place, place->nodes->items[i], condition, 0);
    for (uint32_t i = 0; i < place->entries.len && w->found.len < PROPERTIES_MAX; i++) {
        uint32_t index = w->found.len;
        add_property(w, place, place->entries.items[i]);
        if (place->entries.items[i]->condition) lend_default(w, place, &w->found.items[index]);
    }
    w->depth--;
}

struct schema_properties schema_properties(struct arena *a, const struct schema *schema) {
    struct walk w = {.a = a};
    struct nodes root = {NULL, 0, 0};
    vec_push(a, &root, schema->root);
    struct place place = {NULL, &root, NULL, NULL, 0, -1, {NULL, 0, 0}, {0}};
    walk_map(&w, &place, NULL);
    const struct value *source = schema->root->source;
    bool open = !value_get(source, STR("properties")) || value_get(source, STR("additionalProperties")) ||
                value_get(source, STR("patternProperties"));
    return (struct schema_properties){w.found.items, w.found.len, schema->root->closed, open};
}

bool schema_condition_holds(const struct schema *schema, const struct schema_condition *condition,
                            const struct value *root) {
    for (; condition; condition = condition->outer) {
        const struct value *map = value_path(root, condition->keys, condition->key_count);
        if (!map || map->kind != VALUE_MAP) return false;
        if (!condition->node) {
            if (!value_member(map, condition->key)) return false;
            continue;
        }
        struct run run = {.schema = schema, .steps = schema->max_steps};
        bool holds = validate_check(&run, condition->node, map, NULL);
        regex_work_free(&run.regex);
        if (run.gave_up || holds == condition->negated) return false;
    }
    return true;
}
