/* Values as a Go template sees them.
 *
 * A value has a Go type, as reflect knows it: types are constants that are compared by address, and what a template can
 * observe (the name that printf "%T" prints, which field or method there is, what may be given to which function) hangs
 * on them. Two kinds of nothing are told apart, because text/template does: nil itself (GO_NIL: reflect's invalid
 * value) and a nil that is kept in an interface (GO_NIL_KEPT: a map's or a list's member, a missing key), on which a
 * further field fails.
 *
 * Maps are shared by reference and change (`set`, `merge`); everything else is never changed once it is made. Lists
 * may share their items.
 *
 * Not everything is known. A hole is a value, or a stretch of text, that cannot be known without Helm and a cluster:
 * what is random, the clock, what a budget cut off. A string with a hole in it is a string whose `runs` name the hole;
 * in its bytes stands a placeholder (`<unknown: now>`). A value of which not even the type is sure, or which is a hole
 * of another type, has the kind GO_HOLE.
 *
 * Provenance: `runs` also tell which paths of values a value, or each stretch of a text, shows, and where in the
 * templates it was printed. They are NULL where nobody asked (env.trace) and there is no hole.
 *
 * All of it lives in the arena of the environment. */
#ifndef TEMPLATE_EVAL_GO_VALUE_H
#define TEMPLATE_EVAL_GO_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/span.h"
#include "base/vec.h"

enum go_kind {
    GO_NIL,      /* no value: prints as <no value> */
    GO_NIL_KEPT, /* the same, kept in an interface */
    GO_BOOL,
    GO_INT,    /* int, int8 to int64: `integer` */
    GO_UINT,   /* uint, uint8 to uint64: `natural` */
    GO_FLOAT,  /* float32, float64: `real` */
    GO_STRING, /* `text`, `runs` */
    GO_SLICE,  /* `list`; []uint8 has `text` instead */
    GO_MAP,    /* with keys that are strings: `map` */
    GO_STRUCT, /* a struct or a pointer to one: `object` */
    GO_FUNC,
    GO_HOLE, /* `hole` */
};

struct go_value;
struct go_function;

/* A field of a struct, as a template and as encoding/json see it. */
struct go_field {
    struct str name;
    struct str json; /* empty: not encoded */
    bool omit_empty;
};

struct go_type {
    enum go_kind kind;
    struct str name;               /* as %T prints it: map[string]interface {} */
    const struct go_type *elem;    /* of slices and maps; NULL for interface{} */
    bool named;                    /* it has a name of its own: chartutil.Values */
    bool pointer;                  /* a pointer to a struct */
    const struct go_field *fields; /* of structs, in the order of go_object.fields */
    uint32_t field_count;
    const struct go_function *methods; /* ended by an entry without a name */
};

extern const struct go_type GO_TYPE_NIL, GO_TYPE_NIL_KEPT, GO_TYPE_BOOL, GO_TYPE_INT, GO_TYPE_INT32, GO_TYPE_INT64,
    GO_TYPE_UINT, GO_TYPE_UINT8, GO_TYPE_UINT32, GO_TYPE_UINT64, GO_TYPE_FLOAT64, GO_TYPE_STRING,
    GO_TYPE_BYTES, /* []uint8 */
    GO_TYPE_LIST,  /* []interface {} */
    GO_TYPE_STRINGS, GO_TYPE_INTS, GO_TYPE_LISTS,
    GO_TYPE_MAPS,                    /* []string, []int, [][]interface {}, []map[string]interface {} */
    GO_TYPE_MAP, GO_TYPE_STRING_MAP, /* map[string]interface {}, map[string]string */
    GO_TYPE_HOLE;

/* What a value is unknown for. */
struct go_hole {
    struct str reason;          /* the function (`randAlphaNum`), or why it was cut off; for people */
    const struct go_type *type; /* GO_TYPE_HOLE where it is not sure */
    int8_t truth;               /* 1 true, 0 false, -1 not sure */
    int64_t length;             /* of a string, in bytes; -1 not sure */
    bool one_line;              /* a string without line ends, for sure */
    const struct go_site *site; /* where it arose; or NULL */
};

/* A place of values: the root, or a member of the place `parent`. */
struct go_path {
    const struct go_path *parent;    /* NULL for the root */
    struct str key;                  /* of a map; the number in decimal of a list */
    const struct value_layer *layer; /* the values file that says so; NULL where none does (what a template misses) */
    struct span span;                /* of the value in that file's text */
    const struct go_runs *runs;      /* a value that shows this path, and nothing else */
};

/* A file, or an option, that values came from. */
struct value_layer {
    struct str path; /* of the file; `--set` and the like where it is none */
    struct str
        prefix; /* the path below which its values stand in those of the chart that is rendered: a subchart's name */
};

struct go_paths {
    uint32_t count;
    bool more; /* there were too many; some are left out */
    const struct go_path *items[];
};

/* Where a template printed something: a node of a file, and the calls that led there. */
struct go_site {
    const void *file;             /* struct go_file of the interpreter */
    uint32_t start, end;          /* of the action in the file's text */
    const struct go_site *caller; /* the include, template or tpl; NULL in a file's own text */
};

/* The bytes up to `end` (from the run before) of a text; of other values there is one run, for all of it. */
struct go_run {
    uint32_t end;
    const struct go_hole *hole;   /* what stands there is a placeholder; else NULL */
    const struct go_paths *paths; /* or NULL */
    const struct go_site *site;   /* or NULL */
};

struct go_runs {
    uint32_t count;
    struct go_run items[];
};

struct go_list {
    const struct go_value *items;
    uint32_t len;
};

struct go_object {
    const struct go_value *fields; /* as many as the type has */
    const void *data;              /* what its methods work on */
};

struct go_value {
    const struct go_type *type; /* never NULL */
    const struct go_runs *runs; /* or NULL */
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double real;
        struct str text;
        struct go_list list;
        struct go_map *map;
        struct go_object object;
        const struct go_hole *hole;
        const struct go_function *function;
    };
};

struct go_member {
    struct str key;
    uint32_t hash;
    struct go_value value;
};

struct go_map {
    struct go_member *members; /* in the order of insertion until go_map_sort */
    uint32_t len, cap;
    uint32_t *slots; /* index + 1; NULL for small maps */
    uint32_t slot_count;
    uint64_t serial; /* maps are counted as they are made */
    bool sorted;
    bool nil;  /* Go's nil map: empty, and nothing can be set in it */
    bool open; /* unknown keys may be in it: a missing one is a hole for the reason `hole` */
    const struct go_hole *hole;
};

/* What an evaluation may spend; what goes beyond is cut off. */
struct go_budget {
    uint64_t steps; /* left */
    uint64_t bytes; /* of text, left */
    uint32_t stack; /* bytes of the stack that nested calls may use; 0: 6 MiB, for threads that have 8 */
};

/* What functions share: whose memory, which Helm. */
struct go_env {
    struct arena *arena;
    struct go_budget budget;
    uint8_t helm;                   /* 3 or 4 */
    bool trace;                     /* runs are kept for text without holes too */
    const struct file_texts *texts; /* in place of what files of the chart hold; may be NULL */
    bool holes_made;                /* there is a hole somewhere; while there is none, nobody has to look */
    uint64_t serial;                /* counts maps and members as they are made; of the last map, or later */
    /* While what runs may not run in Helm (a branch of an unknown condition): the hole that makes it so, and the serial
     * of the last map before. What is set in older maps is unknown from then on. */
    const struct go_hole *unsure;
    uint64_t unsure_from;
    struct tmpl_memo *memo;    /* of files that were parsed before, which live as long; or NULL */
    struct value_reads *reads; /* gets what templates read of the values, with `trace` only; or NULL: nobody asks */
    void *run;                 /* the interpreter's own */
};

static inline enum go_kind go_kind(const struct go_value *v) {
    return v->type->kind;
}

static inline bool go_is_nil(const struct go_value *v) {
    return v->type->kind <= GO_NIL_KEPT;
}

struct go_value go_nil(void);
struct go_value go_bool(bool b);
struct go_value go_int(int64_t i);   /* int */
struct go_value go_int64(int64_t i); /* int64 */
struct go_value go_uint64(uint64_t n);
struct go_value go_float(double d);
struct go_value go_string(struct str s);
struct go_value go_bytes(struct str s);
struct go_value go_list(const struct go_type *type, const struct go_value *items,
                        uint32_t len);                                                 /* items are not copied */
struct go_value go_map(struct go_env *env, const struct go_type *type, uint32_t room); /* empty, a new one */

/* A member of a list or map as a template gets it: nil becomes a kept one. */
struct go_value go_kept(struct go_value v);

/* The value of `key`; NULL where there is none. */
struct go_value *go_map_get(const struct go_map *map, struct str key);
/* Sets `key`, which is not copied. */
void go_map_set(struct go_env *env, struct go_map *map, struct str key, struct go_value value);
/* Takes `key` away, if it is there. */
void go_map_remove(struct go_env *env, struct go_map *map, struct str key);
/* Puts the members into the byte order of their keys, as range and printing have them. */
void go_map_sort(struct go_map *map);

/* Whether `v` (and all that it holds) is known. */
bool go_known(const struct go_value *v);
/* The first hole in `v`, or NULL. */
const struct go_hole *go_find_hole(const struct go_value *v);

/* if, and, or, not, default...: 1 true, 0 false, -1 unknown. */
int go_truth(const struct go_value *v);

/* The length in bytes of a string that may have holes; -1 where it is not sure. */
int64_t go_text_length(const struct go_value *string);

/* A hole of type `type`. A string's is a string. `length` -1: not sure. */
struct go_value go_hole_value(struct go_env *env, const struct go_type *type, struct str reason, int truth,
                              int64_t length);
/* A hole of type `type` that comes of the hole `from`. */
struct go_value go_hole_like(struct go_env *env, const struct go_type *type, const struct go_hole *from);

/* The set of both; either may be NULL. */
const struct go_paths *go_paths_join(struct go_env *env, const struct go_paths *a, const struct go_paths *b);
/* All paths that `v` shows, at any depth; NULL where it shows none or nobody asked. */
const struct go_paths *go_paths_of(struct go_env *env, const struct go_value *v);
/* `v`, showing `paths` besides what it shows. */
struct go_value go_with_paths(struct go_env *env, struct go_value v, const struct go_paths *paths);
/* The place `key` below `parent` (NULL: the root). */
struct go_path *go_path_new(struct go_env *env, const struct go_path *parent, struct str key);
/* "image.tag"; keys that are no names are quoted. */
struct str go_path_text(struct arena *a, const struct go_path *path);

/* A text that is built piece by piece with its runs. */
struct go_text {
    struct go_env *env;
    struct buf bytes;
    struct VEC(struct go_run) runs; /* `end` is kept current; bytes behind the last one have none */
    const struct go_site *site;     /* what pieces get that have no site of their own; or NULL */
};

struct go_text go_text_in(struct go_env *env);
/* Adds bytes that show nothing. */
void go_text_add(struct go_text *text, struct str s);
/* Adds bytes that show `paths`. */
void go_text_add_shown(struct go_text *text, struct str s, const struct go_paths *paths);
/* Adds the string (or []uint8) `string` with its runs. */
void go_text_add_value(struct go_text *text, const struct go_value *string);
/* Adds its bytes [from, to) with their runs. A hole of which a part only is taken becomes one of unknown length. */
void go_text_add_part(struct go_text *text, const struct go_value *string, size_t from, size_t to);
void go_text_add_hole(struct go_text *text, const struct go_hole *hole);
/* The string that was built. */
struct go_value go_text_value(struct go_text *text);

/* The hole of which the byte `at` of `string` is the placeholder, and where that begins and ends; NULL: it is known. */
const struct go_hole *go_text_hole_at(const struct go_value *string, size_t at, size_t *start, size_t *end);

#endif
