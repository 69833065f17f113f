/* What is in force for one chart: the configuration file, its overrides and the command line, taken together; and where
 * each of it comes from. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "config/standard.h"
#include "rule/rule.h"

/* A text, and where it was set: "default", "--ignore", ".valuelint.yaml:7". */
struct setting {
    struct str value;
    struct str from;
};

struct setting_list VEC(struct setting);

struct object_table;

struct settings {
    const struct standard *standard;
    /* In force in place of these for a chart that is none of the built-in standard (see config/membership.h), where
     * nobody says what the standard is; else NULL. */
    const struct settings *without_standard;
    const struct rule_set *rules;
    bool *enabled;                 /* by check.index */
    bool *present;                 /* by check.index: it is built in, or its rule is named for these charts */
    enum severity *severity;       /* by check.index */
    enum severity lowest;          /* findings below it are not reported */
    struct map variables;          /* name -> struct setting */
    struct setting_list optional;  /* dotted paths that may be missing, with all that is below them */
    struct setting schema;         /* path, `builtin` or `none`; empty where nobody names one: the built-in one */
    bool schema_of_override;       /* other charts of the configuration have another standard */
    struct setting_list templates; /* folders of templates that charts share, as seen from the current folder */
    struct setting baseline;       /* path; empty for none */
    struct setting mesh; /* folders of the service mesh's overlays, with line ends between them; empty for none */
    const struct object_table *crds; /* of the user's CustomResourceDefinitions; NULL for none */
    struct str *enabled_from;        /* by check.index */
    struct str *severity_from;       /* by check.index */
    struct str kube_version;         /* the versions of Kubernetes that charts are installed on (>=1.27); empty: any */
    bool preview;                    /* new checks are on as well */
    bool no_suppressions;            /* comments that suppress are not looked at */
    struct str config;               /* path of the configuration file; empty where there is none */
};

/* What is in force where nobody says anything, with that standard: the opinions of the built-in one (its rules, the
 * values of its variables) go with it. */
void settings_init(struct arena *a, struct settings *settings, const struct rule_set *rules,
                   const struct standard *standard);

/* Puts what `block`, a part of the configuration `source`, says on top. */
void settings_apply(struct arena *a, struct settings *settings, const struct value *block, const struct source *source);

/* Puts a selection by the command line on top: `select` in place of what stands, `ignore` on top of it. */
void settings_select(struct settings *settings, const struct str *select, uint32_t select_count,
                     const struct str *ignore, uint32_t ignore_count);

/* Switches checks that are new off, unless settings->preview: whatever selects them. */
void settings_drop_previews(struct settings *settings);

/* The folders of settings->mesh for people: "a, b". */
struct str settings_mesh_text(struct arena *a, const struct settings *settings);

/* Whether the key at the dotted `path` may be missing though the schema requires it. */
bool settings_optional(const struct settings *settings, struct str path);

#endif
