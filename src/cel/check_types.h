/* What the static types of CEL allow. Dyn fits everything. */
#ifndef CEL_CHECK_TYPES_H
#define CEL_CHECK_TYPES_H

#include "cel/ast.h"

const struct cel_type *cel_type_make(struct arena *a, enum cel_kind kind, const struct cel_type *key,
                                     const struct cel_type *elem);

/* The type of the elements of a list or map, and of a map's keys; dyn where not known. */
const struct cel_type *cel_type_elem(const struct cel_type *type);
const struct cel_type *cel_type_key(const struct cel_type *type);

/* A type that both are: dyn where they differ. */
const struct cel_type *cel_type_join(const struct cel_type *a, const struct cel_type *b);

/* Whether a value of one type can equal a value of the other. */
bool types_equatable(const struct cel_type *a, const struct cel_type *b);

/* The type of `a op b`, or NULL where there is no such operator. */
const struct cel_type *cel_type_binary(enum op op, const struct cel_type *a, const struct cel_type *b);

#endif
