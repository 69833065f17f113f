/* Regular expressions as JSON Schema wants them: ECMA-262 with the `u` flag, searched for anywhere in a text.
 * PCRE2 does the work on a translated pattern. */
#ifndef SCHEMA_REGEX_H
#define SCHEMA_REGEX_H

#include "base/arena.h"
#include "base/str.h"

struct regex;

/* What a thread needs while it matches; zero-initialise it, and call regex_work_free at the end. */
struct regex_work {
    bool remembers; /* the results for short texts, since the same names and numbers come in chart after chart: then no
                       regular expression that it was used with may go before its last use */
    void *match_data; /* pcre2_match_data, made at the first match */
    void *limits;     /* pcre2_match_context */
    struct regex_known *known;
};

enum regex_result { REGEX_NO_MATCH, REGEX_MATCH, REGEX_GAVE_UP };

/* Compiles `pattern` into the arena, which owns all of it; it may be shared between threads. NULL where it is no
 * regular expression: then `message` says why. */
const struct regex *regex_compile(struct arena *a, struct str pattern, char *message, size_t message_size);

/* Whether `pattern` is one; allocates nothing that stays. */
bool regex_is_valid(struct str pattern);

/* Searches in `text` (UTF-8; anything else matches nothing). Gives up on a pattern that backtracks without end. */
enum regex_result regex_search(const struct regex *regex, struct regex_work *work, struct str text);

void regex_work_free(struct regex_work *work);

/* The version of PCRE2 that runs, such as "10.42", without its date. */
struct str regex_library_version(struct arena *a);

#endif
