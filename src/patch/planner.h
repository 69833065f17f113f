/* What the files of this layer share while operations are planned, one after the other. Each function returns false
 * where it refuses the operation, with the reason in `reason` and its place in `about`; the edits collected by then are
 * worth nothing. */
#ifndef PATCH_PLANNER_H
#define PATCH_PLANNER_H

#include "patch/patch.h"
#include "yaml/document.h"
#include "yaml/style.h"

/* An entry that was planned, but is not part of the document yet. */
struct pending {
    const struct node *container;
    const struct node *before; /* the entry that it follows; NULL where it comes first */
    struct str key;
    uint32_t rank;
    uint32_t edit; /* its lines */
    bool large;    /* more than one line, comments counted */
    bool tall;     /* the same, but comments above it are not */
    bool blank_above, blank_behind;
};

struct children;
struct lookup_kept;

/* lookup.c: what is known of the document as it is now. */
struct lookup {
    struct children **children;  /* by node id; NULL until one is asked for */
    const struct node **aliases; /* by node id: the first alias of that node; NULL until one is asked for */
    const struct lookup_kept *kept;
    uint32_t kept_count;
    bool has_kept; /* `kept` is known */
};

struct planner {
    struct arena *arena;
    struct yaml_document document; /* after the operations so far; the next four are of it */
    const struct tree *tree;
    struct str text;
    struct slabs slabs;
    struct style style;
    struct lookup lookup;
    uint32_t tab;               /* offset of the first tab in an indentation; the text's length where there is none */
    const struct value *values; /* that the text should hold; with a model, those that it held before */
    const struct value *model;  /* what all operations lead to; NULL where that is worked out one by one */
    bool fresh;                 /* no operation was done yet: `values` are the text's, with their places in it */
    const struct patch_guide *guide;
    const struct patch_operation *operation;
    struct edits edits;
    struct VEC(struct pending) pending; /* additions that are planned on one text, since none has to see another done */
    struct patch_comments dropped, made;
    bool waits;               /* the operation cannot be planned before those before it are done */
    const struct node *moved; /* by a move; else NULL */
    uint32_t moved_column;    /* where it comes to stand */
    struct str reason;
    struct span about;
};

bool planner_refuse(struct planner *p, struct span about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void planner_edit(struct planner *p, uint32_t from, uint32_t to, struct str text);

/* Collections with fewer children are simply gone through. */
#define LOOKUP_FEW 8

/* The entry of a map that has the key. */
struct lookup_member {
    const struct node *entry; /* NULL for none */
    const struct node *twice; /* another one that has it; NULL for none */
    bool merges;              /* the map has a merge */
};

void lookup_reset(struct planner *p);
/* False where the map is so small that nothing is known of it. */
bool lookup_member(struct planner *p, const struct node *map, struct str key, struct lookup_member *found);
/* The item of a list; NULL for none. */
const struct node *lookup_item(struct planner *p, const struct node *list, uint32_t index);
/* style_siblings_quote. */
enum style_quote lookup_quote(struct planner *p, const struct node *collection);
/* The first alias of `node`, or NULL. */
const struct node *lookup_alias(struct planner *p, const struct node *node);
/* Whether a block text keeps the blank lines behind it: how many of them stand there is known only once it is done. */
bool lookup_has_keeping(struct planner *p);
/* Whether such a text, or blank lines that it keeps, end right before `at`, the start of a line. */
bool lookup_follows_keeping(struct planner *p, uint32_t at);

/* locate.c: from paths to nodes. */

/* Where an entry is to be made. */
struct target {
    const struct node *container; /* the collection that exists already; NULL for a document without content */
    const struct node *existing;  /* the entry that stands there, if any */
    const struct str *path;       /* the whole path */
    uint32_t count;               /* of its keys */
    uint32_t depth;               /* how many of them lead to the container; the rest is to be made */
    uint32_t index;               /* in a list */
};

bool locate_entry(struct planner *p, struct str pointer, const struct node **entry);
bool locate_target(struct planner *p, const struct str *keys, uint32_t count, struct target *target);
/* The keys of a JSON Pointer; refuses the empty one. */
bool locate_keys(struct planner *p, struct str pointer, struct str **keys, uint32_t *count);

/* Whether `inner` is `outer` or lies inside of it. */
bool locate_inside(const struct node *inner, const struct node *outer);
/* What Helm sees at `entry`, which stands at the path `pointer`. */
bool locate_value(struct planner *p, const struct node *entry, struct str pointer, struct value *value);
/* Refuses where `node`, or a collection around it, is shared by an alias or a merge. */
bool locate_unshared(struct planner *p, const struct node *node);
/* The member of a map before `node` or the last one (`node` NULL). */
const struct node *locate_before(const struct node *container, const struct node *node);

/* extent.c: where an entry's text starts and ends. */

struct extent {
    uint32_t start, end;
    bool lines; /* `end` is the start of a line */
};

/* The end of a node's text, its properties counted where it has nothing else. */
uint32_t extent_node_end(const struct node *node);
/* The bytes that make up an entry: its slab, or its text where it has none. */
struct extent extent_of(const struct planner *p, const struct node *entry);
/* The first byte of the first comment in [from, to), or `to`. */
uint32_t extent_comment(const struct planner *p, uint32_t from, uint32_t to);
/* The first byte of a token from `at` on. */
uint32_t extent_token(const struct planner *p, uint32_t at);
/* Where the spaces and tabs before `at` start, in its line; and where those from `at` on end. */
uint32_t extent_white_before(const struct planner *p, uint32_t at);
uint32_t extent_white_behind(const struct planner *p, uint32_t at);
/* Behind the `:`, the `-` or the properties that stand before the value `entry`. */
uint32_t extent_indicator_end(const struct planner *p, const struct node *entry);
/* The start of the line after the one of `at`; the end of the text where there is none. */
uint32_t extent_next_line(const struct planner *p, uint32_t at);
/* Whether the byte before `at` ends a line, or there is none. */
bool extent_at_line_start(const struct planner *p, uint32_t at);
/* Whether `entry` stands in a block collection and has an explicit key (`? `). */
bool extent_is_explicit(const struct planner *p, const struct node *entry);

/* Whether `node` is a block text that keeps the blank lines behind it (`|+`): none may come near it, or go. */
bool extent_keeps_blanks(const struct planner *p, const struct node *node);
/* The last scalar, alias or empty collection in `node`. */
const struct node *extent_last_leaf(const struct node *node);
/* Behind the blank lines that start at `at`, the start of a line. */
uint32_t extent_blank_end(const struct planner *p, uint32_t at);

/* render.c: new text. */

/* What is put somewhere: a value, or an entry of the tree with its text. */
struct piece {
    const struct value *value;
    const struct node *entry;
    bool as_string;
};

/* Where lines are made. */
struct site {
    const struct str *keys; /* of the entries to make, one inside of the other; at least one */
    uint32_t count;
    bool item;              /* the outermost (and only) one is an item of a list */
    uint32_t column;        /* of the outermost */
    enum style_quote quote; /* of the strings beside it */
    struct str heading;
};

/* Refuses where `entry` is not a scalar with a text that could become a string. */
bool patch_render_is_text(struct planner *p, const struct node *entry);
bool patch_render_lines(struct planner *p, const struct piece *piece, const struct site *site, struct str *lines);
bool patch_render_flow(struct planner *p, const struct piece *piece, const struct site *site, struct str *text);

/* insert.c, remove.c: edits for one half of an operation. */

/* `source` is the entry that the piece comes from and that goes away, or NULL. `*offset` becomes the place of the new
 * text. */
bool insert_piece(struct planner *p, const struct target *target, const struct piece *piece, const struct node *source,
                  uint32_t *offset);
/* Takes `entry` away; with `prune` also the collections that it empties, but not those around `keep` (may be NULL).
 * `*top` becomes the outermost entry that goes. */
bool remove_entry(struct planner *p, const struct node *entry, bool prune, const struct node *keep,
                  const struct node **top);
/* The same `top`, without an edit. */
const struct node *remove_top(const struct node *entry, bool prune, const struct node *keep);

/* Whether comments of `top` lie outside of `inner`, the extent of an entry inside of it. */
bool remove_leaves_comments(const struct planner *p, const struct node *top, struct extent inner);

/* replace.c */
bool replace_value(struct planner *p, const struct node *entry, const struct value *value);

/* operation.c: one function a kind of operation. */
bool plan_add(struct planner *p);
bool remove_plan(struct planner *p);
bool replace_plan(struct planner *p);
bool move_plan(struct planner *p);
bool plan_copy(struct planner *p);
bool rename_plan(struct planner *p);

#endif
