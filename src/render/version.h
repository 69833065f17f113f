/* Versions of charts, as Helm compares them. */
#ifndef RENDER_VERSION_H
#define RENDER_VERSION_H

#include "template/eval/go_value.h"

/* Whether `version` meets `constraint`, as Helm asks; false too where one of them is none. */
bool version_meets(struct go_env *env, struct str constraint, struct str version);

/* Whether Helm takes `version` as one. */
bool version_is(struct go_env *env, struct str version);

#endif
