/* What the value of an expression may be, as far as the chart's values and templates tell. Internal to this
 * room. */
#ifndef TEMPLATE_EVAL_ABSTRACT_H
#define TEMPLATE_EVAL_ABSTRACT_H

#include "template/eval/value_path.h"

/* In the order of certainty. */
enum truth { TRUTH_NO, TRUTH_MAYBE, TRUTH_YES };

enum abstract_kind {
    ABSTRACT_UNKNOWN,
    ABSTRACT_ROOT, /* what a chart is rendered with: .Values, .Chart, ... */
    ABSTRACT_DATA, /* a value that is known */
    ABSTRACT_DICT, /* made in the template; its members may be anything */
    ABSTRACT_LIST, /* the same */
};

struct abstract_items;

struct abstract {
    enum abstract_kind kind;
    enum truth truth;             /* UNKNOWN: whether it is not empty */
    bool interface_nil;           /* DATA, nil: kept in an interface, so that a field access over it fails */
    bool whole;                   /* DATA: a number that is no float64, as those of the values are */
    const struct value *data;     /* DATA; NULL for nil */
    struct value_path *place;     /* where it stands in the values, or NULL; of UNKNOWN too */
    struct abstract_items *items; /* DICT, LIST */
    const struct value *text_of;  /* UNKNOWN: a text that holds all strings of this value */
    bool excludes_root;           /* UNKNOWN: it is not the root, and does not hold it */
    struct str absent;            /* DATA, nil without a place: the key that nothing sets; else empty */
};

struct abstract_item {
    struct str key; /* of a DICT */
    struct abstract value;
};

struct abstract_items {
    struct VEC(struct abstract_item) list;
    bool open;       /* there may be others, and other values */
    uint32_t serial; /* of a DICT: which was made before which */
};

static inline enum truth truth_min(enum truth a, enum truth b) {
    return a < b ? a : b;
}

static inline enum truth truth_not(enum truth t) {
    return t == TRUTH_YES ? TRUTH_NO : t == TRUTH_NO ? TRUTH_YES : TRUTH_MAYBE;
}

static inline struct abstract abstract_unknown(void) {
    return (struct abstract){.kind = ABSTRACT_UNKNOWN, .truth = TRUTH_MAYBE};
}

static inline bool abstract_is_nil(const struct abstract *v) {
    return v->kind == ABSTRACT_DATA && !v->data;
}

/* A known value; null is nil. */
struct abstract abstract_data(const struct value *data);
struct abstract abstract_string(struct arena *a, struct str s);
struct abstract abstract_whole(struct arena *a, int64_t number);

/* YES and NO as booleans, MAYBE as one that is not known. */
struct abstract abstract_truth(enum truth truth);

/* Whether Go's templates, and sprig's `empty`, take a value for true; NULL is nil. */
bool abstract_is_true_value(const struct value *v);

/* The same for what may not be known. */
enum truth abstract_is_true(const struct abstract *v);

/* The string that it is known to be; false where it is none, or not known. */
bool abstract_text(const struct abstract *v, struct str *text);

/* The member of a DICT, or NULL. */
const struct abstract *abstract_member(const struct abstract *v, struct str key);

/* Whether both are certain to be the same, so that what is done with one need not be done with the other. Large ones
 * count as different. */
bool abstract_same(const struct abstract *a, const struct abstract *b);

#endif
