/* What a chart prints that a mesh's overlays refer to: Services, pods, accounts, and the meshes' own objects, with
 * values.yaml alone and with each overlay on top. Each part knows the template that printed it. */
#ifndef CHECK_MESH_PRINTS_H
#define CHECK_MESH_PRINTS_H

#include "object/object.h"
#include "render/manifest.h"

/* A place in a file of the chart. */
struct mesh_print_place {
    struct str path;
    uint32_t length; /* of the file: whether it is still the same */
    struct span span;
};

struct mesh_print {
    /* A copy of the object without what nobody asks for. `node` of each value is the number of its place, counted from
     * 1; 0 where nobody knows it. Spans are empty. What a hole may decide is MESH_UNKNOWN. */
    struct value root;
    uint64_t layers; /* bit i: it is printed with mesh_prints.layers[i] */
    bool is_hook;
};

/* A service that a text of the chart names: an address in its environment or its settings. */
struct mesh_call {
    struct str name, namespace; /* the namespace may be empty */
    uint32_t port;              /* 0 where none is named */
    uint32_t place;             /* as mesh_print.root.node */
    uint64_t layers;
};

/* More layers than any chart has; those beyond are left out. */
#define MESH_LAYERS_MAX 64

struct mesh_prints {
    struct arena *arena;
    bool partial;                               /* a document could not be read, or a render did not come to its end */
    struct VEC(struct str) layers;              /* names of overlays; the first is empty: values.yaml alone */
    struct VEC(struct mesh_print_place) places; /* of values */
    struct VEC(struct mesh_print) objects;
    struct VEC(struct mesh_call) calls;
};

/* Whether a value of a copy may be anything. */
bool mesh_is_unknown(const struct value *value);

/* Adds what was printed with the layer `name`, which comes after those before. */
void mesh_prints_add(struct mesh_prints *prints, struct str name, const struct manifests *manifests,
                     const struct manifests *hooks);

/* The same in the arena `a`, without what it points to elsewhere. */
const struct mesh_prints *mesh_prints_copy(struct arena *a, const struct mesh_prints *prints);

#endif
