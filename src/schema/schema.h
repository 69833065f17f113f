/* JSON Schema, drafts 7, 2019-09 and 2020-12: compiled once, then used by any number of threads. */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "base/vec.h"
#include "value/pointer.h"
#include "value/value.h"

enum schema_draft { SCHEMA_DRAFT_7, SCHEMA_DRAFT_2019_09, SCHEMA_DRAFT_2020_12 };

/* The keywords that a value can violate. */
enum schema_keyword {
    SCHEMA_FALSE, /* not a keyword: the schema `false`, which nothing fits */
    SCHEMA_TYPE,
    SCHEMA_ENUM,
    SCHEMA_CONST,
    SCHEMA_MULTIPLE_OF,
    SCHEMA_MAXIMUM,
    SCHEMA_EXCLUSIVE_MAXIMUM,
    SCHEMA_MINIMUM,
    SCHEMA_EXCLUSIVE_MINIMUM,
    SCHEMA_MAX_LENGTH,
    SCHEMA_MIN_LENGTH,
    SCHEMA_PATTERN,
    SCHEMA_FORMAT,
    SCHEMA_MAX_ITEMS,
    SCHEMA_MIN_ITEMS,
    SCHEMA_UNIQUE_ITEMS,
    SCHEMA_ADDITIONAL_ITEMS, /* an item too many: `additionalItems` or `items` is false behind a list of schemas */
    SCHEMA_CONTAINS,
    SCHEMA_MAX_CONTAINS,
    SCHEMA_MIN_CONTAINS,
    SCHEMA_UNEVALUATED_ITEMS,
    SCHEMA_MAX_PROPERTIES,
    SCHEMA_MIN_PROPERTIES,
    SCHEMA_REQUIRED,
    SCHEMA_DEPENDENT_REQUIRED, /* `dependencies` with a list too */
    SCHEMA_ADDITIONAL_PROPERTIES,
    SCHEMA_PROPERTY_NAMES,
    SCHEMA_UNEVALUATED_PROPERTIES,
    SCHEMA_ANY_OF,
    SCHEMA_ONE_OF,
    SCHEMA_NOT,
    SCHEMA_LIMIT, /* not a keyword: the check was given up, since the schema makes it too long or too deep */
    SCHEMA_KEYWORDS,
};

/* Sets of types, as bits. TYPE_NUMBER includes the whole ones. */
enum schema_type {
    TYPE_NULL = 1,
    TYPE_BOOL = 2,
    TYPE_INTEGER = 4,
    TYPE_NUMBER = 8,
    TYPE_STRING = 16,
    TYPE_LIST = 32,
    TYPE_MAP = 64,
    TYPE_ANY = 127,
};

struct schema_options {
    enum schema_draft draft; /* of a document without `$schema` */
    bool assert_format;      /* `format` is checked; otherwise it is an annotation, as the drafts have it */
    struct str base_uri;     /* where the document comes from; may be empty */
    /* Gives the document at `uri` (without fragment), which must live as long as the schema, or NULL. May be NULL.
     * The drafts' own metaschemas are known without it. */
    const struct value *(*resolve)(void *data, struct str uri);
    void *resolve_data;
    uint64_t max_steps; /* how much work one validation may be, in subschemas applied; 0 for 20 million */
};

struct schema_error {
    struct span span;   /* of the offending keyword's value (of its key, where the value has no text) */
    char document[256]; /* URI of the document that the span is in; empty for the one that was given */
    char message[512];  /* one line, without a final full stop */
};

struct schema;
struct schema_node;

/* Compiles `document`, which the schema goes on using, as it does the arena. NULL where it is no valid schema: then
 * `error` says why. The result is immutable. */
const struct schema *schema_compile(struct arena *a, const struct value *document, const struct schema_options *options,
                                    struct schema_error *error);

/* The schema object or boolean that the `$ref` of the schema object `source`, a part of a document of `schema`, leads
 * to; NULL where it has none. */
const struct value *schema_reference(const struct schema *schema, const struct value *source);

/* One way in which a value does not fit. A value of the wrong type gives that violation alone, since all others
 * would follow from it. */
struct violation {
    enum schema_keyword keyword;
    const struct value *schema;   /* the schema object that holds the keyword (a boolean for SCHEMA_FALSE) */
    const struct value *expected; /* the keyword's value there; NULL for SCHEMA_FALSE and SCHEMA_LIMIT */
    const struct value *instance; /* the offending value; for missing keys, the map that lacks them */
    /* The offending member: of unknown keys, propertyNames, and dependentRequired (the member that asks for more);
     * else NULL. `instance` is its value, save for dependentRequired. */
    const struct member *member;
    const struct value *other; /* uniqueItems: the first of the two equal items */
    uint32_t other_index;      /* and its place */
    /* required, dependentRequired: the missing keys. Unknown keys: the known ones. anyOf, oneOf: the keys of which
     * one is needed, where all alternatives ask for one key. maxContains, oneOf: none. */
    const struct str *names;
    uint32_t name_count;
    const struct value *const *choices; /* anyOf, oneOf whose alternatives are all const or enum: the values */
    uint32_t choice_count;
    uint8_t types;  /* type: the allowed ones; anyOf, oneOf: those of all alternatives, where none has the value's */
    uint32_t count; /* what was counted: characters, items, keys, items that match, oneOf: alternatives that match */
    bool gave_up;   /* pattern: the search was given up, since the pattern backtracks without end */
    const struct violation *cause; /* propertyNames: what is wrong with the key; else NULL */
    struct str path;               /* dotted; with the key of `member`, save for dependentRequired */
    struct str pointer;            /* the same as a JSON Pointer */
};

struct violations VEC(struct violation);

/* Whether `instance` fits. Appends every violation to `out`; they and their texts live in the arena, and point into
 * the schema and the instance. */
bool schema_validate(const struct schema *schema, struct arena *a, const struct value *instance,
                     struct violations *out);

/* What fitted in earlier validations: for values that share most of their parts with the ones before, as value_with
 * makes them, all of which live as long as the memo. */
struct schema_memo;
struct schema_memo *schema_memo_new(struct arena *a);

/* As schema_validate, with the same outcome; passes over what the memo knows, and adds to it. `work` is what a thread's
 * validations share, all with schemas that live as long. Both may be NULL. */
struct regex_work;
bool schema_validate_again(const struct schema *schema, struct arena *a, struct schema_memo *memo,
                           struct regex_work *work, const struct value *instance, struct violations *out);

/* As schema_validate, without saying why: stops at the first violation and needs no arena. */
bool schema_is_valid(const struct schema *schema, const struct value *instance);

/* A violation in the words of a chart's author. Message and help read as one sentence when joined by "; ". */
struct schema_message {
    struct str message; /* what is wrong, without a final full stop */
    struct str help;    /* what to do; may be empty */
    bool suggests;      /* the help is a question after the nearest allowed text: it belongs to the message */
};
struct schema_message schema_violation_message(struct arena *a, const struct violation *violation);

/* The keyword as it is written in a schema. */
struct str schema_keyword_name(enum schema_keyword keyword);

/* A condition under which a property is described: that of an `if` (or the key of dependentSchemas) somewhere above it.
 */
struct schema_condition {
    const struct schema_condition *outer; /* which must hold too; NULL for none */
    const struct schema_node *node;       /* the compiled `if`; NULL for dependentSchemas */
    const struct value *schema;           /* the `if` as written; NULL for dependentSchemas */
    struct str key;                       /* of dependentSchemas: the key that must be there */
    bool negated;                         /* `else`: it must not hold */
    const struct str *keys;               /* path of the map that it speaks of */
    uint32_t key_count;
};

/* A property that the schema describes. */
struct schema_property {
    struct str path;        /* dotted */
    struct str pointer;     /* JSON Pointer into the values */
    const struct str *keys; /* the path's parts */
    uint32_t key_count;
    int32_t parent;                    /* its place in the array; -1 at the top */
    const struct value *schema;        /* as written, $ref followed; NULL where only `required` names it */
    const struct value *default_value; /* NULL for none */
    const struct value *annotation;    /* all `x-valuelint` objects as one, the nearer first; NULL for none */
    struct str description;            /* may be empty */
    uint8_t types;                     /* that the schema allows */
    bool required;
    bool closed;                              /* a map that takes no other keys */
    const struct schema_condition *condition; /* NULL: always */
};

/* Two schemas that say different things of one property, of which none is nearer. */
struct schema_conflict {
    struct str path;    /* of the property */
    struct str keyword; /* `default`, or the key of `x-valuelint` */
    const struct value *first, *second;
};

struct schema_properties {
    const struct schema_property *items;
    uint32_t len;
    const struct schema_conflict *conflicts;
    uint32_t conflict_count;
    bool closed; /* the root takes no other keys */
    bool open;   /* the root says what other keys it takes (`additionalProperties`, `patternProperties`) */
};

/* All properties, parents before their children, in the order of the schema; through $ref, allOf and conditions. What
 * several places say of one path under one condition is one entry; what conditions add is an entry of its own. */
struct schema_properties schema_properties(struct arena *a, const struct schema *schema);

/* Whether the root of `schema` takes the schema object `source` over as a whole, by `$ref` and `allOf`. */
bool schema_takes_over(struct arena *a, const struct schema *schema, const struct value *source);

/* Whether `condition` (NULL: always) holds for the document `root`. */
bool schema_condition_holds(const struct schema *schema, const struct schema_condition *condition,
                            const struct value *root);

#endif
