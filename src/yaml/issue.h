/* What is wrong, or not what it looks like, in a YAML text. */
#ifndef YAML_ISSUE_H
#define YAML_ISSUE_H

#include "base/span.h"
#include "base/vec.h"

enum yaml_issue_kind {
    YAML_UNREADABLE,  /* the text cannot be parsed */
    YAML_DUPLICATE,   /* a key stands twice in one map */
    YAML_AMBIGUOUS,   /* YAML 1.2 and Helm read a scalar differently */
    YAML_CHANGED_KEY, /* a key that Helm turns into another one (`on:` becomes "true") */
    YAML_REFUSED,     /* Helm fails on it */
    YAML_DOCUMENTS,   /* more than one document */
    YAML_MERGE,       /* a merge that overrides what stands before it */
    YAML_VERSIONS,    /* Helm 3 and Helm 4 read it differently */
    YAML_INVISIBLE,   /* a character that looks like a space, or like nothing, and is neither to YAML */
    YAML_ISSUE_KINDS,
};

struct yaml_issue {
    enum yaml_issue_kind kind;
    struct span span;
    struct str message; /* one sentence without a final full stop */
    struct str help;    /* what to do; may be empty */
    struct span other;  /* a second place that it speaks of (the first of two equal keys); empty where there is none */
    uint32_t node;      /* id of the node that it is about; 0 for none */
};

struct yaml_issues VEC(struct yaml_issue);

#endif
