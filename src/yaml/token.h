/* The tokens of a text as Helm's YAML library divides it (go-yaml v2, a port of libyaml: YAML 1.1 with limits of its
 * own). Private to the reader (token.c, token_scalar.c, grammar.c).
 *
 * Where one token ends, whether a key may start, and how deep a line is indented depend on each other there in ways
 * that no list of exceptions to YAML 1.2 covers, so the same state is kept here: the column of each open block
 * collection (`indents`), whether a key may start at this place (`key_allowed`), and for each level of flow collections
 * the token that would be a key if a `:` followed on its line (`keys`). All tokens of a text are made at once. */
#ifndef YAML_TOKEN_H
#define YAML_TOKEN_H

#include "base/buf.h"
#include "base/vec.h"
#include "yaml/tree.h"

enum token_kind {
    TOKEN_VERSION, /* %YAML */
    TOKEN_TAG_DIRECTIVE,
    TOKEN_DOCUMENT_START,
    TOKEN_DOCUMENT_END,
    TOKEN_BLOCK_LIST, /* where a block collection begins; these and TOKEN_BLOCK_END have no text */
    TOKEN_BLOCK_MAP,
    TOKEN_BLOCK_END,
    TOKEN_FLOW_LIST,
    TOKEN_FLOW_LIST_END,
    TOKEN_FLOW_MAP,
    TOKEN_FLOW_MAP_END,
    TOKEN_BLOCK_ENTRY,
    TOKEN_FLOW_ENTRY,
    TOKEN_KEY, /* empty in front of a key without `?` */
    TOKEN_VALUE,
    TOKEN_ALIAS,
    TOKEN_ANCHOR,
    TOKEN_TAG,
    TOKEN_SCALAR,
    TOKEN_END,
    TOKEN_BROKEN, /* what comes here Helm's library refuses; `issue` says why */
};

struct token {
    struct span span;  /* a block scalar's ends behind its last line of content */
    struct str text;   /* a scalar's content; the name of an anchor or alias; a tag's suffix; a directive's prefix */
    struct str handle; /* of a tag (empty for `!<...>`) or of a %TAG directive */
    uint8_t kind;      /* enum token_kind */
    uint8_t style;     /* of a scalar: enum node_style; of %YAML: whether it is version 1.1 */
};

struct mark {
    uint32_t at;     /* byte */
    uint32_t line;   /* from 0 */
    uint32_t column; /* in characters, from 0 */
    uint32_t index;  /* characters from the start of the text */
};

/* A token that is a key if a `:` follows. */
struct possible_key {
    struct mark mark;
    uint32_t token; /* its place in the list */
    bool possible;
    bool required; /* it stands where only a key can stand */
};

struct tokens {
    struct arena *arena;
    struct str text;
    struct yaml_issue *issue; /* why it stopped */
    struct VEC(struct token) list;
    struct VEC(int32_t) indents;
    struct VEC(struct possible_key) keys; /* one for each level of flow collections, and one below */
    struct mark mark;
    int32_t indent; /* of the innermost block collection; -1 outside of all */
    uint32_t flow;  /* open flow collections */
    bool key_allowed;
};

/* Divides the text from `start` on, which is UTF-8 without control characters. The last token is TOKEN_END; or
 * TOKEN_BROKEN where Helm's library refuses what follows, and `issue` says why, as a YAML_REFUSED. */
void tokens_read(struct tokens *t, uint32_t start);

/* The scalars, with the mark at their first byte; they push their token. */
bool token_block_scalar(struct tokens *t);
bool token_quoted(struct tokens *t);
bool token_plain(struct tokens *t);

/* Fills t->issue; returns false. */
bool token_refuse(struct tokens *t, struct span span, struct str message, struct str help);

static inline char token_byte(const struct tokens *t, uint32_t at) {
    return at < t->text.len ? t->text.ptr[at] : '\0'; /* the text holds no NUL */
}

static inline char token_here(const struct tokens *t) {
    return token_byte(t, t->mark.at);
}

static inline bool token_is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* How many bytes the line break at `at` takes; 0 where none is. U+0085, U+2028 and U+2029 are some, too. */
static inline uint32_t token_break(const struct tokens *t, uint32_t at) {
    char c = token_byte(t, at);
    if (c == '\n') return 1;
    if (c > '\r') return 0;
    if (c == '\r') return token_byte(t, at + 1) == '\n' ? 2 : 1;
    if (c == '\xC2') return token_byte(t, at + 1) == '\x85' ? 2 : 0;
    if (c != '\xE2' || token_byte(t, at + 1) != '\x80') return 0;
    char last = token_byte(t, at + 2);
    return last == '\xA8' || last == '\xA9' ? 3 : 0;
}

static inline bool token_is_end(const struct tokens *t, uint32_t at) {
    return at >= t->text.len;
}

/* A blank, a line break, or the end of the text. */
static inline bool token_is_space(const struct tokens *t, uint32_t at) {
    return token_is_blank(token_byte(t, at)) || token_is_end(t, at) || token_break(t, at);
}

/* Moves past one character, which is no line break. */
static inline void token_skip(struct tokens *t) {
    unsigned char c = (unsigned char)t->text.ptr[t->mark.at];
    t->mark.at += c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    t->mark.index++;
    t->mark.column++;
}

/* Moves past the line break here, which takes `len` bytes. */
static inline void token_skip_line(struct tokens *t, uint32_t len) {
    t->mark.index += token_here(t) == '\r' ? len : 1;
    t->mark.at += len;
    t->mark.column = 0;
    t->mark.line++;
}

static inline void token_skip_blanks(struct tokens *t) {
    while (token_is_blank(token_here(t))) token_skip(t);
}

/* Moves to the end of the line. */
static inline void token_skip_rest(struct tokens *t) {
    while (!token_is_end(t, t->mark.at) && !token_break(t, t->mark.at)) token_skip(t);
}

/* Whether `---` or `...` stands alone at the start of this line. */
static inline bool token_is_document_mark(const struct tokens *t, char c) {
    uint32_t at = t->mark.at;
    return t->mark.column == 0 && token_byte(t, at) == c && token_byte(t, at + 1) == c && token_byte(t, at + 2) == c &&
           token_is_space(t, at + 3);
}

static inline void token_push(struct tokens *t, enum token_kind kind, uint32_t start, uint32_t end) {
    vec_push(t->arena, &t->list, (struct token){.kind = (uint8_t)kind, .span = {start, end}});
}

#endif
