/* Completions of valuelint's command line for shells. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/str.h"

struct arena;

/* The script that a shell sources: `shell` is bash, zsh or fish; false for any other name. */
bool completion_script(struct arena *a, struct str shell, struct str *script);

#endif
