/* The places in the values that templates speak of, as a tree of keys, and what they do with them. */
#ifndef TEMPLATE_EVAL_VALUE_PATH_H
#define TEMPLATE_EVAL_VALUE_PATH_H

#include "base/ascii.h"
#include "base/map.h"
#include "base/span.h"
#include "base/vec.h"
#include "value/value.h"

/* What templates do with a place, in bits. */
enum value_path_use {
    VALUE_PATH_READ = 1,    /* it is named, or passed on the way to what lies below */
    VALUE_PATH_TRUTH = 2,   /* it matters whether it is empty */
    VALUE_PATH_WHOLE = 4,   /* it is read with all that lies below it, or that cannot be told */
    VALUE_PATH_OTHER = 8,   /* a template changes it, or Helm fills it: its value is not the one in the values */
    VALUE_PATH_MISSED = 16, /* it was asked for and is not there */
};

/* A read that is written out, where the value goes on without a word about what happens where there is none. */
struct value_path_site {
    uint32_t file; /* index of the file, as the caller counts them */
    struct span span;
    bool certain; /* it is reached, whatever is not known */
};

struct value_path {
    struct value_path *parent; /* NULL for the values as a whole */
    struct str key;            /* `ptr` is NULL for any member: what range goes over */
    struct map children;       /* key -> struct value_path */
    struct value_path *any;    /* the child that stands for any member, or NULL */
    uint8_t uses;
    struct VEC(struct value_path_site) sites; /* the first few that take the value */
};

/* Whether `c` may be in a name: a key is a name, or several with other characters between them. */
static inline bool value_path_is_word(char c) {
    return ascii_is_alnum(c) || c == '_' || c == '-' || (unsigned char)c >= 0x80;
}

/* The place below `place`, made where it is not there yet. `key.ptr` is NULL for any member. */
struct value_path *value_path_below(struct arena *a, struct value_path *place, struct str key);

/* The place, with dots; `*` for any member. */
struct str value_path_text(struct arena *a, const struct value_path *place);

/* The keys that lead to the place; false where one of them is any member. */
bool value_path_keys(struct arena *a, const struct value_path *place, struct str **keys, uint32_t *count);

/* A value that nothing reads. */
struct value_path_unread {
    const struct member *member;
    struct str path; /* dotted */
};

struct value_path_unreads VEC(struct value_path_unread);

/* Adds those members of `values` that nothing reads, the topmost where all below it is unread, in the order of the
 * text. Lists are taken as a whole. A key all of whose words are in `names` (which may be NULL) counts as read with all
 * that lies below it. */
void value_path_unread(struct arena *a, const struct value_path *root, const struct map *names,
                       const struct value *values, struct value_path_unreads *unreads);

#endif
