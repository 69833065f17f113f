/* The manifests of a service mesh's overlays, and what they say of services. A namespace that is empty is that in which
 * the overlays are applied: nobody knows which. */
#ifndef MESH_MESH_OVERLAYS_H
#define MESH_MESH_OVERLAYS_H

#include "base/file.h"
#include "object/object.h"
#include "yaml/issue.h"

enum mesh_type { MESH_ISTIO, MESH_LINKERD };

struct mesh_manifest {
    uint32_t file; /* place in mesh_overlays.files */
    struct str kind;
    struct str name;
    struct str namespace; /* may be empty */
    struct span span;     /* of its name */
};

/* A manifest as it stands; its values live as long as the records. */
struct mesh_manifest_object {
    const struct mesh_manifest *in;
    struct object object;
};

/* The name of a service, an account or a Server, and where it stands. */
struct mesh_name {
    struct str name;
    struct str namespace; /* may be empty */
    struct span span;
};

struct mesh_names VEC(struct mesh_name);

/* The labels of which a chart's name tells what they are; "app" may be each of the two that are a name. */
enum mesh_label_kind { MESH_LABEL_NAME, MESH_LABEL_INSTANCE };

struct mesh_label {
    enum mesh_label_kind kind;
    struct str value;
    struct span span;
};

/* A pod has to have all of the labels; without any, all pods are meant. */
struct mesh_selector {
    struct VEC(struct mesh_label) labels;
    bool other; /* there are conditions on which values say nothing */
};

/* A manifest names a service, and perhaps a port of it. */
struct mesh_reference {
    const struct mesh_manifest *in;
    struct mesh_name service;
    uint32_t port; /* 0 for none */
    struct span port_span;
    bool may_be_new; /* the manifest makes services that no chart has */
    bool by_label;   /* a selector names it: the label may be the service's name */
};

/* Who may call whom. */
struct mesh_policy {
    const struct mesh_manifest *in;
    enum mesh_type type;
    bool denies;     /* it allows nothing, and so denies what no other one allows */
    bool everything; /* it is for all services of its namespace */
    struct VEC(struct mesh_selector) selectors;
    struct mesh_names services;
    struct mesh_names accounts; /* of callers */
    struct mesh_names servers;  /* of Linkerd */
    struct mesh_names routes;   /* of Linkerd: names of HTTPRoutes */
};

/* How a PeerAuthentication takes connections. */
struct mesh_peer {
    const struct mesh_manifest *in;
    bool selects; /* it is for some pods of its namespace */
    struct mesh_selector selector;
    struct str mode; /* empty where it does not say */
    struct span span;
};

struct mesh_namespace {
    const struct mesh_manifest *in;
    bool injected[2]; /* by enum mesh_type */
};

/* A Server of Linkerd: ports of some pods, to which policies are attached. */
struct mesh_server {
    const struct mesh_manifest *in;
    struct mesh_selector selector;
    struct span span; /* of the selector */
};

/* What an HTTPRoute is attached to. */
struct mesh_route {
    const struct mesh_manifest *in;
    struct mesh_names servers;
    struct mesh_names services;
};

enum mesh_file_state {
    MESH_FILE_READ,
    MESH_FILE_TEMPLATE, /* it is no YAML yet */
    MESH_FILE_BROKEN,   /* `issue` says why */
    MESH_FILE_UNREADABLE,
};

struct mesh_file {
    struct str path;
    enum mesh_file_state state;
    struct yaml_issue issue;
    uint32_t text_length; /* whether it is still the same when it is read again */
    bool has_comments;    /* for valuelint */
};

struct mesh_overlays {
    struct arena *arena;              /* of the records */
    const struct file_texts *buffers; /* in place of files; may be NULL */
    struct VEC(struct mesh_file) files;
    struct VEC(struct mesh_manifest_object) objects;
    struct VEC(struct mesh_reference) references;
    struct VEC(struct mesh_policy) policies;
    struct VEC(struct mesh_peer) peers;
    struct VEC(struct mesh_namespace) namespaces;
    struct VEC(struct mesh_server) servers;
    struct VEC(struct mesh_route) routes;
};

/* Reads the files *.yaml and *.yml below `folders` (with line ends between them), in the order of their paths. What is
 * hidden and what is part of a chart is left out. `overlays` is empty but for its arena. */
void mesh_overlays_read(struct mesh_overlays *overlays, struct str folder);

/* Reads `text` as the file `path`, as a part of the above. */
void mesh_overlays_add(struct mesh_overlays *overlays, struct str path, struct str text);

#endif
