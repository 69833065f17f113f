/* Lets the references in templates follow values that move, where that is certain, and tells what stands against it
 * elsewhere. */
#ifndef TEMPLATE_REFS_REWRITE_H
#define TEMPLATE_REFS_REWRITE_H

#include "base/map.h"
#include "template/refs/refs.h"
#include "template/syntax/parse.h"
#include "text/edit.h"

/* Whose a file is. */
enum template_role {
    TEMPLATE_OWN,    /* the chart's own: may be rewritten */
    TEMPLATE_SHARED, /* read, never written, and rendered with this chart's values: shared folders, strings of the
                      * values that `tpl` runs. What would have to change in it pins. */
    /* Of a subchart, a library chart or the parent chart: its body is rendered with other values and does not count;
     * its defines do where this chart's files call them, directly or through other defines. Never written. */
    TEMPLATE_LIBRARY,
};

/* One file of a chart's templates. */
struct template_file {
    struct str text;
    uint32_t index; /* in its set */
    enum template_role role;
    bool broken; /* it does not parse; `error` tells why */
    struct tmpl_error error;
    struct tmpl_tree tree; /* not of a broken one */
    struct template_refs refs;
};

struct template_define;
struct template_proof;

/* A define calls another one. */
struct template_hand_on {
    struct template_define *to;
    bool same_dot; /* with its own dot */
};

/* How the define of one name is called in the set. Helm knows one define of a name for a chart and all around it: what
 * the bodies of libraries call, they call with the root of another chart. */
struct template_define {
    struct str name;
    bool called;     /* from a body that counts, or from a define that is called */
    bool other_dot;  /* with something else than the chart's root, directly or through its callers */
    bool only_other; /* every call gives it something that is certainly not the root */
    bool foreign;    /* with the root of another chart: from the body of a library */
    struct VEC(struct template_hand_on) calls;
};

/* All templates that are rendered together: a chart's own, those of its libraries and helpers. */
struct template_set {
    struct arena *arena;
    struct VEC(struct template_file *) files;
    struct map defines; /* name -> struct template_define */
    bool other_dots;    /* a computed name is called with something else than the root: any define may be meant */
    bool bodies_called; /* a file may be included as a text: by its path, or by a computed name */
    bool foreign_dots;  /* a library's body computes a name: any define may be meant */
    struct template_proof **proof; /* of where references begin (template/origin.h), once it was asked for */
};

/* A value that goes from one place to another. Keys are those of the values file, as they are. */
struct template_move {
    const struct str *from;
    uint32_t from_count;
    const struct str *to;
    uint32_t to_count;
};

enum template_pin_kind {
    TEMPLATE_PIN_SOURCE, /* reads the moved value, or something that holds it, in a way that cannot follow */
    TEMPLATE_PIN_TARGET, /* reads the new place, or something around it: what it prints may change */
};

#define TEMPLATE_EVERY_MOVE UINT32_MAX

/* Why a move would change what the templates print. */
struct template_pin {
    enum template_pin_kind kind;
    uint32_t move;    /* index into the moves, or TEMPLATE_EVERY_MOVE */
    struct span span; /* empty at 0 where it is about the file as a whole */
    struct str reason;
};

struct template_rewrite {
    struct edits edits;
    struct VEC(uint32_t) edit_moves; /* for each edit, the move that it belongs to */
    struct VEC(struct template_pin) pins;
    bool more; /* template_rewrite_parts is to be called: a mapping is followed by its parts, the root stands in a dict
                */
    /* Values whose strings are run as templates: where one of the chart's values holds `{{`, its text reads values that
     * are not seen here. */
    struct VEC(struct span) tpls;
};

/* Makes `set` empty. */
void template_set_init(struct arena *a, struct template_set *set);

/* Reads a template, whose text must live as long as the set. A text that does not parse is kept as `broken`. */
struct template_file *template_set_add(struct template_set *set, struct str text, enum template_role role);

/* To be called once all files are in: finds with which dot each define is called. */
void template_set_finish(struct template_set *set);

/* What `file` (of the finished set) makes of the moves. Edits of a pinned move are given too; the caller takes those of
 * the moves that no file pins. A broken file pins every move, a library too: its defines are not known. `result` is
 * filled anew. */
void template_rewrite(struct arena *a, const struct template_set *set, const struct template_file *file,
                      const struct template_move *moves, uint32_t count, struct template_rewrite *result);

/* Adds to the `result` of template_rewrite what follows the moves in what is read of a mapping by its parts (a `with`
 * over it, a variable that holds it, a template that is called with it), and pins for what reads the root in a dict as
 * a whole: for all files of the set, where any of them has `more`. */
void template_rewrite_parts(struct arena *a, const struct template_set *set, const struct template_file *file,
                            const struct template_move *moves, uint32_t count, struct template_rewrite *result);

#endif
