/* What references read, proved by going through all templates of a set (template/scope.h), where the text around them
 * alone does not tell. The first question for a set goes through its templates; the others look up. Internal to the
 * template layer. */
#ifndef TEMPLATE_REFS_ORIGIN_H
#define TEMPLATE_REFS_ORIGIN_H

#include "template/refs/rewrite.h"

struct template_place;

/* Whether the reference begins at the root of the chart, whatever the values are: ROOT, NOT_ROOT, or UNKNOWN where that
 * is not proved. */
enum template_origin template_proved_origin(const struct template_set *set, const struct template_file *file,
                                            const struct template_ref *ref);

/* The place in the values as the templates read it; NULL where none does, or that is not proved. */
const struct template_place *template_proved_place(const struct template_set *set, const struct str *keys,
                                                   uint32_t count);

/* Whether what is read of a place is read by references that name parts of it, and nothing reads it as a whole. */
bool template_is_by_parts(const struct template_place *place);

/* The keys in the values that a reference of shape RELATIVE reads; NULL where that is not proved to be one place.
 * `*count` of them, the last `*own` being its last parts. */
struct str *template_proved_keys(struct arena *a, const struct template_set *set, const struct template_file *file,
                                 const struct template_ref *ref, uint32_t *count, uint32_t *own);

/* The next place in the file, of those from `*i` on, that prints or hands to a function a value which holds the root of
 * the chart; false where there is none. `*i` moves behind it. */
bool template_proved_whole(const struct template_set *set, const struct template_file *file, uint32_t *i,
                           struct span *span);

#endif
