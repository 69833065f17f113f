/* The properties that a schema describes, as a list. All schemas that speak of one map are looked at together, so that
 * what an allOf adds to a property joins what `properties` says of it.
 *
 * Keywords that constrain add up by themselves. Of those that only say something (`default`, `x-valuelint`) the nearer
 * one counts, so that a schema can build on another one: nearer is what a schema says itself against what it takes over
 * by `$ref` and `allOf`, however many of these lie between. Where two are equally near, the schema that takes the other
 * one over is nearer, and else they must be equal. */
#include "schema/validate.h"

#define DEPTH_MAX 60
#define PROPERTIES_MAX 20000
#define NODES_MAX 64       /* schemas that may speak of one property */
#define STEPS_MAX 1000000u /* the ways through references may be many: what lies beyond is left out */

/* A schema that speaks of a map or a property, and the `$ref`s and `allOf`s between it and the schema of all. */
struct said {
    const struct schema_node *node;
    uint32_t distance;
};

struct nodes VEC(struct said);

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
    struct VEC(struct schema_conflict) conflicts;
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
    uint32_t distance; /* of the schema that is gathered from */
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

static void add_node(struct walk *w, struct nodes *nodes, const struct schema_node *node, uint32_t distance) {
    if (nodes->len == NODES_MAX) return;
    for (uint32_t i = 0; i < nodes->len; i++) {
        if (nodes->items[i].node != node) continue;
        if (distance < nodes->items[i].distance) nodes->items[i].distance = distance;
        return;
    }
    vec_push(w->a, nodes, ((struct said){node, distance}));
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
        if (property && property->node)
            add_node(w, &entry_of(w, place, member->key, condition)->nodes, property->node, place->distance + depth);
    }
    for (uint32_t i = 0; map && i < map->property_count; i++)
        if (map->properties[i].required) entry_of(w, place, map->properties[i].key, condition)->required = true;
    if (node->apply) gather_applied(w, place, node->apply, condition, depth + 1);
    for (uint32_t i = 0; map && i < map->dependency_count; i++)
        gather_dependency(w, place, &map->dependencies[i], condition, depth + 1);
}

/* ---- What is said of a property, the nearer before the farther ---- */

/* Adds `node` and all that it takes over. */
static void take_over(struct walk *w, struct nodes *out, const struct schema_node *node, uint32_t distance,
                      uint32_t depth) {
    const struct apply_checks *apply = node->apply;
    if (depth == DEPTH_MAX || ++w->steps > STEPS_MAX) return;
    add_node(w, out, node, distance);
    if (!apply) return;
    if (apply->ref) take_over(w, out, apply->ref, distance + 1, depth + 1);
    for (uint32_t i = 0; i < apply->all_of.len; i++) take_over(w, out, apply->all_of.items[i], distance + 1, depth + 1);
}

/* Whether `node` takes `other` over. */
static bool takes_over(struct walk *w, const struct schema_node *node, const struct schema_node *other,
                       uint32_t depth) {
    const struct apply_checks *apply = node->apply;
    if (node == other) return true;
    if (!apply || depth == DEPTH_MAX || ++w->steps > STEPS_MAX) return false;
    bool found = apply->ref && takes_over(w, apply->ref, other, depth + 1);
    for (uint32_t i = 0; i < apply->all_of.len && !found; i++)
        found = takes_over(w, apply->all_of.items[i], other, depth + 1);
    return found;
}

static bool is_nearer(struct walk *w, const struct said *one, const struct said *other) {
    const struct schema_node *root = one->node->resource->root, *other_root = other->node->resource->root;
    if (root == other_root) return one->distance < other->distance;
    if (takes_over(w, root, other_root, 0)) return true;
    return one->distance < other->distance && !takes_over(w, other_root, root, 0);
}

/* The nearest of `said` with the keyword `outer`, and in it, where it has a `ptr`, the key `inner`; NULL where there is
 * none. Another value that is equally near is a conflict of the property `of` (NULL: it does not matter). */
static const struct said *nearest(struct walk *w, const struct nodes *said, struct str outer, struct str inner,
                                  const struct schema_property *of, const struct value **value) {
    const struct said *best = NULL;
    struct schema_conflict conflict = {.keyword = inner.ptr ? inner : outer, .path = of ? of->path : STR("")};
    *value = NULL;
    for (uint32_t i = 0; i < said->len; i++) {
        const struct said *next = &said->items[i];
        const struct value *found = value_get(next->node->source, outer);
        if (found && inner.ptr) found = value_get(found, inner);
        if (!found || (best && is_nearer(w, best, next))) continue;
        if (best && !is_nearer(w, next, best)) {
            if (!value_equal(*value, found)) conflict.first = *value, conflict.second = found;
            continue;
        }
        best = next;
        *value = found;
        conflict.first = NULL;
    }
    if (of && conflict.first) vec_push(w->a, &w->conflicts, conflict);
    return best;
}

/* All annotations as one. A `default` that is nearer than `derive` takes its place. */
static const struct value *merge_annotations(struct walk *w, const struct nodes *said,
                                             const struct schema_property *of) {
    const struct str keyword = STR("x-valuelint"), none = {NULL, 0};
    const struct value *value;
    const struct said *fallback = nearest(w, said, STR("default"), none, NULL, &value);
    struct value *all = arena_new(w->a, struct value);
    uint32_t room = 0;
    bool known;
    for (uint32_t i = 0; i < said->len; i++) {
        const struct value *one = value_get(said->items[i].node->source, keyword);
        room += one && one->kind == VALUE_MAP ? one->map.len : 0;
    }
    *all = value_map_new(w->a, room);
    for (uint32_t i = 0; i < said->len; i++) {
        const struct value *one = value_get(said->items[i].node->source, keyword);
        for (uint32_t k = 0; one && one->kind == VALUE_MAP && k < one->map.len; k++) {
            struct str key = one->map.members[k].key;
            if (value_get(all, key)) continue;
            const struct said *from = nearest(w, said, keyword, key, NULL, &value);
            if (fallback && str_eq(key, STR("derive")) && is_nearer(w, fallback, from)) continue;
            nearest(w, said, keyword, key, of, &value);
            struct member *member = value_map_put(all, key, &known);
            member->value = *value;
            member->key_span = one->map.members[k].key_span;
        }
    }
    return room ? all : NULL;
}

static void describe(struct walk *w, struct schema_property *property, const struct entry *entry) {
    const struct str none = {NULL, 0};
    const struct value *description;
    struct nodes said = {NULL, 0, 0};
    for (uint32_t i = 0; i < entry->nodes.len; i++)
        take_over(w, &said, entry->nodes.items[i].node, entry->nodes.items[i].distance, 0);
    property->annotation = merge_annotations(w, &said, property);
    nearest(w, &said, STR("default"), none, property, &property->default_value);
    nearest(w, &said, STR("description"), none, NULL, &description);
    if (description && description->kind == VALUE_STRING) property->description = description->string;
    property->types = TYPE_ANY;
    for (uint32_t i = 0; i < entry->nodes.len; i++) {
        const struct schema_node *node = entry->nodes.items[i].node;
        property->types &= node->possible_types;
        property->closed = property->closed || node->closed;
    }
    if (entry->nodes.len) {
        const struct schema_node *node = entry->nodes.items[0].node;
        property->schema = node->forward ? node->forward->source : node->source;
    }
}

/* Whether one of the schemas speaks of a map further up already: it describes itself. */
static bool is_recursive(const struct place *place, const struct nodes *nodes) {
    for (; place; place = place->outer)
        for (uint32_t i = 0; i < place->nodes->len; i++)
            for (uint32_t k = 0; k < nodes->len; k++) {
                const struct schema_node *a = place->nodes->items[i].node, *b = nodes->items[k].node;
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
    struct place below = {place, &entry->nodes, &step, keys, property.key_count, index, {NULL, 0, 0}, {0}, 0};
    walk_map(w, &below, entry->condition);
}

/* What a condition asks for by name only takes its default from where the property is described. */
static void lend_default(struct walk *w, const struct place *place, struct schema_property *property) {
    const struct entry *other = map_get(&place->by_key, property->keys[property->key_count - 1]);
    for (; other && !property->default_value; other = other->same_key) {
        struct schema_property lender = {.path = property->path};
        describe(w, &lender, other);
        property->default_value = lender.default_value;
    }
}

static void walk_map(struct walk *w, struct place *place, const struct schema_condition *condition) {
    w->depth++;
    for (uint32_t i = 0; i < place->nodes->len; i++) {
        place->distance = place->nodes->items[i].distance;
        gather(w, place, place->nodes->items[i].node, condition, 0);
    }
    for (uint32_t i = 0; i < place->entries.len && w->found.len < PROPERTIES_MAX; i++) {
        uint32_t index = w->found.len;
        add_property(w, place, place->entries.items[i]);
        if (place->entries.items[i]->condition) lend_default(w, place, &w->found.items[index]);
    }
    w->depth--;
}

/* Whether the values may hold other keys than those that are described. */
static bool is_open(struct walk *w, const struct schema_node *root) {
    struct nodes said = {NULL, 0, 0};
    bool describes = false, takes_others = false;
    take_over(w, &said, root, 0, 0);
    for (uint32_t i = 0; i < said.len; i++) {
        const struct value *source = said.items[i].node->source;
        describes = describes || value_get(source, STR("properties"));
        takes_others = takes_others || value_get(source, STR("additionalProperties")) ||
                       value_get(source, STR("patternProperties"));
    }
    return !describes || takes_others;
}

struct schema_properties schema_properties(struct arena *a, const struct schema *schema) {
    struct walk w = {.a = a};
    struct nodes root = {NULL, 0, 0};
    add_node(&w, &root, schema->root, 0);
    struct place place = {NULL, &root, NULL, NULL, 0, -1, {NULL, 0, 0}, {0}, 0};
    walk_map(&w, &place, NULL);
    return (struct schema_properties){
        .items = w.found.items,
        .len = w.found.len,
        .closed = schema->root->closed,
        .open = is_open(&w, schema->root),
        .conflicts = w.conflicts.items,
        .conflict_count = w.conflicts.len,
    };
}

bool schema_takes_over(struct arena *a, const struct schema *schema, const struct value *source) {
    struct walk w = {.a = a};
    struct nodes said = {NULL, 0, 0};
    take_over(&w, &said, schema->root, 0, 0);
    for (uint32_t i = 0; i < said.len; i++)
        if (said.items[i].node->source == source) return true;
    return false;
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
        struct regex_work work = {.remembers = false};
        struct run run = {.schema = schema, .regex = &work, .steps = schema->max_steps};
        bool holds = validate_check(&run, condition->node, map, NULL);
        regex_work_free(&work);
        if (run.gave_up || holds == condition->negated) return false;
    }
    return true;
}
