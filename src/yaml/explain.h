/* Why a text cannot be parsed, in words for the person who wrote it. */
#ifndef YAML_EXPLAIN_H
#define YAML_EXPLAIN_H

#include "base/arena.h"
#include "yaml/issue.h"

/* Makes the issue for a parser error: `message` is the parser's, at `offset` of `text`; `cursor` is where the last
 * good token ended. false where it only repeats the parser's words. */
bool yaml_explain_error(struct arena *a, struct str text, uint32_t cursor, uint32_t offset, const char *message,
                        struct yaml_issue *issue);

/* Whether a Go template action (`{{`) stands in the line of `offset`, outside quotes; *span becomes its place. */
bool yaml_explain_template(struct str text, uint32_t offset, struct span *span);

/* What to say of one. */
#define EXPLAIN_TEMPLATE_MESSAGE STR("a values file is not a template: Helm does not evaluate `{{ }}` in it")
#define EXPLAIN_TEMPLATE_HELP STR("write the value itself, or quote the text if it is meant for `tpl`")

#endif
