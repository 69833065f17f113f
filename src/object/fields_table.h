/* Kubernetes' and CustomResourceDefinitions' kinds, types and fields, as scripts/kubernetes-fields writes them at build
 * time from kubernetes.txt and crds.txt. */
#ifndef OBJECT_FIELDS_TABLE_H
#define OBJECT_FIELDS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct object_kind {
    struct str api_version, kind;
    uint32_t type;       /* index in OBJECT_TYPES */
    bool custom;         /* a CustomResourceDefinition says so */
    uint8_t first, last; /* minor versions of Kubernetes that have it */
};

struct object_type {
    struct str name;
    uint32_t first, count; /* of its fields, which are in the order of their names */
    struct str exclusive;  /* "a|b c|d": one of a and b at most, and one of c and d */
};

struct object_field {
    struct str name;
    struct str code; /* what may stand there: see scripts/kubernetes-fields and crd-fields */
    bool required;
    uint8_t first, last; /* as of kinds */
};

struct object_table {
    const struct object_kind *kinds;
    uint32_t kind_count;
    const struct object_type *types;
    const struct object_field *fields;
};

extern const struct object_kind OBJECT_KINDS[];
extern const uint32_t OBJECT_KIND_COUNT;
extern const struct object_type OBJECT_TYPES[];
extern const struct object_field OBJECT_FIELDS[];

#endif
