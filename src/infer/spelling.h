/* Keys that seem to be two names of one thing. */
#ifndef INFER_SPELLING_H
#define INFER_SPELLING_H

#include "infer/draft.h"

/* Finds them, and makes the rarer name of each a suggestion of the commoner one. Types must be there. */
void spelling_find(struct draft *draft);

#endif
