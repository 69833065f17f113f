/* Counts what the program takes from its arenas, in the builds that tests/e2e/growth.py makes; nothing in any other. */
#ifndef BASE_STEPS_H
#define BASE_STEPS_H

#ifdef VALUELINT_STEPS
#include <stddef.h>
void steps_add_bytes(size_t size);
#else
#define steps_add_bytes(size) ((void)(size))
#endif

#endif
