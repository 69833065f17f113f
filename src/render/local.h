/* Dependencies that nobody has put into charts/ yet: Helm refuses such a chart, but what it makes can still be told. */
#ifndef RENDER_LOCAL_H
#define RENDER_LOCAL_H

#include "render/helm_chart.h"

/* Gives `chart` the dependencies that its charts/ lacks: from `file://` repositories that lie in the folder `within`
 * (absolute, without links), the same for what they depend on. Those that cannot be had so are taken off its list. */
void local_dependencies_add(struct go_env *env, struct helm_chart *chart, struct str within);

#endif
