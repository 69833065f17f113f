/* Configuration files, and the settings that they and the command line make for each chart. */
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#include "engine/settings.h"

/* What the command line says; it goes before every configuration file. */
struct config_overrides {
    const struct str *select; /* in place of the configuration's */
    uint32_t select_count;
    const struct str *ignore; /* on top of the configuration's */
    uint32_t ignore_count;
    enum severity lowest;
    struct str schema; /* a path; empty for none */
    struct str config; /* --config: this file for all charts; empty to look for one */
    bool no_config;
};

/* One configuration file. */
struct config {
    struct document document; /* an empty mapping where there is no file */
    struct str folder;        /* that its globs and paths are relative to: absolute, normalized */
    bool found;
    const struct settings *settings; /* for charts that no override matches; NULL until they are asked for */
};

/* Reads each configuration once, and makes each set of settings once. For one thread; the settings that it gives may be
 * shared, and live as long as its arena. */
struct config_store {
    struct arena *arena;
    const struct rule_set *rules;
    struct config_overrides overrides;
    struct map by_folder;  /* absolute folder -> struct config */
    struct map settings;   /* config and matching overrides -> struct settings */
    struct map standards;  /* path of a schema ("" for the built-in one) -> struct standard */
    struct map by_path;    /* path of a configuration file -> struct config */
    struct problems problems; /* what is wrong with them; not empty: the run must end with status 2 */
    struct problems warnings; /* what is odd, but stops nothing */
};

/* Makes an empty store. Checks the overrides: a selector that no rule has is a warning. */
void config_store_init(struct config_store *store, struct arena *a, const struct rule_set *rules,
                       const struct config_overrides *overrides);

/* The configuration for what lies in `folder` (absolute, normalized): the file .valuelint.yaml in it or in the nearest
 * folder above it. Never NULL; where it is broken, store->problems grows once. */
const struct config *config_for(struct config_store *store, struct str folder);

/* The settings for the chart in `folder` (absolute, normalized); NULL where its configuration is broken. `may_hold` is
 * false where it is known that no configuration file lies in the folder itself. */
const struct settings *config_settings(struct config_store *store, struct str folder, bool may_hold);

/* The globs of files to leave out. */
void config_excludes(struct arena *a, const struct config *config, const struct str **globs, uint32_t *count);

#endif
