/* JSON-like values, each with the place in a text that it came from. Values are made once, in an arena, and then
 * only read: they may be shared between threads. */
#ifndef VALUE_VALUE_H
#define VALUE_VALUE_H

#include "base/arena.h"
#include "base/span.h"

/* INT is used for every number that is whole and fits (1.0 too: JSON Schema and Helm tell no difference). */
enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_FLOAT, VALUE_STRING, VALUE_LIST, VALUE_MAP };

struct value;
struct member;

struct value_list {
    struct value *items;
    uint32_t len;
};

/* Keys are unique. Made by value_map_new only: in front of the members of a large map stands an index. */
struct value_map {
    struct member *members; /* in the order of the text */
    uint32_t len;
    uint32_t slot_count; /* of the index: a power of two, or 0 where there is none */
};

struct value {
    enum value_kind kind;
    uint32_t node;    /* the node of the source tree that it came from; 0 for none */
    struct span span; /* of its text, quotes included; empty where it has none (`key:` with nothing behind) */
    union {
        bool boolean;
        int64_t integer;
        double real;
        struct str string;
        struct value_list list;
        struct value_map map;
    };
};

struct member {
    struct str key;
    struct span key_span;
    uint32_t hash; /* str_hash of key */
    struct value value;
};

static inline bool value_is_number(const struct value *v) {
    return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

static inline double value_number(const struct value *v) {
    return v->kind == VALUE_INT ? (double)v->integer : v->real;
}

/* A number: INT where `number` is whole and within 2^63, FLOAT otherwise. */
struct value value_from_number(double number);
struct value value_from_string(struct str s);

/* An empty map with room for `cap` members, to be filled by value_map_put before anybody else sees it. */
struct value value_map_new(struct arena *a, uint32_t cap);

/* The member `key` of a map from value_map_new, appended (as null, without spans) where it has none yet; *found
 * tells. The caller sees to it that there are never more than `cap`, and sets its value and span. */
struct member *value_map_put(struct value *map, struct str key, bool *found);
/* The same, with the str_hash of `key`. */
struct member *value_map_put_hashed(struct value *map, struct str key, uint32_t hash, bool *found);

/* A copy of the map `map` with room for `more` members more; what its members hold is shared. */
struct value value_map_copy(struct arena *a, const struct value *map, uint32_t more);

/* A list of `items[0..len)`, which are copied into the arena. */
struct value value_from_items(struct arena *a, const struct value *items, uint32_t len);

/* The member `key` of `map`, or NULL (also where `map` is NULL or no map). */
const struct member *value_member(const struct value *map, struct str key);
/* The same, with the str_hash of `key`. */
const struct member *value_member_hashed(const struct value *map, struct str key, uint32_t hash);

/* The value of `key`, or NULL. */
const struct value *value_get(const struct value *map, struct str key);

/* The value at a path of map keys `keys[0..count)`, or NULL. */
const struct value *value_path(const struct value *root, const struct str *keys, size_t count);

/* Deep equality as JSON Schema has it: 1 equals 1.0, the order of keys does not matter. */
bool value_equal(const struct value *a, const struct value *b);

/* `map` without the nulls in it, at any depth of maps, but not in lists: what is left where Helm takes null for a
 * deletion. It shares what it can with `map`. */
struct value value_without_nulls(struct arena *a, const struct value *map);

/* "a string", "a mapping", "a number"; "nothing" for NULL. */
const char *value_kind_words(const struct value *v);

/* "null", "boolean", "integer", "number", "string", "array", "object": JSON Schema's names. */
struct str value_kind_name(const struct value *v);

#endif
