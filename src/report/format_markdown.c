/* A comment on a pull or merge request: what is worst first, as much of it as a comment may hold. So rows are kept by
 * severity until the end, each up to that limit. */
#include "report/display.h"
#include "report/markdown.h"
#include "report/out.h"
#include "report/summary.h"

/* GitHub takes 65,536 characters; the rest is for what stands around the rows. */
#define ROWS_MAX ((size_t)60000)

struct markdown_rows {
    struct buf rows;
    uint32_t count;
    uint32_t left_out;
};

struct markdown_report {
    const struct report_options *options;
    struct out out;
    struct markdown_rows of[SEVERITY_COUNT];
};

static void *markdown_begin(struct arena *arena, const struct report_options *options) {
    struct markdown_report *report = arena_new(arena, struct markdown_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    for (int i = 0; i < SEVERITY_COUNT; i++) report->of[i].rows = buf_in(arena);
    return report;
}

static void add_row(struct buf *out, const struct report_options *options, const struct report_file *file,
                    const struct finding *finding) {
    struct position at = source_position(file->source, finding->span.start);
    buf_addf(out, "| %.*s | ", STR_ARG(severity_name(finding->severity)));
    markdown_add_rule(out, options, finding->check);
    buf_add(out, STR(" | "));
    markdown_add(out, file->source->path);
    buf_addf(out, ":%u | ", at.line);
    markdown_add_message(out, finding->message);
    buf_add(out, finding->fix == FIX_SAFE     ? STR(" | yes |\n")
                 : finding->fix == FIX_UNSAFE ? STR(" | unsafe |\n")
                                              : STR(" | |\n"));
}

static void markdown_file(void *state, const struct report_file *file) {
    struct markdown_report *report = state;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        struct markdown_rows *of = &report->of[finding->severity];
        size_t before = of->rows.len;
        if (of->left_out == 0) add_row(&of->rows, report->options, file, finding);
        bool fits = of->left_out == 0 && of->rows.len <= ROWS_MAX;
        if (!fits) of->rows.len = before;
        of->count += fits;
        of->left_out += !fits;
    }
}

/* Adds rows as long as there is room for whole ones; gives how many were left out. */
static uint32_t add_rows(struct buf *out, const struct markdown_rows *of, size_t *room) {
    struct str rest = buf_str(&of->rows), row;
    uint32_t left_out = of->count + of->left_out;
    while (str_split_next(&rest, '\n', &row) && row.len < *room) {
        buf_add(out, row);
        buf_add_char(out, '\n');
        *room -= row.len + 1;
        left_out--;
    }
    if (left_out) *room = 0;
    return left_out;
}

static bool markdown_end(void *state, const struct report_summary *summary, struct error *error) {
    struct markdown_report *report = state;
    struct buf *out = &report->out.buf;
    size_t room = ROWS_MAX;
    uint32_t left_out = 0;
    bool silent = report->options->quiet && summary_total(summary) == 0;
    if (!silent) {
        buf_add(out, STR("### valuelint\n\n"));
        summary_add(out, summary);
        buf_add_char(out, '\n');
    }
    if (summary_total(summary))
        buf_add(out, STR("\n| Severity | Rule | Place | Problem | `--fix` |\n|---|---|---|---|---|\n"));
    for (int i = SEVERITY_COUNT; i-- > 0;) left_out += add_rows(out, &report->of[i], &room);
    if (left_out)
        buf_addf(out, "\n%u more %s not listed: a comment has no room for %s.\n", left_out,
                 left_out == 1 ? "is" : "are", left_out == 1 ? "it" : "them");
    return out_finish(&report->out, error);
}

extern const struct format format_markdown;
const struct format format_markdown = {
    .name = "markdown",
    .summary = "a table for a comment on a pull or merge request",
    .begin = markdown_begin,
    .file = markdown_file,
    .end = markdown_end,
};
