/* Text in Markdown, as GitHub and GitLab show it. */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/buf.h"
#include "report/report.h"

/* Adds `s` as plain text of one line: what Markdown or HTML would read otherwise is a character reference, so that no
 * text can leave its table's cell, call a user or run a script. */
void markdown_add(struct buf *out, struct str s);

/* The same for a message, in which what stands between two backquotes is code. */
void markdown_add_message(struct buf *out, struct str s);

/* Adds the id of a rule, as a link to its page where that has an address. */
void markdown_add_rule(struct buf *out, const struct report_options *options, const struct check *check);

#endif
