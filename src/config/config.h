/* The room of what is in force for a chart: configuration files, the command line on top of them, the standard (the
 * JSON Schema with its annotations) and its export. It reads no chart and finds nothing: src/check does, under the
 * settings that are made here.
 *
 * This file: configuration files, and the settings that they and the command line make for each chart. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "config/settings.h"
#include "rule/files.h"

/* What the command line says; it goes before every configuration file. */
struct config_overrides {
    const struct str *select; /* in place of the configuration's */
    uint32_t select_count;
    const struct str *ignore; /* on top of the configuration's */
    uint32_t ignore_count;
    enum severity lowest;
    struct str schema;      /* a path; empty for none */
    const struct str *mesh; /* folders */
    uint32_t mesh_count;
    /* Reads CustomResourceDefinitions (object/crd.h). */
    const struct object_table *(*read_crds)(struct arena *a, struct str folders, struct str *problem);
    const struct str *rules; /* paths */
    uint32_t rules_count;
    bool preview;       /* new rules are on, whatever configurations say */
    struct str version; /* of this program: what configurations may require */
    struct str config;  /* --config: this file for all charts; empty to look for one */
    bool no_config;
    const struct file_texts *texts; /* in place of configurations, rules and schemas; may be NULL */
    bool isolated;                  /* no configuration that is found, and no comments that suppress */
};

/* One configuration file. */
struct config {
    struct document document; /* an empty mapping where there is no file */
    struct str folder;        /* that its globs and paths are relative to: absolute, normalized */
    bool found;
    struct rule_documents rules;            /* that it names */
    struct rule_documents *overrides_rules; /* by override: that this one names */
    const struct settings *settings;        /* for charts that no override matches; NULL until they are asked for */
};

/* Reads each configuration once, and makes each set of settings once. For one thread; the settings that it gives may be
 * shared, and live as long as its arena. */
struct config_store {
    struct arena *arena;
    struct rule_set *rules; /* grows with each configuration that names some, until config_store_close */
    struct rule_files files;
    struct rule_documents given_rules; /* from the command line */
    struct map checked;                /* user's rule and schema -> anything */
    struct config_overrides overrides;
    struct map by_folder;     /* absolute folder -> struct config */
    struct map settings;      /* config and matching overrides -> struct settings */
    struct map standards;     /* path of a schema ("" for the built-in one) -> struct standard */
    struct map by_path;       /* path of a configuration file -> struct config */
    struct problems problems; /* what is wrong with them; not empty: the run must end with status 2 */
    struct problems warnings; /* what is odd, but stops nothing */
};

/* Makes a store without configurations. `rules` holds the rules that are built in, and gets those that the overrides
 * and the configurations name. */
void config_store_init(struct config_store *store, struct arena *a, struct rule_set *rules,
                       const struct config_overrides *overrides);

/* Reads the configuration of the chart in `folder`, as config_settings will. Call it for all charts first. */
void config_open(struct config_store *store, struct str folder, bool may_hold);

/* All configurations were read: compiles the rules. A selector that selects none of them is a problem. Before it
 * there are no settings. */
void config_store_close(struct config_store *store);

/* The configuration for what lies in `folder` (absolute, normalized): the file .valuelint.yaml in it or in the nearest
 * folder above it. Never NULL; where it is broken, store->problems grows once. */
const struct config *config_for(struct config_store *store, struct str folder);

/* The settings for the chart in `folder` (absolute, normalized); NULL where its configuration is broken. `may_hold` is
 * false where it is known that no configuration file lies in the folder itself. */
const struct settings *config_settings(struct config_store *store, struct str folder, bool may_hold);

/* The settings for a chart of the configuration for `folder` that the override at `index` alone is for; NULL where
 * there is no such override, or store->problems has grown. */
const struct settings *config_settings_of(struct config_store *store, struct str folder, uint32_t index);

/* Whether the chart in `folder` is meant by one of the `globs`, a list. */
bool config_matches(const struct config *config, const struct value *globs, struct str folder);

/* The globs of files to leave out. */
void config_excludes(struct arena *a, const struct config *config, const struct str **globs, uint32_t *count);

#endif
