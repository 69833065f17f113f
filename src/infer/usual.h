/* The usual value of a key: a default, or what it follows from. */
#ifndef INFER_USUAL_H
#define INFER_USUAL_H

#include "infer/draft.h"

/* Sets the default of each property, or what it derives from. Types must be there. */
void usual_decide(struct draft *draft);

/* Whether the chart counts where a property is judged: those of the commonest role do where enough of them have it,
 * else all. */
bool usual_counts(const struct draft *draft, const struct property *property, uint32_t chart);

#endif
