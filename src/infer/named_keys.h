/* Which keys templates name. */
#ifndef INFER_NAMED_KEYS_H
#define INFER_NAMED_KEYS_H

#include "base/map.h"
#include "render/render.h"

/* Adds each word that stands behind a dot or in quotes in the templates: a key that is none of them is read by nobody,
 * unless by way of all values. */
void named_keys_collect(struct arena *a, const struct template_files *files, struct map *names);

#endif
