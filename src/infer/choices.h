/* Keys that take one of a few words. */
#ifndef INFER_CHOICES_H
#define INFER_CHOICES_H

#include "infer/draft.h"

/* Sets the choices of each property that has some: the words that Kubernetes knows in the field where it ends, else
 * those that many charts share. Types, defaults and what derives must be there. */
void choices_decide(struct draft *draft);

#endif
