/* The pages of the manual, for man: valuelint(1) and valuelint.yaml(5). */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/str.h"

struct arena;

/* valuelint(1), from the tables of commands and options. `release` is the version, `date` that of the commit. */
struct str manual_program(struct arena *a, struct str release, struct str date);

/* valuelint.yaml(5), from the configuration's schema. */
struct str manual_configuration(struct arena *a, struct str release, struct str date);

#endif
