/* What valuelint has to say about a text. */
#ifndef TEXT_FINDING_H
#define TEXT_FINDING_H

#include "base/vec.h"
#include "text/source.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_COUNT };

/* Whether --fix repairs a finding, and at which risk (see docs on safety). A check sets what a finding looks like; what
 * is true of it is known when the planner was asked (run/fixable.h). */
enum fixability { FIX_NONE, FIX_SAFE, FIX_UNSAFE };

/* What all findings of one id have in common. */
struct check {
    struct str id;   /* VL and three digits, never reused */
    struct str name; /* kebab-case */
    enum severity severity;
    struct str summary;   /* one line: what it is about */
    uint32_t index;       /* its place among all checks of the run */
    struct str replaces;  /* retired ids that select it too, with line ends between them */
    struct str one, many; /* what follows their number: "key is missing", "keys are missing"; may be empty */
    bool preview;         /* it is new: off unless somebody asks for such checks */
};

/* A second place that a finding speaks of. */
struct related {
    struct source *source;
    struct span span;
    struct str message;
};

struct finding {
    const struct check *check;
    enum severity severity; /* the check's, unless the configuration says otherwise */
    struct span span;       /* in the source that the finding is about; empty at 0 for the file as a whole */
    struct str path;        /* dotted path of the value, such as `grpc.tls.enabled`; empty where there is none */
    struct str message;     /* one sentence without a final full stop */
    struct str help;        /* what to do; may be empty */
    enum fixability fix;
    struct str becomes;  /* where --fix moves the value, or the scalar (as JSON) that it writes; may be empty */
    struct str fix_does; /* what follows "--fix": "writes `1`"; empty where `help` says it, or nothing is known */
    const struct str
        *keys; /* those of the mapping at `path` that it is about; none where it is about the value there */
    uint32_t key_count;
    struct related *related;
    uint32_t related_count;
    uint32_t rank; /* order in which the findings of a file were made: decides between those at one place */
};

struct findings VEC(struct finding);

/* "error", "warning" or "info". */
struct str severity_name(enum severity severity);

/* The severity that `name` names; false where it names none. */
bool severity_parse(struct str name, enum severity *severity);

/* Gives `finding` a second place. Its source has lines afterwards, as reports need them. */
void finding_relate(struct arena *a, struct finding *finding, struct source *source, struct span span,
                    struct str message);

/* Sorts by place, then id, then rank: the same order in every run. */
void findings_sort(struct findings *findings);

/* Drops those below the severity `lowest`. */
void findings_drop_below(struct findings *findings, enum severity lowest);

/* Keeps the first of those that say the same of the same place; `findings` must be sorted. */
void findings_unite(struct findings *findings);

#endif
