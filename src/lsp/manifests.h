/* The manifests of a service mesh, which are held against all charts under one configuration. What the charts say is
 * found once, from the disk, and again when something was saved; the manifests are checked with each edit. */
#ifndef LSP_MANIFESTS_H
#define LSP_MANIFESTS_H

#include "config/config.h"
#include "lsp/documents.h"
#include "mesh/mesh.h"
#include "run/run.h"

struct lsp_manifests {
    struct arena arena;
    struct str folder;           /* of the configuration; empty: nothing is known */
    const struct config *config; /* that names the folders of manifests */
    struct rule_set rules;
    struct checks checks;
    struct config_store store;
    struct mesh mesh;
    const struct run_job *jobs; /* while charts are read */
    bool fresh;
};

/* Whether the file at `path` lies in the folder of a mesh's manifests that a configuration at or above it names. */
bool lsp_manifests_hold(struct arena *a, const struct config_overrides *overrides, struct str path);

/* Finds what is wrong with the manifest at `path`. `add` gets each finding with its source. */
void lsp_manifests_check(struct lsp_manifests *manifests, const struct config_overrides *overrides,
                         const struct file_texts *texts, struct str path,
                         void (*add)(void *data, const struct source *source, const struct finding *finding),
                         void *data);

void lsp_manifests_free(struct lsp_manifests *manifests);

#endif
