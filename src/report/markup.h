/* Text in XML and HTML. */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "base/buf.h"

/* Adds one line of text, cleaned (base/clean.h), with `&`, `<`, `>` and both quotes as references: for an element or an
 * attribute in quotes. */
void markup_add(struct buf *out, struct str s);

/* The same, with the characters `special` as references. */
void markup_add_plain(struct buf *out, struct str s, const char *special);

/* The same, where what stands between two backquotes is code. */
void markup_add_code(struct buf *out, struct str s, const char *special);

/* As markup_add, in HTML, where what stands between two backquotes is code. */
void markup_add_message(struct buf *out, struct str s);

#endif
