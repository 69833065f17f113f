#include "report/step_summary.h"

#include <errno.h>

#include "base/system.h"
#include "report/display.h"
#include "report/markdown.h"
#include "report/summary.h"

/* Kept free for what stands below the table. */
#define TAIL ((size_t)1024)

static void fail(struct step_summary *page) {
    fprintf(page->options->warnings, "warning: cannot write the step summary %s: %s\n", page->options->step_summary,
            strerror(errno));
    if (page->file) fclose(page->file);
    page->file = NULL;
}

struct step_summary job_summary_open(struct arena *a, const struct report_options *options) {
    struct step_summary page = {.options = options, .buf = buf_in(a)};
    struct system_info info;
    if (!options->step_summary || !*options->step_summary) return page;
    page.file = fopen(options->step_summary, "ae");
    if (page.file) errno = system_look(options->step_summary, true, &info);
    if (!page.file || errno) {
        fail(&page);
        return page;
    }
    size_t used = (size_t)info.size;
    page.room = used < STEP_SUMMARY_MAX ? STEP_SUMMARY_MAX - used : 0;
    return page;
}

/* Writes the buffer if that leaves `keep` bytes of room; false where it does not. */
static bool write_within(struct step_summary *page, size_t keep) {
    size_t len = page->buf.len;
    page->buf.len = 0;
    if (len + keep > page->room) return false;
    page->room -= len;
    if (fwrite(page->buf.ptr, 1, len, page->file) != len) fail(page);
    return true;
}

static void add_row(struct step_summary *page, const struct report_file *file, const struct finding *finding) {
    struct buf *out = &page->buf;
    const struct check *check = finding->check;
    buf_add(out, STR("| "));
    buf_add(out, severity_name(finding->severity));
    buf_add(out, STR(" | "));
    markdown_add_rule(out, page->options, check);
    buf_add(out, STR(" | "));
    markdown_add(out, file->source->path);
    buf_addf(out, ":%u | ", source_line_of(file->source, finding->span.start) + 1);
    markdown_add_message(out, finding->message);
    buf_add(out, STR(" |\n"));
}

void job_summary_add(struct step_summary *page, const struct report_file *file, const struct finding *finding) {
    if (!page->file) return;
    if (page->rows == 0)
        buf_add(&page->buf, STR("\n### valuelint\n\n| Severity | Rule | Place | Problem |\n|---|---|---|---|\n"));
    if (page->left_out == 0) add_row(page, file, finding);
    if (page->left_out || !write_within(page, TAIL)) page->left_out++;
    else page->rows++;
}

bool job_summary_close(struct step_summary *page, const struct report_summary *summary) {
    if (!page->file) return false;
    bool silent = page->options->quiet && summary_total(summary) == 0;
    if (!silent) {
        buf_add(&page->buf, page->rows ? STR("\n") : STR("\n### valuelint\n\n"));
        summary_add(&page->buf, summary);
        buf_add_char(&page->buf, '\n');
        if (page->left_out)
            buf_addf(&page->buf, "\n%u of them %s left out here: GitHub takes 1 MiB for a step.\n", page->left_out,
                     page->left_out == 1 ? "is" : "are");
        if (!write_within(page, 0))
            fprintf(page->options->warnings, "warning: the step summary %s is full\n", page->options->step_summary);
    }
    if (!page->file) return false;
    FILE *file = page->file;
    page->file = NULL;
    if (fclose(file) != 0) fail(page);
    else return page->left_out == 0;
    return false;
}
