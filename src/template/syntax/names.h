/* Names that Helm gives to what templates are run with, and pieces of templates for people to read. */
#ifndef TEMPLATE_SYNTAX_NAMES_H
#define TEMPLATE_SYNTAX_NAMES_H

#include "base/arena.h"

/* The keys of the root: what a chart is rendered with. */
#define TMPL_ROOT_KEY_COUNT 7
extern const struct str tmpl_root_keys[TMPL_ROOT_KEY_COUNT];

bool tmpl_is_root_key(struct str key);

/* Whether `.Values` has a method of that name, which wins over a key. All but AsMap, which gives the values as they
 * are, read all of them, or what only a run can tell. */
bool tmpl_is_values_method(struct str name);

/* `text` on one line, and cut behind `max` bytes, with `...`. */
struct str tmpl_excerpt(struct arena *a, struct str text, size_t max);

#endif
