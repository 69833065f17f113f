/* One index over the objects of the overlays and over what the charts print: who has a name, which pods a selector
 * selects. Rules look at its objects one by one, and resolve names through it. Private to the room. */
#ifndef MESH_MESH_INDEX_H
#define MESH_MESH_INDEX_H

#include "mesh/mesh_judge.h"

struct mesh_object {
    const struct mesh_manifest *in; /* of an overlay; NULL for what a chart prints */
    const struct mesh_chart *chart; /* that prints it; NULL for that of an overlay */
    const struct value *root;
    struct str group, kind, name;
    struct str namespace; /* that of the charts where it names none */
    uint64_t layers;      /* of the chart, see check/mesh_prints.h; all of an overlay's */
    uint32_t order;       /* its place among all objects */
    bool is_hook;
    bool spoilt; /* its fields are wrong: what it means is not judged */
};

/* A workload's pods. */
struct mesh_pod {
    const struct mesh_object *of;
    const struct value *metadata, *spec; /* of the template; spec is never NULL */
};

struct mesh_objects VEC(const struct mesh_object *);
struct mesh_pods VEC(const struct mesh_pod *);

struct mesh_index {
    struct mesh_objects objects; /* those of overlays first */
    struct map by_kind;          /* GROUP/KIND -> struct mesh_objects */
    struct map by_name;          /* GROUP/KIND NAMESPACE/NAME -> struct mesh_objects */
    struct VEC(struct mesh_pod) pods;
    struct mesh_pods all_pods, unsure_pods; /* unsure: some of their labels may be any */
    struct map by_label;                    /* KEY=VALUE -> struct mesh_pods */
    struct map selecting;                   /* kind -> struct mesh_objects by place of the pod: see mesh_selecting */
    struct map grouped;                     /* kind and key -> struct mesh_objects: see mesh_grouped */
    bool has_istio;                         /* objects of Istio, or a namespace with its label */
    bool prints;                            /* some chart is known by what it prints */
};

/* Fills `index` from the overlays and the charts of `j`; everything lives in j->arena. */
void mesh_index_build(struct mesh_judge *j, struct mesh_index *index);

/* The part of it about labels of pods. */
void mesh_index_pods(struct mesh_judge *j, struct mesh_index *index);

/* Pods that a selector (`plain`: a map of labels) may select: few where it has labels. Each has to be matched. */
const struct mesh_pods *mesh_candidates(const struct mesh_judge *j, const struct value *selector, bool plain);

/* The objects of a kind whose selector at `path` (the same for a kind at each call) may select the pod. A Service's is
 * a plain map of labels, and one without selects nothing. */
const struct mesh_objects *mesh_selecting(const struct mesh_judge *j, const char *group, const char *kind,
                                          const char *path, const struct mesh_pod *pod);

/* The objects of a kind for which `key_of` gives `key`, in their order: to compare few with few. Never NULL. */
const struct mesh_objects *mesh_grouped(const struct mesh_judge *j, const char *group, const char *kind,
                                        struct str (*key_of)(const struct mesh_judge *, const struct mesh_object *),
                                        struct str key);

/* A key of what may be about the same workloads: the namespace and the first label of the selector; and that of what is
 * about all workloads of a namespace. */
struct str mesh_workload_key(const struct mesh_judge *j, const struct mesh_object *object);
struct str mesh_all_workloads(const struct mesh_judge *j, struct str namespace);

/* The objects of a kind; `group` is empty for Kubernetes' core. Never NULL. */
const struct mesh_objects *mesh_of_kind(const struct mesh_judge *j, const char *group, const char *kind);

/* Those of them with that name and namespace. Never NULL. */
const struct mesh_objects *mesh_named(const struct mesh_judge *j, const char *group, const char *kind, struct str name,
                                      struct str namespace);

/* The nearest name of an object of that kind in the namespace: "did you mean `x`?"; empty for none. */
struct str mesh_suggest_of(const struct mesh_judge *j, const char *group, const char *kind, struct str name,
                           struct str namespace);

/* The Service that a host names for an object in `namespace`: the objects of that name, of all layers. NULL where the
 * host is none of the cluster's (an address outside, a wildcard); an empty list where nobody has it. `*service` gets
 * the name. */
const struct mesh_objects *mesh_services_of(const struct mesh_judge *j, const struct value *host, struct str namespace,
                                            struct mesh_name *service);

/* Whether `labels` (NULL: none) satisfy `{matchLabels, matchExpressions}`, or a plain map of labels. */
enum mesh_match mesh_match_selector(const struct value *selector, const struct value *labels);
enum mesh_match mesh_match_labels(const struct value *wanted, const struct value *labels);

/* Whether a name may be that of something that a chart prints of which nobody knows what it prints. */
bool mesh_may_be_unprinted(const struct mesh_judge *j, struct str name);
bool mesh_any_may_be_unprinted(const struct mesh_judge *j, const struct value *labels);

/* Whether what is not found in `namespace` is nowhere: it is a namespace of the charts, and the run covers them. */
bool mesh_knows_namespace(const struct mesh_judge *j, struct str namespace);

/* Whether a path, a name or a label is one of health checks or metrics. */
bool mesh_is_harmless_path(struct str path);

/* The labels of a pod; NULL for none. */
const struct value *mesh_pod_labels(const struct mesh_pod *pod);

/* The name of the account that its containers run with. */
struct str mesh_pod_account(const struct mesh_pod *pod);

/* Whether a port that a text or a number names is one of the pod's: of its containers, or of their probes. */
enum mesh_match mesh_pod_has_port(const struct mesh_pod *pod, const struct value *port);
enum mesh_match mesh_pod_has_number(const struct mesh_pod *pod, uint32_t number);

/* Adds a finding on `at` (NULL: its name), a value of the object; NULL where the settings switch it off. */
struct mesh_finding *mesh_report(struct mesh_judge *j, enum builtin_check check, const struct mesh_object *object,
                                 const struct value *at, struct str message);

/* The same with "KIND `NAME` WHAT" and a help. */
void mesh_say(struct mesh_judge *j, enum builtin_check check, const struct mesh_object *object, const struct value *at,
              struct str what, const char *help);

/* Gives `finding` (may be NULL) the place of a value of another object. */
void mesh_relate_object(struct mesh_judge *j, struct mesh_finding *finding, const struct mesh_object *object,
                        const struct value *at, struct str message);

/* A rule of one kind of object. */
struct mesh_rule {
    const char *group, *kind; /* an empty kind: any of the group */
    void (*check)(struct mesh_judge *j, const struct mesh_object *object);
};

/* Runs each rule on each object of its kind whose fields are right. */
void mesh_run_rules(struct mesh_judge *j, const struct mesh_rule *rules, size_t count);

#endif
