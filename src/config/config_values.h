/* The key `values` of a configuration: files of values that lie outside of their charts, and `local-dependencies`. */
#ifndef CONFIG_CONFIG_VALUES_H
#define CONFIG_CONFIG_VALUES_H

#include "config/config.h"

struct config_binding {
    struct str path;        /* absolute, links resolved; NUL behind it */
    const struct str *keys; /* below which the values stand in it (`below`) */
    uint32_t key_count;
    bool always; /* every deployment of the chart gets it */
};

struct config_bindings VEC(struct config_binding);

/* Adds the files that the configuration of the chart in `folder` (absolute, normalized) binds to it, each once, in the
 * order in which they are named, which is Helm's. A name or glob that matches nothing becomes a warning of the store,
 * once. */
void config_bindings(struct config_store *store, struct str folder, struct config_bindings *list);

/* Whether dependencies by URL on the chart in `folder` are built from it. */
bool config_is_local(struct config_store *store, struct str folder);

#endif
