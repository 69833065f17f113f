/* Which charts a command line's paths mean. */
#ifndef CHART_DISCOVER_H
#define CHART_DISCOVER_H

#include "base/error.h"
#include "base/vec.h"

struct discover_options;

/* The files of one chart. Paths are as findings show them: joined from what the user gave. */
struct chart_paths {
    struct str folder;
    struct str values;               /* its values.yaml; empty where there is none, or only overlays were asked for */
    struct str ignored_values;       /* a values.yml in place of it, which Helm does not read; else empty */
    struct VEC(struct str) overlays; /* see overlay.h; sorted */
    const struct discover_options *whole; /* only some of its files were asked for, and these find all of them; NULL
                                             where these are all */
    struct VEC(struct str) shared; /* of these: those that other charts have too, as far as discover_share knows */
    bool has_chart_yaml;
    bool is_plain;       /* values.yaml without a Chart.yaml beside it, and not in a folder charts/: values of nobody
                            knows what */
    bool is_bare;        /* a chart without values.yaml, whose templates are all that can be checked */
    bool has_templates;  /* a folder templates/, or nothing is known of it */
    bool has_charts;     /* a folder charts/ */
    bool has_config;     /* a .valuelint.yaml, or nothing is known of it */
    bool is_flat;        /* its folder holds files alone: no folders and no links, but for hidden ones */
    bool has_links;      /* one of its files is behind a symbolic link */
    struct str boundary; /* outside of it nothing is written: see boundary_of; empty where nobody found out */
};

struct chart_list VEC(struct chart_paths);

/* What was asked for but could not be had. */
struct discover_problem {
    struct str path;
    struct str message;
    bool unreadable; /* the path or folder cannot be read; else it holds no chart */
    bool note;       /* nothing is wrong, but something was left out */
};

struct discover_problems VEC(struct discover_problem);

struct discover_options {
    const struct str *exclude; /* globs on paths below `root` */
    uint32_t exclude_count;
    struct str root;     /* folder that `exclude` is relative to: absolute, normalized */
    struct str boundary; /* links to folders outside of it are not followed */
    bool no_gitignore;
    bool whole; /* every file stands for its chart: its values.yaml and all of its overlays */
};

/* Adds the charts that `path` means (a file, a chart, or a folder that holds charts at any depth). A file stands for
 * itself where it is a values file, for its chart where it is another file of a chart. What .gitignore excludes is left
 * out, unless it was named itself. */
void discover_charts(struct arena *a, struct str path, const struct discover_options *options,
                     struct chart_list *charts, struct discover_problems *problems);

/* The files of the chart in `folder` (NUL behind it), those that .gitignore excludes too. None where it cannot be read.
 */
void discover_chart(struct arena *a, struct str folder, struct chart_paths *paths);

/* Sorts the charts by their folders, and makes one of those that were found twice; where they come from `several`
 * paths, also of those that were found by different names. */
void discover_unite(struct arena *a, struct chart_list *charts, bool several);

/* Finds out which files several of the charts have, by links. */
void discover_share(struct arena *a, struct chart_list *charts);

/* Whether the values file at `path` is an overlay, and not the values.yaml of a chart; *folder becomes that of its
 * chart. In a chart every other file of values is one; without a Chart.yaml at or above it the name decides. */
bool discover_is_overlay(struct arena *a, struct str path, struct str *folder);

#endif
