/* Which values a template names, and what it does with them, as far as its text alone tells: the dot is followed only
 * as "still the root", "certainly not the root" and "not known". */
#ifndef TEMPLATE_REFS_REFS_H
#define TEMPLATE_REFS_REFS_H

#include "template/refs/flow.h"

/* What the chain begins with. */
enum refs_base {
    REFS_BASE_DOT,        /* .Values.a */
    REFS_BASE_DOLLAR,     /* $.Values.a */
    REFS_BASE_VARIABLE,   /* $x.Values.a */
    REFS_BASE_EXPRESSION, /* .context.Values.a, (...).Values.a */
};

/* Whether the chain begins at the root: in a define, at the dot that the define was called with. */
enum refs_origin { REFS_ROOT, REFS_NOT_ROOT, REFS_UNKNOWN };

enum refs_shape {
    REFS_WHOLE_ROOT,   /* `.`, `$`, or a variable that holds the root: no `.Values` is written */
    REFS_CHAIN,        /* .Values, .Values.a.b */
    REFS_INDEX,        /* index .Values.a "b" "c" */
    REFS_KEY_ARGUMENT, /* get or hasKey .Values.a "b" */
    REFS_VALUES_NAME,  /* the string "Values": the root is read or made by name */
    REFS_RELATIVE,     /* .a.b, $x.a, (...).a, get $x "a": of what only going through the templates tells */
};

struct refs_part {
    struct str key;
    uint32_t word;    /* of the tree: what the key is asked of */
    struct span span; /* with its dot or its quotes */
    bool quoted;
    bool unwraps; /* the first field behind a parenthesis: those of no value are none, where a chain fails */
};

struct refs_reference {
    struct span span; /* from the base to the last part */
    enum refs_shape shape;
    enum refs_base base;
    enum refs_origin origin;
    enum refs_use use;
    struct str function; /* of ARGUMENT, COMPARE, COMPUTE; the name of CALL; may be empty */
    uint32_t argument;   /* which one, from 1, a piped one last */
    /* WHOLE_ROOT: the same behind dict, list, default and the like, which only hand a value on. */
    enum refs_use carried_use;
    struct str carried_function;
    uint32_t carried_argument;
    bool alone;              /* the only word of its command */
    bool computed;           /* INDEX: more keys follow, which are not literal */
    bool behind_index;       /* RELATIVE: (index ...).a, which is the tail of the reference in the parenthesis */
    struct span values;      /* `.Values`; empty in shapes without it */
    struct span action;      /* from {{ to }} */
    uint32_t word;           /* of the tree: what `.Values` is asked of; of WHOLE_ROOT, what it is */
    uint32_t define;         /* the one around it (index into the tree's), or TMPL_NONE */
    struct refs_part *parts; /* the keys behind Values; of RELATIVE, behind what it begins with */
    uint32_t part_count;
    /* What is read of the value at the parts: (.Values.a).b, index (index .Values "a") "b". */
    struct refs_part *tail;
    uint32_t tail_count;
    uint8_t needs; /* bits of enum refs_needs, of the value at the tail */
    bool gets;     /* the last key is one of `get`: without it, there is an empty text */
};

/* A call of another template: {{template}}, {{block}}, include, tpl. */
struct refs_call {
    struct str name; /* empty where it is computed */
    bool known;      /* the name is a literal */
    bool is_tpl;     /* runs a text; `known` means a literal text without actions */
    bool of_file;    /* computed with $.Template.BasePath: calls a file of the chart */
    bool of_values;  /* is_tpl: the text is a written-out value, or toYaml of one */
    enum refs_origin dot;
    uint32_t define; /* the define that calls (index into the tree's), or TMPL_NONE */
    struct span action;
};

struct refs_found {
    struct VEC(struct refs_reference) refs;
    struct VEC(struct refs_reference) relatives; /* those of shape RELATIVE */
    struct VEC(struct refs_call) calls;
};

/* Finds all references of a template, in the order of its text. Linear in its length. */
void refs_find(struct arena *a, const struct tmpl_tree *tree, struct refs_found *refs);

#endif
