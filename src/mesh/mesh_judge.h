/* Holding overlays against charts. Private to mesh.c, which brings both together, and to the parts that judge. */
#ifndef MESH_MESH_JUDGE_H
#define MESH_MESH_JUDGE_H

#include "check/mesh_prints.h"
#include "mesh/mesh.h"
#include "mesh/mesh_overlays.h"

/* A file that was read, and is read again for a report. */
struct mesh_text {
    struct str path;
    uint32_t length; /* whether it is still the same */
};

struct mesh_place {
    const struct mesh_text *text; /* NULL for no place */
    struct span span;
};

struct mesh_chart_port {
    struct str path; /* dotted */
    uint32_t number, target;
    struct mesh_place place;
};

struct mesh_chart {
    struct str name, namespace, account;
    struct str other_names[2]; /* nameOverride, fullnameOverride */
    const struct settings *settings;
    bool has_values; /* its values.yaml was read, and the standard applies to it */
    struct mesh_chart_port *ports;
    uint32_t port_count;
    bool enabled; /* the mesh is on */
    bool may_be_uncovered;
    struct str type, mode;
    struct mesh_place enabled_place, mode_place;
    const struct mesh_prints *prints; /* what it prints, in the arena of the run; NULL where nobody knows */
    struct mesh_chart *same_name;     /* the next one with this name */
};

#define MESH_PLACES_MOST 3

struct mesh_related {
    const struct mesh_place *place;
    struct str message;
};

struct mesh_finding {
    struct finding finding;
    struct mesh_related related[MESH_PLACES_MOST];
    uint32_t related_count;
};

/* A file and what was found in it. */
struct mesh_outcome {
    struct str path;
    struct str chart; /* of a values file */
    uint32_t text_length;
    const struct mesh_file *file; /* of the overlays; NULL for a values file */
    struct VEC(struct mesh_finding) findings;
};

struct mesh_index;

struct mesh_judge {
    struct mesh *mesh;
    struct arena *arena;
    const struct mesh_overlays *overlays;
    const struct settings *settings; /* for what is about no chart */
    struct str folder;               /* of the overlays */
    struct str namespace;            /* of what names none */
    bool *spoilt;                    /* by place in overlays->objects: its fields are wrong */
    struct mesh_index *index;
    bool
        blamed[2]; /* by enum mesh_type: a policy of the mesh has a finding, and what they say together is not judged */
    struct mesh_outcome *files; /* by place in overlays->files */
    struct map values;          /* path of a values file -> struct mesh_outcome */
};

/* Calls `use` for each folder of overlays, with everything in it read and indexed; `judge` lives for the call. */
void mesh_each_folder(struct mesh *m, void (*use)(struct mesh_judge *judge, void *data), void *data);

/* Adds a finding to a file of the overlays, or a values file; NULL where the settings switch it off. */
struct mesh_finding *mesh_find(struct mesh_judge *j, const struct settings *settings, enum builtin_check check,
                               const struct mesh_manifest *in, struct span span, struct str message);
struct mesh_finding *mesh_find_in_values(struct mesh_judge *j, const struct mesh_chart *chart, enum builtin_check check,
                                         const struct mesh_place *place, struct str message);

/* Gives `finding` (may be NULL) a second place, as long as there is room. */
void mesh_relate(struct mesh_finding *finding, const struct mesh_place *place, struct str message);

enum mesh_match { MESH_NO, MESH_MAYBE, MESH_YES };

/* Whether a namespace that a manifest names is `namespace`; one that it does not name may be any. */
bool mesh_same_namespace(struct str named, struct str namespace);

/* Whether it is the namespace of any chart. */
bool mesh_is_ours(const struct mesh_judge *j, struct str named);

/* What is known of a service: a chart of this name (*chart is the first), perhaps one, none. */
enum mesh_match mesh_service(const struct mesh_judge *j, const struct mesh_name *service,
                             const struct mesh_chart **chart);

/* The next chart that is the service too, or NULL. */
const struct mesh_chart *mesh_next(const struct mesh_chart *chart, const struct mesh_name *service);

/* Whether the pods of `chart` have the labels. */
enum mesh_match mesh_selects(const struct mesh_judge *j, const struct mesh_selector *selector,
                             const struct mesh_chart *chart);

/* Whether `name` is one of the chart's own. */
bool mesh_is_called(const struct mesh_chart *chart, struct str name);

/* The finding's help where a name is close to that of a chart: "did you mean `ledger`?" */
struct str mesh_suggest(const struct mesh_judge *j, struct str name);

/* "`a`, `b` and 3 more" */
struct str mesh_chart_names(struct arena *a, const struct mesh_chart *const *charts, uint32_t count);

struct mesh_charts VEC(const struct mesh_chart *);

void mesh_judge_fields(struct mesh_judge *j);     /* mesh_fields.c */
void mesh_judge_refused(struct mesh_judge *j);    /* mesh_refused.c */
void mesh_judge_routes(struct mesh_judge *j);     /* mesh_routes.c */
void mesh_judge_references(struct mesh_judge *j); /* mesh_references.c */
void mesh_judge_identities(struct mesh_judge *j); /* mesh_identities.c */
void mesh_judge_ports(struct mesh_judge *j);      /* mesh_ports.c */
void mesh_judge_reach(struct mesh_judge *j);      /* mesh_reach.c */
void mesh_judge_hooks(struct mesh_judge *j);      /* mesh_hooks.c */
void mesh_judge_keys(struct mesh_judge *j);       /* mesh_keys.c */
void mesh_judge_traffic(struct mesh_judge *j);    /* mesh_traffic.c */
void mesh_judge_meaning(struct mesh_judge *j);    /* mesh_meaning.c */
void mesh_judge_workloads(struct mesh_judge *j);  /* mesh_workloads.c */
void mesh_judge_selectors(struct mesh_judge *j);  /* mesh_selectors.c */
void mesh_judge_policies(struct mesh_judge *j);   /* mesh_policies.c */

#endif
