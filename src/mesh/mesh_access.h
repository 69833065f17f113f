/* Who may call a port of a pod, by the policies of one mesh. Private to the room. */
#ifndef MESH_MESH_ACCESS_H
#define MESH_MESH_ACCESS_H

#include "mesh/mesh_index.h"

enum mesh_caller_kind {
    MESH_CALLER_ANYBODY,   /* with or without mTLS, from anywhere */
    MESH_CALLER_NETWORK,   /* from addresses: `account` holds them */
    MESH_CALLER_MESHED,    /* anybody with mTLS */
    MESH_CALLER_NAMESPACE, /* the accounts of `namespace` */
    MESH_CALLER_ACCOUNT,   /* `namespace` and `account` */
    MESH_CALLER_OTHER,     /* by conditions that are not looked at: some are let in */
};

/* One policy that lets callers in. */
struct mesh_grant {
    const struct mesh_object *policy;
    enum mesh_caller_kind kind;
    struct str namespace, account;
    bool exempts; /* it is for paths of health checks and metrics alone */
    bool limited; /* to some paths or methods */
};

struct mesh_access {
    const struct mesh_pod *pod;
    uint32_t port;
    bool denies;                      /* nobody is let in that no grant lets in */
    const struct mesh_object *by;     /* the policy, Server or Namespace that denies; may be NULL */
    const struct mesh_object *denial; /* a policy that denies some explicitly; NULL for none */
    bool unsure;                      /* a policy may be for the pod, or may not */
    const char *tls;                  /* "mTLS", "mTLS or plain text", "plain text" */
    struct VEC(struct mesh_grant) grants;
};

/* Whether the mesh has policies or Servers in the index at all. */
bool mesh_has_policies(const struct mesh_judge *j, enum mesh_type type);

struct mesh_access mesh_access_of(const struct mesh_judge *j, enum mesh_type type, const struct mesh_pod *pod,
                                  uint32_t port);

/* Whether callers with the account are let in; `any_path` where exemptions do not count. */
bool mesh_access_lets_in(const struct mesh_access *access, struct str namespace, struct str account);

/* Whether somebody is let in, exemptions for health checks and metrics aside. */
bool mesh_access_lets_somebody_in(const struct mesh_access *access);

/* "document-signer", "anybody": the caller of a grant as the namespace `home` sees it. */
struct str mesh_caller_text(struct arena *a, const struct mesh_grant *grant, struct str home);

/* The number of a port of the pod that has a name; 0 where it has none. */
uint32_t mesh_pod_number_of(const struct mesh_pod *pod, const struct value *name);

/* The number of the pod's port behind a port of a Service, whose entry is `port`; 0 where nobody knows. */
uint32_t mesh_target_of(const struct mesh_pod *pod, const struct value *port);

#endif
