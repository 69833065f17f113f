/* What scripts/embed.py made of src/report/html: the parts of the page that do not depend on a run, in this order. */
#ifndef REPORT_HTML_PARTS_H
#define REPORT_HTML_PARTS_H

#include "base/embed.h"

enum html_part { HTML_HEAD, HTML_STYLE, HTML_BODY, HTML_SCRIPT };

extern const struct embedded HTML_PARTS[];

#endif
