/* JSON Patch (RFC 6902) on the text of a values file: each operation becomes edits of bytes, and everything that no
 * operation touches stays as it is.
 *
 * Paths are JSON Pointers over the values as they are written: keys as Helm names them, merges (`<<`) and aliases not
 * followed. What an entry owns (see yaml/slab.h) goes along with it. What cannot be done safely is refused with a
 * reason.
 *
 * Where this differs from RFC 6902: parents that are missing on the way to a target are made; `move` and `copy` never
 * overwrite; a collection that a `move` empties goes, and its comments stay; a `test` that fails ends the run; the
 * whole document cannot be replaced, nor items moved around within one list. */
#ifndef PATCH_PATCH_H
#define PATCH_PATCH_H

#include "text/edit.h"
#include "value/value.h"
#include "yaml/tree.h"

enum patch_kind { PATCH_ADD, PATCH_REMOVE, PATCH_REPLACE, PATCH_MOVE, PATCH_COPY, PATCH_TEST, PATCH_RENAME };

struct patch_operation {
    enum patch_kind kind;
    struct str path;           /* the target */
    struct str from;           /* move, copy */
    struct str key;            /* rename: the new key of the entry at `path` */
    const struct value *value; /* add, replace, test */
    struct str heading;        /* comment line above the outermost entry that is made, without `# `; may be empty */
    struct str before,
        after;          /* key of the sibling that the outermost new entry stands next to; may be empty or wrong */
    bool as_string;     /* move, copy: a scalar becomes a string with the same text (8090 -> "8090") */
    bool prune;         /* remove: collections that it empties go too, as they do in a move */
    bool keep_comments; /* remove: the comments that the entry owns stay in its place, on lines of their own */
};

/* Where new entries stand, and what stands above them, unless the operation says so. Members may be NULL. */
struct patch_guide {
    void *user;
    /* The rank of the entry at the path `keys[0..count)` among its siblings; UINT32_MAX for behind all ranked ones. */
    uint32_t (*rank)(void *user, const struct str *keys, uint32_t count);
    /* The heading of a new entry; empty for none. */
    struct str (*heading)(void *user, const struct str *keys, uint32_t count);
};

enum patch_state {
    PATCH_LEFT, /* not reached: a test before it failed */
    PATCH_DONE,
    PATCH_REFUSED, /* cannot be done safely; the text is as if it had not been asked for */
    PATCH_BROKEN,  /* it was done wrongly (a bug of this program), and undone */
};

struct patch_outcome {
    enum patch_state state;
    struct str reason; /* one sentence without a final full stop; empty where done */
    struct span span;  /* what the reason is about, in the text before the run (0,0 where nothing of it is) */
};

struct patch_result {
    struct str text;                /* after all operations that were done */
    struct edits edits;             /* from the first text to `text` */
    struct patch_outcome *outcomes; /* by operation */
    uint32_t done;                  /* how many operations were */
    uint32_t parses;                /* how often a text was parsed as a whole */
    const struct tree *tree;        /* of `text`, with `tree->source`; NULL where patch_run returned false */
    const struct value *values;     /* of `tree`, as Helm sees them; NULL with it */
};

/* Applies the operations in order. What many of them do is verified at once (see patch/verify.h), and in parts where
 * that fails, so that an operation that is done wrongly is found out and takes no other one along. false where
 * nothing can be done at all, since the text is not YAML that Helm loads: then `text` is the first text, and every
 * outcome is PATCH_REFUSED. `guide` may be NULL. A text that Helm divides into other lines (tree->has_break) is not for
 * editing: the caller looks. */
bool patch_run(struct arena *a, const struct source *source, const struct patch_operation *operations, uint32_t count,
               const struct patch_guide *guide, struct patch_result *result);
/* The same on a text that was read already: `tree` is of it, and `values` are the tree's, as Helm sees them. `model` is
 * what the text is to hold once all operations are done, so that it need not be worked out for each of them. */
void patch_run_read(struct arena *a, const struct tree *tree, const struct value *values, const struct value *model,
                    const struct patch_operation *operations, uint32_t count, const struct patch_guide *guide,
                    struct patch_result *result);

struct patch_comments VEC(struct str);

/* What some first operations of a list do to a text, one after the other. Nothing of it is verified. */
struct patch_plan {
    struct edits edits;             /* of them all */
    struct str text;                /* after the edits */
    struct value expected;          /* what the text should hold */
    struct patch_outcome *outcomes; /* by operation; `span` is in the text before all of them */
    uint32_t taken;                 /* operations that are part of it, at least one */
    struct patch_comments dropped;  /* that go with the entries that are removed */
    struct patch_comments made;     /* that are new */
};

/* Plans operations up to one that needs to see the text parsed and its values, as after one that fails as a test.
 * `values` are the tree's, as Helm sees them. `model` may be NULL, else it is what all operations lead to: then the
 * plan is worth something only where all of them are done. */
void patch_plan(struct arena *a, const struct tree *tree, const struct value *values, const struct value *model,
                const struct patch_operation *operations, uint32_t count, const struct patch_guide *guide,
                struct patch_plan *plan);

#endif
