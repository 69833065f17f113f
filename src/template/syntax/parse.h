/* Templates as text. This room reads Go templates, those in files and those that `tpl` runs, into the tree of ast.h,
 * each part with its place in the source, and refuses what Helm refuses, at the same place. It knows the names of
 * Helm's functions, but not what they do; it looks at no values and follows no dot. What a template prints, or which
 * values it reads, is for template/eval; which of its words follow a value that moves, for template/refs. */
#ifndef TEMPLATE_SYNTAX_PARSE_H
#define TEMPLATE_SYNTAX_PARSE_H

#include "template/syntax/ast.h"

/* Why a template does not parse: Helm fails with it, whatever the values are. */
struct tmpl_error {
    struct span span; /* in the template's text */
    struct str message;
};

/* Parses `text`, which must live as long as the tree: a file of templates, or a text that `tpl` runs. False with
 * `error` set at the first place that Helm refuses (text/template/parse of Go 1.24 and later with the functions of Helm
 * 3 and Helm 4); `tree` is not to be used then. Linear in the length of `text`, whatever its bytes. */
bool tmpl_parse(struct arena *a, struct str text, struct tmpl_tree *tree, struct tmpl_error *error);

/* The content of a string or raw string constant, whose text with the quotes is `quoted`. False where it is no
 * well-formed one of Go. */
bool tmpl_unquote(struct arena *a, struct str quoted, struct str *content);

/* `content` as an interpreted string, with its quotes. */
struct str tmpl_quote(struct arena *a, struct str content);

/* Whether `key` can stand behind a dot in a chain; else `index` is needed. Letters beyond ASCII count as no. */
bool tmpl_is_identifier(struct str key);

#endif
