/* The room of drafts: from the charts that are there to a standard that they could have. It reads charts, decides, and
 * writes texts; what is done with these is left to src/cli.
 *
 * This file: all charts of a fleet on top of each other: a tree of the keys that their values have, and for each key
 * which charts have it, at which place among its siblings, with which value. What is decided (draft.h) is decided on
 * this alone, so that its outcome does not depend on the order in which charts are read. */
#ifndef INFER_FLEET_H
#define INFER_FLEET_H

#include "base/map.h"
#include "infer/facts.h"

/* That a chart has a key. */
struct fleet_use {
    uint32_t chart; /* place in fleet.charts; ascending */
    uint32_t place; /* among its siblings */
    uint32_t value; /* place in fleet_key.values */
};

/* A value that charts have at a key. The first VALUE_MAP + 1 stand for all values of a kind that are not kept: mappings
 * with members, secrets, what is long. */
struct fleet_value {
    struct value value;
    bool kept;
    struct str text; /* as a template prints it, of a scalar; as JSON of others; one pointer for equal texts */
};

/* A text with how many charts have it. */
struct fleet_count {
    struct str text;
    uint32_t count;
};

struct fleet_key {
    struct fleet_key *parent; /* NULL for the root */
    struct str key;
    struct str path; /* dotted */
    uint32_t depth;
    struct map children;     /* key -> struct fleet_key */
    struct fleet_key *items; /* of the lists here; NULL where there are none with items */
    bool is_item;            /* it is `items`, or below one */
    struct VEC(struct fleet_use) uses;
    struct VEC(struct fleet_value) values;
    struct map string_index; /* text -> its place in values */
    struct map value_index;  /* JSON of others -> the same */
    struct map comments;     /* text -> struct fleet_count */
    struct map fields;       /* field -> struct fleet_field */
    bool unread;             /* at the top: in some chart, no template names it */
};

/* That values of a key end in a field. */
struct fleet_field {
    struct str field;
    struct VEC(uint32_t) charts; /* in which they do; ascending */
    bool mixed;                  /* in some of them together with something else */
};

struct fleet_chart {
    struct str name;
    struct str folder;
    struct str app_version; /* the one copy of its text; empty for none */
    uint32_t role;          /* place in fleet.roles */
};

struct fleet_role {
    struct str name; /* "Deployment, Service"; empty for charts that make nothing */
    uint32_t count;  /* of its charts */
};

struct fleet_skipped {
    struct str folder, why;
};

struct fleet {
    struct arena *arena;
    struct fleet_key *root;
    struct VEC(struct fleet_chart) charts;
    struct VEC(struct fleet_role) roles;
    struct map role_index; /* name -> its place in roles + 1 */
    uint32_t main_role;    /* that most charts have: set by fleet_read */
    struct map texts;      /* every text once */
    struct VEC(struct fleet_skipped) skipped;
};

struct fleet *fleet_new(struct arena *a);

/* Reads all charts, on so many threads, and lays them on top of each other in their order. What they depend on is
 * looked for in the folder `boundary` (absolute, without links). */
void fleet_read(struct fleet *fleet, const struct chart_list *charts, struct str boundary, unsigned threads);

/* The one copy of `text`. */
struct str fleet_intern(struct fleet *fleet, struct str text);

#endif
