/* Where a value that stood at an old place is now. */
#ifndef CHECK_MOVED_PLACE_H
#define CHECK_MOVED_PLACE_H

#include "config/standard.h"

/* The standard's place for what stood at the old place `path` (dotted); empty where that is none. */
struct str moved_place(struct arena *a, const struct standard *standard, struct str path);

#endif
