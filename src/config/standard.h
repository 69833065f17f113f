/* The standard that values are checked against: the compiled schema, and what its `x-valuelint` annotations say of
 * old places. Immutable; shared by all threads. */
#ifndef CONFIG_STANDARD_H
#define CONFIG_STANDARD_H

#include "base/map.h"
#include "config/derive.h"
#include "rule/document.h"

/* An old place of a value. */
struct legacy {
    struct str path; /* dotted */
    const struct str *keys;
    uint32_t key_count;
    struct VEC(const struct schema_property *) targets; /* the first is the one that references follow */
    struct VEC(const struct cel_program *) converts;    /* by target: CEL on the value; NULL where it goes as it is */
    bool own_parts; /* the same, where the parts go to names of their own: by `converts` */
    bool split;     /* one string that goes to several targets in pieces: an image with its tag */
    bool subtree;   /* what is left below it, after all other moves, goes to the (one) target */
};

struct standard_path {
    const struct str *keys;
    uint32_t count;
};

#define STANDARD_NONE UINT32_MAX

struct standard {
    struct standard_files files;
    const struct document *document; /* the file that the user names */
    bool is_builtin;
    bool has_opinions; /* it is the built-in one, or takes it over: its rules and variables come along */
    const struct schema *schema;
    struct schema_properties properties;
    struct map by_path;     /* dotted path -> struct schema_property, unconditional ones first */
    struct map suggested;   /* dotted path -> struct legacy: places that nobody has confirmed as old ones */
    struct map legacies;    /* dotted path -> struct legacy, in the order of the schema; whole subtrees last */
    uint32_t *first_child;  /* by place in properties: that of the first property below it, or STANDARD_NONE */
    uint32_t *next_sibling; /* the same */
    struct derivations derivations;
    const struct derivation **derivation_of; /* by place in properties; NULL where it has none */
    uint32_t *ranks;                         /* by place in properties: among its siblings, or UINT32_MAX */
    struct str *top_names;                   /* keys at the top of the values, for suggestions */
    uint32_t top_count;
    struct VEC(struct standard_path) secrets; /* that hold a secret: properties, and their old places */
};

/* Names in place of a path: of the built-in standard, and of one that asks for nothing. */
#define STANDARD_BUILTIN STR("builtin")
#define STANDARD_EMPTY STR("none")

/* Loads the schema at `path` (NUL behind it), the built-in standard where `path` is empty or STANDARD_BUILTIN, or the
 * one that asks for nothing. Its files lie in its repository, or where there is none, below the folder `around`. NULL
 * where it is broken: then `problems` has grown. */
const struct standard *standard_load(struct arena *a, struct str path, struct str around, struct problems *problems);

/* The same with `texts` (may be NULL; their paths are absolute) in place of files. */
const struct standard *standard_load_or(struct arena *a, const struct file_texts *texts, struct str path,
                                        struct str around, struct problems *problems);

/* The property at the dotted `path`, or NULL. */
const struct schema_property *standard_property(const struct standard *standard, struct str path);

/* The derivation of the property, or NULL. */
const struct derivation *standard_derivation(const struct standard *standard, const struct schema_property *property);

/* The property at the path `keys[0..count)`, or NULL. Faster than standard_property where the keys are known. */
const struct schema_property *standard_at(const struct standard *standard, const struct str *keys, uint32_t count);

/* As schema_validate, against all of the standard; with `memo` and `work` as schema_validate_again. A key that one
 * schema of the standard describes is never unknown, whichever other one closes the mapping: a schema that builds on
 * another one may add keys. */
bool standard_validate(const struct standard *standard, struct arena *a, struct schema_memo *memo,
                       struct regex_work *work, const struct value *values, struct violations *out);

/* The place of the property among its siblings (`order`), or UINT32_MAX. */
uint32_t standard_rank(const struct standard *standard, const struct schema_property *property);

/* The old place `path`, or NULL. */
const struct legacy *standard_legacy(const struct standard *standard, struct str path);

#endif
