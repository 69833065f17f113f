/* What a standard for a fleet would say: which keys, of which types, required or not, with which defaults, in which
 * order. The shares that decide were measured on fleets of real charts; see docs/standard.md. */
#ifndef INFER_DRAFT_H
#define INFER_DRAFT_H

#include "infer/fleet.h"

/* Percent of the charts of the commonest role that have a required key; of those that have a key, that have its
 * default; of the values of a key, that are of a type which it takes. */
#define REQUIRED_SHARE 75u
#define DEFAULT_SHARE 60u
#define TYPE_SHARE 15u

/* Another key that seems to be an older name of a property. */
struct suggestion {
    const struct fleet_key *key;
    struct str field; /* in which both end */
    uint32_t charts;  /* that have it */
};

/* A key of the draft. */
struct property {
    const struct fleet_key *key;
    struct property *parent; /* NULL for the root */
    struct VEC(struct property *) children;
    struct property *items; /* of its lists; NULL for none */
    uint32_t count;         /* of charts that have it */
    uint32_t main_count;    /* the same, of the commonest role */
    uint32_t taken;         /* charts of the commonest role that have it under another name, and not under this one */
    uint8_t types;          /* enum schema_type; 0: any */
    bool required;
    const struct value *default_value;  /* NULL for none; its texts may hold `${chart}` */
    struct str derive;                  /* CEL; empty for none */
    uint32_t default_count, default_of; /* so many of so many charts have the default, or what derives */
    const struct value *choices;        /* a list: the only values; NULL for any */
    struct str description;
    struct VEC(struct suggestion) suggestions;
    bool is_spelling; /* it is suggested as the old name of another one */
    bool is_own;      /* too rare for a standard: it is there so that nobody takes it for another one misspelled */
    bool secret;
};

struct draft {
    struct arena *arena;
    struct fleet *fleet;
    struct property *root;
    struct VEC(struct property *) all; /* parents before their children, without the root and without items */
};

/* Decides. `fleet` must be closed. */
void draft_make(struct arena *a, struct fleet *fleet, struct draft *draft);

/* Whether so many of `whole` are at least `percent` of it. */
static inline bool is_share(uint32_t part, uint32_t whole, uint32_t percent) {
    return whole > 0 && (uint64_t)part * 100 >= (uint64_t)whole * percent;
}

#endif
