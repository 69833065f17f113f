/* The compiled form of a schema: one node a schema object. Only the keywords that are there cost anything: each
 * kind of instance has its own block of checks, NULL where there is nothing to check. */
#ifndef SCHEMA_NODE_H
#define SCHEMA_NODE_H

#include "base/map.h"
#include "schema/format.h"
#include "schema/regex.h"
#include "schema/schema.h"

struct resource;

struct number_checks {
    const struct value *multiple_of, *maximum, *exclusive_maximum, *minimum, *exclusive_minimum; /* or NULL */
};

struct string_checks {
    uint32_t min_length, max_length; /* in characters; UINT32_MAX for no end */
    const struct regex *pattern;     /* or NULL */
    schema_format_check *format;     /* NULL also where `format` is an annotation */
};

struct list_checks {
    uint32_t min_items, max_items;
    bool unique;
    bool contains_evaluates;     /* draft 2020-12: an item that `contains` takes is evaluated */
    struct schema_node **prefix; /* the first items' schemas */
    uint32_t prefix_count;
    struct schema_node *rest; /* of all items behind them, or NULL */
    struct schema_node *contains;
    uint32_t min_contains, max_contains;
};

/* A key that `properties` or `required` names. */
struct property {
    struct str key;
    uint32_t hash;
    bool required;
    struct schema_node *node; /* NULL where only `required` names it */
};

struct pattern_property {
    const struct regex *regex;
    struct schema_node *node;
};

struct dependency {
    struct str key;
    const struct value *names; /* the list of keys that it asks for, or NULL */
    enum schema_keyword keyword;
    struct schema_node *node; /* the schema that it asks for, or NULL */
};

struct map_checks {
    uint32_t min_properties, max_properties;
    struct property *properties;
    uint32_t property_count;
    uint32_t required_count;
    uint32_t *slots; /* hash table: index + 1 into properties; NULL where there are none */
    uint32_t slot_count;
    struct pattern_property *patterns;
    uint32_t pattern_count;
    struct schema_node *additional; /* or NULL */
    const struct str *known;        /* the keys of `properties`, where `additional` is false: for suggestions */
    uint32_t known_count;
    struct schema_node *names; /* propertyNames */
    struct dependency *dependencies;
    uint32_t dependency_count;
};

struct value_checks {
    const struct value *constant;    /* or NULL */
    const struct value *enumeration; /* the list, or NULL */
    const struct value **slots;      /* a hash table of the list's strings; NULL for a short list */
    uint32_t slot_count;
};

struct node_list {
    struct schema_node **items;
    uint32_t len;
};

/* What applies other schemas to the same instance. */
struct apply_checks {
    struct schema_node *ref;
    struct schema_node *dynamic; /* what $dynamicRef or $recursiveRef leads to by itself */
    struct str dynamic_anchor;   /* the name to look for in the dynamic scope; `ptr` NULL: `dynamic` it is */
    struct node_list all_of, any_of, one_of;
    struct schema_node *negated; /* not */
    struct schema_node *condition, *then, *otherwise;
    struct schema_node *unevaluated_items, *unevaluated_properties;
};

struct schema_node {
    const struct value *source; /* the schema as written */
    struct resource *resource;
    struct schema_node *forward; /* it is nothing but a reference to this one */
    uint8_t types;               /* that are allowed */
    uint8_t possible_types;      /* that it and what it applies to the same value leave possible */
    bool never;                  /* the schema `false` */
    bool closed;                 /* it, or what it refers to, takes no unknown keys */
    uint8_t mark;                /* of the search for cycles while compiling */
    struct number_checks *number;
    struct string_checks *string;
    struct list_checks *list;
    struct map_checks *map;
    struct value_checks *values;
    struct apply_checks *apply;
};

/* A schema with a URI of its own. */
struct resource {
    struct str uri;
    struct str document; /* URI of the document that it stands in; empty for the user's */
    const struct dialect *dialect;
    const struct value *source;
    struct schema_node *root;
    struct map anchors;         /* name -> struct schema_node */
    struct map dynamic_anchors; /* the dynamic ones again; "" for a root with $recursiveAnchor */
};

struct schema {
    struct schema_node *root;
    bool dynamic; /* there are dynamic references, so that the dynamic scope must be kept */
    uint64_t max_steps;
    struct schema_node **node_table; /* by `source`; see compile.c */
    uint32_t node_slots;
};

/* The types that a value has. */
static inline uint8_t node_types_of(const struct value *v) {
    static const uint8_t types[] = {
        [VALUE_NULL] = TYPE_NULL,    [VALUE_BOOL] = TYPE_BOOL,     [VALUE_INT] = TYPE_INTEGER | TYPE_NUMBER,
        [VALUE_FLOAT] = TYPE_NUMBER, [VALUE_STRING] = TYPE_STRING, [VALUE_LIST] = TYPE_LIST,
        [VALUE_MAP] = TYPE_MAP,
    };
    return types[v->kind];
}

/* The entry of `key` in `properties` or `required`, or NULL. */
static inline const struct property *node_property(const struct map_checks *map, struct str key, uint32_t hash) {
    if (!map->slots) return NULL;
    uint32_t mask = map->slot_count - 1;
    for (uint32_t slot = hash & mask; map->slots[slot]; slot = (slot + 1) & mask) {
        const struct property *property = &map->properties[map->slots[slot] - 1];
        if (property->hash == hash && str_eq(property->key, key)) return property;
    }
    return NULL;
}

#endif
