/* The room of the service mesh: its manifests (Istio's, Linkerd's) against the charts that they are for. How manifests
 * are read, what each kind means, and what is said of it. It changes nothing.
 *
 * This file: the overlays of a service mesh against the values of all charts of a run. What the values say is kept
 * while the run goes, a few hundred bytes for each chart; the overlays are read at its end. */
#ifndef MESH_MESH_H
#define MESH_MESH_H

#include "check/lint.h"

struct mesh_chart;

struct mesh {
    struct arena *arena; /* of the run */
    const struct checks *checks;
    /* Whether the run covers a folder of charts, so that a service that none of them is can be told. */
    bool covers;
    const struct file_texts *buffers; /* what an editor has not saved, in place of files; may be NULL */
    struct VEC(struct mesh_chart *) charts;
    struct map by_name;    /* name of a service -> struct mesh_chart, the first of those that have it */
    struct map texts;      /* that charts have in common */
    struct map services;   /* names of services that values name, and that need not be charts */
    struct map namespaces; /* of the charts */
    struct map folders;    /* folder of overlays -> the settings of the first chart that is held against them */
};

/* Takes note of a chart that was checked under `settings`. Call it in the order of the charts. The paths of its files
 * must live as long as the mesh. */
void mesh_add(struct mesh *mesh, const struct settings *settings, const struct lint_result *result);

struct mesh_report {
    /* A file with what was found in it: of overlays, or of the values of a chart. `file` lives for the call. */
    void (*file)(void *data, struct lint_file *file, struct str chart);
    /* A file that was skipped, and why. */
    void (*skipped)(void *data, struct str path, struct str reason);
    void *data;
};

/* Reads the overlays, holds them against the charts, and reports what is found in the order of the files. */
void mesh_check(struct mesh *mesh, const struct mesh_report *report);

#endif
