/* Objects that bind values to charts, and cannot be resolved: findings of files that are no chart's. */
#ifndef RUN_UNBOUND_H
#define RUN_UNBOUND_H

#include "run/run.h"

/* Hands what the world knows of them to run->late, file by file. */
void unbound_report(const struct run *run, struct release_world *world);

#endif
