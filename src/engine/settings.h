/* What is in force for one chart: the configuration file, its overrides and the command line, taken together. */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include "engine/standard.h"
#include "rule/rule.h"

struct settings {
    const struct standard *standard;
    const struct rule_set *rules;
    bool *enabled;           /* by check.index */
    enum severity *severity; /* by check.index */
    enum severity lowest;    /* findings below it are not reported */
    struct map variables;    /* name -> struct str */
};

#endif
