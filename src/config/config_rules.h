/* The rules that configuration files and the command line add, and for which charts they are in force. */
#ifndef CONFIG_CONFIG_RULES_H
#define CONFIG_CONFIG_RULES_H

#include "config/config.h"

/* Reads the rules that `config` names. */
void config_rules_read(struct config_store *store, struct config *config);

/* Whether a rule is there for charts under `config` that the overrides marked in `matches` are for: it is built in,
 * from the command line, or named by one of these. */
bool config_rules_apply(const struct config_store *store, const struct config *config, const bool *matches,
                        const struct rule *rule);

/* Checks the user's rules that apply there against `standard`, each once. */
void config_rules_check(struct config_store *store, const struct config *config, const bool *matches,
                        const struct standard *standard);

#endif
