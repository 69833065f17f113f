/* What references read, proved by going through all templates of a set (template/scope.h), where the text around them
 * alone does not tell. The first question for a set goes through its templates; the others look up. Internal to this
 * room. */
#ifndef TEMPLATE_REFS_ROOT_PROOF_H
#define TEMPLATE_REFS_ROOT_PROOF_H

#include "template/refs/rewrite.h"

struct value_path;

/* Whether the reference begins at the root of the chart, whatever the values are: ROOT, NOT_ROOT, or UNKNOWN where that
 * is not proved. */
enum refs_origin refs_proved_origin(const struct refs_set *set, const struct refs_file *file,
                                    const struct refs_reference *ref);

/* The place in the values as the templates read it; NULL where none does, or that is not proved. */
const struct value_path *refs_proved_path(const struct refs_set *set, const struct str *keys, uint32_t count);

/* Whether what is read of a place is read by references that name parts of it, and nothing reads it as a whole. */
bool refs_is_by_parts(const struct value_path *place);

/* The keys in the values that a reference of shape RELATIVE reads; NULL where that is not proved to be one place.
 * `*count` of them, the last `*own` being its last parts. */
struct str *refs_proved_keys(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                             const struct refs_reference *ref, uint32_t *count, uint32_t *own);

/* The next place in the file, of those from `*i` on, that prints or hands to a function a value which holds the root of
 * the chart; false where there is none. `*i` moves behind it. */
bool refs_proved_whole(const struct refs_set *set, const struct refs_file *file, uint32_t *i, struct span *span);

#endif
