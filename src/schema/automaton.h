/* An automaton for simple regular expressions: literals, classes, groups, alternatives and repeats over ASCII, with
 * `^` and `$` at the ends. It never backtracks, and is made in a fraction of the time that PCRE2 takes. */
#ifndef SCHEMA_AUTOMATON_H
#define SCHEMA_AUTOMATON_H

#include "base/arena.h"
#include "base/str.h"

struct automaton;

/* NULL where `pattern` is not that simple, or broken: then it is for PCRE2 to judge. */
const struct automaton *automaton_compile(struct arena *a, struct str pattern);

/* Whether some part of `text` matches. */
bool automaton_search(const struct automaton *automaton, struct str text);

#endif
