/* The look at a text before the parser sees it: what would make the parser read on past it, stop in silence, hang or
 * use freed memory is refused here, with a place. */
#ifndef YAML_SCAN_H
#define YAML_SCAN_H

#include "base/arena.h"
#include "yaml/issue.h"

struct scan {
    uint32_t body; /* offset behind a byte order mark: where YAML begins */
    bool has_tab;
    bool has_break; /* U+0085, U+2028 or U+2029 stand in it */
};

/* Checks that `text` is UTF-8 without control characters. On failure `issue` says what is wrong where. */
bool scan_text(struct arena *a, struct str text, struct scan *scan, struct yaml_issue *issue);

/* Whether `text` may hold an explicit key (`? `): with a tab in it (`? d:<TAB>-`) libfyaml uses freed memory. */
bool scan_explicit_key(struct str text);

#endif
