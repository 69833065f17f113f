/* Where references begin, proved by going through all templates of a set (template/scope.h), for those of which the text
 * around them alone does not tell. Internal to the template layer. */
#ifndef TEMPLATE_ORIGIN_H
#define TEMPLATE_ORIGIN_H

#include "template/rewrite.h"

/* Whether the reference begins at the root of the chart, whatever the values are: ROOT, NOT_ROOT, or UNKNOWN where that
 * is not proved. The first call for a set goes through its templates; the others look up. */
enum template_origin template_proved_origin(const struct template_set *set, const struct template_file *file,
                                            const struct template_ref *ref);

#endif
