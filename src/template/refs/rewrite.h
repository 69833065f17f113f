/* References. This room finds the words of templates that read a chart's values (refs.h), lets them follow values that
 * move, and names what blocks a move where that is not certain (here); and it compares what all of them read before and
 * after a change (equivalence.h). A reference must begin at the root of the chart, and at that of no other chart: the
 * text around it often shows that; else template/eval is asked to prove it for any values (root_proof.h). The room
 * writes no files and plans nothing: which values move, and what to do about a blocker, is for fix/. */
#ifndef TEMPLATE_REFS_REWRITE_H
#define TEMPLATE_REFS_REWRITE_H

#include "base/map.h"
#include "template/refs/refs.h"
#include "template/syntax/memo.h"
#include "text/edit.h"

/* Whose a file is. */
enum refs_role {
    REFS_OWN,    /* the chart's own: may be rewritten */
    REFS_SHARED, /* read, never written, and rendered with this chart's values: shared folders, strings of the
                  * values that `tpl` runs. What would have to change in it blockers. */
    /* Of a subchart, a library chart or the parent chart: its body is rendered with other values and does not count;
     * its defines do where this chart's files call them, directly or through other defines. Never written. */
    REFS_LIBRARY,
};

/* One file of a chart's templates. */
struct refs_file {
    const struct tmpl_parsed *parsed; /* of the memo */
    struct str text;
    uint32_t index; /* in its set */
    enum refs_role role;
    bool broken; /* it does not parse; `error` tells why */
    struct tmpl_error error;
    struct tmpl_tree tree; /* not of a broken one */
    struct refs_found refs;
};

struct refs_define;
struct refs_proof;

/* A define calls another one. */
struct refs_define_call {
    struct refs_define *to;
    bool same_dot; /* with its own dot */
};

/* How the define of one name is called in the set. Helm knows one define of a name for a chart and all around it: what
 * the bodies of libraries call, they call with the root of another chart. */
struct refs_define {
    struct str name;
    bool called;     /* from a body that counts, or from a define that is called */
    bool other_dot;  /* with something else than the chart's root, directly or through its callers */
    bool only_other; /* every call gives it something that is certainly not the root */
    bool foreign;    /* with the root of another chart: from the body of a library */
    struct VEC(struct refs_define_call) calls;
};

/* All templates that are rendered together: a chart's own, those of its libraries and helpers. */
struct refs_set {
    struct arena *arena;
    struct tmpl_memo *memo; /* in whose arena texts and trees live */
    struct VEC(struct refs_file *) files;
    struct map defines; /* name -> struct refs_define */
    bool other_dots;    /* a computed name is called with something else than the root: any define may be meant */
    bool computed;      /* the name of a template that is called is computed: any define may be */
    bool bodies_called; /* a file may be included as a text: by its path, or by a computed name */
    bool foreign_dots;  /* a library's body computes a name: any define may be meant */
    /* Before refs_set_finish: no text of the values, nor of Chart.yaml, holds a brace. Behind it: no text that `tpl` is
     * given holds an action either, since nothing in the templates makes one. */
    bool without_actions;
    struct refs_proof **proof; /* of where references begin (template/refs/root_proof.h), once it was asked for */
};

/* A value that goes from one place to another. Keys are those of the values file, as they are. */
struct refs_move {
    const struct str *from;
    uint32_t from_count;
    const struct str *to;
    uint32_t to_count;
};

enum refs_blocker_kind {
    REFS_BLOCKS_SOURCE, /* reads the moved value, or something that holds it, in a way that cannot follow */
    REFS_BLOCKS_TARGET, /* reads the new place, or something around it: what it prints may change */
};

#define REFS_EVERY_MOVE UINT32_MAX

/* Why a move would change what the templates print. */
struct refs_blocker {
    enum refs_blocker_kind kind;
    uint32_t move;    /* index into the moves, or REFS_EVERY_MOVE */
    struct span span; /* empty at 0 where it is about the file as a whole */
    struct str reason;
};

struct refs_rewrite {
    struct edits edits;
    struct VEC(uint32_t) edit_moves; /* for each edit, the move that it belongs to */
    struct VEC(struct refs_blocker) blockers;
    bool more; /* refs_rewrite_parts is to be called: a mapping is followed by its parts, the root stands in a dict
                */
    /* Values whose strings are run as templates: where one of the chart's values holds `{{`, its text reads values that
     * are not seen here. */
    struct VEC(struct span) tpls;
};

/* Makes `set` empty. `memo` lives as long, and may be NULL: then the set has one of its own. */
void refs_set_init(struct arena *a, struct tmpl_memo *memo, struct refs_set *set);

/* Reads a template, whose text must live as long as the memo. A text that does not parse is kept as `broken`. */
struct refs_file *refs_set_add(struct refs_set *set, struct str text, enum refs_role role);

/* To be called once all files are in: finds with which dot each define is called. */
void refs_set_finish(struct refs_set *set);

/* What `file` (of the finished set) makes of the moves. Edits of a pinned move are given too; the caller takes those of
 * the moves that no file blockers. A broken file blockers every move, a library too: its defines are not known.
 * `result` is filled anew. */
void refs_rewrite_file(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                       const struct refs_move *moves, uint32_t count, struct refs_rewrite *result);

/* Adds to the `result` of refs_rewrite_file what follows the moves in what is read of a mapping by its parts (a `with`
 * over it, a variable that holds it, a template that is called with it), and blockers for what reads the root in a dict
 * as a whole: for all files of the set, where any of them has `more`. */
void refs_rewrite_parts(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                        const struct refs_move *moves, uint32_t count, struct refs_rewrite *result);

#endif
