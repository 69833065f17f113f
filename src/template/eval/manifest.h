/* Where in a Kubernetes manifest the text of an action stands, as far as the text of the template around it tells. */
#ifndef TEMPLATE_EVAL_MANIFEST_H
#define TEMPLATE_EVAL_MANIFEST_H

#include "base/arena.h"
#include "base/span.h"
#include "base/str.h"

/* What the manifest around the action at `action` of `text` lacks where the action prints nothing: the place of a field
 * that Kubernetes refuses to be without, such as `containers[].image`; empty where it does without, or where that
 * cannot be told. Looks at the lines before it in the same document. */
struct str scope_needed_at(struct arena *a, struct str text, struct span action);

#endif
