/* Lets the references in templates follow values that move, where that is certain, and tells what stands against it
 * elsewhere. */
#ifndef TEMPLATE_REWRITE_H
#define TEMPLATE_REWRITE_H

#include "base/map.h"
#include "template/refs.h"

/* One file of a chart's templates. */
struct template_file {
    struct str text;
    bool read_only; /* shared or vendored: what would have to change in it pins */
    bool broken;    /* it does not parse; `error` tells why */
    struct template_error error;
    struct template_refs refs;
};

struct template_define;

/* A define calls another one. */
struct template_hand_on {
    struct template_define *to;
    bool same_dot; /* with its own dot */
};

/* How the define of one name is called in the set. */
struct template_define {
    struct str name;
    bool called;     /* from a file's body, or from a define that is called */
    bool other_dot;  /* with something else than the root, directly or through its callers */
    bool only_other; /* every call gives it something that is certainly not the root */
    struct VEC(struct template_hand_on) calls;
};

/* All templates that are rendered together: a chart's own, those of its libraries and helpers. */
struct template_set {
    struct arena *arena;
    struct VEC(struct template_file *) files;
    struct map defines; /* name -> struct template_define */
    bool other_dots;    /* a computed name is called with something else than the root: any define may be meant */
};

/* A value that goes from one place to another. Keys are those of the values file, as they are. */
struct template_move {
    const struct str *from;
    uint32_t from_count;
    const struct str *to;
    uint32_t to_count;
};

/* Put `text` in place of `span`. */
struct template_edit {
    struct span span;
    struct str text;
    uint32_t move; /* index into the moves */
    uint32_t ref;  /* index into the file's refs: tells how the value is used */
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
    struct VEC(struct template_edit) edits; /* in order, none overlaps another */
    struct VEC(struct template_pin) pins;
    /* Values whose strings are run as templates: where one of the chart's values holds `{{`, its text reads values that
     * are not seen here. */
    struct VEC(struct span) tpls;
};

/* Makes `set` empty. */
void template_set_init(struct arena *a, struct template_set *set);

/* Reads a template, whose text must live as long as the set. A text that does not parse is kept as `broken`. */
struct template_file *template_set_add(struct template_set *set, struct str text, bool read_only);

/* To be called once all files are in: finds with which dot each define is called. */
void template_set_finish(struct template_set *set);

/* What `file` (of the finished set) makes of the moves. Edits of a pinned move are given too; the caller takes those of
 * the moves that no file pins. A broken file pins every move. `result` is filled anew. */
void template_rewrite(struct arena *a, const struct template_set *set, const struct template_file *file,
                      const struct template_move *moves, uint32_t count, struct template_rewrite *result);

/* `text` with all of the edits done; they are in order and do not overlap. */
struct str template_apply(struct arena *a, struct str text, const struct template_edit *edits, uint32_t count);

#endif
