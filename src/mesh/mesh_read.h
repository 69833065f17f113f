/* Reading one manifest into records. Private to the readers: mesh_istio.c and mesh_linkerd.c know the kinds. */
#ifndef MESH_MESH_READ_H
#define MESH_MESH_READ_H

#include "mesh/mesh_overlays.h"

struct mesh_reader {
    struct mesh_overlays *out;
    const struct mesh_manifest *in; /* the manifest that is read */
};

/* The value at a path of keys with dots between them, or NULL. */
const struct value *mesh_get(const struct value *root, const char *path);

/* The string at such a path; empty for none. */
struct str mesh_text(const struct value *root, const char *path);

/* The items of the list at such a path; none where it is no list. */
struct value_list mesh_list(const struct value *root, const char *path);

/* Whether the manifest is of that kind and API group (the part of apiVersion before the `/`). */
bool mesh_is(const struct value *manifest, const char *group, const char *kind);

/* `text` copied to the records; `in_namespace` where it names none: that of the manifest. */
struct mesh_name mesh_name(const struct mesh_reader *r, struct str name, struct str in_namespace, struct span span);

/* The service that the host `value` names: `ledger`, `ledger.marty`, `ledger.marty.svc.cluster.local`. False for any
 * other host. */
bool mesh_host(const struct mesh_reader *r, const struct value *value, struct mesh_name *service);

/* The port of `value`; 0 where it is none. */
uint32_t mesh_port_of(const struct value *value);

/* Notes that the manifest names a service, and its port where `port` (may be NULL) is one. */
void mesh_refer(const struct mesh_reader *r, struct mesh_name service, const struct value *port, bool may_be_new);

/* Reads `{matchLabels, matchExpressions}`. */
struct mesh_selector mesh_selector(const struct mesh_reader *r, const struct value *value);

/* Notes the names in a selector as references to services. */
void mesh_refer_selector(const struct mesh_reader *r, const struct mesh_selector *selector);

/* Reads a manifest of these meshes; anything else is passed over. */
void mesh_istio_read(const struct mesh_reader *r, const struct value *manifest);
void mesh_linkerd_read(const struct mesh_reader *r, const struct value *manifest);

#endif
