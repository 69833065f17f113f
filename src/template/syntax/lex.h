/* The actions of a Go template, as tokens. What stands around them (YAML, notes) is not looked at: an action in a YAML
 * comment executes like any other.
 *
 * Follows text/template/parse/lex.go of Go 1.24 (https://pkg.go.dev/text/template#hdr-Actions). */
#ifndef TEMPLATE_SYNTAX_LEX_H
#define TEMPLATE_SYNTAX_LEX_H

#include "base/span.h"
#include "base/vec.h"

enum template_token_kind {
    TEMPLATE_OPEN,       /* {{ or {{- */
    TEMPLATE_CLOSE,      /* }} or -}} */
    TEMPLATE_COMMENT,    /* all of {{/ * ... * /}}; it has no OPEN and CLOSE of its own */
    TEMPLATE_STRING,     /* "...", with its quotes */
    TEMPLATE_RAW_STRING, /* `...`, with its quotes */
    TEMPLATE_CHARACTER,  /* '...', with its quotes */
    TEMPLATE_NUMBER,
    TEMPLATE_IDENTIFIER, /* a function, or true, false */
    TEMPLATE_KEYWORD,
    TEMPLATE_VARIABLE, /* $ or $name */
    TEMPLATE_FIELD,    /* .name, with its dot; a chain is a run of them without white space between */
    TEMPLATE_DOT,
    TEMPLATE_LEFT_PAREN,
    TEMPLATE_RIGHT_PAREN,
    TEMPLATE_PIPE,
    TEMPLATE_DECLARE, /* := */
    TEMPLATE_ASSIGN,  /* = */
    TEMPLATE_COMMA,
    TEMPLATE_OTHER, /* a printable character that no action can hold; parsers refuse it */
};

enum template_keyword {
    TEMPLATE_NO_KEYWORD,
    TEMPLATE_BLOCK,
    TEMPLATE_BREAK,
    TEMPLATE_CONTINUE,
    TEMPLATE_DEFINE,
    TEMPLATE_ELSE,
    TEMPLATE_END,
    TEMPLATE_IF,
    TEMPLATE_NIL,
    TEMPLATE_RANGE,
    TEMPLATE_TEMPLATE,
    TEMPLATE_WITH,
};

struct template_token {
    struct span span;
    uint8_t kind;    /* enum template_token_kind */
    uint8_t keyword; /* enum template_keyword, of a KEYWORD */
};

struct template_tokens VEC(struct template_token);

/* Why a template does not parse: Helm fails with it, whatever the values are. */
struct template_error {
    struct span span; /* in the template's text */
    struct str words;
};

/* Appends the tokens of all actions of `text` to `tokens`. False with `error` set at the first place that Go's scanner
 * refuses; the tokens before it are there then. Linear in the length of `text`, whatever its bytes. */
bool template_lex(struct arena *a, struct str text, struct template_tokens *tokens, struct template_error *error);

/* Whether `key` can stand behind a dot in a chain; else `index` is needed. Letters beyond ASCII count as no. */
bool template_is_identifier(struct str key);

/* The content of a STRING or RAW_STRING token, whose text with the quotes is `quoted`. False where it is no well-formed
 * string. */
bool template_unquote(struct arena *a, struct str quoted, struct str *content);

/* Whether the token `text` is a constant that Go takes: its escapes and the size of its number. True where its kind is
 * none of a constant. */
bool template_is_constant(uint8_t kind, struct str text);

/* `content` as an interpreted string, with its quotes. */
struct str template_quote(struct arena *a, struct str content);

#endif
