/* What helm template makes of the texts that templates printed: documents, in the order in which they are installed. */
#ifndef RENDER_MANIFEST_H
#define RENDER_MANIFEST_H

#include "base/error.h"
#include "render/root.h"

struct manifest {
    struct str source;     /* the template's name: chart/templates/a.yaml */
    struct go_value text;  /* one document, as Helm cuts it */
    struct str kind, name; /* empty where it has none, or that is not known */
    bool is_hook, is_test;
    bool unsure; /* there are holes in it, and what is around them is no YAML: it may have another kind */
};

struct manifests VEC(struct manifest);

/* Cuts a file's output into documents. */
void manifest_split(struct go_env *env, const struct go_value *text, struct manifests *list);

/* Sorts what the files printed into `plain` and `hooks`, each in the order in which Helm prints them. False with
 * `error` set where Helm refuses a document; then `refused` is that document. */
bool manifest_sort(struct go_env *env, const struct template_files *files, struct manifests *plain,
                   struct manifests *hooks, struct manifest *refused, struct error *error);

#endif
