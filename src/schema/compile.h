/* What the parts of the compiler share. */
#ifndef SCHEMA_COMPILE_H
#define SCHEMA_COMPILE_H

#include "schema/node.h"

enum vocabulary {
    VOCABULARY_CORE = 1,
    VOCABULARY_APPLICATOR = 2,
    VOCABULARY_UNEVALUATED = 4,
    VOCABULARY_VALIDATION = 8,
    VOCABULARY_OTHER = 16, /* annotations */
};

struct dialect {
    enum schema_draft draft;
    uint8_t vocabularies;
    bool assert_format;
};

enum reference_kind { REFERENCE_PLAIN, REFERENCE_DYNAMIC, REFERENCE_RECURSIVE };

/* A reference that is still to be resolved, once everything around it has been compiled. */
struct reference {
    enum reference_kind kind;
    struct schema_node *node;
    const struct member *member;
};

struct keyword_rule;

struct compiler {
    struct arena *a;
    const struct schema_options *options;
    struct schema_error *error;
    struct schema *schema;
    struct map resources; /* URI -> struct resource */
    struct map dialects;  /* URI -> struct dialect, the users' own */
    struct map regexes;   /* pattern -> struct regex */
    struct VEC(struct reference) references;
    struct VEC(struct schema_node *) nodes; /* in the order in which they were met */
    struct schema_node **node_table;        /* the same by `source` */
    uint32_t node_slots;
    uint32_t depth;
    const struct keyword_rule *keywords[256]; /* hash table */
};

/* Sets the error, at `span` of the document that `resource` stands in; returns false. */
bool compile_fail(struct compiler *c, const struct resource *resource, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Where an error about `m` is shown: its value, or its key where the value has no text. */
struct span compile_member_span(const struct member *m);

/* The node of the schema `source`, compiled where it is new; NULL with the error set. `parent` is the resource that
 * it stands in (before its own $id is seen). */
struct schema_node *compile_schema(struct compiler *c, const struct value *source, struct resource *parent);

/* The node that was compiled for `source`, or NULL. */
struct schema_node *compile_known_node(const struct compiler *c, const struct value *source);

/* Compiles a document that was found at `uri`; `is_user` for the one that was given. NULL with the error set. */
struct resource *compile_document(struct compiler *c, const struct value *document, struct str uri, bool is_user,
                                  const struct dialect *dialect);

/* The dialect of a resource's `$schema`, NULL with the error set. */
const struct dialect *schema_dialect_find(struct compiler *c, const struct resource *resource, const struct member *m);
const struct dialect *schema_dialect_of_draft(enum schema_draft draft);

/* The metaschema or other document at `uri`, NULL where there is none. */
const struct value *reference_load(struct compiler *c, struct str uri);

/* Resolves all references, those of documents that they bring in too. */
bool reference_resolve_all(struct compiler *c);

/* Refuses references that lead back to themselves without going into the value, and shortens chains of them. */
bool reference_check_cycles(struct compiler *c);

#endif
