/* Paths in rules: `service.http.port`, `env.*`, `podAnnotations["prometheus.io/port"]`. */
#ifndef RULE_PATH_H
#define RULE_PATH_H

#include "rule/rule.h"

/* Reads `text` into `path`. On failure `at` is the offending byte. */
bool rule_path_parse(struct arena *a, struct str text, struct rule_path *path, uint32_t *at);

/* Whether a step of `path` means each child. */
bool rule_path_is_wild(const struct rule_path *path);

/* The first `count` steps, as rule_path_parse reads them. */
struct str rule_path_text(struct arena *a, const struct str *keys, uint32_t count);

#endif
