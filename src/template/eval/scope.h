/* Which values the templates of a chart read, and which of these reads fail the render: the templates are gone through
 * as Helm executes them, with the values that are known, and with "not known" for all else (releases, clusters, texts
 * that are printed). A branch that is not taken is gone through too, for what it would read. Nothing is rendered: that
 * is for program.h, the other half of this room, which runs templates on one set of values. This half answers for any.
 * What follows from a read, a finding or a rewrite, is for check/ and template/refs. */
#ifndef TEMPLATE_EVAL_SCOPE_H
#define TEMPLATE_EVAL_SCOPE_H

#include "template/eval/value_path.h"
#include "template/syntax/memo.h"

struct scope_file {
    struct str text;
    bool entry; /* it is rendered with the chart's values; else only what it defines can be used */
    /* Set by scope_parse. */
    const struct tmpl_tree *tree; /* NULL where it is broken */
    bool broken;                  /* Helm does not parse it; `error` tells why */
    struct tmpl_error error;
};

/* What an operand was seen to begin with, in bits. */
enum scope_seen {
    SCOPE_SEEN_ROOT = 1,   /* what the chart is rendered with */
    SCOPE_SEEN_OTHER = 2,  /* something that is certainly not that */
    SCOPE_SEEN_HOLDER = 4, /* a dict or list whose members are known, and which may hold it */
    SCOPE_SEEN_UNKNOWN = 8,
};

/* What was seen at one word of a tree: what it begins with, or what a field of it is asked of. */
struct scope_sight {
    uint8_t seen;             /* bits of enum scope_seen */
    struct value_path *place; /* where it stands in the values, the same every time; else NULL */
};

/* What goes where in the templates. Where one word gets values of several places, these count as read as a whole, and
 * so does what is read without a reference in a file: by a text in a template, by `dig`, by a key that is not written
 * out. */
struct scope_watch {
    uint32_t **at; /* by file and word (tmpl_arg): from 1, the index of its sight; 0 for none */
    struct VEC(struct scope_sight) sights;
    struct VEC(
        struct value_path_site) wholes; /* where a value is printed, or handed to a function, that holds the root */
    bool incomplete;                    /* something may be called that was not gone through, or with another dot */
};

struct scope_input {
    const struct value *values; /* NULL where they may be any */
    const struct value *chart;  /* Chart.yaml */
    struct scope_file *files;   /* of two that define the same name, the later one counts */
    uint32_t file_count;
    const struct str *filled; /* keys at the top of the values that Helm fills from elsewhere */
    uint32_t filled_count;
    bool overridden; /* other values are laid over these: nothing is certain to fail */
    /* Gives a file of the chart that a template reads; may be NULL. */
    bool (*read_file)(void *data, struct str name, struct str *text);
    void *data;
    struct scope_watch *watch; /* filled, with `at` made by the caller and zeroed; may be NULL */
};

enum scope_failure_cause {
    SCOPE_FAILS_FIELD,    /* a key is asked of what is nil, or no mapping */
    SCOPE_FAILS_ARGUMENT, /* a function gets what it does not take */
    SCOPE_FAILS_RANGE,    /* `range` gets what has no members */
};

/* A condition that is not known. */
struct scope_guard {
    struct str condition; /* as it is written; empty: none */
    bool negated;         /* it must not hold */
    bool members;         /* it must have members: of a range */
    bool helm3;           /* in Helm 3: Helm 4 drops the null that it depends on */
};

/* A read that fails the render. */
struct scope_failure {
    enum scope_failure_cause cause;
    bool certain; /* else it depends on what is not known */
    bool inside;  /* it is in a text that `tpl` runs, which the span is about */
    uint32_t file;
    struct span span;               /* of the chain or the argument */
    const struct value_path *place; /* of what is missing or of another kind; NULL where that is no value: */
    struct str absent;              /* the key that is missing from the root, or from a dict */
    const struct value *value;      /* what stands there; NULL for nothing, or null */
    struct str function;            /* of ARGUMENT */
    struct str against;             /* the kind of what it is compared with; empty where it is not compared */
    bool integer;                   /* an integer is needed, which numbers of the values are not */
    bool overridden;                /* other values are laid over those of the input */
    struct scope_guard guard;       /* the innermost condition on the way that is not known */
};

struct scope_failures VEC(struct scope_failure);

/* An action that prints nothing, for want of a value. */
struct scope_blank {
    uint32_t file;
    struct span action;
    const struct value_path *place; /* of what is not there, null, or an empty text */
};

struct scope_blanks VEC(struct scope_blank);

struct scope_result {
    struct value_path root; /* with all places that are read */
    struct scope_failures failures;
    struct scope_blanks blanks; /* those that are certain to be reached, and to be without a value */
    bool stopped;               /* the work was cut short: other reads and failures may be missing */
};

/* Parses `file`, whose text is set. With `memo` (may be NULL) texts and trees live as long as that. */
void scope_parse(struct arena *a, struct tmpl_memo *memo, struct scope_file *file);

/* Goes through the files, which scope_parse has read; broken ones are left out. `scope` is empty, but for what
 * the caller knows of places below its root. The work is bounded, whatever the templates are. */
void scope_run(struct arena *a, const struct scope_input *input, struct scope_result *scope);

#endif
