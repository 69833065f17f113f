/* The tokens of CEL (langdef.md, "Syntax"). */
#ifndef CEL_LEX_H
#define CEL_LEX_H

#include "cel/cel.h"

enum token_kind {
    TOKEN_END,
    TOKEN_ERROR,  /* the lexer's error is set */
    TOKEN_IDENT,  /* keywords and reserved words too */
    TOKEN_QUOTED, /* a field name in back-ticks; the text is what stands between them */
    TOKEN_INT,
    TOKEN_UINT,
    TOKEN_DOUBLE,
    TOKEN_STRING,
    TOKEN_BYTES,
    TOKEN_PUNCT, /* text is one of ( ) [ ] { } . , : ? + - * / % ! < <= > >= == != && || */
};

struct token {
    enum token_kind kind;
    struct span span;
    struct str text; /* as written */
};

struct lexer {
    struct str text;
    uint32_t at;
    struct cel_error error;
    struct arena *arena; /* for messages and unescaped text */
};

/* The next token, behind white space and comments. After TOKEN_END or TOKEN_ERROR the same comes again. */
struct token lex_next(struct lexer *lexer);

/* What the string or bytes token means; false with an error where an escape is wrong. */
bool lex_unquote(struct lexer *lexer, const struct token *token, struct str *out);

/* The numbers' values. `negative` stands for a minus sign directly before the token; false with an error where the
 * number does not fit. */
bool lex_number(struct lexer *lexer, const struct token *token, bool negative, struct cel_value *out);

/* Words that are no identifiers: `true`, `in`, `for`, ... and those of them that are no field names either. */
bool lex_is_reserved(struct str word);
bool lex_is_keyword(struct str word);

#endif
