#include "report/markdown.h"

#include <string.h>

#include "report/display.h"
#include "report/markup.h"

/* What Markdown would read as markup; HTML's own characters among it. */
#define SPECIAL "\\`*_[]<>&|~$#@!"

void markdown_add(struct buf *out, struct str s) {
    markup_add_plain(out, s, SPECIAL);
}

void markdown_add_message(struct buf *out, struct str s) {
    markup_add_code(out, s, SPECIAL);
}

void markdown_add_rule(struct buf *out, const struct report_options *options, const struct check *check) {
    if (!options->docs || !strstr(options->docs, "://")) {
        buf_add(out, check->id);
        return;
    }
    buf_addf(out, "[%.*s](", STR_ARG(check->id));
    display_url(out, options, check);
    buf_add_char(out, ')');
}
