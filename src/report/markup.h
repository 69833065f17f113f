/* Text in XML and HTML. */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "base/buf.h"

/* Adds one line of text, cleaned (base/clean.h), with `&`, `<`, `>` and both quotes as references: for an element or an
 * attribute in quotes. */
void markup_add(struct buf *out, struct str s);

/* The same of HTML, where what stands between two backquotes is code. */
void markup_add_message(struct buf *out, struct str s);

#endif
