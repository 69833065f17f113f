/* The room of charts as they stand in the file system: which there are, their files, what ignore files leave out, their
 * Chart.yaml. What several charts are to each other is left to src/release.
 *
 * This file: what a chart says of itself in Chart.yaml. */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include "base/file.h"
#include "text/source.h"
#include "value/value.h"
#include "yaml/issue.h"

struct chart_dependency {
    struct str name;
    struct str alias;         /* empty where it has none */
    struct str repository;    /* empty where it has none */
    struct str condition;     /* see parts_next_condition; or empty */
    const struct value *item; /* as it is written */
};

struct chart {
    struct str name; /* the folder's name where Chart.yaml gives none */
    struct str version;
    struct str app_version;       /* as Helm prints it; empty where it has none */
    struct span app_version_lost; /* of an appVersion that Helm prints otherwise than it is written; else empty */
    struct str type;              /* "application", "library"; empty where it says nothing */
    struct VEC(struct chart_dependency) dependencies;
    bool found;                /* there is a Chart.yaml, and it could be read as YAML */
    struct source source;      /* of Chart.yaml */
    struct value document;     /* all of Chart.yaml; an empty map where it was not found */
    struct yaml_issues issues; /* what is wrong with its text */
};

/* Reads the Chart.yaml at `path` (NUL behind it; it may be missing). `folder_name` names the chart where the file does
 * not. Never fails: what cannot be read is left empty, and told in `issues`. */
void chart_read(struct arena *a, struct str path, struct str folder_name, struct chart *chart);

/* The same with `texts` (may be NULL) in place of files. */
void chart_read_or(struct arena *a, const struct file_texts *texts, struct str path, struct str folder_name,
                   struct chart *chart);

/* What the values of the chart in the folder `parent` call the subchart `name`; empty where there is no such chart. */
struct str chart_name_in_parent(struct arena *a, struct str parent, struct str name);

/* Whether the subchart in the folder charts/`name` is one that the chart takes from a repository. */
bool chart_takes_from_repository(const struct chart *chart, struct str name);

#endif
