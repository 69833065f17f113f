/* Regular expressions of Go's package regexp (RE2's syntax), run by PCRE2. */
#ifndef TEMPLATE_GO_REGEX_H
#define TEMPLATE_GO_REGEX_H

#include "base/buf.h"
#include "base/vec.h"

/* RE2's syntax into PCRE2's, checked: all that RE2 refuses is refused. regex_translate is for regex.c. */
struct go_regex_syntax {
    struct str pattern;           /* for PCRE2 with UTF, without any option that changes a meaning */
    struct VEC(struct str) names; /* of the groups, from 1 on; empty for those without a name */
    bool unsure_groups;           /* what its groups hold may differ */
    struct str error;             /* as Go words it, from "error parsing regexp" on; empty where there is none */
};
bool go_regex_translate(struct arena *a, struct str pattern, struct go_regex_syntax *syntax);

enum go_regex_result {
    GO_REGEX_OK,
    GO_REGEX_NONE,    /* no match */
    GO_REGEX_REFUSED, /* Go refuses the pattern: `error` says how */
    GO_REGEX_UNSURE,  /* PCRE2 refuses what Go takes, or gave up */
};

struct go_regex;

/* Compiles `pattern` into the arena, which owns all of it. */
enum go_regex_result go_regex_compile(struct arena *a, struct str pattern, const struct go_regex **regex,
                                      struct str *error);

struct go_regex_piece {
    size_t start, end;
};
struct go_regex_pieces VEC(struct go_regex_piece);

/* The first match: OK or NONE. */
enum go_regex_result go_regex_find(struct arena *a, const struct go_regex *regex, struct str text,
                                   struct go_regex_piece *found);
/* FindAllStringIndex: at most `limit` matches (below 0: all). */
enum go_regex_result go_regex_find_all(struct arena *a, const struct go_regex *regex, struct str text, int64_t limit,
                                       struct go_regex_pieces *found);
/* Split: the pieces between the matches. */
enum go_regex_result go_regex_split(struct arena *a, const struct go_regex *regex, struct str text, int64_t limit,
                                    struct go_regex_pieces *found);

/* A stretch of what a replacement makes: bytes [start, end) of the text, or `text` where that is not NULL. */
struct go_regex_part {
    size_t start, end;
    struct str replacement; /* ptr NULL: of the text */
};
struct go_regex_parts VEC(struct go_regex_part);

/* ReplaceAllString, or ReplaceAllLiteralString, which takes `$` in the replacement as it stands. */
enum go_regex_result go_regex_replace(struct arena *a, const struct go_regex *regex, struct str text,
                                      struct str replacement, bool literal, struct go_regex_parts *parts);

/* regexp.QuoteMeta. */
void go_regex_quote(struct buf *out, struct str s);

#endif
