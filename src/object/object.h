/* The room of what templates print: Kubernetes' objects, what Kubernetes says of their fields, and which template and
 * which values each part of them came from. It runs no templates, and knows no findings.
 *
 * This file: from a document's text to its objects, and what the API would refuse in them. Kinds that the table of
 * fields does not know are never judged by their fields. What an unknown part of the text (a hole) may decide is not
 * judged either. */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include "base/vec.h"
#include "template/eval/go_value.h"
#include "value/value.h"
#include "yaml/tree.h"

/* A printed document that was parsed. */
struct object_document {
    const struct go_value *text; /* as it was printed */
    struct source source;        /* the same bytes, with holes as words of their length */
    struct tree tree;
    struct value root;
};

struct object {
    const struct object_document *document;
    const struct value *root; /* a mapping: of the document, or an item of a List */
    struct str api_version, kind, name;
};

struct objects VEC(struct object);

/* Parses a document and adds its objects to `objects`; a List is opened. False where it is no YAML, or where the holes
 * in it may be of any shape: nothing is added then. `document` must live as long as the objects. */
bool object_read(struct arena *a, const struct go_value *text, struct object_document *document,
                 struct objects *objects);

/* Where a part of a document comes from; what nobody knows is NULL. */
struct object_origin {
    const struct go_site *site;    /* the template that printed it */
    struct span within;            /* of the part in the template's text, where it is written out there; else empty */
    const struct go_paths *values; /* that it shows */
};

/* The origin of the bytes `span` of `text`: of the first of them that show a value, else of the first with a place. */
struct object_origin object_origin(const struct go_value *text, struct span span);

/* The first run that reaches beyond the offset `at`; their number where none does, 0 where there are none. */
uint32_t object_run_at(const struct go_runs *runs, uint32_t at);

enum object_issue_kind {
    OBJECT_WRONG_TYPE,
    OBJECT_UNKNOWN_FIELD,
    OBJECT_MISSING_FIELD,
    OBJECT_EMPTY_FIELD,  /* a mapping or list is meant, and there is nothing: the API takes it as absent */
    OBJECT_UNKNOWN_KIND, /* of a group of CustomResourceDefinitions that is known */
    OBJECT_BAD_FORMAT,   /* a name, port, quantity or word that the API refuses */
    OBJECT_BAD_IMAGE,    /* an image that no registry can have: the API takes it, no node can pull it */
    OBJECT_REPEATED,     /* two items of a list that must differ */
    OBJECT_SHADOWED,     /* the same where the API takes it, and the last one counts */
    OBJECT_ROUNDED,      /* a number that was printed with an exponent into a text */
    OBJECT_NOT_SERVED,   /* a version of an API that this Kubernetes has not */
};

struct object_issue {
    enum object_issue_kind kind;
    const struct object *object;
    struct span span;   /* in the document's source */
    struct str path;    /* spec.template.spec.containers[0].env[1].value */
    struct str message; /* one sentence without a final full stop */
    struct str help;    /* or empty */
};

struct object_issues VEC(struct object_issue);

struct object_table;

/* Adds what is wrong with `object` in Kubernetes 1.`minor` (0: in any that is known), in the order of its text; `more`
 * (may be NULL) goes before the tables that are built in. */
void object_check(struct arena *a, const struct object *object, const struct object_table *more, uint8_t minor,
                  struct object_issues *issues);

#endif
