/* The places in the values that templates speak of, as a tree of keys, and what they do with them. */
#ifndef TEMPLATE_EVAL_PLACE_H
#define TEMPLATE_EVAL_PLACE_H

#include "base/map.h"
#include "base/span.h"
#include "base/vec.h"
#include "value/value.h"

/* What templates do with a place, in bits. */
enum template_place_use {
    TEMPLATE_PLACE_READ = 1,  /* it is named, or passed on the way to what lies below */
    TEMPLATE_PLACE_TRUTH = 2, /* it matters whether it is empty */
    TEMPLATE_PLACE_WHOLE = 4, /* it is read with all that lies below it, or that cannot be told */
    TEMPLATE_PLACE_OTHER = 8, /* a template changes it, or Helm fills it: its value is not the one in the values */
};

/* A read that is written out, where the value goes on without a word about what happens where there is none. */
struct template_site {
    uint32_t file; /* index of the file, as the caller counts them */
    struct span span;
    bool certain; /* it is reached, whatever is not known */
};

struct template_place {
    struct template_place *parent; /* NULL for the values as a whole */
    struct str key;                /* `ptr` is NULL for any member: what range goes over */
    struct map children;           /* key -> struct template_place */
    struct template_place *any;    /* the child that stands for any member, or NULL */
    uint8_t uses;
    struct VEC(struct template_site) sites; /* the first few that take the value */
};

/* The place below `place`, made where it is not there yet. `key.ptr` is NULL for any member. */
struct template_place *template_place_below(struct arena *a, struct template_place *place, struct str key);

/* The place, with dots; `*` for any member. */
struct str template_place_text(struct arena *a, const struct template_place *place);

/* The keys that lead to the place; false where one of them is any member. */
bool template_place_keys(struct arena *a, const struct template_place *place, struct str **keys, uint32_t *count);

/* A value that nothing reads. */
struct template_unread {
    const struct member *member;
    struct str path; /* dotted */
};

struct template_unreads VEC(struct template_unread);

/* Adds those members of `values` that nothing reads, the topmost where all below it is unread, in the order of the
 * text. Lists are taken as a whole. */
void template_place_unread(struct arena *a, const struct template_place *root, const struct value *values,
                           struct template_unreads *unreads);

#endif
