/* Whether a standard of the user's says what its author meant, as far as that can be known before any chart is read:
 * the form of its annotations, and the places that they name. The built-in standard is checked by a test, not when the
 * program starts. */
#ifndef CONFIG_ANNOTATIONS_H
#define CONFIG_ANNOTATIONS_H

#include "config/standard.h"

/* Checks all annotations of `document` against the schema of annotations; false: `problems` has grown. */
bool annotations_check(struct arena *a, const struct document *document, struct problems *problems);

/* Checks the paths in the annotations of `standard`, whose schema and properties are there: old places that name the
 * property itself or another one, lead nowhere, overlap or are claimed twice; what expressions read. False: `problems`
 * has grown. */
bool annotations_check_paths(struct arena *a, const struct standard *standard, struct problems *problems);

#endif
