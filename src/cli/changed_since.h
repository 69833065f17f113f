/* --changed-since: which charts a branch touches, as git knows it. */
#ifndef CLI_CHANGED_SINCE_H
#define CLI_CHANGED_SINCE_H

#include "cli/session.h"

/* Keeps of the session's charts, whose settings are known, those with a file that differs from the point where HEAD
 * left `options->changed_since` (committed, staged or not, or untracked), and those whose configuration, standard,
 * folders of templates or mesh differ. Gives EXIT_CLEAN, or tells why git could not answer and gives EXIT_USAGE. */
int changed_since_keep(struct session *session);

#endif
