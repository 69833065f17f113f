/* Old values that have another shape in their new place: `convert` in `legacy`, CEL on `self`. */
#ifndef CONFIG_CONVERT_H
#define CONFIG_CONVERT_H

#include "config/standard.h"

/* Whether the part of an image's name in one string that `item`, an entry of `legacy` with `split`, takes stays below
 * its old place. */
bool convert_stays(struct arena *a, const struct schema_property *property, const struct value *item);

/* Compiles the `convert` of `item`, an entry of the `legacy` of `property`, or what its `split` to a name of
 * one's own does; *program is NULL where it has none. False
 * where it is broken, reads something else than `self`, or gives a type that the property does not take: then
 * `problems` has grown. */
bool convert_compile(struct arena *a, const struct standard_files *files, const struct schema_property *property,
                     const struct value *item, const struct cel_program **program, struct problems *problems);

/* Whether a value at the old place becomes another one on its way. */
bool convert_is_needed(const struct legacy *legacy);

/* What `self`, the value at the old place, becomes at the target `index`: itself where nothing converts it. False where
 * that fails: then `why` says how. */
bool convert_value(struct arena *a, const struct legacy *legacy, uint32_t index, const struct value *self,
                   struct value *out, struct str *why);

#endif
